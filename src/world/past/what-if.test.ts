import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { history, SPELLINGS } from "../../../test/model/arbitrary";
import * as engine from "../../../test/model/engine";
import type { Definition, Happening, History } from "../../../test/model/history";
import { START } from "../../../test/model/history";
import { EngineSubject, type Options } from "../../../test/model/subject";
import type { JournalEntry } from "../../calls/shape";
import type { Played } from "../../engine/play";
import { firingsIn } from "../../engine/trying/backtest";
import type { Effects, Run, World } from "../../engine/types";
import { tellWith } from "./what-if";

/*
 * A backtest equals what really ran: random schools live for a while with an automation, and once more without; told again
 * with it, both give the starts that it really had.
 */

const SEED = 20261127;
/** Of a year each has some hundred things. */
const HISTORIES = 300;
const YEARS = 25;

interface Recorded {
  entries: JournalEntry[];
  worlds: Map<number, World>;
  /** When the school came to each of its stamps. */
  stamps: { stamp: number; at: number }[];
  runs: Map<string, Run>;
  now: number;
}

/** Lets a history happen, and keeps it as a user's object does. */
function record({ zone, automations, happenings }: History, options: Options = {}): Recorded {
  const recorded: Recorded = { entries: [], worlds: new Map(), stamps: [], runs: new Map(), now: START };
  const note = (
    { input, eventId = null, at }: { input: Played; eventId?: string | null; at: number },
    world: World,
    ...came: Effects[]
  ): void => {
    for (const { runs, begun } of came)
      for (const id of begun) {
        const run = runs.get(id);
        if (run) recorded.runs.set(id, structuredClone(run));
      }
    recorded.worlds.set(world.stamp, world);
    const facts = came.flatMap((effects) => effects.facts);
    const seq = recorded.entries.length + 1;
    recorded.entries.push({
      seq,
      at,
      eventId,
      facts: structuredClone(facts),
      input: structuredClone(input),
      stamp: world.stamp,
    });
  };
  const subject = new EngineSubject(
    {
      ...engine,
      step: (state, input, world, now, isNew) => {
        const eventId = input.kind === "event" ? input.id : null;
        const { event: _, id: __, ...rest } = input.kind === "event" ? input : { ...input, event: null, id: null };
        const kept = JSON.parse(JSON.stringify(rest)) as Played; // what the object writes of an input, and reads again
        const result = engine.step(state, input, world, now, isNew);
        note({ input: kept, eventId, at: now }, world, result.before, result.effects);
        return result;
      },
      advance: (state, world, until, options) => {
        const result = engine.advance(state, world, until, options);
        const { jumps, from = until } = options;
        recorded.now = result.now;
        recorded.worlds.set(world.stamp, world);
        // Time that brings nothing about is written down by nobody.
        const { facts, changes, runs, deliveries } = result.effects;
        if (!facts.length && !changes.length && !runs.size && !deliveries.length) return result;
        note(
          { input: { kind: "time", until, ...(jumps ? { jumps } : {}) }, at: jumps ? from : until },
          world,
          result.effects,
        );
        return result;
      },
      control: (state, world, now, run, what) => {
        const result = engine.control(state, world, now, run, what);
        note({ input: { kind: "control", run, what }, at: now }, world, result.effects);
        return result;
      },
    },
    automations,
    zone,
    SPELLINGS,
    {
      ...options,
      edited: (world, at) => {
        recorded.worlds.set(world.stamp, world);
        recorded.stamps.push({ stamp: world.stamp, at });
      },
    },
  );
  // In the end what is queued goes on.
  for (const one of [...happenings, { kind: "advance", by: "PT0S" } as const])
    recorded.now = Math.max(recorded.now, subject.happen(one).now);
  return recorded;
}

/** How a tag is spelled that the record does not have is as its definition has it. */
const start = (fact: { type: string; data: Record<string, unknown>; at: number }, at: number) => ({
  fact: JSON.stringify(fact).toLowerCase(),
  at,
});

/** The starts that an automation really had. */
const startsOf = ({ runs }: Recorded, id: string) =>
  [...runs.values()]
    .filter((run) => run.automation === id && run.trigger.type !== "automation.enrolled")
    .map(({ trigger: { type, data, at }, startedAt }) => start({ type, data, at }, startedAt));

async function tested(past: Recorded, id: string, definition: Definition) {
  const { definition: checked, faults } = engine.checkDefinition({ ...definition });
  expect(faults).toEqual([]);
  const tried = { id, program: engine.compile(checked, 1), since: START, activeSince: START };
  const beginning = { seq: 0, state: engine.newState("anna", START) };
  const found: ReturnType<typeof start>[] = [];
  if (!past.entries.length) return found;
  const worlds = {
    at: async (stamp: number | undefined) => {
      // A state that nothing has happened to is of no stamp.
      const world = past.worlds.get(stamp ?? 0) ?? [...past.worlds.values()][0];
      if (!world) throw new Error("no world");
      return world;
    },
    stampAt: async (moment: number) => past.stamps.findLast(({ at }) => at <= moment)?.stamp,
    programs: async (world: World) => world,
  };
  await tellWith("anna", beginning, [past.entries], worlds, { tried, now: past.now }, (_, outcome) => {
    found.push(...firingsIn(outcome, id).map(({ fact, at }) => start(fact, at)));
  });
  return found;
}

/** Without what says that time passed late: what is due by itself is woken at its time. */
const punctual = (one: Happening): Happening => (one.kind === "advance" ? { kind: "advance", by: one.by } : one);
const touches = (one: Happening, n: number): boolean => "automation" in one && one.automation === n;

