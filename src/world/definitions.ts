import { and, asc, eq, gt, isNotNull, min, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { readOptionalJson } from "../base/json";
import type { Holder } from "../catalogue/products";
import { database } from "../db/client";
import * as table from "../db/schema";
import { BODIES, type Change, undone } from "./history";

const MAX_SPELLINGS = 20_000;

/**
 * What a school had defined when its stamp was `stamp`, in the order in which D1 has it: what is there now, with every
 * change since undone. Read in one transaction: it is of that stamp whatever is written meanwhile. Spellings of tags are
 * today's; they only ever grow.
 */
export async function definitionsAt(env: Env, { id }: { id: string }, stamp: number) {
  const db = database(env.DB);
  const { schools, automations, profileFields, segments, segmentRules, segmentSyncs, autoGroups, products } = table;
  const { automationVersions, schoolHistory, vocabulary } = table;
  const [[school], automationRows, fieldRows, segmentRows, ruleRows, syncRows, groupRows, holding, tags, changes] =
    await db.batch([
      db
        .select({
          epoch: schools.epoch,
          stamp: schools.stamp,
          createdAt: schools.createdAt,
          name: schools.name,
          mode: schools.mode,
          settings: schools.settings,
          knownFrom: sql<number | null>`(${db
            .select({ stamp: min(schoolHistory.stamp) })
            .from(schoolHistory)
            .where(eq(schoolHistory.school, id))})`,
        })
        .from(schools)
        .where(eq(schools.id, id)),
      db
        .select({
          id: automations.id,
          active: automations.active,
          activeSince: automations.activeSince,
          version: automations.version,
          revision: automations.revision,
          moveVersion: automations.moveVersion,
          exitRevision: automations.exitRevision,
          definition: automations.definition,
        })
        .from(automations)
        .where(eq(automations.school, id))
        .orderBy(asc(automations.id)),
      db
        .select({ id: profileFields.key, type: profileFields.type, choices: profileFields.choices })
        .from(profileFields)
        .where(eq(profileFields.school, id))
        .orderBy(asc(profileFields.key)),
      db
        .select({ id: segments.id, managed: segments.managed })
        .from(segments)
        .where(eq(segments.school, id))
        .orderBy(asc(segments.id)),
      db
        .select({
          id: segmentRules.id,
          segment: segmentRules.segment,
          match: segmentRules.match,
          where: segmentRules.where,
        })
        .from(segmentRules)
        .where(eq(segmentRules.school, id))
        .orderBy(asc(segmentRules.id)),
      db
        .select({
          id: segmentSyncs.id,
          active: segmentSyncs.active,
          segment: segmentSyncs.segment,
          course: segmentSyncs.course,
          role: segmentSyncs.role,
          group: segmentSyncs.group,
          onLeave: segmentSyncs.onLeave,
          enrol: segmentSyncs.enrol,
        })
        .from(segmentSyncs)
        .where(eq(segmentSyncs.school, id))
        .orderBy(asc(segmentSyncs.id)),
      db
        .select({ id: autoGroups.id, course: autoGroups.course, field: autoGroups.field, active: autoGroups.active })
        .from(autoGroups)
        .where(eq(autoGroups.school, id))
        .orderBy(asc(autoGroups.id)),
      db
        .select({
          type: products.type,
          id: products.id,
          // The condition below says so.
          courses: sql<string>`${products.courses}`,
          teller: sql<string | null>`${products.told} ->> 'courses'`,
        })
        .from(products)
        .where(and(eq(products.school, id), isNotNull(products.courses)))
        .orderBy(asc(products.type), asc(products.id)),
      db
        .select({ key: vocabulary.key, value: vocabulary.value })
        .from(vocabulary)
        .where(and(eq(vocabulary.school, id), eq(vocabulary.kind, "tag")))
        .limit(MAX_SPELLINGS),
      // The first change of each since: SQLite takes the other columns from the row that has the minimum.
      db
        .select({
          kind: schoolHistory.kind,
          id: schoolHistory.id,
          body: schoolHistory.body,
          definition: automationVersions.definition,
          stamp: min(schoolHistory.stamp),
        })
        .from(schoolHistory)
        .leftJoin(
          automationVersions,
          and(
            eq(schoolHistory.kind, "automation"),
            eq(automationVersions.school, schoolHistory.school),
            eq(automationVersions.automation, schoolHistory.id),
            eq(automationVersions.version, sql`${schoolHistory.body} ->> 'version'`),
          ),
        )
        .where(and(eq(schoolHistory.school, id), gt(schoolHistory.stamp, stamp)))
        .groupBy(schoolHistory.kind, schoolHistory.id),
    ]);
  // Its first change since may be that it was made: before that nothing is known of it.
  const schoolThen = changes.find(({ kind }) => kind === "school")?.body ?? null;
  const of = Object.groupBy<Change["kind"], Change>(changes, ({ kind }) => kind);
  const heldBy = (holder: Holder) =>
    holding.flatMap(({ type, id, courses }) => (type === holder ? [{ id, courses }] : []));
  return {
    /** The school's row, with name, mode and settings of then; undefined: it is gone. */
    school: school && { ...school, ...readOptionalJson(BODIES.school, schoolThen) },
    automations: undone(automationRows, of.automation, BODIES.automation),
    fields: undone(fieldRows, of.profile_field, BODIES.profile_field),
    segments: undone(segmentRows, of.segment, BODIES.segment),
    rules: undone(ruleRows, of.segment_rule, BODIES.segment_rule),
    syncs: undone(syncRows, of.segment_sync, BODIES.segment_sync),
    autoGroups: undone(groupRows, of.auto_group, BODIES.auto_group),
    bundles: undone(heldBy("bundle"), of.bundle, BODIES.bundle),
    subscriptions: undone(heldBy("subscription"), of.subscription, BODIES.subscription),
    seats: undone(heldBy("seat"), of.seat, BODIES.seat),
    /** As it is today: only events of today are judged by it. */
    fixedBundles: holding.flatMap(({ type, id, teller }) => (type === "bundle" && teller !== "event" ? [id] : [])),
    tags,
  };
}

export type Definitions = Awaited<ReturnType<typeof definitionsAt>>;
