import { and, asc, eq, gt } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../base/env";
import { notFound } from "../base/errors/errors";
import { readJson } from "../base/json";
import { referencesOf } from "../catalogue/checking/references";
import { formatInstant } from "../catalogue/dates/time";
import { database } from "../db/client";
import { isOneOf } from "../db/lists/list";
import {
  autoGroups,
  automations,
  pastMembers,
  schoolHistory,
  segmentRules,
  segmentSyncs,
  segments,
} from "../db/schema";
import { evidenceDays } from "../world/kept";
import { storedSettings } from "../world/settings";
import { nowOf, type School } from "../world/snapshot";
import { readDefinition } from "../world/upgrades";
import type { About } from "./lines";

/*
 * The definitions of a pack's time: those that concern what it is about, each as it stood then. What a definition was
 * before each change is kept with its versions, and with what the school was.
 */

type Wanted = Omit<About, "automations" | "courses">;

interface Version {
  automation: string;
  version: number;
  definition: string;
  created_at: number;
  created_by: string | null;
  /** When the next took its place; null: none did. */
  until: number | null;
}

/** Of one automation, or of all that hold a text: the versions that were in force at some moment of the time. */
const IN_FORCE = `select automation, version, definition, created_at, created_by, until from (
    select one.*, (select next.created_at from automation_versions as next where next.school = one.school
      and next.automation = one.automation and next.version > one.version order by next.version limit 1) as until
    from automation_versions as one where school = ?1 and created_at < ?2 and (?4 is null or automation = ?4))
  where (until is null or until > ?3) and (?5 is null or instr(definition, ?5) > 0)
  order by automation, version`;

async function versionsOf(env: Env, school: string, { kind, id, from, to }: Wanted): Promise<Version[]> {
  const [automation, text] = kind === "automation" ? [id, null] : [null, JSON.stringify(id)];
  const { results } = await env.DB.prepare(IN_FORCE).bind(school, to, from, automation, text).all<Version>();
  return kind === "automation" ? results : results.filter(({ definition }) => names(definition, kind, id));
}

const namedIn = (text: string) => [...referencesOf(readDefinition(text))];
const names = (text: string, kind: string, id: string): boolean =>
  namedIn(text).some((one) => one.value === id && (one.kind === kind || (kind === "course" && one.kind === "product")));

/** What a pack is about, with what its definitions name. 404 where there never was such a thing. */
export async function aboutOf(env: Env, school: string, wanted: Wanted): Promise<About> {
  const { kind, id } = wanted;
  const versions = await versionsOf(env, school, wanted);
  if (kind === "automation") {
    if (!versions.length) throw notFound("automation, or it was not there yet");
    const named = versions.flatMap(({ definition }) => namedIn(definition));
    const courses = new Set(named.flatMap((one) => (one.kind === "course" ? [one.value] : [])));
    return { ...wanted, automations: [id], courses: [...courses] };
  }
  if (kind === "segment") await requireSegment(env, school, id);
  return { ...wanted, automations: [...new Set(versions.map(({ automation }) => automation))], courses: [] };
}

async function requireSegment(env: Env, school: string, id: string): Promise<void> {
  const db = database(env.DB);
  const [there, was] = await db.batch([
    db
      .select({ id: segments.id })
      .from(segments)
      .where(and(eq(segments.school, school), eq(segments.id, id))),
    db
      .select({ user: pastMembers.user })
      .from(pastMembers)
      .where(and(eq(pastMembers.school, school), eq(pastMembers.kind, "segment"), eq(pastMembers.value, id)))
      .limit(1),
  ]);
  if (!there.length && !was.length) throw notFound("segment");
}

/** Kinds of what a school was that concern learners in courses and segments. */
const EARLIER = ["automation", "segment", "segment_rule", "segment_sync", "auto_group"] as const;

const DAY_MS = 86_400_000;

const settingsThen = z.lazy(() => z.object({ settings: z.string() }));

/**
 * From when on a pack is whole, ms; null: all of its time is. What was not to be kept at some moment is not there later,
 * whatever the school keeps since.
 */
