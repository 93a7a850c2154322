import { useEffect, useRef } from "hono/jsx/dom";
import type { Path } from "../../../definition/types";
import type { Selection } from "../draft/state";
import type { Direction } from "../draft/tree/tree";
import { focusBeside } from "./focus";

/* What keys do in the editor; `keys.tsx` lists them for people. */

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const isCommand = ({ ctrlKey, metaKey }: KeyboardEvent): boolean => ctrlKey || metaKey;

interface CardActions {
  readOnly: boolean;
  placeOf(stepId: string): { list: Path; index: number };
  open(own: Selection): void;
  remove(own: Selection): void;
  shift(stepId: string, direction: Direction): void;
  copy(stepId: string): void;
  paste(list: Path, index: number): void;
  duplicate(stepId: string): void;
}

/** What a key does on a card; undefined where it is not ours. */
function does(actions: CardActions, event: KeyboardEvent, own: Selection): (() => void) | undefined {
  const arrow = ARROWS[event.key];
  const command = isCommand(event);
  if ((arrow === "up" || arrow === "down") && !event.altKey && !command) return () => focusBeside(own, arrow);
  if (event.key === "Enter") return () => actions.open(own);
  if (actions.readOnly) return undefined;
  if (event.key === "Delete" || event.key === "Backspace") return () => actions.remove(own);
  if (own.kind !== "step") return undefined;
  if (arrow && event.altKey) return () => actions.shift(own.id, arrow);
  if (!command) return undefined;
  const { list, index } = actions.placeOf(own.id);
  const commands: Readonly<Record<string, () => void>> = {
    c: () => actions.copy(own.id),
    x: () => {
      actions.copy(own.id);
      actions.remove(own);
    },
    v: () => actions.paste(list, index + 1),
    d: () => actions.duplicate(own.id),
  };
  return Object.hasOwn(commands, event.key) ? commands[event.key] : undefined;
}

/** The listener of cards. */
export const cardKeys =
  (actions: CardActions) =>
  (event: KeyboardEvent, own: Selection): void => {
    const act = does(actions, event, own);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

interface PageActions {
  readOnly: boolean;
  /** Whether something stands at the right that Escape closes. */
  isOpen: boolean;
  save(): void;
  undo(): void;
  redo(): void;
  /** Shows the list of keys. */
  list(): void;
  close(): void;
}

/** Whether a key is part of a text. */
const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;

/** Listens for keys wherever the focus is. */
export function usePageKeys(actions: PageActions): void {
  const onKey = (event: KeyboardEvent): void => {
    const key = event.key.toLowerCase();
    if (isCommand(event) && key === "s") {
      event.preventDefault();
      actions.save();
    } else if (isCommand(event) && (key === "z" || key === "y") && !actions.readOnly) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) actions.redo();
      else actions.undo();
    } else if (document.querySelector("dialog[open]")) return;
    else if (key === "?" && !isTyping(event)) {
      event.preventDefault();
      actions.list();
    } else if (event.key === "Escape" && actions.isOpen) actions.close();
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => latest.current?.(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
