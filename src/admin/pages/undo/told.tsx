import type { Child, FC } from "hono/jsx";
import { actions } from "../../../catalogue";
import { RESUMED } from "../../../catalogue/undo/told";
import { figure, inWords, later, say, type Text, weave } from "../../../language/say";
import { Moment } from "../../components/moment";
import type { Names } from "../../words/sentences/sentence";

/* What an undo takes back, what stays and why, and what cannot be called back, in words: before it and after. */

/** By the names of the API (contract §6). */
const WHY: Readonly<Record<string, Text>> = {
  others: later("somebody else gave it too"),
  changed: later("it was changed since"),
  merged: later("it was given anew when two learners were merged"),
  before_unknown: later("what stood there before is not known"),
  follows_rules: later("the segment’s rules decide about it now"),
  chained: later("a run that it began, and is undone for itself"),
};
const whyText = (why: string): string =>
  inWords(Object.hasOwn(WHY, why) ? (WHY[why] ?? why) : why.replaceAll("_", " "));

/** What is given or begun, by the API's names. */
const KINDS: Readonly<Record<string, Text>> = {
  tag: later("tag"),
  field: later("field"),
  seat: later("seat"),
  space: later("space"),
  segment: later("segment"),
  group: later("group"),
  course: later("course"),
  bundle: later("bundle"),
  subscription: later("subscription"),
  run: later("run"),
  delivery: later("message"),
};
const kindText = (kind: string): string => inWords(Object.hasOwn(KINDS, kind) ? (KINDS[kind] ?? kind) : kind);

const labelOf = (type: string): string => inWords(actions.get(type)?.label ?? type);
const several = (count: number, one: string): string => `${figure(count)} × ${one}`;

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

const calledOf = (names: Names, kind: string, id: string): string => {
  const known = Object.hasOwn(names, kind) ? names[kind] : undefined;
  return known && Object.hasOwn(known, id) ? (known[id] ?? id) : id;
};

/** How it is shown: what things are called, and the school's zone. */
interface Shown {
  names: Names;
  timezone: string;
}

/** What an undo has end otherwise again. */
const ENDING: readonly string[] = ["course", "bundle", "subscription"];

const thingOf = ({ kind, id, count, to }: Line, { names, timezone }: Shown): Child => {
  const thing = (
    <>
      {count === undefined ? kindText(kind) : several(count, kindText(kind))}{" "}
      {id === undefined ? null : <b>{calledOf(names, kind, id)}</b>}
    </>
  );
  if (to === undefined) return thing;
  if (ENDING.includes(kind) && to === RESUMED) return weave("{thing} goes on again", { thing });
  if (ENDING.includes(kind))
    return typeof to === "string"
      ? weave("{thing} ends again on {when}", {
          thing,
          when: <Moment atMs={Date.parse(to)} nowMs={Date.now()} timezone={timezone} exact />,
        })
      : weave("{thing} has no end again", { thing });
  return weave("{thing} becomes {value} again", { thing, value: to === null ? say("empty") : JSON.stringify(to) });
};

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

interface ToldProps extends Shown {
  told: Told;
  isDone?: boolean;
}

export const ToldOfUndo: FC<ToldProps> = ({ told, isDone = false, ...shown }) => (
  <>
    <Part
      title={isDone ? say("Taken back") : say("Would be taken back")}
      none={say("Nothing.")}
      lines={told.takes.map((line) => thingOf(line, shown))}
    />
    <Part
      title={say("Stays")}
      none={say("Nothing else of it is held.")}
      lines={told.stays.map((line) => (
        <>
          {thingOf(line, shown)}: {whyText(line.why ?? "")}
        </>
      ))}
    />
    <Part
      title={say("Cannot be called back")}
      none={say("Nothing.")}
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
