import * as z from "zod";
import { readJson, strings } from "../base/json";
import { callClause } from "../catalogue/checking/references";
import { callList } from "../catalogue/enrolment/course-ids";
import type { CourseDates, FieldView } from "../catalogue/facts/facts";
import { clause, compileClause, type OwnFields } from "../catalogue/segments/clause";
import { compileGoal } from "../engine/compile/compile";
import type { Automation, CompiledAutoGroup, CompiledSegment, SegmentSync } from "../engine/types";
import type { Definitions, Part } from "./definitions";
import { type CourseIds, courseIdsOf, type OtherId } from "./naming/course-ids";
import { compareAsD1 } from "./past/history";
import { compiled, keepProgram, programAtHand, type Whose } from "./programs";
import type { School } from "./snapshot";

/*
 * What a school has defined, compiled, piece by piece in D1's order. An edit makes a new list of its kind out of the pieces
 * that stand and those that were read; lists of other kinds are the same ones as before.
 */

interface Piece {
  id: string;
  /** What it takes in memory, as `sizeOfJson` counts. */
  size: number;
}

type Rule = CompiledSegment["rules"][number];
type RulePiece = Piece & Rule & { segment: string; where: string };
type RuleText = Pick<RulePiece, "id" | "segment" | "match" | "where" | "held">;
type HolderPiece = Piece & { courses: readonly string[] };

export interface Pieces {
  automations: readonly (Piece & Automation)[];
  fields: readonly (Piece & { field: FieldView })[];
  /** `held`: it is to be deleted, and until then its rules bring and take nobody. */
  segments: readonly (Piece & { managed: boolean; held?: true })[];
  rules: readonly RulePiece[];
  syncs: readonly (Piece & SegmentSync)[];
  autoGroups: readonly (Piece & CompiledAutoGroup)[];
  bundles: readonly HolderPiece[];
  subscriptions: readonly HolderPiece[];
  seats: readonly HolderPiece[];
  /** `course`: the course that the dates are of. */
  courseDates: readonly (Piece & { course: string; dates: CourseDates })[];
  fixedBundles: readonly Piece[];
  courseIds: readonly (Piece & OtherId)[];
  /** In which the rules are compiled. */
  zone: string;
  /** What courses are called: compiled in everywhere. */
  called: CourseIds;
}

const clauses = z.array(clause);
const card = z.looseObject({ type: z.string() });

/** Of a piece beside its text. */
const OWN_SIZE = 100;

/** @param before pieces of another stamp that calls courses the same, where only what differs was read */
export function piecesFrom(
  { settings, ...whose }: Pick<School, "id" | "epoch" | "settings">,
  read: Definitions,
  before?: Pieces,
): Pieces {
  const zone = settings.timezone;
  const courseIds = patched(before?.courseIds, read.courseIds, (row) => ({ ...row, size: OWN_SIZE }));
  const called = before?.called ?? courseIdsOf(settings, courseIds);
  const { courseId } = called;
  const school: Whose = { ...whose, courseIds: called };
  const of = (text: string) => OWN_SIZE + text.length;
  const holders = (part: Definitions["bundles"], pieces: readonly HolderPiece[] | undefined) =>
    patched(pieces, part, ({ id, courses }) => ({
      ...{ id, courses: callList(readJson(strings, courses), courseId), size: of(courses) },
    }));
  const fields = patched(before?.fields, read.fields, ({ id, type, choices }) => ({
    id,
    field: { key: id, type, choices: choices === null ? [] : readJson(strings, choices) },
    size: of(choices ?? ""),
  }));
  const own: OwnFields = new Map(fields.map(({ id, field }) => [id, field]));
  const ruleIn = ({ clauses: _, size: __, ...rule }: RuleText & Partial<RulePiece>): RulePiece => ({
    ...rule,
    clauses: readJson(clauses, rule.where).map((one) => compileClause(callClause(one, courseId), zone, own)),
    size: 4 * of(rule.where),
  });
  // What a field is declared as is compiled in: rules that may name one that changed are compiled anew.
  const changed = [...(read.fields.touched ?? [])].map((key) => JSON.stringify(key));
  const isAsBefore = ({ where }: RulePiece) => before?.zone === zone && !changed.some((key) => where.includes(key));
  const inCourse = <Row extends { course: string; active: boolean; deleteAt: number | null }>(row: Row) => ({
    ...standing(row),
    course: courseId(row.course),
  });
  const rules = before?.rules.every(isAsBefore)
    ? before.rules
    : before?.rules.map((rule) => (isAsBefore(rule) ? rule : ruleIn(rule)));
  return {
    automations: patched(before?.automations, read.automations, (row, piece) => automationIn(school, row, piece)),
    fields,
    segments: patched(before?.segments, read.segments, (row) => ({ ...withHeld(row), size: OWN_SIZE })),
    rules: patched(rules, read.rules, (row) => ruleIn(withHeld(row))),
    syncs: patched(before?.syncs, read.syncs, (row) => ({ ...inCourse(row), size: OWN_SIZE })),
    autoGroups: patched(before?.autoGroups, read.autoGroups, (row) => ({ ...inCourse(row), size: OWN_SIZE })),
    bundles: holders(read.bundles, before?.bundles),
    subscriptions: holders(read.subscriptions, before?.subscriptions),
    seats: holders(read.seats, before?.seats),
    courseDates: patched(before?.courseDates, read.courseDates, ({ id, ...dates }) => ({
      ...{ id, course: courseId(id), dates, size: OWN_SIZE },
    })),
    fixedBundles: patched(before?.fixedBundles, read.fixedBundles, ({ id }) => ({ id, size: OWN_SIZE })),
    courseIds,
    zone,
    called,
  };
}

