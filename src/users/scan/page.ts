import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { log } from "../base/log";
import type { ActionMessage } from "../calls/messages";
import { database } from "../db/client";
import { automations, scans, schools } from "../db/schema";
import { loadSchool, nowOf, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { crossingUsers, thresholdsOf } from "./due";
import { wakeUsers } from "./wake";

/*
 * Users who crossed a threshold of inactivity, or of a trial's end, are looked for from where the last look ended, a page
 * a message. One chain of messages a school: whoever begins one holds the school's lease, and each page renews it.
 */

const SCHOOLS_A_PAGE = 20;
const USERS_A_PAGE = 200;
const THRESHOLDS_A_PAGE = 50;
/** After so long without a page the chain is taken to be broken. */
const LEASE_MS = 5 * 60_000;
/** The lease stands among the thresholds, under a name that is none of theirs; its time is real time. */
const LEASE = { scope: "", days: 0 } as const;

/** Sends word to those of the next schools that have thresholds, and of the schools behind them. */
export async function scanSchools(env: Env, after: string): Promise<void> {
  const page = await database(env.DB)
    .select({ id: schools.id })
    .from(schools)
    .where(
      and(
        gt(schools.id, after),
        eq(schools.mode, "live"),
        eq(schools.suspended, false),
        sql`exists (select 1 from ${automations} where ${automations.school} = ${schools.id} and ${automations.active} = 1)`,
      ),
    )
    .orderBy(asc(schools.id))
    .limit(SCHOOLS_A_PAGE);
  const messages: ActionMessage[] = [];
  for (const { id } of page) {
    try {
      const school = await loadSchool(env, id);
      if (school && thresholdsOf(await loadWorld(env, school)).length)
        messages.push({ kind: "scan_school", school: id });
    } catch (error) {
      log("error", "scan.school_failed", { school: id, error });
    }
  }
  const last = page.at(-1);
  if (last && page.length === SCHOOLS_A_PAGE) messages.push({ kind: "scan_schools", school: "", after: last.id });
  if (messages.length) await env.JOBS.sendBatch(messages.map((body) => ({ body })));
}

/** Where a school's chain goes on: a threshold, up to when it is looked at, and the last user woken for it. */
export interface ScanPlace {
  threshold: string;
  until: number;
  after: string;
}

/** Looks at the next thresholds of a school; one place after another, until so many users are woken. */
export async function scanSchool(env: Env, id: string, at: ScanPlace | undefined): Promise<void> {
  const school = await loadSchool(env, id);
  if (!school || school.suspended) return;
  if (!at && !(await takeLease(env, id))) return;
  const next = await scanPage(env, school, at).catch(async (error: unknown) => {
    // The message comes again, and finds the lease free.
    if (!at) await setLease(env, id, 0);
    throw error;
  });
  await setLease(env, id, next ? Date.now() + LEASE_MS : 0);
  if (!next) return;
  const message: ActionMessage = { kind: "scan_school", school: id, at: next };
  await env.JOBS.send(message);
}

/** Does a page from a place on; answers with the next place, or null at the end. */
async function scanPage(env: Env, school: School, at: ScanPlace | undefined): Promise<ScanPlace | null> {
  const db = database(env.DB);
  const world = await loadWorld(env, school);
  const rows = await db.select().from(scans).where(eq(scans.school, school.id));
  const lastLooks = new Map(rows.map((row) => [keyOf(row), row.until]));
  const left = thresholdsOf(world)
    .map((threshold) => ({ threshold, key: keyOf(threshold) }))
    .filter(({ key }) => at === undefined || key >= at.threshold)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const users = new Set<string>();
  const done: (typeof scans.$inferInsert)[] = [];
  let next: ScanPlace | null = null;
  for (const { threshold, key } of left) {
    const from = lastLooks.get(key) ?? school.createdAt;
    const place = at?.threshold === key ? at : { threshold: key, until: nowOf(school), after: "" };
    if (users.size >= USERS_A_PAGE || done.length >= THRESHOLDS_A_PAGE) {
      next = place;
      break;
    }
    const room = USERS_A_PAGE - users.size;
    const page = await crossingUsers(env, world, threshold, { from, until: place.until }, place.after, room);
    for (const user of page) users.add(user);
    const last = page.at(-1);
    if (last !== undefined && page.length === room) {
      next = { ...place, after: last };
      break;
    }
    done.push({ school: school.id, scope: threshold.scope, days: threshold.days, until: place.until });
  }
  if (users.size) await wakeUsers(env, school, [...users], null);
  // Only once its users are woken: a page that was cut off is done again.
  const [first, ...more] = done.map((row) => setUntil(env, row));
  if (first) await db.batch([first, ...more]);
  return next;
}

const keyOf = ({ scope, days }: { scope: string; days: number }): string => JSON.stringify([scope, days]);

const setUntil = (env: Env, row: typeof scans.$inferInsert) =>
  database(env.DB)
    .insert(scans)
    .values(row)
    .onConflictDoUpdate({ target: [scans.school, scans.scope, scans.days], set: { until: row.until } });

const setLease = (env: Env, school: string, until: number) => setUntil(env, { school, ...LEASE, until });

/** False where another chain is under way. */
async function takeLease(env: Env, school: string): Promise<boolean> {
  const now = Date.now();
  const taken = await database(env.DB)
    .insert(scans)
    .values({ school, ...LEASE, until: now + LEASE_MS })
    .onConflictDoUpdate({
      target: [scans.school, scans.scope, scans.days],
      set: { until: now + LEASE_MS },
      setWhere: sql`${scans.until} <= ${now}`,
    })
    .returning({ school: scans.school });
  return taken.length > 0;
}
