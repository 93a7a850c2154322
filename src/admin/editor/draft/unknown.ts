import type { Catalogue, CatalogueEntry } from "../../../definition/catalogue";
import { type Draft, isRecord, type Step } from "../../../definition/types";
import { isListed, type ListedVariable, namesIn } from "../../../definition/variables";
import { walk } from "../../../definition/walk";
import { many, say } from "../../../language/say";
import { lanesIn } from "../../words/words";

/*
 * Variables that texts name and nobody declares: they are empty in what is sent.
 */

/** The texts in an option that is Liquid: one, or those within a list or a body of data. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Those that a text names and that are not listed, each once. */
export const unknownIn = (value: unknown, variables: readonly ListedVariable[]): string[] => [
  ...new Set(
    textsIn(value)
      .flatMap(namesIn)
      .filter((name) => !isListed(name, variables)),
  ),
];

const unknownOf = (step: Step, entry: CatalogueEntry, variables: readonly ListedVariable[]): string[] => [
  ...new Set(
    Object.entries(entry.params.properties ?? {}).flatMap(([key, { template }]) =>
      template === undefined ? [] : unknownIn(step[key], variables),
    ),
  ),
];

export interface Doubtful {
  entry: CatalogueEntry;
  /** The unknown variables that the step names. */
  names: string[];
}

/** The steps that name unknown variables, by their ids. */
export function doubtfulSteps(
  definition: Draft,
  catalogue: Catalogue,
  variables: readonly ListedVariable[],
): ReadonlyMap<string, Doubtful> {
  const entries = new Map([...catalogue.actions, ...catalogue.steps].map((entry) => [entry.type, entry]));
  const found = new Map<string, Doubtful>();
  for (const { step } of walk(definition.then, lanesIn(catalogue.steps))) {
    const entry = entries.get(step.type);
    const names = entry ? unknownOf(step, entry, variables) : [];
    if (entry && names.length > 0) found.set(step.id ?? "", { entry, names });
  }
  return found;
}

const quoted = (names: readonly string[]): string => names.map((name) => `{{ ${name} }}`).join(", ");

/** "Nobody has declared {{ user.phone }}: it stays empty." */
export const unknownText = (names: readonly string[]): string =>
  many(names.length, "Nobody has declared {names}: it stays empty.", "Nobody has declared {names}: they stay empty.", {
    names: quoted(names),
  });

/** The same of a mail to one learner, which leaves at once: "Nothing gives {{ event.course }} a value here: …". */
export const sourcelessText = (names: readonly string[]): string =>
  say("Nothing gives {names} a value here: take it out, or the mail is not sent.", { names: quoted(names) });

/** The same of a step, for the head of the page. */
export const doubtText = ({ entry, names }: Doubtful): string =>
  many(
    names.length,
    "“{card}” names {names}, which nobody has declared: it stays empty.",
    "“{card}” names {names}, which nobody has declared: they stay empty.",
    { card: entry.label, names: quoted(names) },
  );
