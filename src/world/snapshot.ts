import { eq, sql } from "drizzle-orm";
import { Cache, onForget } from "../base/cache";
import type { Env } from "../base/env";
import { readJson } from "../base/json";
import { type Database, database } from "../db/client";
import { schools } from "../db/schema";
import { type Settings, storedSettings } from "./settings";

/*
 * What an isolate knows of schools, so that an event costs no D1 read. A change is seen at once where it was made
 * (`forgetSchool`) and within 5 s everywhere.
 */

/** How long a school is believed unchanged, in ms. */
const FRESH_MS = 4_000;
const MAX_SCHOOLS = 5_000;
const MOST_OF_SCHOOLS = 8 * 1024 * 1024;
/** Of a school beside its settings and secrets. */
const OWN_BYTES = 1_000;

export interface School {
  readonly id: string;
  /** Which of the schools of this id it is, from 1. */
  readonly epoch: number;
  readonly name: string;
  readonly mode: "live" | "test";
  /** Where a test school's clock stands, in ms; null: real time. */
  readonly now: number | null;
  readonly suspended: boolean;
  /** What would start or go on is held. */
  readonly paused: boolean;
  /** Runs that a pause held before this stamp exit. */
  readonly pauseExitStamp: number;
  /** When the first of its held definitions is deleted, by its clock, ms; null: none is held. */
  readonly deletesAt: number | null;
  readonly settings: Settings;
  /** Requests a minute, by all its keys, hooks and learners; null: what is usual here. */
  readonly quota: number | null;
  readonly hasLeads: boolean;
  readonly createdAt: number;
  /** Moves with every change of what the engine reads. */
  readonly stamp: number;
  /** Moves when products are called otherwise. */
  readonly namesStamp: number;
  /** The same object as long as the stamp stands: what `perEdition` keeps things by. */
  readonly edition: Edition;
}

/** The part of a school that changes only when its stamp moves. */
interface Edition {
  readonly id: string;
  readonly settings: Settings;
  /** As sealed in D1. */
  readonly signingSecrets: string;
  readonly webhookSecrets: string;
  readonly connectorSecrets: string;
  readonly hookKey: string;
}

type Row = typeof schools.$inferSelect;

interface Entry {
  school: School;
  checkedAt: number;
  /** What it takes in memory. */
  bytes: number;
}

const known = new Cache<Entry>({
  entries: MAX_SCHOOLS,
  bytes: { most: MOST_OF_SCHOOLS, of: ({ bytes }) => bytes },
});
/** Counts what was forgotten: what a read brings that was begun before the last time is not kept. */
let forgotten = 0;
onForget(() => forgotten++);

const isFresh = (entry: Entry | undefined): entry is Entry =>
  entry !== undefined && Date.now() - entry.checkedAt < FRESH_MS;

/** Whether a school can be had without a read. */
export const isAtHand = (id: string): boolean => isFresh(known.get(id));

/** A school by its id, or null. `minStamp`: read anew when what is known is older than that. */
export async function loadSchool(env: Env, id: string, options: { minStamp?: number } = {}): Promise<School | null> {
  const entry = known.get(id);
  if (isFresh(entry) && entry.school.stamp >= (options.minStamp ?? 0)) return entry.school;
  const checkedAt = Date.now();
  const forgottenBefore = forgotten;
  const row = await database(env.DB).select().from(schools).where(eq(schools.id, id)).get();
  const school = row ? schoolOf(row, entry?.school) : null;
  if (forgotten === forgottenBefore) {
    if (row && school) known.set(id, { school, checkedAt, bytes: bytesOf(row) });
    else known.delete(id);
  }
  return school;
}

/** Settings are kept as values, which take some four times their text. */
const bytesOf = ({ settings, signingSecrets, connectorSecrets }: Row): number =>
  OWN_BYTES + 4 * settings.length + signingSecrets.length + connectorSecrets.length;

/**
 * A school from its row. While the stamp is the same it keeps the edition of `before`, and with it all that was made of
 * that.
 */
export function schoolOf(row: Row, before?: School): School {
  const edition =
    before?.stamp === row.stamp && before.createdAt === row.createdAt
      ? before.edition
      : {
          id: row.id,
          settings: readJson(storedSettings, row.settings),
          signingSecrets: row.signingSecrets,
          webhookSecrets: row.webhookSecrets,
          connectorSecrets: row.connectorSecrets,
          hookKey: row.hookKey,
        };
  return {
    id: row.id,
    epoch: row.epoch,
    name: row.name,
    mode: row.mode,
    now: row.now,
    suspended: row.suspended,
    paused: row.paused,
    pauseExitStamp: row.pauseExitStamp,
    deletesAt: row.deletesAt,
    settings: edition.settings,
    quota: row.quota,
    hasLeads: row.hasLeads,
    createdAt: row.createdAt,
    stamp: row.stamp,
    namesStamp: row.namesStamp,
    edition,
  };
}

/**
 * Makes this isolate read the school anew: to be called after every write to what belongs to a school. An edition is
 * kept while its stamp is the same: moving a test clock compiles nothing again.
 */
export const forgetSchool = (id: string): void => {
  const entry = known.get(id);
  if (entry) entry.checkedAt = Number.NEGATIVE_INFINITY;
  forgotten++;
};

/** The same of all schools, whatever became of them. */
export function forgetSchools(): void {
  known.clear();
  forgotten++;
}

/**
 * The statement that moves a school's stamp: part of every batch that changes settings or definitions, and before what
 * it changes, which D1 notes down by the stamp it finds (`school_history`).
 */
export const moveStamp = (db: Database, school: string) =>
  db
    .update(schools)
    .set({ stamp: sql`${schools.stamp} + 1` })
    .where(eq(schools.id, school));

/** The same as SQL, of the school `?1`. */
export const MOVE_STAMP = "update schools set stamp = stamp + 1 where id = ?1";

/** The school's time in ms: where its clock stands, else real time. */
export const nowOf = (school: School): number => school.now ?? Date.now();

/**
 * Keeps what `load` makes of a school for as long as its stamp stands: compiled definitions, opened secrets.
 * Two requests may both load: the platform lets no request await another's promise.
 */
export function perEdition<T>(
  load: (env: Env, school: School) => Promise<T>,
): (env: Env, school: School) => Promise<T> {
  const kept = new WeakMap<Edition, { value: T }>();
  return async (env, school) => {
    const found = kept.get(school.edition);
    if (found) return found.value;
    const value = await load(env, school);
    kept.set(school.edition, { value });
    return value;
  };
}
