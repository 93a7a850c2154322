import { expect, test } from "vitest";
import { eventOf } from "../../catalogue";
import { compileClause } from "../../catalogue/segments/clause";
import { advance, newState, step } from "../step";
import { testWorld } from "../test-world";
import type { UserState, World } from "../types";

/* What time alone brings about, where triggers watch for it. */

const DAY = 86_400_000;
const NOW = Date.parse("2026-01-05T09:00:00.000Z");
const FAR = NOW + 60 * DAY;

const only = (when: Record<string, unknown>) => ({ when: [when], then: [] });

/** A user who has begun a trial of "gold" that ends in 20 days, at the moment it begins. */
function onTrial(world: World): UserState {
  const state = newState("anna", NOW);
  happens(state, world, "trial.started", { subscription: "gold", ends_at: NOW + 20 * DAY }, NOW);
  return state;
}

function happens(state: UserState, world: World, type: string, data: Record<string, unknown>, at: number): void {
  const event = eventOf(type);
  if (!event) throw new Error(type);
  step(state, { kind: "event", id: type, event, type, data, attributes: {}, at }, world, at);
}

/** What happens by itself until far ahead, as `[type, day]`. */
const comes = (state: UserState, world: World): [type: string, day: number][] =>
  advance(state, world, FAR, { jumps: true }).effects.facts.map(({ type, at }) => [type, (at - NOW) / DAY]);

test("each watched moment comes once, whatever else is watched: so many days before a trial ends, or after a visit", () => {
  const world = testWorld({
    week: only({ type: "trial.ending", days: 7 }),
    three: only({ type: "trial.ending" }),
    again: only({ type: "trial.ending", days: 7, subscriptions: ["gold"] }),
    away: only({ type: "inactivity.school", days: 10 }),
  });
  const state = onTrial(world);
  expect(comes(state, world)).toEqual([
    ["inactivity.school", 10],
    ["trial.ending", 13],
    ["trial.ending", 17],
  ]);
  expect(Object.fromEntries(Object.entries(state.starts).map(([id, { count }]) => [id, count]))).toEqual({
    week: 1,
    again: 1,
    three: 1,
    away: 1,
  });
});

test("a trial's end is told to nobody once it is canceled", () => {
  const world = testWorld({ three: only({ type: "trial.ending" }) });
  const state = onTrial(world);
  happens(state, world, "recurring.canceled", { kind: "subscription", product: "gold" }, NOW + DAY);
  expect(comes(state, world)).toEqual([]);
});

test("a trial whose cancellation is undone is silent for what would have been told before", () => {
  const world = testWorld({ week: only({ type: "trial.ending", days: 7 }), three: only({ type: "trial.ending" }) });
  for (const [day, told] of [
    [
      13,
      [
        ["trial.ending", 13],
        ["trial.ending", 17],
      ],
    ],
    [14, [["trial.ending", 17]]],
    [18, []],
  ] as const) {
    const state = onTrial(world);
    happens(state, world, "subscription.updated", { subscription: "gold", change: "planned_cancellation" }, NOW + DAY);
    happens(state, world, "subscription.updated", { subscription: "gold", change: "reactivated" }, NOW + day * DAY);
    const by = advance(state, world, FAR, { jumps: true });
    expect(by.effects.facts.map(({ type, at }) => [type, (at - NOW) / DAY])).toEqual(told);
  }
});

test("a later event may shorten an enrolment, one of before it may not, nor one that says no end", () => {
  const world = testWorld({});
  for (const [sent, at, left] of [
    [{ expires_at: NOW + 5 * DAY }, NOW + DAY, 5],
    [{ expires_at: NOW + 5 * DAY }, NOW - DAY, 20],
    [{ expires_at: NOW + 30 * DAY }, NOW + DAY, 30],
    [{}, NOW + DAY, null],
  ] as const) {
    const state = newState("anna", NOW);
    happens(state, world, "bundle.enrolled", { bundle: "b", courses: ["js"], expires_at: NOW + 20 * DAY }, NOW);
    happens(state, world, "bundle.enrolled", { bundle: "b", courses: ["js"], ...sent }, at);
    expect(comes(state, world).map(([type, day]) => `${type} ${day}`)).toEqual(
      left === null ? [] : [`bundle.unenrolled ${left}`, `course.unenrolled ${left}`],
    );
  }
});

test("what no trigger watches does not come", () => {
  const world = testWorld({ started: only({ type: "trial.started" }) });
  expect(comes(onTrial(world), world)).toEqual([]);
});

test("a run watches for itself: its wait hears of the user's absence though nothing starts from it", () => {
  const wait = { type: "wait_for", event: { type: "inactivity.app", days: 2 }, timeout: "P30D" };
  const world = testWorld({ waits: { when: [{ type: "trial.started" }], then: [wait] } });
  const state = onTrial(world);
  const due = advance(state, world, NOW, { jumps: true });
  expect(due.nextWake).toBe(NOW + 2 * DAY);
  expect(comes(state, world)).toEqual([["inactivity.app", 2]]);
});

