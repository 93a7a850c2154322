import { describe, expect, test } from "vitest";
import { lanesOf } from "../../../catalogue/steps";
import type { Draft, Path, Step } from "../../../definition/types";
import * as state from "./state";
import { addSteps, duplicate, edit, redo, removeStep, select, start as startWith, undo } from "./state";
import * as tree from "./tree/tree";
import { type Direction, insertAt, keysOf, pointerOf, withValue } from "./tree/tree";

const start = (draft: Draft) => startWith(draft, lanesOf);
const locate = (draft: Draft, pointer: string) => state.locate(draft, pointer, lanesOf);
const stepOf = (draft: Draft, id: string) => tree.stepOf(draft, id, lanesOf);
const pathOf = (draft: Draft, id: string) => tree.pathOf(draft, id, lanesOf);
const withIds = (draft: Draft) => tree.withIds(draft, lanesOf);
const depthOf = (steps: readonly Step[]) => tree.depthOf(steps, lanesOf);
const move = (draft: Draft, id: string, list: Path, index: number) => tree.move(draft, id, list, index, lanesOf);
const shift = (draft: Draft, id: string, direction: Direction) => tree.shift(draft, id, direction, lanesOf);

const tag = (id: string): Step => ({ id, type: "tags.add", tags: [id] });

const definition = (steps: Step[]): Draft => ({
  name: "Drip",
  description: "",
  active: true,
  labels: [],
  note: "",
  goal: null,
  synchronous: false,
  when: [{ type: "user.signed_up" }],
  only_if: null,
  then: steps,
  exit_when: [],
  exit_if: null,
  reentry: "always",
  reentry_per: "user",
  cooldown: null,
  limit: null,
});

const branched = definition([
  tag("s1"),
  { id: "s2", type: "branch", if: { type: "user.is_paying" }, yes: [tag("s3"), tag("s4")], no: [tag("s5")] },
  tag("s6"),
]);

/** The ids in reading order, the steps of ways in brackets. */
const shape = (steps: readonly Step[]): string =>
  steps
    .map((step) => {
      const ways = [step.yes, step.no].filter((way) => Array.isArray(way));
      return `${step.id}${ways.map((way) => `[${shape(way as Step[])}]`).join("")}`; // test data
    })
    .join(" ");

describe("the tree of steps", () => {
  test("a value is put without touching what is beside it", () => {
    const next = withValue(branched, ["then", 1, "yes", 0, "tags"], ["x"]);
    expect(stepOf(next, "s3")?.tags).toEqual(["x"]);
    expect(stepOf(branched, "s3")?.tags).toEqual(["s3"]);
    expect(next.then[0]).toBe(branched.then[0]);
  });

  test("an undefined value takes the key, or the place in the list, away", () => {
    expect("tags" in withValue({ tags: 1, other: 2 }, ["tags"], undefined)).toBe(false);
    expect(withValue([1, 2, 3], [1], undefined)).toEqual([1, 3]);
  });

  test("a key of a prototype is only a key", () => {
    const next = withValue<Record<string, unknown>>({}, ["__proto__"], { polluted: true });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.hasOwn(next, "__proto__")).toBe(true);
  });

  test.each([
    ["s1", ["then"], 3, "s2[s3 s4][s5] s6 s1"],
    ["s1", ["then", 1, "no"], 0, "s2[s3 s4][s1 s5] s6"],
    ["s4", ["then"], 0, "s4 s1 s2[s3][s5] s6"],
    ["s3", ["then", 1, "yes"], 2, "s1 s2[s4 s3][s5] s6"],
    ["s6", ["then", 1, "yes"], 1, "s1 s2[s3 s6 s4][s5]"],
  ] as const)("%s moves to %j at %i", (id, list, index, expected) => {
    expect(shape(move(branched, id, list, index).then)).toBe(expected);
  });

  test("a step does not move into itself, nor to where it is", () => {
    expect(move(branched, "s2", ["then", 1, "yes"], 0)).toBe(branched);
    expect(move(branched, "s1", ["then"], 0)).toBe(branched);
    expect(move(branched, "s1", ["then"], 1)).toBe(branched);
  });

  test.each([
    ["s1", "down", "s2[s3 s4][s5] s1 s6"],
    ["s6", "up", "s1 s6 s2[s3 s4][s5]"],
    ["s3", "up", "s1 s3 s2[s4][s5] s6"],
    ["s4", "down", "s1 s2[s3][s5] s4 s6"],
    ["s4", "right", "s1 s2[s3][s5 s4] s6"],
    ["s5", "left", "s1 s2[s5 s3 s4][] s6"],
    ["s6", "right", "s1 s2[s3 s4 s6][s5]"],
    ["s3", "left", "s1 s2[s4][s5] s3 s6"],
  ] as const)("the keyboard moves %s %s", (id, direction, expected) => {
    expect(shape(shift(branched, id, direction).then)).toBe(expected);
  });

  test("at the ends of the flow the keyboard moves nothing", () => {
    expect(shift(branched, "s1", "up")).toBe(branched);
    expect(shift(branched, "s6", "down")).toBe(branched);
    expect(shift(branched, "s1", "right")).toBe(branched);
  });

  test("a way that is not there yet is made by inserting into it", () => {
    const bare = definition([{ id: "s1", type: "branch", if: null }]);
    expect(shape(insertAt(bare, ["then", 0, "yes"], 0, [tag("s2")]).then)).toBe("s1[s2]");
  });

  test("steps without an id get one, the others keep theirs", () => {
    const given = withIds(
      definition([{ type: "exit" }, tag("s7"), { type: "branch", if: null, yes: [{ type: "exit" }], no: [] }]),
    );
    expect(shape(given.then)).toBe("s8 s7 s9[s10][]");
  });

  test("pointers and keys are two ways to say one place", () => {
    const path = ["then", 1, "a/b~c", "0x"];
    expect(pointerOf(path)).toBe("/then/1/a~1b~0c/0x");
    expect(keysOf(pointerOf(path))).toEqual(path);
    expect(pathOf(branched, "s5")).toEqual(["then", 1, "no", 0]);
  });

  test("depth counts branches within branches", () => {
    expect([depthOf([tag("s1")]), depthOf(branched.then)]).toEqual([0, 1]);
  });
});

