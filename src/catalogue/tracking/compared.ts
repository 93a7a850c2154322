import type { CardUse, Path } from "../../definition/types";
import { isRecord } from "../../definition/types";

/*
 * Data of facts is compared by its path: a condition, a custom event's clauses and a match may so ask for the course of a
 * fact, which bears the one id that it has here. What it is compared with is an id of a course too, then.
 */

interface Compared {
  /** `course`, or `product`. */
  kind: string;
  value: string;
  path: Path;
}

const PATHS = new Map([
  ["course", "course"],
  ["courses", "course"],
  ["product", "product"],
]);
/** Of other comparisons a text is a part of an id, and none. */
const WHOLE = new Set<unknown>(["is", "is_not", "in"]);
const EVENT = "event.";

/** The ids that a card compares with the course or product of a fact. */
export function* idsCompared(use: CardUse, at: Path): Generator<Compared> {
  yield* comparison(use, at);
  if (Array.isArray(use.where)) for (const [i, one] of use.where.entries()) yield* comparison(one, [...at, "where", i]);
  const kind = typeof use.on === "string" && use.on.startsWith(EVENT) && PATHS.get(use.on.slice(EVENT.length));
  if (kind && Array.isArray(use.cases))
    for (const [i, one] of use.cases.entries()) yield* texts(kind, one.is, [...at, "cases", i, "is"]);
}

function* comparison(part: unknown, at: Path): Generator<Compared> {
  if (!isRecord(part) || typeof part.path !== "string" || !WHOLE.has(part.op)) return;
  const kind = PATHS.get(part.path);
  if (kind) yield* texts(kind, part.value, [...at, "value"]);
}

function* texts(kind: string, value: unknown, path: Path): Generator<Compared> {
  for (const [i, one] of [value].flat().entries())
    if (typeof one === "string") yield { kind, value: one, path: Array.isArray(value) ? [...path, i] : path };
}
