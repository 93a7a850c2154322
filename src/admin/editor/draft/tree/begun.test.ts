import { expect, test } from "vitest";
import { catalogueDocument } from "../../../../catalogue/document";
import { dataFor } from "../trial/trial";
import { begun } from "./begun";

const all = catalogueDocument();
const entry = (type: string) => {
  const found = [...all.conditions, ...all.triggers, ...all.listeners].find((one) => one.type === type);
  if (!found) throw new Error(type);
  return found;
};
const enrolled = { type: "course.enrolled", courses: ["js-101"] };

test("what follows a course is about that course, and about any where something else may start it too", () => {
  expect(begun(entry("course.completed"), [enrolled], all)).toEqual({
    type: "course.completed",
    courses: ["$trigger"],
  });
  expect(begun(entry("activity.completed"), [enrolled], all)).toMatchObject({ courses: ["$trigger"] });
  const either = [enrolled, { type: "user.signed_up" }];
  expect(begun(entry("course.completed"), either, all)).not.toHaveProperty("courses");
  expect(begun(entry("tags.has"), [{ type: "tag.added", tags: ["vip"] }], all)).toMatchObject({ tags: [] });
});

test("an event of a rehearsal is about what starts the automation, or what happened first", () => {
  const definition = { when: [enrolled] } as unknown as Parameters<typeof dataFor>[1];
  expect(dataFor("course.completed", definition, null, all)).toEqual({ course: "js-101" });
  const first = { type: "course.enrolled", data: { course: "css-101" }, after: "P0D" };
  expect(dataFor("course.completed", definition, { first }, all)).toEqual({ course: "css-101" });
});
