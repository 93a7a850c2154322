import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { removeEntry, setEntry } from "../../src/base/record";
import type { Enrolment } from "../../src/catalogue/facts/facts";
import { newState } from "../../src/engine/step";
import type { Run } from "../../src/engine/types";
import { countingLooks } from "../../test/gone-through";
import { emptyPacked } from "../packed/packed";
import { cut as cutBy, joined, type Pieced, piecesRead } from "./pieces";
import { slicesOf } from "./slices";

describe("slices of a text", () => {
  test.each(["", "a", "ab", "abc"])("never go through a character, wherever the cuts fall: behind %j", (ahead) => {
    const text = `${ahead}${"🔔".repeat(20)}`;
    for (let length = 2; length < 10; length++) {
      const slices = slicesOf(text, length);
      expect(slices.join("")).toBe(text);
      expect(slices.filter((slice) => !slice.isWellFormed())).toEqual([]);
      expect(Math.max(...slices.map((slice) => slice.length))).toBeLessThanOrEqual(length);
    }
  });

  test("are one of a text that fits, and one of none", () => {
    expect(slicesOf("abcd", 4)).toEqual(["abcd"]);
    expect(slicesOf("", 4)).toEqual([""]);
  });
});

/** What lies packed of somebody with so many tags and live runs. */
function packedWith(tags: readonly string[], more: Record<string, unknown> = {}) {
  const state = newState("anna", 1);
  state.learner.tags = [...tags];
  Object.assign(state.learner.fields, more);
  return { ...emptyPacked("live", 1), state };
}

const tags = (count: number) => Array.from({ length: count }, (_, n) => `a tag of some length, number ${n}`);
const none = piecesRead(new Map());
const cut = (packed: object, before: Pieced, changed: ReadonlySet<unknown> = new Set()) =>
  cutBy(packed, before, changed);

const enrolment = (product: string): Enrolment => ({
  type: "course",
  product,
  role: "student",
  enrolledAt: 1,
  knownAt: 1,
  sources: [{ source: "event", endsAt: null, given: { by: "event", id: "evt_1", at: 1 } }],
});

const run = (id: string): Run => ({
  id,
  automation: "aut_1",
  version: 1,
  revision: 1,
  status: "waiting",
  synchronous: false,
  trigger: { type: "custom.go", data: {}, at: 1, order: 1 },
  eventId: null,
  subject: "",
  startedAt: 1,
  endedAt: null,
  reason: null,
  place: 0,
  round: 0,
  waiting: null,
  waited: false,
  chain: [],
  lineage: [],
  heard: [],
  steps: [],
});

/** What lies packed of somebody with so many courses and tags, and some live runs. */
function enrolledIn(count: number) {
  const packed = packedWith(tags(count));
  packed.state.learner.enrolments = Array.from({ length: count }, (_, n) => enrolment(`course-${n}`));
  packed.state.runs = Array.from({ length: 20 }, (_, n) => run(`run_${n}`));
  return packed;
}

const written = (before: Pieced, after: Pieced): string[] =>
  [...after.pieces].flatMap(([id, text]) => (before.pieces.get(id) === text ? [] : [text]));

