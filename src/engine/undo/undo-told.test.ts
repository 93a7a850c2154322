import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { giverFaults } from "../../../test/model/givers";
import { formatInstant } from "../../catalogue/dates/time";
import { endOf, enrolmentOf, isActive } from "../../catalogue/enrolment/change";
import type { Learner } from "../../catalogue/facts/facts";
import { tagKey } from "../../catalogue/tags/key";
import type { TakenBack } from "../../catalogue/undo/things";
import { HOUR } from "../test-life";
import { type Deed, deed, heldBy, Life, live } from "./test-undo";

/* What is told of an undo is what it does, and what users brought along who were merged is undone too. */

/** All that is held and can be given by a run, by kind and id: what it is. */
function thingsOf(learner: Learner): Map<string, unknown> {
  const things = new Map<string, unknown>();
  const put = (kind: string, ids: readonly string[]) => {
    for (const id of ids) things.set(`${kind} ${id}`, "held");
  };
  put("tag", learner.tags);
  put("seat", learner.seats);
  put("space", learner.spaces);
  put("segment", learner.segments);
  put(
    "group",
    learner.groups.map(({ group }) => group),
  );
  for (const [field, value] of Object.entries(learner.fields)) things.set(`field ${field}`, value);
  for (const one of learner.enrolments) {
    const end = endOf(one);
    if (one.sources.some(isActive)) things.set(`${one.type} ${one.product}`, end === null ? null : formatInstant(end));
  }
  return things;
}

/** What may come by itself, which is not told, and what may stay by itself: the segment of a rule, with the sync's course and group, an auto group, what is held by a bundle or seat. */
const FOLLOWS = /^(segment sales|course c[1345]|group (g2|c1:.*))$/;

function faultsOf(before: Map<string, unknown>, after: Map<string, unknown>, { takes, stays }: TakenBack): string[] {
  const faults: string[] = [];
  const told = new Map(takes.map((one) => [`${one.kind} ${one.id}`, one]));
  for (const [name, one] of told) {
    if ("to" in one) {
      if ((after.get(name) ?? null) !== one.to) faults.push(`${name} becomes ${after.get(name)}, not ${one.to}`);
      if (after.get(name) === before.get(name)) faults.push(`${name} is as before, and told as taken`);
    } else if (after.has(name)) faults.push(`${name} is told as taken, and held`);
    if (!before.has(name) && one.kind !== "field") faults.push(`${name} was not held`);
  }
  for (const { kind, id } of stays) {
    const name = `${kind} ${id}`;
    if (told.has(name)) faults.push(`${name} is told as taken and as staying`);
    if (!FOLLOWS.test(name) && after.get(name) !== before.get(name)) faults.push(`${name} stays, and is another`);
  }
  for (const name of new Set([...before.keys(), ...after.keys()]))
    if ((before.has(name) || !FOLLOWS.test(name)) && !told.has(name) && after.get(name) !== before.get(name))
      faults.push(`${name} went from ${before.get(name)} to ${after.get(name)}, untold`);
  return faults;
}

const undoing: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: deed },
  fc.nat(9).map((undo) => ({ undo })),
);
const deeds = fc.array(undoing, { maxLength: 10 });
const enrolled = ({ state }: Life, course: string) => enrolmentOf(state.learner, "course", course);

test("what is told of an undo is what it changes, whatever came before, merges and other undos too", () => {
  fc.assert(
    fc.property(deeds, deeds, fc.array(undoing, { maxLength: 6 }), fc.nat(), (one, other, later, which) => {
      const [life, old] = [new Life(), new Life("old")];
      const runs = [...live(life, one), ...live(old, other)];
      life.merge(old);
      runs.push(...live(life, later));
      const meant = runs.filter((_, n) => (which >> n) & 1);
      const before = thingsOf(life.state.learner);
      const { undone, facts } = life.undo(...meant);
      expect(undone && faultsOf(before, thingsOf(life.state.learner), undone)).toEqual(meant.length ? [] : []);
      expect(facts.every(({ quiet }) => quiet)).toBe(true);
      expect(giverFaults(life.state.learner)).toEqual([]);
      const then = structuredClone(life.state.learner);
      expect(life.undo(...meant).undone?.takes).toEqual([]);
      expect(heldBy(life.state.learner)).toEqual(heldBy(then));
    }),
    { numRuns: 500, seed: 20261128 },
  );
});

/** What somebody holds, whoever gave it. */
const holdings = ({ state: { learner } }: Life) =>
  [...thingsOf(learner)].map(([name, is]) => `${name.startsWith("tag ") ? tagKey(name) : name} ${is}`).sort();
