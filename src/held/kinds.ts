import { and, eq, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { deleteAutomation } from "../automations/change";
import { automationRow } from "../automations/document";
import { faultsOfHeld, heldNames } from "../automations/held-references";
import { touchDated, touchRuns, waitsForDates } from "../automations/touch";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import type { Database } from "../db/client";
import { type Due, type HeldKind, type Holdable, requireStanding } from "../db/deleting/held";
import { automations, segmentRules } from "../db/schema";
import { type PreparedJob, prepareJob } from "../jobs/start";
import { deleteAutoGroup, getAutoGroup } from "../segments/auto-groups";
import { deleteField, getField, requireFieldUnused } from "../segments/fields/fields";
import { getSegment } from "../segments/find";
import { deleteRule, getRule } from "../segments/rules/rules";
import { deleteSegment, requireSegmentUnused } from "../segments/segments";
import { deleteSync, getSync } from "../segments/syncs/syncs";
import { alignJob } from "../users/courses/align-job";
import { nowOf, type School } from "../world/snapshot";
import { withGoal } from "../world/upgrades";

/*
 * What is particular to a kind when it is held, stands again or ends.
 */

/** A definition of a kind, with what happens to it when it is held. Bound to the row that was read of it. */
export interface Held {
  row: Holdable;
  /** Throws 409 while something that stays longer names it. @param at when it is deleted, by the school's clock, ms */
  requireUnused?(at: number): Promise<void>;
  /** Throws 409 while what it names is held itself: without that it would not be whole. */
  requireWhole?(): Promise<void>;
  /** What is written beside `delete_at`: of one that is held, and of one that stands again. */
  holding?(db: Database, at: number): BatchItem<"sqlite">[];
  standing?(db: Database): BatchItem<"sqlite">[];
  /** The job that brings users in line once it stands again; null: none is needed. */
  job?(): Promise<PreparedJob | null>;
  /** Has what was held by it go on. @param school as it is by then */
  goOn?(school: School): Promise<void>;
}

type Find = (env: Env, school: School, id: string) => Promise<Held>;
type Delete = (env: Env, school: School, id: string, options: { fire: boolean; who: string } & Due) => Promise<unknown>;

const align = (env: Env, school: School, what: Omit<Parameters<(typeof alignJob)["ready"]>[0], "fire">) =>
  // What came meanwhile starts nothing.
  prepareJob(env, school, alignJob, { ...what, fire: false });

const ofSegment = async (env: Env, school: School, id: string): Promise<void> =>
  requireStanding("segment", id, await getSegment(env, school.id, id));

/** Reads what is to be held or restored; 404 where it is not there. */
export const FIND: Readonly<Record<HeldKind, Find>> = {
  automation: async (env, school, id) => {
    const row = await automationRow(env, school.id, id);
    const definition = withGoal(row);
    const which = and(eq(automations.school, school.id), eq(automations.id, id));
    const moved = { revision: sql`${automations.revision} + 1` };
    return {
      row,
      requireWhole: async () => {
        const [fault] = faultsOfHeld({ before: null, after: definition }, await heldNames(env, school.id));
        if (fault) throw new Problem("conflict", fault.message);
      },
      holding: (db) => [db.update(automations).set(moved).where(which)],
      // Dates and absences that passed meanwhile are left alone.
      standing: (db) => [
        db
          .update(automations)
          .set({ ...moved, watchSince: nowOf(school) })
          .where(which),
      ],
      goOn: async (after) => {
        await touchRuns(env, after, [id], ["held"]);
        if (row.active && waitsForDates(definition)) await touchDated(env, after);
      },
    };
  },
  segment_sync: async (env, school, id) => {
    const row = await getSync(env, school.id, id);
    return {
      row,
      requireWhole: () => ofSegment(env, school, row.segment),
      job: async () => (row.active ? align(env, school, { sync: id }) : null),
    };
  },
  auto_group: async (env, school, id) => {
    const row = await getAutoGroup(env, school.id, id);
    return {
      row,
      requireWhole: async () => requireStanding("profile_field", row.field, await getField(env, school.id, row.field)),
      job: async () => (row.active ? align(env, school, { autoGroup: id }) : null),
    };
  },
  segment: async (env, school, id) => {
    const row = await getSegment(env, school.id, id);
    const rulesAt = (deleteAt: number | null) =>
      and(
        eq(segmentRules.school, school.id),
        eq(segmentRules.segment, id),
        sql`${segmentRules.deleteAt} is ${deleteAt}`,
      );
    return {
      row,
      requireUnused: (at) => requireSegmentUnused(env, school.id, id, at),
      // Its rules go and come with it; one that was held by itself keeps its own time.
      holding: (db, deleteAt) => [db.update(segmentRules).set({ deleteAt }).where(rulesAt(null))],
      standing: (db) => [db.update(segmentRules).set({ deleteAt: null }).where(rulesAt(row.deleteAt))],
      job: async () => (row.managed ? align(env, school, { segment: id }) : null),
    };
  },
  segment_rule: async (env, school, id) => {
    const row = await getRule(env, school.id, id);
    return {
      row,
      requireWhole: async () => {
        await ofSegment(env, school, row.segment);
        const { field: held } = await heldNames(env, school.id);
        for (const { field } of row.where)
          requireStanding("profile_field", field, { deleteAt: held.get(field) ?? null });
      },
      job: async () => {
        const { managed } = await getSegment(env, school.id, row.segment);
        return managed ? align(env, school, { segment: row.segment }) : null;
      },
    };
  },
  profile_field: async (env, school, key) => ({
    row: await getField(env, school.id, key),
    requireUnused: (at) => requireFieldUnused(env, school.id, key, at),
  }),
};

/** The same as the verb DELETE does. */
export const DELETE: Readonly<Record<HeldKind, Delete>> = {
  automation: deleteAutomation,
  segment_sync: deleteSync,
  auto_group: deleteAutoGroup,
  segment: deleteSegment,
  segment_rule: deleteRule,
  profile_field: deleteField,
};
