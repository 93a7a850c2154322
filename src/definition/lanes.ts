import { isRecord, type Path, type Step } from "./types";

/*
 * The ways on which a step holds further steps. Each kind of step says where they stand in it, as plain data that also
 * travels to browsers; nothing here knows a kind.
 */

/** Where a kind of step holds a list of steps; or several, one in each entry of a list. */
export interface LaneSpec {
  /** The key of the list of steps, or of the list of entries. */
  key: string;
  /** In each entry of the list at `key`, the key of its steps. */
  inEach?: string;
  /** What the way is called; `{percent}` stands for an option of the entry, or of the step. */
  name: string;
  /** What a sentence says before its steps; `; <name>: ` when left out. */
  lead?: string;
  /** The option of an entry that says how many percent go this way. */
  share?: string;
}

/** One way of a step. */
export interface Lane<S extends Step = Step> {
  /** Keys that lead from the step to the list. */
  path: Path;
  name: string;
  steps: S[];
  lead?: string;
  /** How many percent go this way, where the kind of step says so. */
  share?: number;
}

/** The ways of a step; none for an action. */
export type LanesOf = <S extends Step>(step: S) => Lane<S>[];

interface Place {
  spec: LaneSpec;
  path: Path;
  /** What the name's braces are filled from. */
  options: Record<string, unknown>;
  /** What stands there: a list of steps wherever a definition was accepted. */
  value: unknown;
}

/** Every place of a step, checked or not, at which a way begins. */
export function lanePlaces(step: Record<string, unknown>, specs: readonly LaneSpec[]): Place[] {
  return specs.flatMap((spec): Place[] => {
    const { key, inEach } = spec;
    const value = step[key];
    if (inEach === undefined) return [{ spec, path: [key], options: step, value }];
    return (Array.isArray(value) ? value : []).flatMap((entry: unknown, index): Place[] =>
      isRecord(entry) ? [{ spec, path: [key, index, inEach], options: entry, value: entry[inEach] }] : [],
    );
  });
}

const named = (name: string, options: Record<string, unknown>): string =>
  name.replace(/\{(\w+)\}/g, (_, option: string) => [options[option] ?? ""].flat().join(" / "));

/** The lanes of each step by what the kinds of step say. */
export function lanesBy(specsOf: (type: string) => readonly LaneSpec[] | undefined): LanesOf {
  return <S extends Step>(step: S): Lane<S>[] =>
    lanePlaces(step, specsOf(step.type) ?? []).map(({ spec, path, options, value }) => ({
      path,
      name: named(spec.name, options),
      // A definition was accepted with lists of steps in these places; a list that is missing counts as empty.
      steps: Array.isArray(value) ? (value as S[]) : [],
      ...(spec.lead === undefined ? {} : { lead: named(spec.lead, options) }),
      ...(spec.share === undefined ? {} : { share: Number(options[spec.share] ?? 0) }),
    }));
}

/** A copy of a step in which each way, as far as it is there, is what `change` makes of its list. */
export function withLanes(
  step: Record<string, unknown>,
  specs: readonly LaneSpec[],
  change: (list: unknown) => unknown,
): Record<string, unknown> {
  const copy = { ...step };
  for (const { key, inEach } of specs) {
    const value = copy[key];
    if (inEach === undefined) {
      if (Object.hasOwn(copy, key)) copy[key] = change(value);
    } else if (Array.isArray(value)) {
      copy[key] = value.map((entry) => (isRecord(entry) ? { ...entry, [inEach]: change(entry[inEach] ?? []) } : entry));
    }
  }
  return copy;
}
