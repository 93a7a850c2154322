import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ANNA, FakeSchool, given } from "../../../../test/fakes/learnworlds-school";
import { forgetEverything } from "../../../base/cache";
import { type Change, changeTypes } from "../../../catalogue/facts/changes";
import { lmsLearnworlds } from "../learnworlds";

let school: FakeSchool;
beforeEach(() => {
  forgetEverything();
  school = new FakeSchool();
  vi.stubGlobal("setTimeout", (then: () => void, ms: number) => school.pass(ms, then));
});
afterEach(() => {
  vi.unstubAllGlobals();
  expect(school.lms.mistakes).toEqual([]);
});

const carried = (change: Change) => school.change(change);

const ended = { role: "student", expires_at: null, source: "run" };

describe("tags", () => {
  test("are attached and detached one by one", async () => {
    expect(await carried({ type: "tag.added", data: { tag: "vip" } })).toEqual({ ok: true, code: 200 });
    expect([...school.anna.tags]).toEqual(["vip"]);
    expect(await carried({ type: "tag.removed", data: { tag: "vip" } })).toEqual({ ok: true, code: 200 });
    expect([...school.anna.tags]).toEqual([]);
    expect(school.asked).toEqual([`PUT /users/${ANNA}/tags 200`, `PUT /users/${ANNA}/tags 200`]);
  });
});

describe("an enrolment", () => {
  const enrolments: [string, Change, Change][] = [
    [
      "course",
      { type: "course.enrolled", data: { course: "course-1", ...given } },
      { type: "course.unenrolled", data: { course: "course-1", ...ended } },
    ],
    [
      "bundle",
      { type: "bundle.enrolled", data: { bundle: "bundle-1", ...given } },
      { type: "bundle.unenrolled", data: { bundle: "bundle-1", ...ended } },
    ],
    [
      "subscription",
      { type: "subscription.enrolled", data: { subscription: "subscription-1", ...given } },
      { type: "subscription.unenrolled", data: { subscription: "subscription-1", ...ended } },
    ],
  ];

  test.each(enrolments)("in a %s is made and ended", async (type, enrolled, left) => {
    expect(await carried(enrolled)).toEqual({ ok: true, code: 200 });
    expect([...school.anna.products]).toEqual([[`${type} ${type}-1`, 0]]);
    expect(await carried(left)).toEqual({ ok: true, code: 204 });
    expect([...school.anna.products]).toEqual([]);
  });

  test("bears the price of the payment that goes with it", async () => {
    await carried({ type: "course.enrolled", data: { course: "course-1", ...given, price: 49.5, currency: "EUR" } });
    expect(school.lms.payments).toEqual([{ user: ANNA, product: "course course-1", price: 49.5 }]);
  });

  test.each(["course", "bundle"] as const)("in a %s is sent without its end, which we make ourselves", async (type) => {
    const end = { ...given, expires_at: "2026-03-01T00:00:00.000Z" };
    const change: Change =
      type === "course"
        ? { type: "course.enrolled", data: { course: "course-1", ...end } }
        : { type: "bundle.enrolled", data: { bundle: "bundle-1", ...end } };
    expect(await carried(change)).toMatchObject({ ok: true });
    expect(school.lms.requests.at(-1)?.body).toEqual({ productId: `${type}-1`, productType: type, price: 0 });
  });

  test.each([
    ["2026-01-15T09:00:00.000Z", 10],
    ["2026-01-15T09:00:00.001Z", 11],
    ["2026-01-05T10:00:00.000Z", 1],
    ["2026-01-01T00:00:00.000Z", 1],
  ])("in a subscription until %s lasts %i whole days, never less than ours", async (expires_at, duration) => {
    const data = { subscription: "subscription-1", ...given, expires_at };
    expect(await carried({ type: "subscription.enrolled", data })).toMatchObject({ ok: true });
    expect(school.lms.requests.at(-1)?.body).toMatchObject({ duration, duration_type: "days" });
  });

  test("told again is done", async () => {
    const data = { course: "course-1", ...given };
    await carried({ type: "course.enrolled", data });
    const again = await carried({ type: "course.enrolled", data });
    expect(again).toEqual({ ok: true, code: 409, detail: "409: User is already enrolled" });
  });

  test("in a course that gets another end asks nobody, and in a subscription tells its length anew", async () => {
    const renewed = { ...given, expires_at: "2026-01-07T09:00:00.000Z", renews: true } as const;
    expect(await carried({ type: "course.enrolled", data: { course: "course-1", ...renewed } })).toEqual({
      ok: true,
      detail: "held there without an end, which is kept here",
    });
    expect(school.asked).toEqual([]);
    const data = { subscription: "subscription-1", ...renewed };
    expect(await carried({ type: "subscription.enrolled", data })).toEqual({ ok: true, code: 200 });
    expect(school.lms.requests.at(-1)?.body).toMatchObject({ duration: 2 });
  });

  test("in another role than a student's is refused in words, and asks nobody", async () => {
    const data = { course: "course-1", ...given, role: "teacher" };
    expect(await carried({ type: "course.enrolled", data })).toEqual({
      ok: false,
      retry: false,
      error: 'LearnWorlds enrols students only: its API gives nobody the role "teacher" in a product',
    });
    expect(school.lms.requests).toEqual([]);
  });
});

