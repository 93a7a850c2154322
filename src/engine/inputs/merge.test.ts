import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { giverFaults } from "../../../test/model/givers";
import { isActive } from "../../catalogue/enrolment/change";
import type { Learner } from "../../catalogue/facts/facts";
import { isFollowing } from "../../catalogue/merge/enrolments";
import { tagKey } from "../../catalogue/tags/key";
import { play } from "../play";
import { advance, step } from "../step";
import { HOUR, START, TestLife } from "../test-life";
import { testWorld } from "../test-world";
import type { UserState, World } from "../types";

const waits = (reentry: string, more = {}) => ({
  when: [{ type: "custom", name: "go" }],
  then: [{ type: "wait", for: "P1D" }],
  reentry,
  synchronous: true,
  ...more,
});
const automated = testWorld(
  {
    always: waits("always"),
    once: waits("once"),
    single: waits("one_at_a_time"),
    apart: waits("one_at_a_time", { when: [{ type: "course.enrolled" }], reentry_per: "trigger" }),
    told: { when: [{ type: "tag.added", tags: ["vip"] }], then: [] },
    gives: {
      when: [{ type: "custom", name: "give" }],
      synchronous: true,
      then: [
        { type: "course.enroll", courses: ["c1"], expires_after: "PT2H" },
        { type: "segment.add", segments: ["friends"] },
      ],
    },
  },
  {
    segments: new Map([
      ["sales", { managed: true }],
      ["friends", { managed: false }],
    ]),
  },
);
const world: World = {
  ...automated,
  school: { ...automated.school, bundles: new Map([["b1", ["c1", "c3"]]]) },
  segments: new Map([
    [
      "sales",
      {
        id: "sales",
        managed: true,
        rules: [
          {
            id: "rul_1",
            match: "all" as const,
            clauses: [{ reads: "attributes" as const, holds: ({ fields }: Learner) => fields.team === "sales" }],
          },
        ],
      },
    ],
    ["friends", { id: "friends", managed: false, rules: [] }],
  ]),
  syncs: [
    { id: "syn_1", active: true, segment: "sales", course: "c2", role: "student", group: "g2", onLeave: "suspend" },
    { id: "syn_2", active: true, segment: "friends", course: "c1", role: "student", group: null, onLeave: "unenrol" },
  ],
  autoGroups: [{ id: "agr_1", active: true, course: "c1", field: "team" }],
};

type Deed =
  | { type: string; data: Record<string, unknown> }
  | { fields: Record<string, string | null> }
  | { pass: number };

function live(id: string, deeds: readonly Deed[]): UserState {
  const life = new TestLife(world, id);
  for (const [n, deed] of deeds.entries()) {
    if ("pass" in deed) life.pass(deed.pass);
    else if ("fields" in deed) life.put(deed.fields);
    else {
      const attributes = n % 3 === 0 ? { marketing_consent: n % 2 === 0, username: `${id} ${n}` } : {};
      life.event(deed.type, deed.data, { attributes, isNew: n === 0 });
    }
  }
  return life.state;
}

const event = (type: string, data: Record<string, unknown> = {}) => ({ type, data });
const course = fc.constantFrom("c1", "c2", "c3", "__proto__");
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom("vip", "VIP", "b", "__proto__").map((tag) => event("tag.added", { tag })),
  fc.constantFrom("vip", "b").map((tag) => event("tag.removed", { tag })),
  course.map((one) => event("course.enrolled", { course: one })),
  course.map((one) => event("course.unenrolled", { course: one })),
  course.map((one) => event("course.suspended", { course: one })),
  fc
    .tuple(course, fc.integer({ min: 1, max: 99 }))
    .map(([one, percent]) => event("course.progressed", { course: one, percent })),
  course.map((one) => event("course.completed", { course: one })),
  fc.constantFrom("custom.go", "custom.go", "custom.give").map((type) => event(type)),
  fc.constant(event("bundle.enrolled", { bundle: "b1" })),
  fc.constantFrom("g1", "__proto__").map((group) => event("group.joined", { group })),
  fc.constant(event("seat.added", { seat: "s1" })),
  fc
    .constantFrom("p1", "p2")
    .map((payment) => event("payment.made", { product_type: "course", product: "c1", amount: 1, payment })),
  fc.constantFrom("sales", "ops", null).map((team) => ({ fields: { team } })),
  fc.constantFrom(0, HOUR, 3 * HOUR, 25 * HOUR).map((pass) => ({ pass })),
);
const deeds = fc.array(deed, { maxLength: 16 });

