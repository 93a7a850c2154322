import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Learner, newLearner } from "../catalogue/facts/facts";
import type { Proof } from "../catalogue/facts/proven";
import { presencesOf } from "../users/past/presences";
import { type About, linesOf } from "./lines";

/* What a pack says of a learner, whatever order its proofs come in. */

const learner = newLearner("anna", 0, 0);
const about: About = { kind: "course", id: "js", from: 0, to: 100, automations: ["aut_1"], courses: [] };

const fact = fc.record({
  at: fc.constantFrom(1, 2, 3),
  what: fc.constantFrom("enrolled", "unenrolled", "completed", "certified"),
  course: fc.constantFrom("js", "go"),
  by: fc.constantFrom({ by: "event", id: "e" }, { by: "run", id: "run_1" }, { by: "time", id: null }),
});
/** Of one journal, and of who was merged: each at a place of its own. */
const proofs = fc
  .record({
    facts: fc.array(fact, { maxLength: 15 }),
    begins: fc.constantFrom(8, 98),
    runs: fc.array(fc.constantFrom(1, 2, 3), { maxLength: 4 }),
    mails: fc.array(fc.constantFrom(1, 2, 3), { maxLength: 4 }),
  })
  .map(({ facts, begins, runs, mails }): Proof[] => [
    ...facts.map((one, n) => ({ ...one, id: `${begins + n}-0` }) as Proof),
    ...runs.map((at, n) => ({ id: `run_${n}`, at, what: "ran", automation: "aut_1", course: "js" }) as const),
    ...mails.map((at, n) => ({ id: `dlv_${n}`, at, what: "sent", automation: "aut_1", run: "run_1" }) as const),
  ]);

const enrolment = (at: number) =>
  ({ type: "course", product: "js", role: "student", enrolledAt: at, knownAt: at, sources: [] }) as const;

/** Somebody's whole life in a course, a segment and an automation: in and out, and what came of it; by moments in order. */
const lives = fc
  .array(fc.constantFrom("enrol", "leave", "finish", "mail", "join", "quit", "run", "nothing"), {
    minLength: 1,
    maxLength: 12,
  })
  .map((moments) => {
    const proofs: Proof[] = [];
    const since: { js?: number; s?: number } = {};
    for (const [at, moment] of moments.entries()) {
      const fact = (what: Proof["what"], of: Partial<Proof>) => proofs.push({ id: `${at}-0`, at, what, ...of });
      const moves = (isIn: boolean, key: "js" | "s", what: Proof["what"]): void => {
        if ((since[key] === undefined) !== isIn) return;
        fact(what, key === "js" ? { course: key } : { segment: key });
        if (isIn) since[key] = at;
        else delete since[key];
      };
      if (moment === "enrol") moves(true, "js", "enrolled");
      if (moment === "leave") moves(false, "js", "unenrolled");
      if (moment === "join") moves(true, "s", "joined");
      if (moment === "quit") moves(false, "s", "left");
      if (moment === "finish") fact("completed", { course: "js" });
      if (moment === "run") proofs.push({ id: `run_${at}`, at, what: "ran", automation: "aut_1", course: "js" });
      const run = proofs.findLast(({ what }) => what === "ran");
      if (moment === "mail" && run)
        proofs.push({ id: `dlv_${at}`, at, what: "sent", automation: "aut_1", run: run.id });
    }
    const nobody = newLearner("anna", 0, 0);
    const learner: Learner = {
      ...nobody,
      enrolments: since.js === undefined ? [] : [enrolment(since.js)],
      segments: since.s === undefined ? [] : ["s"],
      givers: {
        ...nobody.givers,
        segments: since.s === undefined ? {} : { s: { by: "event", id: "e", at: since.s } },
      },
    };
    return { learner, proofs, moments: moments.length };
  });

describe("of who is erased", () => {
  const abouts: About[] = [
    { ...about, automations: [] },
    { ...about, kind: "segment", id: "s", automations: [] },
    { ...about, kind: "automation", id: "aut_1", courses: ["js"] },
  ];

  test("a pack names them where it would have had them, and outside of their time nowhere", () => {
    fc.assert(
      fc.property(lives, fc.nat(12), fc.nat(12), fc.constantFrom(...abouts), (life, one, other, asked) => {
        const now = life.moments;
        const of = { ...asked, from: Math.min(one, other), to: Math.min(Math.max(one, other), now) };
        fc.pre(of.from < of.to);
        const own = presencesOf(life, now).find(({ kind, value }) => kind === of.kind && value === of.id);
        const overlaps = own !== undefined && own.first < of.to && own.last >= of.from;
        if (linesOf(of, life)) expect(overlaps).toBe(true);
        else if (overlaps) expect([own.first < of.from, own.last >= of.to]).toContain(true);
        // Who came later is in none of what was before.
        if (own && own.first >= of.to) expect(linesOf(of, life)).toBeNull();
      }),
    );
  });
});

