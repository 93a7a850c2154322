import { htmlToText } from "../../../../catalogue/text/html-text";
import type { LanesOf } from "../../../../definition/lanes";
import type { Step } from "../../../../definition/types";
import { allSteps } from "../../../../definition/walk";
import { optionText } from "../runs/option-text";
import { kept } from "./kept";

/* What changed in the texts of steps: word by word, as a reader sees them. */

export interface Piece {
  kind: "same" | "gone" | "new";
  text: string;
}

/** More words than this are compared line by line. */
const WORDS = 1_500;

const isPage = (text: string): boolean => /<[a-z][^>]*>/i.test(text);

/** What a mail says, without its markup. */
const readable = (text: string): string => (isPage(text) ? htmlToText(text) : text);

const partsOf = (text: string): string[] => {
  const words = text.match(/\s+|[^\s]+/g) ?? [];
  return words.length > WORDS ? text.split(/(?<=\n)/) : words;
};

/** What of two texts is the same, was there, and is new, in the order of reading. */
export function textDiff(before: string, after: string): Piece[] {
  const was = partsOf(readable(before));
  const is = partsOf(readable(after));
  const stays = kept(was, is);
  const pieces: Piece[] = [];
  const add = (kind: Piece["kind"], text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  };
  let [i, j] = [0, 0];
  for (const [atWas, atIs] of [...stays, [was.length, is.length] as const]) {
    for (; i < atWas; i++) add("gone", was[i] ?? "");
    for (; j < atIs; j++) add("new", is[j] ?? "");
    const both = was[i];
    if (both !== undefined && i < was.length) add("same", both);
    i++;
    j++;
  }
  return pieces;
}

export interface TextChange {
  step: Step;
  /** The option, as a field is called: "subject". */
  option: string;
  pieces: Piece[];
}

const isProse = (value: unknown): value is string => typeof value === "string" && /\s/.test(value.trim());

/** The texts that differ between steps of the same id. */
export function textChanges(before: readonly Step[], after: readonly Step[], lanesOf: LanesOf): TextChange[] {
  const was = new Map(allSteps(before, lanesOf).map((step) => [step.id, step]));
  return allSteps(after, lanesOf).flatMap((step) => {
    const old: Readonly<Record<string, unknown>> | undefined = was.get(step.id);
    if (!old) return [];
    return Object.entries(step).flatMap(([option, is]: [string, unknown]): TextChange[] => {
      const then = old[option];
      if (then === is || typeof is !== "string" || typeof then !== "string") return [];
      if (!isProse(is) && !isProse(then)) return [];
      return [{ step, option: optionText(option), pieces: textDiff(then, is) }];
    });
  });
}
