import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { LOG_LAG_MS } from "../../calls/messages";
import type { Turned } from "../../calls/own";
import type { SchoolEpoch } from "../../calls/user";
import { isOf, madeAt } from "../../engine/identity";
import { announcedLately } from "../../journal/announce";
import { loadSchool } from "../../world/snapshot";

/*
 * What an answer has named can be read at once, though D1 hears of it some seconds later. An id ends with a hash of its
 * user, so it is known again among the users whom this isolate has had to do with lately; where another isolate had, the
 * log is waited for, as long as it may be on its way.
 */

/** How long the log may be on its way, in ms, and how often it is looked for. */
const ON_ITS_WAY_MS = LOG_LAG_MS + 5_000;
const LOOK_MS = 500;

/** How one thing is looked for. */
export interface Search<Row> {
  what: "run" | "delivery";
  inLog(): Promise<Row | null>;
  ofUser(school: SchoolEpoch, user: string): Promise<Row | null>;
  /** Whose it is, where D1 never hears of it. */
  otherwise?(school: SchoolEpoch): Promise<string | null>;
}

/** The page that begins with an id. Ids of a user are alike but for their time and place. */
export const firstFrom = (id: string): Turned => ({ after: id.slice(0, -1), newestFirst: false, limit: 1 });

/** Finds something by an id that may have been told a moment ago; 404 where it is not there. */
export async function untilHeard<Row>(
  env: Env,
  schoolId: string,
  id: string,
  { what, inLog, ofUser, otherwise }: Search<Row>,
  { now = Date.now, sleep = (ms: number): Promise<unknown> => scheduler.wait(ms) } = {},
): Promise<Row> {
  const found = await inLog();
  if (found) return found;
  const school = await loadSchool(env, schoolId);
  const at = madeAt(id);
  if (!school || Number.isNaN(at)) throw notFound(what);
  for (const { user, epoch } of announcedLately(schoolId)) {
    if (epoch !== school.epoch || !namesOf(schoolId, user).some((owner) => isOf(owner, id))) continue;
    const own = await ofUser(school, user);
    if (own) return own;
  }
  // A test school's log is written before its answer.
  const until = school.mode === "live" ? at + ON_ITS_WAY_MS : 0;
  for (let first = true; first || now() < until; first = false) {
    const user = await otherwise?.(school);
    const own = user ? await ofUser(school, user) : first ? null : await inLog();
    if (own) return own;
    if (at > now() + ON_ITS_WAY_MS || now() >= until) break;
    await sleep(LOOK_MS);
  }
  throw notFound(what);
}

/** By what the ids of a user's runs, and of changes, are made. */
const namesOf = (school: string, user: string): string[] => [JSON.stringify([school, user]), user];