const isSuspended = ({ state }: Life) =>
  state.learner.enrolments.some(({ sources }) => sources.some((source) => !isActive(source)));

test("where nothing but a merge came since, undoing what an automation did to both is as if it never had", () => {
  fc.assert(
    fc.property(deeds, deeds, fc.constantFrom("give", "longer"), fc.nat(3), (one, other, type, who) => {
      const lives = ["anna", "old", "anna", "old"].map((id) => new Life(id));
      const [anna, old, then, thenOld] = lives;
      if (!anna || !old || !then || !thenOld) throw new Error("no lives");
      const runs: string[] = [];
      for (const [n, life] of lives.entries()) {
        live(life, n % 2 ? other : one);
        life.pass(1);
        // The others live without.
        if (n < 2 && who !== n) runs.push(life.event(`custom.${type}`, { word: "new" }));
      }
      // A suspended source that a run brings back is the other's too; a field that is filled stays.
      if (isSuspended(then) || isSuspended(thenOld)) return;
      anna.merge(old);
      then.merge(thenOld);
      anna.undo(...runs);
      const isField = (held: string) => held.startsWith("field ") || held.startsWith("group c1:");
      expect(holdings(anna).filter((held) => !isField(held))).toEqual(holdings(then).filter((held) => !isField(held)));
      expect(giverFaults(anna.state.learner)).toEqual([]);
    }),
    { numRuns: 500, seed: 20261128 },
  );
});

test("an end that a run made later than an event's goes back to that, and is told", () => {
  const life = new Life();
  const expires_at = formatInstant(life.now + 2 * HOUR);
  life.event("course.enrolled", { course: "c1", expires_at });
  life.event("bundle.enrolled", { bundle: "b1", expires_at });
  life.pass(1);
  const before = heldBy(life.state.learner);
  const { undone } = life.undo(life.event("custom.longer"));
  expect(undone).toMatchObject({
    takes: [
      { kind: "field", id: "level", to: null },
      { kind: "bundle", id: "b1", to: expires_at },
      { kind: "course", id: "c1", to: expires_at },
      { kind: "course", id: "c3", to: expires_at },
      { kind: "course", id: "c6" },
    ],
    stays: [],
  });
  expect(heldBy(life.state.learner)).toEqual(before);
});

describe("of users who were merged", () => {
  const both = (...deedsOfBoth: Deed[]) => {
    const [anna, old] = [new Life(), new Life("old")];
    return { anna, old, runs: [...live(anna, deedsOfBoth), ...live(old, deedsOfBoth)] };
  };
  const give: Deed = { type: "custom.give", data: { word: "x" } };

  test("what one automation gave to both goes when all its runs are undone, together or one by one", () => {
    for (const together of [true, false]) {
      const { anna, old, runs } = both(give);
      anna.merge(old);
      if (together) anna.undo(...runs);
      else for (const run of runs) anna.undo(run);
      expect(heldBy(anna.state.learner)).toEqual(heldBy(new Life().state.learner));
    }
  });

  test("what it gave to both stays where one run alone is undone", () => {
    const { anna, old, runs } = both(give);
    anna.merge(old);
    const before = thingsOf(anna.state.learner);
    for (const run of runs) {
      const twin = Object.assign(new Life(), { now: anna.now, state: structuredClone(anna.state) });
      expect(twin.undo(run).undone?.takes).toEqual([]);
      expect(thingsOf(twin.state.learner)).toEqual(before);
    }
  });

  test("what it gave to one alone is undone to what that one was", () => {
    const [anna, old] = [new Life(), new Life("old")];
    live(old, [{ put: { note: "theirs" } }]);
    const run = old.event("custom.give", { word: "x" });
    anna.merge(old);
    anna.undo(run);
    expect(anna.state.learner).toMatchObject({ tags: [], enrolments: [], fields: { note: "theirs" } });
  });

  test("each end that runs gave is undone by itself", () => {
    const [anna, old] = [new Life(), new Life("old")];
    const sooner = old.event("custom.give", { word: "x" });
    const later = anna.event("custom.longer");
    anna.merge(old);
    expect(anna.undo(later).undone?.takes).toContainEqual({
      ...{ kind: "course", id: "c6" },
      to: formatInstant(anna.now + 4 * HOUR),
    });
    anna.undo(sooner);
    expect(enrolled(anna, "c6")).toBeUndefined();
  });
});

test("a tag is told of as it is written", () => {
  const life = new Life();
  const { undone } = life.undo(life.event("custom.give", { word: "x" }));
  expect(undone?.takes.flatMap(({ kind, id }) => (kind === "tag" ? [id] : [])).sort()).toEqual(["B", "__proto__", "a"]);
});
