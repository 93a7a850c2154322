import { actions, triggers } from "../../catalogue";
import {
  mentionedBy,
  namedBy,
  type Placed,
  placedIn,
  type Reference,
  type Role,
} from "../../catalogue/checking/references";
import { kindsOf } from "../../catalogue/kinds";
import { TRIGGER } from "../../catalogue/options/fields";
import { type Clause, namedIn } from "../../catalogue/segments/clause";
import type { CardUse, Definition, Path } from "../../definition/types";
import type { Thing } from "./things";

/*
 * What a definition has to do with what: its edges, one for each place that names something. Of each one end is the
 * definition itself.
 */

/** An edge of a definition to or from a thing, and where in the definition the thing is named. */
export interface Touch {
  thing: Thing;
  /** It leads from the thing to the definition, or the other way. */
  way: "in" | "out";
  kind: Role;
  path: Path;
}

const WAY: Readonly<Record<Role, Touch["way"]>> = {
  starts: "in",
  needs: "in",
  ends: "in",
  gives: "out",
  takes: "out",
};

const touch = (kind: string, id: string, role: Role, path: Path): Touch => ({
  thing: { kind, id },
  way: WAY[role],
  kind: role,
  path,
});

// ---- Automations ----

/** Everything that an automation names, listens to and makes facts of. */
export function* touchesOf(definition: Definition): Generator<Touch> {
  const placed = [...placedIn(definition)];
  const started = placed.filter(({ role, listens }) => listens && role === "starts").map((one) => [...namedBy(one)]);
  for (const one of placed) {
    if (one.listens) yield touch("event", factOf(one.use), one.role, one.path);
    if (one.acts) yield* factsMade(one);
    for (const reference of namedBy(one)) yield* meant(reference, started);
    for (const { kind, value, role, path } of mentionedBy(one)) yield touch(kind, value, role, path);
  }
}

/** The type of facts that a trigger listens to. */
function factOf(use: CardUse): string {
  const family = triggers.get(use.type)?.family;
  return family ? `${family.prefix}${use[family.option]}` : use.type;
}

function* factsMade({ use: { type, ...params }, path }: Placed): Generator<Touch> {
  const { id: _, on_error: __, ...options } = params;
  const made = actions.get(type)?.bind(options).mayMake ?? [];
  for (const fact of new Set(made.map((one) => one.type))) yield touch("event", fact, "gives", path);
}

/** An id is meant as it stands; `"$trigger"` is what every trigger names, and nothing known where one names none. */
function* meant({ kind, value, role, path }: Reference, started: readonly Reference[][]): Generator<Touch> {
  if (value !== TRIGGER) {
    yield touch(kind, value, role, path);
    return;
  }
  const named = started.map((references) =>
    references.flatMap((one) => (isOneOf(one.kind, kind) && one.value !== TRIGGER ? [one.value] : [])),
  );
  if (named.every((ids) => ids.length > 0)) for (const id of new Set(named.flat())) yield touch(kind, id, role, path);
}

/** Whether ids of a kind may be of another: a product is of one of those sold. */
const isOneOf = (kind: string, other: string): boolean => kindsOf(kind).some((one) => kindsOf(other).includes(one));

// ---- What is defined besides ----

/** A rule asks for what its clauses name, and brings people into its segment. */
export function* touchesOfRule({ segment, where }: { segment: string; where: readonly Clause[] }): Generator<Touch> {
  yield touch("segment", segment, "gives", ["segment"]);
  for (const [i, clause] of where.entries())
    for (const { kind, value, path } of namedIn(clause)) yield touch(kind, value, "needs", ["where", i, ...path]);
}

interface SyncLike {
  segment: string;
  course: string;
  group: string | null;
  enrol: boolean;
}

/** Belonging to its segment starts a sync, which gives the course and the group; one that enrols nobody needs the course. */
export function* touchesOfSync({ segment, course, group, enrol }: SyncLike): Generator<Touch> {
  yield touch("segment", segment, "starts", ["segment"]);
  yield touch("course", course, enrol ? "gives" : "needs", ["course"]);
  if (group !== null) yield touch("group", group, "gives", ["group"]);
}

export function* touchesOfAutoGroup({ course, field }: { course: string; field: string }): Generator<Touch> {
  yield touch("course", course, "needs", ["course"]);
  yield touch("field", field, "needs", ["field"]);
}

/** Whoever holds a bundle, subscription or seat holds its courses. */
export function* touchesOfHolder(courses: readonly string[]): Generator<Touch> {
  for (const [i, course] of courses.entries()) yield touch("course", course, "gives", ["courses", i]);
}
