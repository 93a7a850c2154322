import { createContext, useContext, useEffect, useState } from "hono/jsx/dom";
import type { Catalogue } from "../../../definition/catalogue";
import type { Draft } from "../../../definition/types";
import type { ListedVariable } from "../../../definition/variables";
import { dateIn } from "../../../language/say";
import type { Words } from "../../words/sentences/sentence";

/** What the fields of a message work with, on whatever page they stand. */
export interface TextTools {
  /** What texts may name, with the school's own fields. */
  variables: readonly ListedVariable[];
  /** What is said of variables that a text names and that are not among them; left out: that they stay empty. */
  unlisted?(names: readonly string[]): string;
  /** Whether faults are shown at fields not yet touched: after the first try to save. */
  insists: boolean;
  readOnly: boolean;
  /** The address of whoever is signed in, where one is known here. */
  me: string | null;
}

/** What every part of the editor works with. */
export interface Toolbar extends TextTools {
  catalogue: Catalogue;
  words: Words;
  now: Draft;
  timezone: string;
  /** Names found on the way, so that sentences may use them. */
  learn(picker: string, choices: readonly { value: string; label: string }[]): void;
}

const ToolsContext = createContext<Toolbar | null>(null);
export const ToolsProvider = ToolsContext.Provider;

export function useTools(): Toolbar {
  const tools = useContext(ToolsContext);
  if (!tools) throw new Error("the editor's parts stand inside its ToolsProvider");
  return tools;
}

const TextToolsContext = createContext<TextTools | null>(null);
/** Where messages are written outside the editor. */
export const TextToolsProvider = TextToolsContext.Provider;

export function useTextTools(): TextTools {
  const all = useContext(ToolsContext);
  const tools = useContext(TextToolsContext) ?? all;
  if (!tools) throw new Error("fields of messages stand inside a ToolsProvider or a TextToolsProvider");
  return tools;
}

/** The value as it was when it last rested for `delayMs`. */
export function useSettled<T>(value: T, delayMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}

/** "Wed 7 Jan 2026, 11:00", in a zone. */
export const momentText = (at: string | number, timezone: string): string =>
  dateIn(new Date(at), {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: timezone,
  });
