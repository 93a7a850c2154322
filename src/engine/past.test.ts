import { expect, test } from "vitest";
import { backtesting } from "./backtest";
import { fold } from "./fold";
import { type Moment, play } from "./play";
import { newState } from "./step";
import { testWorld } from "./test-world";
import { reasonsOf, type Told } from "./why";

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
  const state = newState("anna", NOW - DAY);
  const moments = sent.map(([type, data, day = 0], index): Moment & { seq: number } => {
    const at = NOW + day * DAY;
    return { seq: index + 1, eventId: `evt-${index}`, at, input: { kind: "event", type, data, attributes: {}, at } };
  });
  const entries = moments.map(
    (moment): Told => ({ ...moment, facts: play(state, "anna", moment, world).effects.facts }),
  );
  const tell = reasonsOf({ id: "aut", program }, state.learner, world.school);
  const { firings, hear } = backtesting(program, NOW);
  const past = { seq: 0, state: newState("anna", NOW - DAY) };
  for (const moment of moments) fold(past, "anna", moment, { ...world, heed: hear });
  expect(past.state).toEqual(state);
  return {
    why: entries
      .toReversed()
      .flatMap(tell)
      .map(({ place, fact, run, stopped_by, path }) => [
        place[0],
        fact.type,
        run ? "fired" : stopped_by,
        ...(path ? [path] : []),
      ]),
    fired: firings.map((one) => one.eventId),
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

test("backtest: each fact that is meant, the user judged as they were then", () => {
  const free = { ...drip, only_if: null };
  expect(recorded([enrol("js"), enrol("css"), leave("js", 1), enrol("js", 2)], free).fired).toEqual(["evt-0", "evt-3"]);
  const late = { ...drip, only_if: { type: "tags.has", tags: ["vip"] } };
  const tag: Sent = ["tag.added", { tag: "vip" }];
  expect(recorded([enrol("js"), tag], late).fired).toEqual([]);
  expect(recorded([tag, enrol("js")], late).fired).toEqual(["evt-1"]);
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
