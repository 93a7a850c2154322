import { and, asc, eq, gt, inArray, isNotNull, min, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Env } from "../base/env";
import { readOptionalJson } from "../base/json";
import type { Holder } from "../catalogue/facts/products";
import { database } from "../db/client";
import * as table from "../db/schema";
import { BODIES, type BodyOf, type Change, undone } from "./past/history";

/** What was read of a kind. */
export interface Part<Row> {
  /** In the order in which D1 has them. */
  rows: Row[];
  /** Of what is among them, where it is there; null: of all there is. */
  touched: ReadonlySet<string> | null;
}

type Kind = Change["kind"];

/**
 * What a school had defined when its stamp was `stamp`: what is there now, with every change since undone. Read in one
 * transaction: it is of that stamp whatever is written meanwhile.
 * @param since an earlier stamp, or the same: only what was changed after it is read. Whoever knows the school at that
 * stamp, or at any later one, then knows it at `stamp`, as far as the past is known (`knownFrom`)
 */
export async function definitionsAt(env: Env, { id }: { id: string }, stamp: number, since: number | null = null) {
  const db = database(env.DB);
  const {
    schools,
    automations,
    profileFields,
    segments,
    segmentRules,
    segmentSyncs,
    autoGroups,
    products,
    productIds,
  } = table;
  const { automationVersions, schoolHistory } = table;
  const changedSince = and(eq(schoolHistory.school, id), gt(schoolHistory.stamp, since ?? stamp));
  /** Whether it is one of those of a kind that were changed. */
  const isMeant = (column: SQLiteColumn, kind: Kind) =>
    since === null
      ? undefined
      : inArray(
          column,
          db
            .select({ id: schoolHistory.id })
            .from(schoolHistory)
            .where(and(changedSince, eq(schoolHistory.kind, kind))),
        );
  const isMeantOfProducts =
    since === null
      ? undefined
      : sql`(${products.type}, ${products.id}) in ${db.select({ kind: schoolHistory.kind, id: schoolHistory.id }).from(schoolHistory).where(changedSince)}`;
  const [
    [school],
    automationRows,
    fieldRows,
    segmentRows,
    ruleRows,
    syncRows,
    groupRows,
    holding,
    dateRows,
    idRows,
    touched,
    changes,
  ] = await db.batch([
    db
      .select({
        epoch: schools.epoch,
        stamp: schools.stamp,
        createdAt: schools.createdAt,
        name: schools.name,
        mode: schools.mode,
        settings: schools.settings,
        paused: schools.paused,
        pauseExitStamp: schools.pauseExitStamp,
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
        watchSince: automations.watchSince,
        deleteAt: automations.deleteAt,
        definition: automations.definition,
        goal: automations.goal,
      })
      .from(automations)
      .where(and(eq(automations.school, id), isMeant(automations.id, "automation")))
      .orderBy(asc(automations.id)),
    db
      .select({ id: profileFields.key, type: profileFields.type, choices: profileFields.choices })
      .from(profileFields)
      .where(and(eq(profileFields.school, id), isMeant(profileFields.key, "profile_field")))
      .orderBy(asc(profileFields.key)),
    db
      .select({ id: segments.id, managed: segments.managed, deleteAt: segments.deleteAt })
      .from(segments)
      .where(and(eq(segments.school, id), isMeant(segments.id, "segment")))
      .orderBy(asc(segments.id)),
    db
      .select({
        id: segmentRules.id,
        segment: segmentRules.segment,
        match: segmentRules.match,
        where: segmentRules.where,
        deleteAt: segmentRules.deleteAt,
      })
      .from(segmentRules)
      .where(and(eq(segmentRules.school, id), isMeant(segmentRules.id, "segment_rule")))
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
        deleteAt: segmentSyncs.deleteAt,
      })
      .from(segmentSyncs)
      .where(and(eq(segmentSyncs.school, id), isMeant(segmentSyncs.id, "segment_sync")))
      .orderBy(asc(segmentSyncs.id)),
    db
      .select({
        id: autoGroups.id,
        course: autoGroups.course,
        field: autoGroups.field,
        active: autoGroups.active,
        deleteAt: autoGroups.deleteAt,
      })
      .from(autoGroups)
      .where(and(eq(autoGroups.school, id), isMeant(autoGroups.id, "auto_group")))
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
      .where(and(eq(products.school, id), isNotNull(products.courses), isMeantOfProducts))
      .orderBy(asc(products.type), asc(products.id)),
    db
      .select({ id: products.id, startsAt: products.startsAt, endsAt: products.endsAt, dueAt: products.dueAt })
      .from(products)
      .where(
        and(
          eq(products.school, id),
          eq(products.type, "course"),
          // As the index has it.
          sql`(${products.startsAt} is not null or ${products.endsAt} is not null or ${products.dueAt} is not null)`,
          isMeant(products.id, "course"),
        ),
      )
      .orderBy(asc(products.id)),
    db
      .select({ id: productIds.theirs, ours: productIds.ours })
      .from(productIds)
      .where(and(eq(productIds.school, id), eq(productIds.type, "course"), isMeant(productIds.theirs, "course_id")))
      .orderBy(asc(productIds.theirs)),
    db.selectDistinct({ kind: schoolHistory.kind, id: schoolHistory.id }).from(schoolHistory).where(changedSince),
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
  const undo = Object.groupBy<Kind, Change>(changes, ({ kind }) => kind);
  const changed = Object.groupBy(touched, ({ kind }) => kind);
  const touchedOf = (kind: Kind) => (since === null ? null : new Set(changed[kind]?.map((one) => one.id)));
  const part = <K extends Kind, Row extends { id: string }>(
    kind: K,
    rows: readonly Row[],
    body: BodyOf<Row>,
  ): Part<Row> => ({
    rows: undone(rows, undo[kind], body),
    touched: touchedOf(kind),
  });
  const heldBy = (holder: Holder) =>
    part(
      holder,
      holding.flatMap(({ type, id, courses }) => (type === holder ? [{ id, courses }] : [])),
      BODIES[holder],
    );
  return {
    /** The school's row, with name, mode and settings of then; undefined: it is gone. */
    school: school && { ...school, ...readOptionalJson(BODIES.school(), schoolThen) },
    automations: part("automation", automationRows, BODIES.automation),
    fields: part("profile_field", fieldRows, BODIES.profile_field),
    segments: part("segment", segmentRows, BODIES.segment),
    rules: part("segment_rule", ruleRows, BODIES.segment_rule),
    syncs: part("segment_sync", syncRows, BODIES.segment_sync),
    autoGroups: part("auto_group", groupRows, BODIES.auto_group),
    bundles: heldBy("bundle"),
    subscriptions: heldBy("subscription"),
    seats: heldBy("seat"),
    courseDates: part("course", dateRows, BODIES.course),
    courseIds: part("course_id", idRows, BODIES.course_id),
    /** As it is today: only events of today are judged by it. */
    fixedBundles: {
      rows: holding.flatMap(({ type, id, teller }) => (type === "bundle" && teller !== "event" ? [{ id }] : [])),
      touched: touchedOf("bundle"),
    },
  };
}

export type Definitions = Awaited<ReturnType<typeof definitionsAt>>;
