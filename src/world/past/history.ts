import * as z from "zod";
import { once } from "../../base/cache";
import { readJson } from "../../base/json";
import { FIELD_TYPES } from "../../catalogue/facts/facts";
import type { schoolHistory } from "../../db/schema";

/*
 * What a school was: rows of `school_history` say what stood there before a change. The triggers of migrations 0010, 0014, 0026,
 * 0027 and 0033 write them, under the names that the schemas here read.
 */

const bit = once(() => z.number().transform((value) => value === 1));

/** When it was to be deleted. Not kept before migration 0027: nothing was held. */
const deleteAtThen = once(() => z.number().nullable().default(null));

const holding = once(() => z.object({ courses: z.string() }));

/**
 * What is kept of each kind. Of an automation its definition is not, `automation_versions` has it; nor its goal, which
 * nothing of the past is judged by.
 */
export const BODIES = {
  school: once(() =>
    z.object({
      name: z.string(),
      mode: z.enum(["live", "test"]),
      settings: z.string(),
      // Neither was kept before migration 0027: no school was paused.
      paused: bit().default(false),
      pauseExitStamp: z.number().default(0),
    }),
  ),
  automation: once(() =>
    z.object({
      active: bit(),
      activeSince: z.number().nullable(),
      version: z.number(),
      revision: z.number(),
      moveVersion: z.number(),
      exitRevision: z.number(),
      watchSince: z.number().default(0),
      deleteAt: deleteAtThen(),
    }),
  ),
  profile_field: once(() =>
    z.object({
      type: z.enum(FIELD_TYPES),
      choices: z.string().nullable(),
    }),
  ),
  segment: once(() => z.object({ managed: bit(), deleteAt: deleteAtThen() })),
  segment_rule: once(() =>
    z.object({ segment: z.string(), match: z.enum(["all", "any"]), where: z.string(), deleteAt: deleteAtThen() }),
  ),
  segment_sync: once(() =>
    z.object({
      active: bit(),
      segment: z.string(),
      course: z.string(),
      role: z.string(),
      group: z.string().nullable(),
      onLeave: z.enum(["unenrol", "suspend"]),
      // Not kept before migration 0015: every sync enrolled.
      enrol: bit().default(true),
      deleteAt: deleteAtThen(),
    }),
  ),
  auto_group: once(() => z.object({ course: z.string(), field: z.string(), active: bit(), deleteAt: deleteAtThen() })),
  bundle: holding,
  subscription: holding,
  seat: holding,
  course: once(() =>
    z.object({ startsAt: z.string().nullable(), endsAt: z.string().nullable(), dueAt: z.string().nullable() }),
  ),
  course_id: once(() => z.object({ ours: z.string() })),
};

type Kind = (typeof schoolHistory.$inferSelect)["kind"];

/** The first change of something after a stamp: what it was at that stamp. */
export interface Change {
  kind: Kind;
  id: string;
  /** As JSON; null: it was not there. */
  body: string | null;
  /** Of an automation, the definition of the version of then. */
  definition: string | null;
}

/** What reads the body of a change of such a row. */
export type BodyOf<Row> = () => z.ZodType<Omit<Row, "id" | "definition" | "goal">>;

/** Rows of one kind with changes undone, in the order of their ids. */
export function undone<Row extends { id: string }>(
  rows: readonly Row[],
  changes: readonly Change[] = [],
  schema: BodyOf<Row>,
): Row[] {
  if (!changes.length) return [...rows];
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const { id, kind, body, definition } of changes) {
    if (body === null) {
      byId.delete(id);
      continue;
    }
    if (kind === "automation" && definition === null) throw new Error(`a version of automation ${id} is not kept`);
    const definitionOfThen = kind === "automation" ? { definition, goal: null } : {};
    // Every column of the kind but those three is in its schema.
    byId.set(id, { id, ...readJson(schema(), body), ...definitionOfThen } as unknown as Row);
  }
  return [...byId.values()].sort((one, other) => compareAsD1(one.id, other.id));
}

/** Texts in D1's order, which is that of code points; JavaScript's is that of their halves. */
export function compareAsD1(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  for (let at = 0; at < most; at++) {
    const [unit, others] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (unit !== others) return rankOf(unit) - rankOf(others);
  }
  return one.length - other.length;
}

/** Halves of what lies beyond come behind all that is whole. */
const rankOf = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
