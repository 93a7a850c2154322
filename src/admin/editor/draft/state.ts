import type { LanesOf } from "../../../definition/lanes";
import type { Draft, Path, Step } from "../../../definition/types";
import {
  fresh,
  highestId,
  insertAt,
  keysOf,
  pathOf,
  placeInTree,
  removeAt,
  stepOf,
  valueAt,
  withIds,
} from "./tree/tree";

/** What the panel at the right edits. */
export type Selection =
  | { kind: "step"; id: string }
  | { kind: "trigger"; index: number }
  | { kind: "only_if" }
  | { kind: "exit_when"; index: number }
  | { kind: "exit_if" }
  | { kind: "goal" }
  | { kind: "options" };

export interface Editor {
  /** The ways of steps, by the catalogue. */
  lanesOf: LanesOf;
  now: Draft;
  past: readonly Draft[];
  future: readonly Draft[];
  selected: Selection | null;
  /** Names the field being typed into: what follows under the same tag is one change to undo. */
  tag: string | null;
  /** The highest number given to a step so far; ids of steps that are gone are never given again. */
  counter: number;
}

const PAST_MAX = 200;

/** An editor at the start of a definition, every step with an id. */
export function start(definition: Draft, lanesOf: LanesOf): Editor {
  const now = withIds(definition, lanesOf);
  return { lanesOf, now, past: [], future: [], selected: null, tag: null, counter: highestId(now.then, lanesOf) };
}

/** A change; several under one `tag` are undone together. A change to the same value is none. */
export function edit(
  editor: Editor,
  now: Draft,
  { tag = null, select }: { tag?: string | null; select?: Selection | null } = {},
): Editor {
  const selected = select === undefined ? editor.selected : select;
  if (now === editor.now || JSON.stringify(now) === JSON.stringify(editor.now)) return { ...editor, selected };
  const goesOn = tag !== null && tag === editor.tag;
  return {
    ...editor,
    now,
    past: goesOn ? editor.past : [...editor.past, editor.now].slice(-PAST_MAX),
    future: [],
    selected,
    tag,
  };
}

export const select = (editor: Editor, selected: Selection | null): Editor => ({ ...editor, selected, tag: null });

/** The selection, or none when what it names is not in the definition. */
const standing = (definition: Draft, selected: Selection | null, lanesOf: LanesOf): Selection | null => {
  if (selected === null) return null;
  if (selected.kind === "step") return stepOf(definition, selected.id, lanesOf) ? selected : null;
  if (selected.kind === "goal") return definition.goal ? selected : null;
  if (!("index" in selected)) return selected;
  const cards = selected.kind === "trigger" ? definition.when : definition.exit_when;
  return selected.index < cards.length ? selected : null;
};

export function undo(editor: Editor): Editor {
  const before = editor.past.at(-1);
  if (!before) return editor;
  return {
    ...editor,
    now: before,
    past: editor.past.slice(0, -1),
    future: [editor.now, ...editor.future],
    selected: standing(before, editor.selected, editor.lanesOf),
    tag: null,
  };
}

export function redo(editor: Editor): Editor {
  const [after, ...future] = editor.future;
  if (!after) return editor;
  return {
    ...editor,
    now: after,
    past: [...editor.past, editor.now],
    future,
    selected: standing(after, editor.selected, editor.lanesOf),
    tag: null,
  };
}

/** Steps put into a list with new ids; the first is selected. */
export function addSteps(editor: Editor, list: Path, index: number, steps: readonly Step[]): Editor {
  const copies = fresh(steps, editor.counter, editor.lanesOf);
  const id = copies.steps[0]?.id;
  const done = edit(
    editor,
    insertAt(editor.now, list, index, copies.steps),
    id === undefined ? {} : { select: { kind: "step", id } },
  );
  return { ...done, counter: copies.counter };
}

/** A copy right below. */
export function duplicate(editor: Editor, id: string): Editor {
  const path = pathOf(editor.now, id, editor.lanesOf);
  const step = stepOf(editor.now, id, editor.lanesOf);
  if (!path || !step) return editor;
  const { list, index } = placeInTree(path);
  return addSteps(editor, list, index + 1, [step]);
}

/** What is added, and where. */
export type Adding = { kind: "step"; list: Path; index: number } | { kind: "trigger" | "exit_when" | "goal" };

/** A card more, which is selected. */
export function addCard(editor: Editor, to: Adding, card: Step): Editor {
  const { now } = editor;
  if (to.kind === "step") return addSteps(editor, to.list, to.index, [card]);
  if (to.kind === "goal") return edit(editor, { ...now, goal: card }, { select: { kind: "goal" } });
  const cards = to.kind === "trigger" ? "when" : "exit_when";
  const next = { ...now, [cards]: [...now[cards], card] };
  return edit(editor, next, { select: { kind: to.kind, index: now[cards].length } });
}

/** The step away; its neighbour below, else above, is selected. */
export function removeStep(editor: Editor, id: string): Editor {
  const path = pathOf(editor.now, id, editor.lanesOf);
  if (!path) return editor;
  const { list, index } = placeInTree(path);
  const now = removeAt(editor.now, id, editor.lanesOf);
  const neighbour = [index, index - 1].map((i) => valueAt(now, [...list, i])).find((step) => step !== undefined);
  // The cast rests on `list` being a list of steps.
  const next = (neighbour as Step | undefined)?.id;
  return edit(editor, now, { select: next === undefined ? null : { kind: "step", id: next } });
}

/** Where a selection stands in the definition. */
export function pathOfSelection(definition: Draft, selected: Selection, lanesOf: LanesOf): Path | undefined {
  if (selected.kind === "step") return pathOf(definition, selected.id, lanesOf);
  if (selected.kind === "trigger") return ["when", selected.index];
  if (selected.kind === "exit_when") return ["exit_when", selected.index];
  return selected.kind === "options" ? undefined : [selected.kind];
}

/** What a fault's pointer speaks of: the card to mark, and the pointer's rest within it. */
export function locate(definition: Draft, pointer: string, lanesOf: LanesOf): { selection: Selection; rest: string } {
  const keys = keysOf(pointer);
  const [head, index] = keys;
  const from = (n: number): string =>
    keys
      .slice(n)
      .map((key) => `/${String(key)}`)
      .join("");
  if (head === "when" && typeof index === "number") return { selection: { kind: "trigger", index }, rest: from(2) };
  if (head === "exit_when" && typeof index === "number")
    return { selection: { kind: "exit_when", index }, rest: from(2) };
  if (head === "only_if" || head === "exit_if" || head === "goal") return { selection: { kind: head }, rest: from(1) };
  if (head === "then") {
    for (let n = keys.length; n >= 2; n--) {
      const id = typeof keys[n - 1] === "number" ? idAt(definition, keys.slice(0, n), lanesOf) : undefined;
      if (id !== undefined) return { selection: { kind: "step", id }, rest: from(n) };
    }
  }
  return { selection: { kind: "options" }, rest: pointer };
}

/** The id of the step at a path; undefined where a list of something else stands, such as a split's paths. */
function idAt(definition: Draft, path: Path, lanesOf: LanesOf): string | undefined {
  const found = valueAt(definition, path);
  const id = typeof found === "object" && found !== null && "id" in found ? found.id : undefined;
  return typeof id === "string" && pathOf(definition, id, lanesOf)?.join("/") === path.join("/") ? id : undefined;
}
