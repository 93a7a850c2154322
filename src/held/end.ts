import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { log } from "../base/reports/log";
import type { ActionMessage } from "../calls/messages";
import { database } from "../db/client";
import { HELD_KINDS, type HeldKind, heldOf } from "../db/deleting/held";
import { forgetSchool, loadSchool, nowOf, type School } from "../world/snapshot";
import { restoreDefinition } from "./hold";
import { DELETE } from "./kinds";

/*
 * What was held comes to its end, by the school's clock: of live schools cron asks which have something due, and of a test
 * school whoever moves its clock.
 */

const WHO = "system";

/** So many definitions end in one go; what is left comes with the next. */
const ENDED_AT_ONCE = 20;
/** So many schools a minute: what has ended is not met again. */
const SCHOOLS_A_ROUND = 1_000;
const SENT_AT_ONCE = 100;

/** The schools of which something is due, by an index of those that hold something. */
export const DUE_SCHOOLS = `select id from schools indexed by schools_by_deletion
  where deletes_at is not null and mode = 'live' and deletes_at <= ?1 and suspended = 0 order by deletes_at limit ?2`;

/** Has the queue end what is due in live schools. */
export async function endDueSchools(env: Env): Promise<void> {
  const { results } = await env.DB.prepare(DUE_SCHOOLS).bind(Date.now(), SCHOOLS_A_ROUND).all<{ id: string }>();
  const messages = results.map(({ id }): ActionMessage => ({ kind: "end_held", school: id }));
  for (let from = 0; from < messages.length; from += SENT_AT_ONCE)
    await env.JOBS.sendBatch(messages.slice(from, from + SENT_AT_ONCE).map((body) => ({ body })));
}

/** Ends what is due in a school, and sends word where more of it is. */
export async function endSchool(env: Env, id: string): Promise<void> {
  forgetSchool(id);
  const school = await loadSchool(env, id);
  if (!school || school.suspended) return;
  if (!(await endDue(env, school))) return;
  const again: ActionMessage = { kind: "end_held", school: id };
  await env.JOBS.send(again);
}

/**
 * Ends what is due by the school's clock, as the verb DELETE does; what something names by now stands again, as that would
 * be refused.
 * @returns whether more of it may be due
 */
export async function endDue(env: Env, school: School): Promise<boolean> {
  const dueBy = nowOf(school);
  let left = ENDED_AT_ONCE;
  // What names others ends before them.
  for (const kind of HELD_KINDS) {
    const due = await heldOf(database(env.DB), kind, school.id, { dueBy, limit: left });
    for (const { id } of due) await end(env, school.id, kind, id, dueBy);
    left -= due.length;
    if (left === 0) return true;
  }
  return false;
}

async function end(env: Env, id: string, kind: HeldKind, subject: string, dueBy: number): Promise<void> {
  // Each end moves the stamp, and jobs and users are given the school as it is.
  const school = await loadSchool(env, id);
  if (!school) return;
  try {
    await DELETE[kind](env, school, subject, { who: WHO, fire: false, dueBy });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Somebody restored it, or deleted it at once.
    if (error.kind === "not_found") return;
    if (error.kind !== "conflict") throw error;
    log("warn", "held.named", { school: id, subject, error });
    await restoreDefinition(env, school, kind, subject, WHO);
  }
}