describe("what lies packed, cut into pieces,", () => {
  test("is the same when it is put together, whatever it holds and was before", () => {
    const texts = fc.array(fc.string({ maxLength: 60 }), { maxLength: 300 });
    const records = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("__proto__", "rest", "cuts", "1")),
      fc.string({ maxLength: 200 }),
      { maxKeys: 60 },
    );
    fc.assert(
      fc.property(texts, texts, records, (one, other, fields) => {
        const before = cut(packedWith(one), none);
        const now = JSON.parse(JSON.stringify(packedWith(other, fields)));
        const { spine, pieces } = cut(now, before);
        expect(joined(spine, pieces)).toEqual(now);
      }),
    );
  });

  test("is not taken for one text, nor one text for it", () => {
    expect(joined(JSON.stringify(packedWith(["a"])), none.pieces)).toBeNull();
  });

  test.each([
    ["is added at the end", (list: string[]) => [...list, "one more"]],
    ["goes from the middle", (list: string[]) => list.filter((_, n) => n !== 500)],
    ["comes at the beginning", (list: string[]) => ["one more", ...list]],
  ])("has but a piece or two written when one of a thousand %s", (_, change) => {
    const list = tags(1_000);
    const before = cut(packedWith(list), none);
    const after = cut(packedWith(change(list)), before);
    expect(before.pieces.size).toBeGreaterThan(10);
    const now = written(before, after);
    expect(now.length).toBeLessThanOrEqual(2);
    expect(now.join("").length + after.spine.length).toBeLessThan(20_000);
  });

  test("is the same when it is put together after each of many changes, items that were not changed being the same", () => {
    const change = fc.record({
      what: fc.constantFrom("tag", "enrolment", "giver", "run", "told", "reread"),
      at: fc.nat(90),
      how: fc.constantFrom("add", "change", "remove"),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        let packed = enrolledIn(80);
        let before = cut(packed, none);
        for (const [n, { what, at, how }] of changes.entries()) {
          const { learner, runs } = packed.state;
          const stays = how === "remove" ? [] : [enrolment(`changed ${n}`)];
          const gone = how === "add" ? 0 : 1;
          if (what === "tag")
            learner.tags = learner.tags.toSpliced(at, gone, ...(how === "remove" ? [] : [`tag ${n}`]));
          if (what === "enrolment") learner.enrolments = learner.enrolments.toSpliced(at, gone, ...stays);
          if (what === "giver" && how === "remove") removeEntry(learner.givers.tags, `tag ${at}`);
          else if (what === "giver") setEntry(learner.givers.tags, `tag ${at}`, { by: "event", id: `evt_${n}`, at });
          // Runs are changed in place.
          const run = runs[at % runs.length];
          if (what === "run" && run) run.place++;
          const said = new Set([what === "run" ? run : null]);
          if (what === "told") packed.told = { ...packed.told, marks: learner.tags.map((tag) => `["tag","${tag}"]`) };
          if (what === "reread") packed = JSON.parse(JSON.stringify(packed));
          const now = cut(packed, before, said);
          expect(joined(now.spine, now.pieces)).toEqual(JSON.parse(JSON.stringify(packed)));
          before = now;
        }
      }),
      { numRuns: 40 },
    );
  });

  test("makes nothing into text that it did before: one of two thousand courses changes, and so many items are looked at", () => {
    const packed = enrolledIn(2_000);
    packed.state.runs = [];
    const before = cut(packed, none);
    const { learner } = packed.state;
    learner.enrolments = learner.enrolments.with(1_000, enrolment("another course"));
    const stringify = vi.spyOn(JSON, "stringify");
    const after = cut(packed, before);
    expect(stringify.mock.calls.length).toBeLessThan(60);
    stringify.mockRestore();
    expect(written(before, after)).toHaveLength(1);
  });

  test("leaves what no turn changed as it is: none of 500 live runs is made into text, nor is a record gone through", () => {
    const packed = enrolledIn(500);
    packed.state.runs = Array.from({ length: 500 }, (_, n) => run(`run_${n}`));
    for (const { id } of packed.state.runs) setEntry(packed.live, id, 1);
    for (const tag of packed.state.learner.tags)
      setEntry(packed.state.learner.givers.tags, tag, { by: "event", id: "evt_1", at: 1 });
    const before = cut(packed, none);
    const stringify = vi.spyOn(JSON, "stringify");
    const keys = vi.spyOn(Object, "keys");
    const looked = () => [stringify.mock.calls.length, keys.mock.calls.filter(([of]) => long.has(of)).length];
    const long = new Set<object>([packed.live, packed.state.learner.givers.tags]);
    let after = cut(packed, before, new Set());
    const unchanged = looked();
    const one = packed.state.runs[250];
    if (one) one.place = 7;
    after = cut(packed, after, new Set([one]));
    const changed = looked();
    vi.restoreAllMocks();
    // What lies packed beside, and short collections.
    expect(unchanged[0]).toBeLessThan(8);
    expect(changed[0]).toBeLessThan(40);
    expect(changed[1]).toBe(0);
    expect(written(before, after)).toHaveLength(1);
    expect(joined(after.spine, after.pieces)).toEqual(JSON.parse(JSON.stringify(packed)));
  });

  test("goes through no list, and no record, that is as it was: of one of two thousand courses through that list alone", () => {
    const packed = enrolledIn(2_000);
    const { state } = packed;
    const tags = countingLooks(state.learner.tags);
    const courses = countingLooks(state.learner.enrolments);
    const runs = countingLooks(state.runs);
    const words = countingLooks(tags.list.map((tag) => ["tag", tag, 1] as const));
    Object.assign(state.learner, { tags: tags.list, enrolments: courses.list });
    Object.assign(state, { runs: runs.list });
    packed.words = words.list;
    for (const tag of state.learner.tags) {
      setEntry(packed.touched, tag, 1);
      setEntry(state.starts, tag, { count: 1, last: 1 });
    }
    const before = cut(packed, none);
    const looks = () => [tags, courses, runs, words].map((one) => one.looks());
    const keys = vi.spyOn(Object, "keys");
    const first = looks();
    const unchanged = cut(packed, before);
    expect(looks()).toEqual(first);
    expect(keys.mock.calls.filter(([of]) => of === packed.touched || of === state.starts)).toEqual([]);
    keys.mockRestore();
    expect([unchanged.pieces, unchanged.spine]).toEqual([before.pieces, before.spine]);
    state.learner.enrolments = state.learner.enrolments.with(1_000, enrolment("another course"));
    const [tagged, , ran, worded] = looks();
    const after = cut(packed, unchanged);
    expect([looks()[0], looks()[2], looks()[3]]).toEqual([tagged, ran, worded]);
    expect(written(unchanged, after)).toHaveLength(1);
    expect(joined(after.spine, after.pieces)).toEqual(JSON.parse(JSON.stringify(packed)));
  });

  test("has no piece longer than a few thousand characters, but for one long item", () => {
    const { pieces } = cut(packedWith([...tags(1_000), "x".repeat(50_000)]), none);
    const lengths = [...pieces.values()].map((text) => text.length).sort((one, other) => one - other);
    expect(lengths.pop()).toBeGreaterThan(50_000);
    expect(lengths.pop()).toBeLessThan(10_000);
  });
});
