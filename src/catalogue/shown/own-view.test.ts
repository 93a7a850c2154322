import { expect, test } from "vitest";
import { NOTHING_VISIBLE, ownViewOf, visible } from "./own-view";
import type { PresentedUser } from "./present";

const anna: PresentedUser = {
  id: "anna",
  email: "anna@acme.com",
  username: "Anna",
  registered_at: "2026-01-01T09:00:00.000Z",
  source: "ads",
  fields: { department: "Sales", salary: 1 },
  timezone: null,
  locale: null,
  marketing_consent: true,
  cookies_accepted: true,
  paying: true,
  tags: ["level:3", "Level:4", "owes money"],
  enrolments: [],
  groups: ["a"],
  seats: [],
  spaces: [],
  segments: ["sales"],
  courses: {},
  last_seen: { school: null, app: null, courses: {}, app_courses: {} },
};

test("a learner is shown nothing but their own courses until the school shows more", () => {
  expect(ownViewOf(anna, NOTHING_VISIBLE)).toEqual({ id: "anna", username: "Anna", enrolments: [], courses: {} });
});

test("what is listed is shown, and nothing beside it", () => {
  const shown = ownViewOf(anna, { tags: ["^level:"], fields: ["department", "gone"], segments: true });
  expect(shown).toMatchObject({ tags: ["level:3", "Level:4"], fields: { department: "Sales" }, segments: ["sales"] });
  expect(Object.keys(shown)).toEqual(["id", "username", "enrolments", "courses", "tags", "fields", "segments"]);
});

test("a pattern that does not compile is refused", () => {
  expect(visible.safeParse({ tags: ["("] }).success).toBe(false);
  expect(visible.safeParse({ tag: ["a"] }).success).toBe(false);
  expect(visible.parse({})).toEqual(NOTHING_VISIBLE);
});
