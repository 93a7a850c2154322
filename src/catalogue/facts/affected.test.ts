import { expect, test } from "vitest";
import { actions, conditions } from "..";
import { pickerOf } from "../options/meta";
import { affectedBy } from "./affected";

test("every action whose options name something of a school says what becomes of it", () => {
  const names = [...actions.values()].filter(({ params }) =>
    Object.values(params.shape).some((field) => pickerOf(field) !== undefined),
  );
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter(({ effect }) => !effect).map(({ type }) => type)).toEqual(["email.collaborators"]);
});

test("what an action gives or takes is known by what its ids are compared by, nested ones too", () => {
  expect(affectedBy("tags.remove", { tags: ["VIP", "b"] })).toEqual([
    { does: "takes", kind: "tag", id: "vip" },
    { does: "takes", kind: "tag", id: "b" },
  ]);
  expect(affectedBy("tags.add_email_domain", { map: [{ domains: ["a.com"], tags: ["A"] }] })).toEqual([
    { does: "gives", kind: "tag", id: "a" },
  ]);
  expect(affectedBy("activity.complete", { course: "js", activities: ["u1"] })).toMatchObject([
    { does: "gives", of: "progress", kind: "activity", id: "u1" },
  ]);
  expect(affectedBy("email.user", { subject: "s", body: "b" })).toEqual([]);
});

test("what a condition denies is a condition with the same options", () => {
  for (const { type, denies, params } of conditions.values())
    for (const other of denies)
      expect(Object.keys(conditions.get(other)?.params.shape ?? { [other]: 1 }), type).toEqual(
        Object.keys(params.shape),
      );
});
