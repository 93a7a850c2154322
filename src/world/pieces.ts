import { z } from "zod";
import { readJson, strings } from "../base/json";
import type { CourseDates, FieldView } from "../catalogue/facts";
import { clause, compileClause, type OwnFields } from "../catalogue/segments/clause";
import { compileGoal } from "../engine/compile";
import type { Automation, CompiledAutoGroup, CompiledSegment, SegmentSync } from "../engine/types";
import type { Definitions, Part } from "./definitions";
import { compareAsD1 } from "./history";
import { compiled, keepProgram, programAtHand } from "./programs";
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
  courseDates: readonly (Piece & { dates: CourseDates })[];
  fixedBundles: readonly Piece[];
  /** In which the rules are compiled. */
  zone: string;
}

const clauses = z.array(clause);
const card = z.looseObject({ type: z.string() });

/** Of a piece beside its text. */
const OWN_SIZE = 100;

/** @param before pieces of another stamp, where only what differs was read */
export function piecesFrom(
  school: Pick<School, "id" | "epoch">,
  zone: string,
  read: Definitions,
  before?: Pieces,
): Pieces {
  const of = (text: string) => OWN_SIZE + text.length;
  const holders = (part: Definitions["bundles"], pieces: readonly HolderPiece[] | undefined) =>
    patched(pieces, part, ({ id, courses }) => ({ id, courses: readJson(strings, courses), size: of(courses) }));
  const fields = patched(before?.fields, read.fields, ({ id, type, choices }) => ({
    id,
    field: { key: id, type, choices: choices === null ? [] : readJson(strings, choices) },
    size: of(choices ?? ""),
  }));
  const own: OwnFields = new Map(fields.map(({ id, field }) => [id, field]));
  const ruleIn = ({ clauses: _, size: __, ...rule }: RuleText & Partial<RulePiece>): RulePiece => ({
    ...rule,
    clauses: readJson(clauses, rule.where).map((one) => compileClause(one, zone, own)),
    size: 4 * of(rule.where),
  });
  // What a field is declared as is compiled in: rules that may name one that changed are compiled anew.
  const changed = [...(read.fields.touched ?? [])].map((key) => JSON.stringify(key));
  const isAsBefore = ({ where }: RulePiece) => before?.zone === zone && !changed.some((key) => where.includes(key));
  const rules = before?.rules.every(isAsBefore)
    ? before.rules
    : before?.rules.map((rule) => (isAsBefore(rule) ? rule : ruleIn(rule)));
  return {
    automations: patched(before?.automations, read.automations, (row, piece) => automationIn(school, row, piece)),
    fields,
    segments: patched(before?.segments, read.segments, (row) => ({ ...withHeld(row), size: OWN_SIZE })),
    rules: patched(rules, read.rules, (row) => ruleIn(withHeld(row))),
    syncs: patched(before?.syncs, read.syncs, (row) => ({ ...standing(row), size: OWN_SIZE })),
    autoGroups: patched(before?.autoGroups, read.autoGroups, (row) => ({ ...standing(row), size: OWN_SIZE })),
    bundles: holders(read.bundles, before?.bundles),
    subscriptions: holders(read.subscriptions, before?.subscriptions),
    seats: holders(read.seats, before?.seats),
    courseDates: patched(before?.courseDates, read.courseDates, ({ id, ...dates }) => ({ id, dates, size: OWN_SIZE })),
    fixedBundles: patched(before?.fixedBundles, read.fixedBundles, ({ id }) => ({ id, size: OWN_SIZE })),
    zone,
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
  school: Pick<School, "id" | "epoch">,
  { version, definition, watchSince, goal, ...row }: AutomationRow,
  before: Pieces["automations"][number] | undefined,
): Pieces["automations"][number] {
  const { id } = row;
  const stands = before?.program.version === version;
  // Runs that began on it may be about.
  if (before && !stands) keepProgram(school, id, before);
  const { program, size } = stands ? before : (programAtHand(school, id, version) ?? compiled(version, definition));
  const activeSince = row.activeSince ?? 0;
  return {
    ...standing(row),
    ...{ activeSince, watchSince: Math.max(watchSince, activeSince), program, goal: goalOf(goal), size },
  };
}

const goalOf = (text: string | null) => (text === null ? null : compileGoal(readJson(card, text)));

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
export function sizeOf({ zone: _, ...kinds }: Pieces): number {
  let size = 0;
  for (const pieces of Object.values(kinds)) for (const piece of pieces) size += piece.size;
  return size;
}