function holdsFrom(
  school: School,
  { from }: About,
  history: readonly (typeof schoolHistory.$inferSelect)[],
): number | null {
  const first = (at: number, settings: Parameters<typeof evidenceDays>[0]): number =>
    at - evidenceDays(settings) * DAY_MS;
  const earlier = history.flatMap(({ kind, at, body }) =>
    kind === "school" && body !== null
      ? [first(at, readJson(storedSettings, readJson(settingsThen, body).settings))]
      : [],
  );
  const since = Math.max(first(nowOf(school), school.settings), ...earlier);
  return since > from ? since : null;
}

/** All of it, as a document. */
export async function definitionsInForce(env: Env, of: School, about: About) {
  const school = of.id;
  const db = database(env.DB);
  const concerned = new Set(about.automations);
  const versions = await versionsOf(env, school, about);
  const [named, theSegments, rules, syncs, groups, history] = await db.batch([
    db
      .select({ id: automations.id, name: automations.name, active: automations.active, version: automations.version })
      .from(automations)
      .where(and(eq(automations.school, school), isOneOf(automations.id, about.automations))),
    db.select().from(segments).where(eq(segments.school, school)),
    db.select().from(segmentRules).where(eq(segmentRules.school, school)),
    db.select().from(segmentSyncs).where(eq(segmentSyncs.school, school)),
    db.select().from(autoGroups).where(eq(autoGroups.school, school)),
    db
      .select()
      .from(schoolHistory)
      .where(and(eq(schoolHistory.school, school), gt(schoolHistory.at, about.from)))
      .orderBy(asc(schoolHistory.stamp)),
  ]);
  const isAbout = { course: about.kind === "course", segment: about.kind === "segment" };
  const meantSyncs = syncs.filter(
    ({ course, segment }) => (isAbout.course && course === about.id) || (isAbout.segment && segment === about.id),
  );
  const meantSegments = new Set([...meantSyncs.map(({ segment }) => segment), ...(isAbout.segment ? [about.id] : [])]);
  const meantRules = rules.filter(({ segment }) => meantSegments.has(segment));
  const meantGroups = groups.filter(({ course }) => isAbout.course && course === about.id);
  const ids = new Set([
    ...concerned,
    ...meantSegments,
    ...[...meantRules, ...meantSyncs, ...meantGroups].map(({ id }) => id),
  ]);
  const wanted = new Set([about.id, ...ids]);
  const whole = holdsFrom(of, about, history);
  return {
    holds_from: whole === null ? null : formatInstant(whole),
    automations: versions.map(({ automation, version, definition, created_at: from, created_by: by, until }) => ({
      ...{ id: automation, name: named.find(({ id }) => id === automation)?.name ?? null, version },
      ...{ from: formatInstant(from), until: until === null ? null : formatInstant(until), written_by: by },
      definition: JSON.parse(definition) as unknown,
    })),
    now: named,
    segments: theSegments.filter(({ id }) => meantSegments.has(id)).map(withoutSchool),
    segment_rules: meantRules.map(withoutSchool),
    segment_syncs: meantSyncs.map(withoutSchool),
    auto_groups: meantGroups.map(withoutSchool),
    // What stood there until a moment: null where there was nothing.
    before_changes: history
      .filter((one) => EARLIER.some((kind) => kind === one.kind) && isNamed(one, wanted))
      .map(({ kind, id, body, at }) => ({
        ...{ kind, id, until: formatInstant(at) },
        was: body === null ? null : (JSON.parse(body) as unknown),
      })),
  };
}

/** Whether it is of one of these, or names one. */
const isNamed = ({ id, body }: { id: string; body: string | null }, names: ReadonlySet<string>): boolean => {
  if (names.has(id) || body === null) return names.has(id);
  const was = JSON.parse(body) as Record<string, unknown>;
  return [was.segment, was.course].some((one) => typeof one === "string" && names.has(one));
};

const withoutSchool = <Row extends { school: string; createdAt: number }>({ school: _, createdAt, ...row }: Row) => ({
  ...row,
  created_at: formatInstant(createdAt),
});