/** What is to be deleted, and gives nothing new until then. */
const withHeld = <Row extends { deleteAt: number | null }>({ deleteAt, ...row }: Row) => ({
  ...row,
  ...(deleteAt === null ? {} : { held: true as const }),
});

/** The same of what is switched on and off: it is as if it were off. */
const standing = <Row extends { active: boolean; deleteAt: number | null }>({ deleteAt, ...row }: Row) => ({
  ...row,
  active: row.active && deleteAt === null,
});

type AutomationRow = Definitions["automations"]["rows"][number];

function automationIn(
  school: Whose,
  { version, definition, watchSince, goal, ...row }: AutomationRow,
  before: Pieces["automations"][number] | undefined,
): Pieces["automations"][number] {
  const { id } = row;
  const stands = before?.program.version === version;
  // Runs that began on it may be about.
  if (before && !stands) keepProgram(school, id, before);
  const { program, size } = stands
    ? before
    : (programAtHand(school, id, version) ?? compiled(version, definition, school.courseIds));
  const activeSince = row.activeSince ?? 0;
  return {
    ...standing(row),
    ...{
      activeSince,
      watchSince: Math.max(watchSince, activeSince),
      program,
      goal: goalOf(goal, school.courseIds),
      size,
    },
  };
}

const goalOf = (text: string | null, { courseId }: CourseIds) =>
  text === null ? null : compileGoal(readJson(card, text), courseId);

/** A list with what was read in the place of what was there. */
function patched<P extends { id: string }, Row extends { id: string }>(
  before: readonly P[] = [],
  { rows, touched }: Part<Row>,
  make: (row: Row, before: P | undefined) => P,
): readonly P[] {
  if (touched?.size === 0) return before;
  const isTouched = ({ id }: P) => touched?.has(id) ?? true;
  const old = new Map(before.filter(isTouched).map((piece) => [piece.id, piece]));
  const came = rows.map((row) => make(row, old.get(row.id)));
  if (touched === null) return came;
  const standing = before.filter((piece) => !isTouched(piece));
  const merged: P[] = [];
  let at = 0;
  for (const piece of came) {
    for (let next = standing[at]; next && compareAsD1(next.id, piece.id) < 0; next = standing[at]) {
      merged.push(next);
      at++;
    }
    merged.push(piece);
  }
  return [...merged, ...standing.slice(at)];
}

/** What a school's pieces take together. */
export function sizeOf({ zone: _, called: __, ...kinds }: Pieces): number {
  let size = 0;
  for (const pieces of Object.values(kinds)) for (const piece of pieces) size += piece.size;
  return size;
}
