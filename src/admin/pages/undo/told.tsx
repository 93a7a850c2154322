import type { Child, FC } from "hono/jsx";
import { actions } from "../../../catalogue";
import { say } from "../../../language/say";

/* What an undo takes back, what stays and why, and what cannot be called back, in words: before it and after. */

/** By the names of the API (contract §6). */
const WHY: Readonly<Record<string, string>> = {
  others: "somebody else gave it too",
  changed: "it was changed since",
  merged: "it was given anew when two learners were merged",
  before_unknown: "what stood there before is not known",
  follows_rules: "the segment’s rules decide about it now",
  chained: "a run that it began, and is undone for itself",
};
const whyText = (why: string): string => (Object.hasOwn(WHY, why) ? (WHY[why] ?? why) : why.replaceAll("_", " "));

const labelOf = (type: string): string => actions.get(type)?.label ?? type;
const several = (count: number, one: string): string => `${count.toLocaleString("en")} × ${one}`;

interface Line {
  kind: string;
  id?: string | undefined;
  count?: number | undefined;
  why?: string | undefined;
  to?: unknown;
}

/** As an answer of one run has them, or one of many users. */
export interface Told {
  takes: readonly Line[];
  stays: readonly Line[];
  not_callable: readonly { type: string; count?: number | undefined }[];
}

const Thing: FC<{ line: Line }> = ({ line: { kind, id, count, to } }) => (
  <>
    {count === undefined ? kind : several(count, kind)} {id === undefined ? null : <b>{id}</b>}
    {to === undefined ? null : ` becomes ${to === null ? "empty" : JSON.stringify(to)} again`}
  </>
);

const Part: FC<{ title: string; none: string; lines: Child[] }> = ({ title, none, lines }) => (
  <>
    <h2 class="part">{title}</h2>
    {lines.length ? (
      <ul class="plain">
        {lines.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    ) : (
      <p class="soft">{none}</p>
    )}
  </>
);

export const ToldOfUndo: FC<{ told: Told; isDone?: boolean }> = ({ told, isDone = false }) => (
  <>
    <Part
      title={isDone ? "Taken back" : "Would be taken back"}
      none="Nothing."
      lines={told.takes.map((line) => <Thing line={line} />)}
    />
    <Part
      title={say("Stays")}
      none="Nothing else of it is held."
      lines={told.stays.map((line) => (
        <>
          <Thing line={line} />: {whyText(line.why ?? "")}
        </>
      ))}
    />
    <Part
      title={say("Cannot be called back")}
      none="Nothing."
      lines={told.not_callable.map(({ type, count }) =>
        count === undefined ? labelOf(type) : several(count, labelOf(type)),
      )}
    />
  </>
);

export const countOf = ({ takes }: Told): number => takes.reduce((sum, { count = 1 }) => sum + count, 0);

/** What of a job's result tells of an undo; null: it tells of something else. */
export function toldIn(result: unknown): Told | null {
  const lists = ["takes", "stays", "not_callable"];
  const isTold = typeof result === "object" && result !== null && lists.every((name) => name in result);
  // Written by the jobs of automations/undo, which alone have these three.
  return isTold ? (result as Told) : null;
}
