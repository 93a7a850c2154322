import { actions } from "../../catalogue";
import { fieldNamed } from "../../catalogue/account/attributes";
import { USER_UPDATED } from "../../catalogue/account/facts";
import { enrolmentOf } from "../../catalogue/enrolment/change";
import type { Learner } from "../../catalogue/facts/facts";
import { type Giver, giverOf } from "../../catalogue/facts/givers";
import { tagKey } from "../../catalogue/tags/key";
import type { Staying, TakenBack, Thing } from "../../catalogue/undo/things";
import type { JournalFact, LoggedRun } from "../types";

/*
 * What is told of an undo beside what it took back: what by the runs' logs they gave and others have since, and what they
 * did that nobody can call back.
 */

/** A step that stays as it was done. */
export interface NotCallable {
  run_id: string;
  step_id: string;
  type: string;
  /** ms */
  at: number;
  detail?: Record<string, unknown>;
}

const GIVERS = { tag: "tags", field: "fields", seat: "seats", space: "spaces", segment: "segments" } as const;

/** Who gave something that is held; empty: it is not held, or nobody knows. */
function giversOf(learner: Learner, { kind, id }: Thing): Giver[] {
  if (kind === "group")
    return learner.groups.find(({ group }) => group === id)?.sources.map(({ given }) => given) ?? [];
  if (kind === "course" || kind === "bundle" || kind === "subscription")
    return enrolmentOf(learner, kind, id)?.sources.map(({ given }) => given) ?? [];
  return [giverOf(learner.givers[GIVERS[kind]], kind === "tag" ? tagKey(id) : id) ?? []].flat();
}

const nameOf = ({ kind, id }: Thing): string => `${kind} ${kind === "tag" ? tagKey(id) : id}`;

/**
 * What runs gave by their logs, that others gave or changed since.
 * @param learner after the undo
 * @param returned the fields that an undo gave back before, which nobody changed since
 */
export function givenSince(
  learner: Learner,
  runs: readonly LoggedRun[],
  { takes, stays }: TakenBack,
  returned: ReadonlySet<string>,
): Staying[] {
  const told = new Set([...takes, ...stays].map(nameOf));
  const found: Staying[] = [];
  for (const { steps } of runs) {
    for (const { type, at, detail = {} } of steps) {
      for (const thing of actions.get(type)?.undo?.gave(detail) ?? []) {
        // What was given in the same moment may have been before.
        const isBack = thing.kind === "field" && returned.has(thing.id);
        const later = giversOf(learner, thing).filter((given) => (isBack ? given.at > at : given.at >= at));
        if (!later.length || told.has(nameOf(thing))) continue;
        told.add(nameOf(thing));
        const isMerged = later.every(({ by }) => by === "merge");
        found.push({ ...thing, why: isMerged ? "merged" : thing.kind === "field" ? "changed" : "others" });
      }
    }
  }
  return found;
}

/** The steps of runs that nothing calls back. @param left whether what a step sent has left */
export const notCallable = (runs: readonly LoggedRun[], left: (run: string, step: string) => boolean): NotCallable[] =>
  runs.flatMap(({ id, steps }) =>
    steps.flatMap(({ step_id, type, status, at, detail }): NotCallable[] => {
      const action = actions.get(type);
      if (!action || status !== "done") return [];
      const stays = action.sends ? left(id, step_id) : (action.undo?.leaves?.(detail ?? {}) ?? !action.undo);
      return stays ? [{ run_id: id, step_id, type, at, ...(detail ? { detail } : {}) }] : [];
    }),
  );

/** What came of runs, by the journal. */
export interface Aftermath {
  /** The runs that their facts began, with those that facts of these did. */
  chained: string[];
  /** The fields that an undo was the last to change. */
  returned: ReadonlySet<string>;
}

/** @param entries of the journal since the first of the runs, the newest first */
export function aftermathOf(entries: Iterable<{ facts: readonly JournalFact[] }>, runs: readonly string[]): Aftermath {
  const begun = new Map<string, string[]>();
  const changed = new Map<string, boolean>();
  for (const { facts } of entries) {
    for (const { type, data, by } of facts.toReversed()) {
      if (type !== USER_UPDATED || !Array.isArray(data.changed)) continue;
      for (const name of data.changed) if (!changed.has(name)) changed.set(name, by?.by === "undo");
    }
    for (const { by, run, decisions } of facts) {
      const from = by?.by === "run" ? by.id : run;
      const ids = decisions.flatMap((one) => one.run ?? []);
      if (from != null && ids.length) begun.set(from, [...(begun.get(from) ?? []), ...ids]);
    }
  }
  const found = new Set(runs);
  for (const id of found) for (const next of begun.get(id) ?? []) found.add(next);
  const returned = [...changed].flatMap(([name, isBack]) => (isBack ? (fieldNamed(name) ?? []) : []));
  return { chained: [...found].slice(new Set(runs).size), returned: new Set(returned) };
}
