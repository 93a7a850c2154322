import type { Env } from "../../base/env";
import { logOf } from "../../db/log";
import { idsFrom } from "../../engine/identity";
import { nowOf, type School } from "../../world/snapshot";

/*
 * What of a school's messages does not get through: failed within the last day, or being tried again. Both are few where
 * all is well, each has an index of its own, and no more than so many are counted. What failed of a run that was undone
 * since is none, and a mail that bounced, which had left: there is nothing to be done about it but what is done already.
 */

export interface Trouble {
  failed: number;
  retrying: number;
}

const DAY_MS = 86_400_000;
/** A message is tried for a day: one that failed within the last day was made within two. */
const MADE_MS = 2 * DAY_MS;
const MOST = 1_000;

/** Of the oldest that have not left: those that were tried. */
const RETRYING = `select automation, count(*) as n from (select automation, attempts from deliveries
    indexed by deliveries_queued where school = ?1 and status = 'queued' order by created_at limit ${MOST})
  where attempts <> '[]' group by automation`;

const NO_TROUBLE = "coalesce(reason, '') in ('undone', 'bounced')";

const FAILED = `select automation, count(*) as n from (select automation, logged_at, reason from deliveries
    indexed by deliveries_failed_by_id where school = ?1 and status = 'failed' and id >= ?2 order by id desc limit ${MOST})
  where logged_at >= ?3 and not (${NO_TROUBLE}) group by automation`;

const FAILED_OF = `select value as automation, (select count(*) from (select 1 from deliveries indexed by deliveries_failed
    where school = ?1 and automation = value and status = 'failed' and logged_at >= ?2
      and not (${NO_TROUBLE}) limit ${MOST})) as n
  from json_each(?3)`;

interface Counted {
  automation: string;
  n: number;
}

const retrying = async (env: Env, school: string): Promise<Counted[]> =>
  (await (await logOf(env, school)).prepare(RETRYING).bind(school).all<Counted>()).results;

/** Of the whole school, a thousand at most of each, by automation. */
export async function troubleByAutomation(env: Env, school: School): Promise<Map<string, Trouble>> {
  const db = await logOf(env, school.id);
  const [failed, tried] = await Promise.all([
    db
      .prepare(FAILED)
      .bind(school.id, idsFrom("dlv", nowOf(school) - MADE_MS), Date.now() - DAY_MS)
      .all<Counted>(),
    retrying(env, school.id),
  ]);
  return byAutomation(failed.results, tried);
}

export const sumOf = (troubles: Iterable<Trouble>): Trouble =>
  [...troubles].reduce(
    (all, one) => ({ failed: all.failed + one.failed, retrying: all.retrying + one.retrying }),
    NONE,
  );

/** Of some automations, those that have any. */
export async function troubleOfEach(env: Env, school: string, ids: readonly string[]): Promise<Map<string, Trouble>> {
  const db = await logOf(env, school);
  const [failed, tried] = await Promise.all([
    db
      .prepare(FAILED_OF)
      .bind(school, Date.now() - DAY_MS, JSON.stringify(ids))
      .all<Counted>(),
    retrying(env, school),
  ]);
  return byAutomation(
    failed.results,
    tried.filter(({ automation }) => ids.includes(automation)),
  );
}

const NONE: Trouble = { failed: 0, retrying: 0 };

function byAutomation(failed: readonly Counted[], tried: readonly Counted[]): Map<string, Trouble> {
  const found = new Map<string, Trouble>();
  const of = (id: string): Trouble => found.get(id) ?? NONE;
  for (const { automation, n } of failed) if (n) found.set(automation, { ...of(automation), failed: n });
  for (const { automation, n } of tried) found.set(automation, { ...of(automation), retrying: n });
  return found;
}