describe("of somebody's courses", () => {
  const abouts: About[] = [
    { ...about, kind: "segment", id: "s", automations: [] },
    { ...about, kind: "automation", id: "aut_1", automations: [], courses: ["js"] },
    { ...about, kind: "automation", id: "aut_1", automations: [], courses: [] },
  ];
  const coursesIn = (asked: About, life: { learner: Learner; proofs: readonly Proof[] }) =>
    linesOf(asked, life)?.people.map((line) => [line[3], line[4], line[7]]);
  /** Whether they were in at a moment from one to another. */
  const wasIn = (proofs: readonly Proof[], from: number, to: number): boolean => {
    const moves = proofs.filter(({ what, at }) => /enrolled/.test(what) && at < to);
    const last = moves.findLast(({ at }) => at < from);
    return last?.what === "enrolled" || moves.some(({ what, at }) => what === "enrolled" && at >= from);
  };

  test("a pack has each in which they were at any moment of its time, whenever they entered", () => {
    fc.assert(
      fc.property(lives, fc.nat(12), fc.nat(12), fc.constantFrom(...abouts), (life, one, other, asked) => {
        const of = { ...asked, from: Math.min(one, other), to: Math.min(Math.max(one, other), life.moments) };
        fc.pre(of.from < of.to && wasIn(life.proofs, of.from, of.to));
        const courses = coursesIn(of, life);
        fc.pre(courses !== undefined);
        expect(courses?.map(([course]) => course)).toEqual(["js"]);
        expect(courses?.[0]?.[1]).not.toBe("");
      }),
    );
  });

  const time = (at: number) => new Date(at).toISOString();
  const by = { by: "event", id: "e" } as const;
  const segment = abouts[0] as About;
  const member: Learner = { ...learner, segments: ["s"] };
  const entered: Proof = { id: "1-0", at: 1, what: "enrolled", course: "js", by };

  test("who left before the time has no line of the course, who left in it has, and who entered later has none", () => {
    const of = { ...segment, from: 5, to: 8 };
    const left = (at: number): Proof => ({ id: `${at}-0`, at, what: "unenrolled", course: "js", by });
    const none = [["", "", ""]];
    expect(coursesIn(of, { learner: member, proofs: [entered, left(4)] })).toEqual(none);
    expect(coursesIn(of, { learner: member, proofs: [entered, left(6)] })).toEqual([["js", time(1), time(6)]]);
    expect(coursesIn(of, { learner: member, proofs: [entered, left(9)] })).toEqual([["js", time(1), ""]]);
    const later = { ...member, enrolments: [enrolment(8)] };
    expect(coursesIn(of, { learner: later, proofs: [{ ...entered, id: "8-0", at: 8 }] })).toEqual(none);
  });

  test("two packs agree where the proofs of how they entered are kept no more", () => {
    const of = { ...segment, from: 5, to: 8 };
    const now = {
      ...member,
      enrolments: [
        { ...enrolment(1), product: "js" },
        { ...enrolment(2), product: "go" },
      ],
    };
    const whole = [{ ...entered, id: "2-0", at: 2, course: "go" }, entered];
    const lines = [
      ["go", time(2), ""],
      ["js", time(1), ""],
    ];
    expect(coursesIn(of, { learner: now, proofs: whole })).toEqual(lines);
    expect(coursesIn(of, { learner: now, proofs: [] })).toEqual(lines);
  });
});

describe("of one learner", () => {
  test("two packs of the same time agree, in whatever order the proofs are found", () => {
    fc.assert(
      fc.property(
        proofs.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(linesOf(about, { learner, proofs: shuffled })).toEqual(linesOf(about, { learner, proofs: all }));
        },
      ),
    );
  });

  test("what happened at one moment stands as it happened: by the last of it they are in, or have left", () => {
    const at = (id: string, what: Proof["what"]): Proof => ({ id, at: 5, what, course: "js" });
    const left = linesOf(about, { learner, proofs: [at("10-0", "unenrolled"), at("9-0", "enrolled")] });
    expect(left?.people[0]?.[7]).not.toBe("");
    expect(left?.events.map(([, , what]) => what)).toEqual(["enrolled", "unenrolled"]);
    const back = linesOf(about, {
      learner,
      proofs: [at("10-0", "enrolled"), at("9-1", "unenrolled"), at("9-0", "enrolled")],
    });
    expect(back?.people[0]?.[7]).toBe("");
  });

  test("who was merged completed when they did, by what it was then, and not by the merge", () => {
    const merge = { by: "merge", id: "old" } as const;
    const proofs: Proof[] = [
      { id: "-3-0", at: 1, what: "enrolled", course: "js", by: { by: "run", id: "run_1" } },
      { id: "-2-0", at: 2, what: "completed", course: "js", by: { by: "event", id: "e" } },
      { id: "7-0", at: 9, what: "enrolled", course: "js", by: merge },
      { id: "7-1", at: 9, what: "completed", course: "js", by: merge },
    ];
    const columns = (line: string[] | undefined) => [...(line ?? []).slice(4, 8), ...(line ?? []).slice(9, 12)];
    const time = (at: number) => new Date(at).toISOString();
    expect(columns(linesOf(about, { learner, proofs })?.people[0])).toEqual([
      ...[time(1), "run", "run_1", ""],
      ...[time(2), "event", "e"],
    ]);
    const js = { startedAt: 1, percent: 100, activities: [], completedAt: 2, certificateAt: null };
    const kept = { ...learner, courses: { js } };
    expect(columns(linesOf(about, { learner: kept, proofs: proofs.slice(2) })?.people[0]).slice(4)).toEqual([
      ...[time(2), "merge", "old"],
    ]);
  });

  test("nothing of it is of before or behind the time that was asked for", () => {
    fc.assert(
      fc.property(proofs, fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2, 3), (all, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const lines = linesOf({ ...about, from, to }, { learner, proofs: all });
        const whole = linesOf(about, { learner, proofs: all });
        const times = (lines?.events ?? []).map(([, at = ""]) => Date.parse(at));
        expect(times.every((at) => at >= from && at < to)).toBe(true);
        const within = (whole?.events ?? []).filter(([, at = ""]) => Date.parse(at) >= from && Date.parse(at) < to);
        // Who entered the course later is not in it, whatever they had to do with it before.
        const wasIn = all.some((one) => one.course === "js" && /enrolled/.test(one.what) && one.at < to);
        expect(lines?.events ?? []).toEqual(wasIn ? within : []);
      }),
    );
  });
});
