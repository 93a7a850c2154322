import { expect, test } from "vitest";
import { eventOf } from "../catalogue";
import { firingsOf } from "./backtest";
import { newState, step } from "./step";
import { testWorld } from "./test-world";
import { type Recorded, reasonsOf } from "./why";

const DAY = 86_400_000;
const NOW = Date.parse("2026-01-05T09:00:00.000Z");

const drip = {
  when: [{ type: "course.enrolled", courses: ["js"] }],
  only_if: {
    all: [
      { type: "tags.has", tags: ["vip"] },
      { type: "user.source_is", sources: ["ads"] },
    ],
  },
  then: [],
};
type Sent = [type: string, data: Record<string, unknown>, day?: number];
const enrol = (course: string, day = 0): Sent => ["course.enrolled", { course }, day];
const leave = (course: string, day = 0): Sent => ["course.unenrolled", { course }, day];

/** A user to whom events happen while one definition stands, and what another makes of the record. */
function recorded(sent: Sent[], asked: Record<string, unknown> = drip, standing = asked) {
  const world = testWorld({ aut: standing });
  const program = testWorld({ aut: asked }).automations[0]?.program;
  if (!program) throw new Error("no program");
  const state = newState("anna", NOW);
  const entries = sent.map(([type, data, day = 0], index): Recorded => {
    const event = eventOf(type);
    if (!event) throw new Error(type);
    const at = NOW + day * DAY;
    const input = { kind: "event", id: `evt-${index}`, event, type, data, attributes: {}, at } as const;
    const { effects } = step(state, input, world, at);
    return { seq: index + 1, eventId: `evt-${index}`, at, facts: effects.facts };
  });
  return {
    why: reasonsOf({ id: "aut", program }, entries, state, world.school).map(
      ({ place, fact, run, stopped_by, path }) => [
        place[0],
        fact.type,
        run ? "fired" : stopped_by,
        ...(path ? [path] : []),
      ],
    ),
    fired: firingsOf(program, entries, state, world.school, NOW).map((one) => one.eventId),
  };
}

test("why: each fact, newest first, with what stopped it", () => {
  const tag: Sent = ["tag.added", { tag: "vip" }];
  expect(recorded([enrol("css"), enrol("js"), tag, ["school.visited", {}], leave("js"), enrol("js")]).why).toEqual([
    [6, "course.enrolled", "only_if", "/only_if/all/1"],
    [5, "course.unenrolled", "trigger"],
    [3, "tag.added", "trigger"],
    [2, "course.enrolled", "only_if", "/only_if/all/0"],
    [1, "course.enrolled", "trigger"],
  ]);
  expect(recorded([enrol("js")], { ...drip, only_if: null }).why).toEqual([[1, "course.enrolled", "fired"]]);
});

test("why: facts from before the automation meant them", () => {
  const before = { ...drip, when: [{ type: "user.signed_in" }] };
  expect(recorded([enrol("js"), enrol("css")], drip, before).why).toEqual([
    [2, "course.enrolled", "trigger"],
    [1, "course.enrolled", "inactive"],
  ]);
  const both = { ...drip, when: [{ type: "tag.added", tags: ["a", "b"] }] };
  const tags = (...names: string[]) =>
    recorded(
      names.map((tag): Sent => ["tag.added", { tag }]),
      both,
      before,
    ).why.map((one) => one[2]);
  expect(tags("a", "b")).toEqual(["inactive", "trigger"]);
});

test("backtest: each fact that is meant, the user judged as he is now", () => {
  const free = { ...drip, only_if: null };
  expect(recorded([enrol("js"), enrol("css"), leave("js", 1), enrol("js", 2)], free).fired).toEqual(["evt-0", "evt-3"]);
  const late = { ...drip, only_if: { type: "tags.has", tags: ["vip"] } };
  expect(recorded([enrol("js"), ["tag.added", { tag: "vip" }]], late).fired).toEqual(["evt-0"]);
});

test("backtest: facts before its time are left out", () => {
  expect(recorded([enrol("js", -1), leave("js", -1), enrol("js")], { ...drip, only_if: null }).fired).toEqual([
    "evt-2",
  ]);
});

test("backtest: re-entry and cooldown are counted over the sequence", () => {
  const again = [enrol("a"), enrol("b"), leave("a", 1), enrol("a", 1), leave("a", 8), enrol("a", 8)];
  const fired = (more: Record<string, unknown>) =>
    recorded(again, { when: [{ type: "course.enrolled" }], then: [], ...more }).fired;
  expect(fired({})).toHaveLength(4);
  expect(fired({ reentry: "once" })).toEqual(["evt-0"]);
  expect(fired({ reentry: "once", reentry_per: "trigger" })).toEqual(["evt-0", "evt-1"]);
  expect(fired({ cooldown: "P7D" })).toEqual(["evt-0", "evt-5"]);
  expect(fired({ cooldown: "P7D", reentry_per: "trigger" })).toEqual(["evt-0", "evt-1", "evt-5"]);
});