const property = (of: fc.Arbitrary<History>, numRuns: number, judge: (one: History) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(of, judge), { seed: SEED, numRuns, unbiased: true });

/** What of a year's life the model's histories do not have: visits, absences, trials, courses that are completed. */
const LIFE: Record<string, unknown>[] = [
  { when: [{ type: "inactivity.school", days: 7 }], then: [{ type: "tags.add", tags: ["away"] }] },
  { when: [{ type: "inactivity.school", days: 3, include_already_inactive: true }], then: [], reentry: "once" },
  {
    when: [{ type: "inactivity.course", days: 14 }],
    only_if: { type: "inactivity.matches", max_times: 3 },
    then: [{ type: "course.unenroll", courses: ["$trigger"] }],
    reentry_per: "trigger",
  },
  {
    when: [{ type: "course.enrolled" }],
    only_if: { not: { type: "tags.has", tags: ["seen"] } },
    then: [
      { type: "tags.add", tags: ["seen"] },
      { type: "wait", for: "P9D" },
      { type: "tags.remove", tags: ["seen"] },
    ],
    exit_when: [{ type: "course.completed", courses: ["$trigger"] }],
  },
  {
    when: [{ type: "course.completed" }, { type: "tag.removed", tags: ["seen"] }],
    then: [
      {
        type: "wait_for",
        event: { type: "school.visited" },
        timeout: "P5D",
        on_event: [{ type: "course.enroll", courses: ["next"], expires_after: "P20D" }],
        on_timeout: [{ type: "tags.remove", tags: ["away"] }],
      },
    ],
    reentry: "one_at_a_time",
  },
  { when: [{ type: "trial.ending", days: 3 }], then: [{ type: "tags.add", tags: ["trial"] }] },
  {
    when: [{ type: "tag.added", tags: ["away"] }],
    then: [{ type: "wait", for: "P30D" }],
    reentry: "restart",
    synchronous: true,
  },
  { when: [{ type: "course.unenrolled" }], then: [], cooldown: "P10D", limit: { times: 4, per: "P90D" } },
];
const COURSES = ["js", "css"];
const course = fc.constantFrom(...COURSES);
const which = fc.nat({ max: 4 });
const event = (type: string, data: Record<string, unknown> = {}): Happening => ({ kind: "event", type, data });
const ahead = (days: number): string => new Date(START + days * 86_400_000).toISOString();
const year: fc.Arbitrary<History> = fc.record({
  zone: fc.constantFrom("UTC", "Europe/Athens"),
  // They are of more kinds than the model knows: only the engine is asked.
  automations: fc.shuffledSubarray(LIFE, { minLength: 2, maxLength: 5 }) as unknown as fc.Arbitrary<Definition[]>,
  happenings: fc
    .array(
      fc.tuple(
        fc.constantFrom("PT2H", "P1D", "P3D", "P8D", "P15D"),
        fc.oneof(
          fc.constant(event("school.visited")),
          course.map((one) => event("course.visited", { course: one })),
          course.map((one) => event("course.enrolled", { course: one })),
          course.map((one) => event("course.completed", { course: one })),
          course.map((one) => event("course.unenrolled", { course: one })),
          which.map((automation): Happening => ({ kind: "activate", automation })),
          which.map((automation): Happening => ({ kind: "deactivate", automation, exit: false })),
          fc
            .constantFrom(10, 90, 200)
            .map((days) => event("trial.started", { subscription: `s${days}`, ends_at: ahead(days) })),
        ),
      ),
      { minLength: 40, maxLength: 80 },
    )
    .map((life) => life.flatMap(([by, one]): Happening[] => [{ kind: "advance", by }, one])),
});

/** What passes by itself is looked at whenever the clock moves, as cron does. */
const WATCHED: Options = { parts: 1 };

describe.each([
  ["random schools", HISTORIES, history, {}],
  ["a simulated year", YEARS, year, WATCHED],
] as const)("%s", (_, numRuns, lives, options) => {
  test("a backtest of what was on all the time is what really ran", async () => {
    let starts = 0;
    await property(lives, numRuns, async ({ automations, happenings, ...rest }) => {
      const kept = happenings.filter((one) => !touches(one, 0) || one.kind === "enrol").map(punctual);
      const past = record({ ...rest, automations, happenings: kept }, options);
      const ran = startsOf(past, "aut_0");
      starts += ran.length;
      const [first] = automations;
      if (first) expect(await tested(past, "aut_0", first)).toEqual(ran);
    });
    expect(starts).toBeGreaterThan(numRuns / 2);
  }, 300_000);

  test("a backtest of a draft is what would have run, with all that follows from it", async () => {
    let starts = 0;
    await property(lives, numRuns, async ({ automations, happenings, ...rest }) => {
      const n = automations.length - 1;
      const draft = automations[n];
      if (!draft) return;
      const without = happenings
        .filter((one) => !touches(one, n) && one.kind !== "cancel" && one.kind !== "skip")
        .map(punctual);
      const ran = startsOf(record({ ...rest, automations, happenings: without }, options), `aut_${n}`);
      starts += ran.length;
      const past = record({ ...rest, automations: automations.slice(0, n), happenings: without }, options);
      expect(await tested(past, `aut_${n}`, draft)).toEqual(ran);
    });
    expect(starts).toBeGreaterThan(numRuns / 2);
  }, 300_000);
});