describe("progress", () => {
  const progress = () => [...school.anna.completed].toSorted();

  test("is set and reset, of a course and of one activity", async () => {
    expect(await carried({ type: "course.completed", data: { course: "course-1" } })).toEqual({
      ok: true,
      code: 200,
      detail: "2 units done",
    });
    expect(progress()).toEqual(["course-1 u1", "course-1 u2"]);
    await carried({ type: "activity.progress_reset", data: { course: "course-1", activity: "u1" } });
    expect(progress()).toEqual(["course-1 u2"]);
    await carried({ type: "course.progress_reset", data: { course: "course-1" } });
    expect(progress()).toEqual([]);
    expect(await carried({ type: "activity.completed", data: { course: "course-1", activity: "u2" } })).toEqual({
      ok: true,
      code: 200,
      detail: "1 units done",
    });
    expect(progress()).toEqual(["course-1 u2"]);
  });

  test("whose job is not over yet counts as done, and says so", async () => {
    school = new FakeSchool({ jobLooks: 9 });
    const result = await carried({ type: "course.completed", data: { course: "course-1" } });
    expect(result).toEqual({
      ok: true,
      code: 200,
      detail: expect.stringMatching(/^in progress at LearnWorlds, as job/),
    });
    expect(school.asked.filter((one) => one.includes("async-actions"))).toHaveLength(3);
  });

  test("is not waited for beyond the attempt's time", async () => {
    school = new FakeSchool({ jobLooks: 9 }, { timeoutMs: 500 });
    const result = await carried({ type: "course.completed", data: { course: "course-1" } });
    expect(result).toMatchObject({ ok: true, detail: expect.stringMatching(/^in progress/) });
    expect(school.asked.filter((one) => one.includes("async-actions"))).toHaveLength(1);
  });

  test("whose job failed is failed for good, with its reason", async () => {
    school = new FakeSchool({ jobsFail: true });
    expect(await carried({ type: "course.completed", data: { course: "course-1" } })).toEqual({
      ok: false,
      retry: false,
      error: expect.stringContaining("unit is locked"),
    });
  });

  test("is not changed anew where its job alone cannot be looked at", async () => {
    school.lms.forbidden.add("async-actions");
    const result = await carried({ type: "course.progress_reset", data: { course: "course-1" } });
    expect(result).toMatchObject({ ok: true, detail: expect.stringContaining("of which nothing was heard") });
  });
});