function merge(into: UserState, from: UserState, now = Math.max(into.clock, from.clock)) {
  const input = { kind: "merge", state: from, quiet: true, origin: { by: "merge", id: from.learner.id } } as const;
  return play(into, into.learner.id, { input, eventId: null, at: now }, world);
}

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();
const sourcesOf = ({ enrolments, groups }: Learner): string[] => [
  ...enrolments.flatMap(({ type, product, sources }) => sources.map(({ source }) => `${type} ${product} ${source}`)),
  ...groups.flatMap(({ group, sources }) => sources.map(({ source }) => `group ${group} ${source}`)),
];
const own = (learner: Learner): string[] => sourcesOf(learner).filter((one) => !isFollowing(one.split(" ")[2] ?? ""));
const activeIn = ({ enrolments }: Learner): string[] =>
  enrolments.flatMap(({ type, product, sources }) =>
    sources.some((one) => isActive(one) && !isFollowing(one.source)) ? [`${type} ${product}`] : [],
  );

test("two random histories that are merged give the union of both, and nothing starts", () => {
  fc.assert(
    fc.property(deeds, deeds, (one, other) => {
      const [into, from] = [live("anna", one), live("old", other)];
      // What is due happens first, and is not of the merge.
      const now = Math.max(into.clock, from.clock);
      for (const state of [into, from]) {
        advance(state, world, now, { jumps: false });
        // An event may have ended what a sync gives.
        step(state, { kind: "align", fire: false, everything: true }, world, now);
      }
      const [a, b] = [structuredClone(into), structuredClone(from)];
      const { state, effects, refused } = merge(into, from, now);
      expect(refused).toBeNull();
      expect(from).toEqual(b);
      const { learner } = state;

      expect(effects.begun).toEqual([]);
      for (const fact of effects.facts) expect(fact.quiet).toBe(true);
      expect(giverFaults(learner)).toEqual([]);

      const both = <T>(of: (learner: Learner) => readonly T[]): T[] => [...of(a.learner), ...of(b.learner)];
      expect(sorted(learner.tags.map(tagKey))).toEqual(sorted(both(({ tags }) => tags).map(tagKey)));
      expect(learner.tags).toHaveLength(sorted(learner.tags.map(tagKey)).length);
      expect(sorted(own(learner))).toEqual(sorted(both(own)));
      expect(sorted(activeIn(learner))).toEqual(sorted(both(activeIn)));
      for (const key of ["seats", "spaces", "payments"] as const)
        expect(sorted(learner[key])).toEqual(sorted(both((of) => of[key])));
      expect(learner.segments.includes("friends")).toBe(both(({ segments }) => segments).includes("friends"));
      expect(learner.paid).toBe(a.learner.paid || b.learner.paid);
      for (const [name, record] of Object.entries(learner.courses)) {
        const records = both(({ courses }) => Object.entries(courses)).flatMap(([key, it]) =>
          key === name ? [it] : [],
        );
        expect(record.percent).toBe(Math.max(...records.map(({ percent }) => percent)));
        const ends = records.flatMap(({ completedAt }) => completedAt ?? []);
        expect(record.completedAt).toBe(ends.length ? Math.min(...ends) : null);
      }
      const said = both(({ marketingConsent }) => [marketingConsent]);
      expect(learner.marketingConsent).toBe(said.includes(false) ? false : said.includes(true) ? true : null);
      expect(learner.username).toBe(a.learner.username ?? b.learner.username);
      expect(learner.fields.team).toBe(a.learner.fields.team ?? b.learner.fields.team);

      // Rules, syncs and auto groups have nothing left to say.
      const again = step(structuredClone(state), { kind: "align", fire: false, everything: true }, world, state.clock);
      expect(again.effects.facts).toEqual([]);
      expect(again.effects.changes).toEqual([]);

      const merged = [...effects.runs.values()].filter(({ reason }) => reason === "merged");
      expect(sorted([...state.runs, ...merged].map(({ id }) => id))).toEqual(
        sorted([...a.runs, ...b.runs].map(({ id }) => id)),
      );
      for (const run of a.runs) expect(state.runs.map(({ id }) => id)).toContain(run.id);
      for (const id of ["once", "single"])
        expect(state.runs.filter(({ automation }) => automation === id).length).toBeLessThan(2);
      for (const key of new Set([...Object.keys(a.starts), ...Object.keys(b.starts)]))
        expect(state.starts[key]?.count).toBe((a.starts[key]?.count ?? 0) + (b.starts[key]?.count ?? 0));

      // The same input tells the same again.
      expect(merge(a, b, now).state).toEqual(state);
    }),
    { seed: 20260705, numRuns: 400 },
  );
});