test("inactivity that is near is the user's own to see to, and what is further off is cron's", () => {
  const world = testWorld({ away: only({ type: "inactivity.school", days: 10 }) });
  const visited = (ago: number) => {
    const state = newState("anna", NOW - 20 * DAY);
    happens(state, world, "school.visited", {}, NOW - ago);
    return advance(state, world, NOW, { jumps: false }).nextWake;
  };
  expect(visited(10 * DAY - 60_000)).toBe(NOW + 60_000);
  expect(visited(9 * DAY)).toBeNull();
});

test("who enrols in a course again, long after the last visit, is not met by that absence, but by one from the next visit on", () => {
  const world = testWorld({ away: only({ type: "inactivity.course", days: 7 }) });
  const state = newState("anna", NOW);
  const course = { course: "js" };
  happens(state, world, "course.enrolled", course, NOW);
  happens(state, world, "course.visited", course, NOW + DAY);
  happens(state, world, "course.unenrolled", course, NOW + 2 * DAY);
  happens(state, world, "course.enrolled", course, NOW + 30 * DAY);
  expect(comes(structuredClone(state), world)).toEqual([]);
  happens(state, world, "course.visited", course, NOW + 31 * DAY);
  expect(comes(state, world)).toEqual([["inactivity.course", 38]]);
});

test("who enrols again while an absence still counts is met when it is that long", () => {
  const world = testWorld({ away: only({ type: "inactivity.course", days: 7 }) });
  const state = newState("anna", NOW);
  for (const [type, day] of [
    ["enrolled", 0],
    ["visited", 1],
    ["unenrolled", 2],
    ["enrolled", 3],
  ] as const)
    happens(state, world, `course.${type}`, { course: "js" }, NOW + day * DAY);
  expect(comes(state, world)).toEqual([["inactivity.course", 8]]);
});

const WEEK = { type: "inactivity.course", days: 7 };

test.each([
  ["is resumed in a course", ["course.suspended", 2], ["course.resumed", 30]],
  ["completed a course, whose progress is reset,", ["course.completed", 2], ["course.progress_reset", 30]],
] as const)(
  "who %s long after the last visit is not met by that absence, but by one from the next visit on",
  (...given) => {
    const [, ...moves] = given;
    for (const visits of [[1], []]) {
      const world = testWorld({ away: only(WEEK) });
      const state = newState("anna", NOW);
      const course = { course: "js" };
      happens(state, world, "course.enrolled", course, NOW);
      for (const day of visits) happens(state, world, "course.visited", course, NOW + day * DAY);
      for (const [type, day] of moves) happens(state, world, type, course, NOW + day * DAY);
      expect(comes(structuredClone(state), world), String(visits)).toEqual([]);
      happens(state, world, "course.visited", course, NOW + 31 * DAY);
      expect(comes(state, world)).toEqual([["inactivity.course", 38]]);
    }
  },
);

test("who comes back to a course by another way than the one that was suspended is not met by that absence either", () => {
  const tagged = compileClause({ field: "tags", op: "is", value: "in" }, "UTC");
  const sync = { id: "s", active: true, segment: "in", course: "js", role: "student", group: null };
  const world: World = {
    ...testWorld({ away: only(WEEK) }),
    segments: new Map([
      ["in", { id: "in", managed: true, rules: [{ id: "r", match: "all" as const, clauses: [tagged] }] }],
    ]),
    syncs: [{ ...sync, onLeave: "suspend" }],
  };
  const state = newState("anna", NOW);
  happens(state, world, "tag.added", { tag: "in" }, NOW);
  happens(state, world, "tag.removed", { tag: "in" }, NOW + DAY);
  happens(state, world, "course.enrolled", { course: "js" }, NOW + 30 * DAY);
  expect(comes(state, world)).toEqual([]);
});

test("a reset of what was not completed, or a resumption while an absence still counts, takes nothing from it", () => {
  const after = (...moves: (readonly [type: string, day: number])[]) => {
    const world = testWorld({ away: only(WEEK) });
    const state = newState("anna", NOW);
    for (const [type, day] of [["course.enrolled", 0], ["course.visited", 1], ...moves] as const)
      happens(state, world, type, { course: "js" }, NOW + day * DAY);
    return comes(state, world);
  };
  expect(after(["course.progress_reset", 6])).toEqual([["inactivity.course", 8]]);
  expect(after(["course.suspended", 2], ["course.resumed", 3])).toEqual([["inactivity.course", 8]]);
  expect(after(["course.completed", 2], ["course.progress_reset", 3])).toEqual([["inactivity.course", 8]]);
});
