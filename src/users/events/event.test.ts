import { describe, expect, test } from "vitest";
import { Problem } from "../../base/errors/errors";
import type { SchoolView } from "../../catalogue/facts/facts";
import { NO_NAMES } from "../../catalogue/facts/products";
import { AS_NAMED } from "../../catalogue/options/course-id";
import type { Sender } from "./caller";
import { checkEvent } from "./event";

const school = (settings: Record<string, unknown> = {}): SchoolView => ({
  id: "s",
  name: "S",
  mode: "test",
  settings: { timezone: "UTC", collaborators: [], ...settings },
  fields: new Map(),
  segments: new Map(),
  bundles: new Map(),
  subscriptions: new Map(),
  seats: new Map(),
  courseDates: new Map(),
  courseId: AS_NAMED,
  fixedBundles: new Set(),
  names: NO_NAMES,
  spellings: new Map(),
});

/** Whose an event is found to be, or what is wrong with it. */
function whose(raw: unknown, caller: Sender = { kind: "school" }, settings: Record<string, unknown> = {}): unknown {
  try {
    return checkEvent(raw, school(settings), caller, 0).user;
  } catch (error) {
    if (error instanceof Problem) return error.kind === "invalid" ? error.faults?.map(({ path }) => path) : error.kind;
    throw error;
  }
}

describe("an event whose user is an email alone", () => {
  const user = { email: "eve@acme.com" };

  test("is taken where its card says that an address is enough", () => {
    expect(whose({ type: "form.submitted", user, data: { form: "demo" } })).toEqual({ email: "eve@acme.com" });
    expect(whose({ type: "nps.submitted", user, data: { score: 9 } })).toEqual(["/user/id"]);
    expect(whose({ type: "user.signed_up", user, data: {} })).toEqual(["/user/id"]);
  });

  test("brings nothing else of the user", () => {
    expect(whose({ type: "form.submitted", user: { ...user, username: "Eve" }, data: { form: "demo" } })).toEqual([
      "/user/id",
    ]);
  });
});

test("an id that no address can name is refused where it stands", () => {
  for (const id of [".", "..", "lead:eve@acme.com", "", "x".repeat(129)])
    expect(whose({ type: "user.signed_in", user: { id }, data: {} })).toEqual(["/user/id"]);
  expect(whose({ type: "course.completed", user: { id: "..." }, data: { course: ".." } })).toEqual(["/data/course"]);
  expect(whose({ type: "user.signed_in", user: { id: "..." }, data: {} })).toEqual({ id: "..." });
});

describe("a learner's own page", () => {
  const anna: Sender = { kind: "user", user: "anna" };

  test("does not say that what is long past starts automations", () => {
    expect(whose({ type: "school.visited", data: {}, fire: true }, anna)).toBe("forbidden");
    expect(whose({ type: "school.visited", user: { id: "anna" }, data: {}, fire: true })).toEqual({ id: "anna" });
    expect(whose({ type: "school.visited", user: { id: "anna" }, data: {}, fire: "yes" })).toEqual(["/fire"]);
  });

  test("sends the events that are for browsers", () => {
    expect(whose({ type: "school.visited", data: {} }, anna)).toEqual({ id: "anna" });
    expect(whose({ type: "course.completed", data: { course: "js" } }, anna)).toBe("forbidden");
    expect(whose({ type: "payment.made", data: { amount: "much" } }, anna)).toBe("forbidden");
    expect(whose({ type: "course.visited", data: {} }, anna)).toEqual(["/data/course"]);
  });

  test("is refused what it may not say, whatever else is wrong with it", () => {
    const wrong = { data: {}, nonsense: 1 };
    expect(whose({ type: "course.completed", ...wrong }, anna)).toBe("forbidden");
    expect(whose({ type: "school.visited", user: { id: "ben" }, ...wrong }, anna)).toBe("forbidden");
    expect(whose({ type: "school.visited", user: { email: "no address" }, ...wrong }, anna)).toBe("forbidden");
    expect(whose({ type: "school.visited", fire: "yes", ...wrong }, anna)).toBe("forbidden");
    expect(whose({ type: "school.visited", user: { shoe: 7 }, ...wrong }, anna)).not.toBe("forbidden");
  });

  test("sends custom events that the school names", () => {
    const bought = { type: "custom.bought_book", data: {} };
    expect(whose(bought, anna)).toBe("forbidden");
    expect(whose(bought, anna, { browser_events: ["bought"] })).toBe("forbidden");
    expect(whose(bought, anna, { browser_events: ["bought_book"] })).toEqual({ id: "anna" });
  });
});

test("null for an optional value is the same as leaving it out, and in the user it empties", () => {
  const call = (raw: unknown) => {
    const { id: _, hash: __, ...rest } = checkEvent(raw, school(), { kind: "school" }, 0).call;
    return rest;
  };
  const user = { id: "anna" };
  const nulls = { id: null, data: null, occurred_at: null };
  expect(call({ ...nulls, type: "user.signed_up", user: { ...user, fields: null, registered_at: null } })).toEqual(
    call({ type: "user.signed_up", user }),
  );
  const emptied = { email: null, marketing_consent: null, fields: { team: null } };
  expect(call({ type: "user.signed_up", user: { ...user, ...emptied, push_tokens: null } }).attributes).toEqual({
    ...emptied,
    push_tokens: [],
  });
  expect(whose({ type: "user.signed_in", user: { id: null } }, { kind: "user", user: "anna" })).toEqual({ id: "anna" });
  expect(whose({ type: "user.signed_in", user: { id: null } })).toEqual(["/user/id"]);
  expect(whose({ type: null, user })).toEqual(["/type"]);
});