describe("membership", () => {
  test("of a group begins and ends", async () => {
    expect(await carried({ type: "group.joined", data: { group: "g1" } })).toEqual({ ok: true, code: 200 });
    expect([...(school.lms.groups.get("g1")?.members ?? [])]).toEqual([ANNA]);
    expect(await carried({ type: "group.left", data: { group: "g1" } })).toEqual({ ok: true, code: 204 });
    expect([...(school.lms.groups.get("g1")?.members ?? [])]).toEqual([]);
  });

  test("of a seat offering takes an active seat, and leaves the offering with it", async () => {
    expect(await carried({ type: "seat.added", data: { seat: "s1" } })).toEqual({ ok: true, code: 200 });
    expect([...(school.lms.seats.get("s1")?.members ?? [])]).toEqual([[ANNA, true]]);
    expect(await carried({ type: "seat.removed", data: { seat: "s1" } })).toEqual({ ok: true, code: 204 });
    expect([...(school.lms.seats.get("s1")?.members ?? [])]).toEqual([]);
  });

  test("of a seat offering without a free seat is refused for good", async () => {
    school.lms.seats.get("s1")?.members.set("somebody", true);
    expect(await carried({ type: "seat.added", data: { seat: "s1" } })).toEqual({
      ok: false,
      code: 409,
      retry: false,
      error: "409: No seat is free",
    });
  });

  test("of a space begins and ends; where it is by invitation, the answer says so", async () => {
    expect(await carried({ type: "space.added", data: { space: "sp1" } })).toEqual({ ok: true, code: 200 });
    expect([...(school.lms.spaces.get("sp1")?.members ?? [])]).toEqual([ANNA]);
    expect(await carried({ type: "space.removed", data: { space: "sp1" } })).toEqual({ ok: true, code: 200 });
    expect([...(school.lms.spaces.get("sp1")?.members ?? [])]).toEqual([]);
    expect(await carried({ type: "space.added", data: { space: "sp2" } })).toEqual({
      ok: true,
      code: 200,
      detail: "invited: in the space once they accept",
    });
  });
});

describe("what LearnWorlds does not know", () => {
  const unknown = changeTypes.filter((type) => !lmsLearnworlds.lms.supports(type));

  test("is told apart", () => {
    expect(unknown).toEqual([
      "course.suspended",
      "course.resumed",
      "segment.joined",
      "segment.left",
      "user.updated",
      "message.sent",
      "payment.recorded",
    ]);
  });

  test("is answered as unsupported, and asks nobody", async () => {
    const data = { course: "course-1", role: "student", expires_at: null };
    expect(await carried({ type: "course.suspended", data })).toEqual({
      ok: false,
      retry: false,
      unsupported: true,
      error: "LearnWorlds knows no course.suspended",
    });
    expect(school.lms.requests).toEqual([]);
  });
});

describe("a user", () => {
  test("whose id here is another's is found by the address, once, and then named by the id of LearnWorlds", async () => {
    school.user = { id: "emp-7", email: "anna@example.com", pushTokens: [] };
    await carried({ type: "space.added", data: { space: "sp1" } });
    expect([...(school.lms.spaces.get("sp1")?.members ?? [])]).toEqual([ANNA]);
    await carried({ type: "space.removed", data: { space: "sp1" } });
    expect([...(school.lms.spaces.get("sp1")?.members ?? [])]).toEqual([]);
    expect(school.asked).toEqual([
      "POST /community/spaces/sp1/users 404",
      "GET /users/anna%40example.com 200",
      "POST /community/spaces/sp1/users 200",
      `DELETE /community/spaces/sp1/users/${ANNA} 200`,
    ]);
  });

  test("of whom only an address is known is looked up by it", async () => {
    school.user = { id: "lead:anna@example.com", email: "anna@example.com", pushTokens: [] };
    expect(await carried({ type: "tag.added", data: { tag: "vip" } })).toEqual({ ok: true, code: 200 });
    expect([...school.anna.tags]).toEqual(["vip"]);
  });

  test("whom nobody knows is told of for good, and the address is not", async () => {
    school.user = { id: "emp-8", email: "nobody@example.com", pushTokens: [] };
    const result = await carried({ type: "tag.added", data: { tag: "vip" } });
    expect(result).toEqual({
      ok: false,
      code: 404,
      retry: false,
      error: "404: LearnWorlds knows the user neither by this id nor by the address",
    });
  });

  test("is written into paths in one piece, whatever the id", async () => {
    school.lms.addUser("a/b?c", "ab@example.com");
    school.user = { id: "a/b?c", email: null, pushTokens: [] };
    expect(await carried({ type: "tag.added", data: { tag: "vip" } })).toMatchObject({ ok: true });
  });

  test("whom LearnWorlds knows is not looked up for a course that it does not", async () => {
    const data = { course: "nowhere", ...given };
    expect(await carried({ type: "course.enrolled", data })).toEqual({
      ok: false,
      code: 404,
      retry: false,
      error: "404: course not found",
    });
    expect(school.asked).toHaveLength(1);
  });
});