describe("a merge", () => {
  test("tells the LMS what the user gained, with its cause, and nothing that was held", () => {
    const into = live("anna", [event("course.enrolled", { course: "c1" }), event("tag.added", { tag: "b" })]);
    const from = live("old", [event("course.enrolled", { course: "c2" }), event("tag.added", { tag: "B" })]);
    const { changes } = merge(into, from).effects;
    expect(changes.map(({ type, data, cause }) => [type, "course" in data ? data.course : null, cause])).toEqual([
      ["course.enrolled", "c2", { type: "merge", id: "old" }],
    ]);
  });

  test("lets a run of the other's hear nothing that it lived through, and one of the target's what is new", () => {
    const exits = testWorld({
      a: {
        when: [{ type: "custom", name: "go" }],
        then: [{ type: "wait", for: "P9D" }],
        exit_when: [{ type: "tag.added", tags: ["vip"] }],
        synchronous: true,
      },
    });
    const go = (id: string, tags: string[]): UserState => {
      const life = new TestLife(exits, id);
      for (const tag of tags) life.event("tag.added", { tag });
      life.event("custom.go");
      return life.state;
    };
    const input = {
      kind: "merge",
      state: go("old", ["vip"]),
      quiet: true,
      origin: { by: "merge", id: "old" },
    } as const;
    const [theirs] = input.state.runs;
    const { state } = play(go("anna", []), "anna", { input, eventId: null, at: START }, exits);
    expect(state.runs.map(({ id }) => id)).toEqual([theirs?.id]);
  });

  test("leaves what a sync gave to its members while it gives nothing, and what is suspended to who left", () => {
    const [kept, ...others] = world.syncs;
    if (!kept) throw new Error("no sync");
    const idle = { ...world, syncs: [{ ...kept, active: false }, ...others] };
    const from = live("old", [{ fields: { team: "sales" } }]);
    const input = { kind: "merge", state: from, quiet: true, origin: { by: "merge", id: "old" } } as const;
    const sources = (into: UserState) =>
      play(into, "anna", { input, eventId: null, at: START }, idle).state.learner.enrolments.map(
        ({ product, sources: [one] }) => [product, one?.source, one && isActive(one)],
      );
    expect(sources(live("anna", []))).toEqual([["c2", "sync:syn_1", true]]);
    expect(sources(live("anna", [{ fields: { team: "ops" } }]))).toEqual([]);
    const left = live("old", [{ fields: { team: "sales" } }, { fields: { team: null } }]);
    Object.assign(from, left);
    expect(sources(live("anna", []))).toEqual([["c2", "sync:syn_1", false]]);
  });

  test("takes an enrolment as old as it was", () => {
    const from = live("old", [event("course.enrolled", { course: "c3" }), { pass: 25 * HOUR }]);
    const { state } = merge(live("anna", []), from);
    const taken = state.learner.enrolments.find(({ product }) => product === "c3");
    expect([taken?.enrolledAt, taken?.knownAt, taken?.sources[0]?.given.at]).toEqual([START, START, START + 25 * HOUR]);
  });

  test("of too much for one is refused, and changes nothing", () => {
    const into = live("anna", [event("custom.go")]);
    const from = live("old", [event("custom.go")]);
    const [run] = from.runs;
    if (!run) throw new Error("no run");
    from.runs = Array.from({ length: 500 }, (_, n) => ({ ...run, id: `run_${n}` }));
    const before = structuredClone(into);
    const { refused } = merge(into, from);
    expect(refused).toEqual({ limit: "runs", field: null });
    expect(into).toEqual(before);
  });
});