describe("editing", () => {
  test("what is undone comes back by redoing, and a new change forgets it", () => {
    const one = edit(start(branched), { ...branched, name: "One" });
    const two = edit(one, { ...one.now, name: "Two" });
    expect(undo(two).now.name).toBe("One");
    expect(undo(undo(two)).now.name).toBe("Drip");
    expect(redo(undo(two)).now.name).toBe("Two");
    const other = edit(undo(two), { ...one.now, name: "Three" });
    expect(redo(other)).toBe(other);
    expect(undo(undo(undo(two))).now.name).toBe("Drip");
  });

  test("typing into one field is one change, going elsewhere begins another", () => {
    let editor = start(branched);
    for (const name of ["D", "Dr", "Dri"]) editor = edit(editor, { ...editor.now, name }, { tag: "name" });
    editor = select(editor, { kind: "options" });
    editor = edit(editor, { ...editor.now, name: "Drip 2" }, { tag: "name" });
    expect(undo(editor).now.name).toBe("Dri");
    expect(undo(undo(editor)).now.name).toBe("Drip");
  });

  test("a change to the same is none", () => {
    const editor = start(branched);
    expect(edit(editor, structuredClone(editor.now)).past).toEqual([]);
  });

  test("a new step has an id that was never given, also after one was taken away", () => {
    let editor = addSteps(start(branched), ["then"], 0, [{ type: "exit" }]);
    expect(editor.selected).toEqual({ kind: "step", id: "s7" });
    editor = removeStep(editor, "s7");
    editor = addSteps(editor, ["then"], 0, [{ type: "exit" }]);
    expect(editor.selected).toEqual({ kind: "step", id: "s8" });
  });

  test("a copy stands below, with new ids on all that is in it", () => {
    const editor = duplicate(start(branched), "s2");
    expect(shape(editor.now.then)).toBe("s1 s2[s3 s4][s5] s7[s8 s9][s10] s6");
  });

  test("taking a step away selects its neighbour", () => {
    const editor = start(branched);
    expect(removeStep(editor, "s1").selected).toEqual({ kind: "step", id: "s2" });
    expect(removeStep(editor, "s6").selected).toEqual({ kind: "step", id: "s2" });
    expect(removeStep(editor, "s5").selected).toBeNull();
  });

  test("undoing what made the chosen card leaves nothing chosen", () => {
    expect(undo(addSteps(start(branched), ["then"], 0, [{ type: "exit" }])).selected).toBeNull();
  });

  test.each([
    ["/then/1/yes/0/tags/0", { kind: "step", id: "s3" }, "/tags/0"],
    ["/then/1/if/all/0/tags", { kind: "step", id: "s2" }, "/if/all/0/tags"],
    ["/then/0", { kind: "step", id: "s1" }, ""],
    ["/when/0/courses", { kind: "trigger", index: 0 }, "/courses"],
    ["/only_if/all/1", { kind: "only_if" }, "/all/1"],
    ["/exit_when/2/x", { kind: "exit_when", index: 2 }, "/x"],
    ["/name", { kind: "options" }, "/name"],
    ["/then", { kind: "options" }, "/then"],
    ["", { kind: "options" }, ""],
  ] as const)("a fault at %s is shown at its card", (pointer, selection, rest) => {
    expect(locate(branched, pointer)).toEqual({ selection, rest });
  });

  test("a fault in a split's path is the split's", () => {
    const split = definition([{ id: "s1", type: "split", paths: [{ percent: 50, steps: [tag("s2")] }] }]);
    expect(locate(split, "/then/0/paths/0/percent").selection).toEqual({ kind: "step", id: "s1" });
    expect(locate(split, "/then/0/paths/0/steps/0/tags").selection).toEqual({ kind: "step", id: "s2" });
  });
});
