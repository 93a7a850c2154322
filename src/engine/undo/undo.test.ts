import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { giverFaults } from "../../../test/model/givers";
import { newState } from "../step";
import { HOUR, START } from "../test-life";
import { deed, heldBy, Life, live } from "./test-undo";
import { notCallable } from "./undo";

test("whatever was before, a run that gave is undone to what was", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 12 }), fc.constantFrom("custom.give", "custom.also"), (deeds, type) => {
      const life = new Life();
      live(life, deeds);
      life.pass(1);
      const before = heldBy(life.state.learner);
      const run = life.event(type, { word: "new" });
      life.undo(run);
      // A suspended source that the run brought back stays: it is the other's too.
      if (before.enrolments.some(({ sources }) => sources.some(({ suspended }) => suspended))) return;
      expect(heldBy(life.state.learner)).toEqual(before);
      expect(giverFaults(life.state.learner)).toEqual([]);
    }),
    { numRuns: 700, seed: 20260327 },
  );
});

test("whatever happened since, an undo takes nothing that others gave", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 6 }), fc.array(deed, { maxLength: 8 }), (first, later) => {
      const life = new Life();
      live(life, first);
      life.pass(1);
      const run = life.event("custom.give", { word: "new" });
      life.pass(1);
      live(life, later);
      const without = new Life();
      live(without, first);
      without.pass(2);
      live(without, later);
      const { takes = [] } = life.undo(run).undone ?? {};
      // What is there where the run never was, somebody else gave.
      const held = new Set(without.state.learner.tags.map((tag) => tag.toLowerCase()));
      for (const { kind, id } of takes) {
        if (kind === "tag") expect(held.has(id)).toBe(false);
        if (kind === "seat") expect(without.state.learner.seats).not.toContain(id);
        if (kind === "space") expect(without.state.learner.spaces).not.toContain(id);
        if (kind === "segment") expect(without.state.learner.segments).not.toContain(id);
        if (kind === "group") expect(without.state.learner.groups.map(({ group }) => group)).not.toContain(id);
      }
      expect(giverFaults(life.state.learner)).toEqual([]);
    }),
    { numRuns: 700, seed: 20260327 },
  );
});

test("twice is as once, and one after the other as both together", () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 12 }), (deeds) => {
      const [together, apart] = [new Life(), new Life()];
      const runs = live(together, deeds);
      live(apart, deeds);
      const [one = "", other = ""] = runs;
      together.undo(one, other);
      const once = heldBy(together.state.learner);
      expect(together.undo(one, other)).toMatchObject({ undone: { takes: [] }, facts: [], changes: [] });
      expect(heldBy(together.state.learner)).toEqual(once);
      apart.undo(one);
      apart.undo(other);
      expect(apart.state.learner.tags).toEqual(together.state.learner.tags);
      expect(apart.state.learner.fields).toEqual(together.state.learner.fields);
      expect(apart.state.learner.givers).toEqual(together.state.learner.givers);
      const enrolledIn = ({ state }: Life) => state.learner.enrolments.map(({ type, product }) => `${type} ${product}`);
      expect(enrolledIn(apart).sort()).toEqual(enrolledIn(together).sort());
    }),
    { numRuns: 700, seed: 20260327 },
  );
});

test("what it takes back is told the LMS, and starts nothing", () => {
  const life = new Life();
  const run = life.event("custom.give", { word: "x" });
  life.pass(1);
  const { facts, changes, begun } = life.undo(run);
  expect(begun).toEqual([]);
  expect(facts.every((fact) => fact.quiet)).toBe(true);
  const own = changes.filter(({ cause }) => cause.type === "undo");
  expect(own.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["tag.removed", "seat.removed", "space.removed", "segment.left", "user.updated"]),
  );
  expect(own.every(({ cause }) => cause.id === run)).toBe(true);
});

test("its live rest ends", () => {
  const life = new Life();
  const run = life.event("custom.wait");
  const { runs } = life.undo(run);
  expect(runs.get(run)).toMatchObject({ status: "exited", reason: "undone" });
  life.pass(2 * HOUR);
  expect(life.state.learner.tags).toEqual([]);
});

test("what several runs of one automation gave is taken when all of them are undone", () => {
  const life = new Life();
  const runs = [life.event("custom.give", { word: "x" }), life.event("custom.give", { word: "y" })];
  life.undo(runs[0] ?? "");
  expect(life.state.learner.tags).toContain("a");
  life.undo(runs[1] ?? "");
  expect(heldBy(life.state.learner)).toEqual(heldBy(newState("anna", START).learner));
});

test("so is an enrolment that the later made end later, in any order", () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const life = new Life();
    const runs = [life.event("custom.give", { word: "x" })];
    life.pass(HOUR);
    runs.push(life.event("custom.give", { word: "x" }));
    for (const place of order) life.undo(runs[place] ?? "");
    expect(life.state.learner.enrolments).toEqual([]);
    expect(giverFaults(life.state.learner)).toEqual([]);
  }
});

test("what a run took away, and what it sent, cannot be called back", () => {
  const life = new Life();
  live(life, [{ type: "tag.added", data: { tag: "a" } }]);
  const run = life.event("custom.take");
  const log = life.effects?.runs.get(run);
  expect(notCallable(log ? [log] : [], () => true)).toMatchObject([
    { type: "tags.remove", detail: { removed: ["a"] } },
  ]);
});

describe("an enrolment that a run gave and then suspended", () => {
  const enrolled = ({ state }: Life) => state.learner.enrolments.map(({ product }) => product);

  test("goes with what was done to it: nobody else changed it, and the LMS hears of it", () => {
    const life = new Life();
    const { undone, changes } = life.undo(life.event("custom.try"));
    expect(enrolled(life)).toEqual([]);
    expect(undone).toMatchObject({ takes: [{ kind: "course", id: "c7" }], stays: [] });
    expect(changes.map(({ type }) => type)).toEqual(["course.unenrolled"]);
  });

  test("stays where somebody else has suspended it since, or gave it too", () => {
    const changed = new Life();
    const run = changed.event("custom.try");
    changed.event("course.resumed", { course: "c7" });
    changed.event("course.suspended", { course: "c7" });
    expect(changed.undo(run).undone).toMatchObject({ takes: [], stays: [{ id: "c7", why: "changed" }] });
    expect(enrolled(changed)).toEqual(["c7"]);
    const given = new Life();
    given.event("course.enrolled", { course: "c7" });
    given.undo(given.event("custom.try"));
    expect(enrolled(given)).toEqual(["c7"]);
  });
});
