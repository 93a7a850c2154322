import type { Definition, SeenStep, Step, Trigger } from "./history";

/*
 * The words of the contract that the model is written in: facts, runs, and what triggers mean.
 */

export interface Fact {
  n: number;
  type: string;
  data: Record<string, unknown>;
  quiet: boolean;
  /** The runs that brought it about since a wait; the automations that did, through waits too. */
  chain: Set<Run>;
  lineage: Set<Automation>;
  /** Tags held, and tags held at some time, when it was made. */
  tags: Set<string>;
  everTags: Set<string>;
  /** When it happened, ms. */
  at: number;
  /** It starts automations however long before they were active it happened. */
  fires: boolean;
  /** Asked of these automations only. */
  only?: readonly Automation[];
}

export interface Automation {
  n: number;
  active: boolean;
  /** When it was made, or last switched from inactive to active. */
  activeSince: number;
  version: number;
  definition: Definition;
  /** Of the user, and of each thing that facts were about. */
  starts: Map<string, number[]>;
}

export interface Run {
  n: number;
  automation: Automation;
  version: number;
  definition: Definition;
  status: "running" | "queued" | "waiting" | "held" | "completed" | "exited" | "cancelled";
  reason: string | null;
  fact: Fact;
  startedAt: number;
  endedAt: number | null;
  /** The steps still to come, the one it waits at first. */
  todo: Step[];
  wait: { since: number; wakeAt: number | null; way: "event" | "time" | null } | null;
  hasWaited: boolean;
  /** Of the repeat it is in, the round, from 1; 0: in none. */
  round: number;
  chain: Set<Run>;
  lineage: Set<Automation>;
  /** By wait_for: the first fact that would answer it since the run began or its last wait_for ended. */
  answers: Map<string, { fact: Fact; at: number }>;
  steps: SeenStep[];
}

export const isLive = (run: Run): boolean => ["running", "queued", "waiting", "held"].includes(run.status);
export const lower = (tags: readonly string[]): string[] => tags.map((tag) => tag.toLowerCase());
export const union = <T>(one: Iterable<T>, other: Iterable<T>): Set<T> => new Set([...one, ...other]);
export const short = (type: string, data: Record<string, unknown>): string =>
  [type, ...["tag", "course", "reason"].flatMap((key) => (data[key] === undefined ? [] : [String(data[key])]))].join(
    " ",
  );

/** All lists of steps right inside a step. */
export const inside = (step: Step): Step[][] => {
  if (step.type === "branch") return [step.yes, step.no];
  if (step.type === "match") return [...step.cases.map((one) => one.steps), step.else];
  if (step.type === "repeat") return [step.steps];
  return step.type === "wait_for" ? [step.on_event, step.on_timeout] : [];
};

/** A step by its id, with all that comes after it; null where there is none. */
export function from(steps: Step[], id: string | undefined): Step[] | null {
  for (const [index, step] of steps.entries()) {
    if (step.id === id) return steps.slice(index);
    for (const list of inside(step)) {
      const found = from(list, id);
      // After a round comes the repeat again.
      if (found) return [...found, ...steps.slice(step.type === "repeat" ? index : index + 1)];
    }
  }
  return null;
}

/** Whether the step of this id stands in a repeat. */
export const isRepeated = (steps: Step[], id: string | undefined): boolean =>
  allSteps(steps).some((one) => one.type === "repeat" && allSteps(one.steps).some((inner) => inner.id === id));

export const allSteps = (steps: Step[]): Step[] => steps.flatMap((step) => [step, ...inside(step).flatMap(allSteps)]);
export const waitFors = (steps: Step[]) => allSteps(steps).filter((step) => step.type === "wait_for");

/** A list with "$trigger" in it: the one of the fact that started the run, or left out. */
export const resolved = (list: string[], start: Fact | null, name: string): string[] =>
  list.flatMap((one) => {
    if (one !== "$trigger") return [one];
    const value = start?.data[name];
    return typeof value === "string" ? [value] : [];
  });

export function isMeant(trigger: Trigger, fact: Fact, start: Fact | null): boolean {
  if (trigger.type === "custom") return fact.type === `custom.${trigger.name}`;
  if (fact.type !== trigger.type) return false;
  if (trigger.type === "date.reached") return fact.data.offset === trigger.offset;
  if (!("tags" in trigger)) {
    return (
      trigger.courses === undefined || resolved(trigger.courses, start, "course").includes(String(fact.data.course))
    );
  }
  const tags = lower(resolved(trigger.tags, start, "tag"));
  if (!tags.includes(String(fact.data.tag).toLowerCase())) return false;
  if (trigger.match === "any") return true;
  if (trigger.type === "tag.added") return tags.every((tag) => fact.tags.has(tag));
  return tags.every((tag) => !fact.tags.has(tag) && fact.everTags.has(tag));
}

/** What a fact is about, where re-entry is counted for each thing apart. */
export const aboutOf = (fact: Fact): string => JSON.stringify([fact.data.course ?? null, fact.data.tag ?? null]);

/** The way that a match goes. */
export function caseOf(step: Extract<Step, { type: "match" }>, fact: Fact, email: string | null): number | "else" {
  const value = step.on === "email" ? email : fact.data[step.on.slice("event.".length)];
  const same = (one: unknown): boolean => String(one).trim().toLowerCase() === String(value).trim().toLowerCase();
  const found = typeof value === "string" ? step.cases.findIndex((one) => one.is.some(same)) : -1;
  return found < 0 ? "else" : found;
}

export interface Enrolment {
  end: number;
  lineage: Set<Automation>;
}

export interface Cause {
  quiet?: boolean;
  run?: Run;
  lineage?: Set<Automation>;
  only?: readonly Automation[];
  /** Of an event: when it happened, and whether it fires. */
  at?: number;
  fires?: boolean;
}
