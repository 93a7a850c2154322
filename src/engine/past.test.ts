import { expect, test } from "vitest";
import type { Heeded } from "./inputs/happening";
import { type Moment, play } from "./play";
import { newState } from "./step";
import { testWorld } from "./test-world";
import { firingsIn, worldWith } from "./trying/backtest";
import { fold } from "./trying/fold";
import { reasonsIn, type Told, unmet, type Why } from "./trying/why";

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
  const tried = { id: "aut", program, since: NOW, activeSince: NOW };
  const past = { seq: 0, state: newState("anna", NOW - DAY) };
  const without = { ...world, automations: [], byId: new Map() };
  const firings = moments.flatMap((moment) => {
    const outcome = fold(past, "anna", moment, moment.at < NOW ? without : worldWith(without, tried));
    return outcome ? firingsIn(outcome, "aut") : [];
  });
  const judged = new Map<string, Why | null>();
  const listening = { seq: 0, state: newState("anna", NOW - DAY) };
  const heed = ({ happening, learner, school }: Heeded) =>
    void judged.set(JSON.stringify(happening.data), unmet(program, happening, learner, school));
  for (const moment of moments) fold(listening, "anna", moment, { ...world, heed });
  return {
    why: entries
      .toReversed()
      .flatMap((entry) => reasonsIn(entry, "aut"))
      .map((one) => {
        const why = "undecided" in one ? judged.get(JSON.stringify(one.fact.data)) : one;
        const { run, stopped_by = "inactive", path, seen }: Why = why ?? {};
        const said = run ? "fired" : stopped_by;
        return [
          one.place[0],
          one.fact.type,
          said,
          ...(path ? [path] : []),
          ...(said === "trigger" && path ? [seen] : []),
        ];
      }),
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
    [1, "course.enrolled", "trigger", "/when/0", "css"],
  ]);
  expect(recorded([enrol("js")], { ...drip, only_if: null }).why).toEqual([[1, "course.enrolled", "fired"]]);
});

test("why: of what nothing was written down, what the trigger asked for and saw then", () => {
  const before = { ...drip, when: [{ type: "user.signed_in" }] };
  expect(recorded([enrol("js"), enrol("css")], drip, before).why).toEqual([
    [2, "course.enrolled", "trigger", "/when/0", "css"],
    [1, "course.enrolled", "inactive"],
  ]);
  const both = { ...drip, when: [{ type: "tag.added", tags: ["a", "b"] }] };
  const tags = (...names: string[]) =>
    recorded(
      names.map((tag): Sent => ["tag.added", { tag }]),
      both,
      before,
    ).why.map((one) => [one[2], one[4]]);
  expect(tags("a", "b")).toEqual([
    ["inactive", undefined],
    ["trigger", ["a"]],
  ]);
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
