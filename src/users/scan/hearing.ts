import type { Env } from "../../base/env";
import type { ScanMessage } from "../../calls/messages";
import { watchedScopes } from "../../engine/time/watchers";
import type { World } from "../../engine/types";
import type { School } from "../../world/snapshot";
import { wakePage } from "../waking/wake";
import { endLook, keepLook, leaseFrom, type Reached, type ScanRow, sendLooks } from "./rows";

/*
 * The directory hears of what some automation watches, and of no other activity. Where one begins to, all users are woken
 * once, a page a message, to tell of it, and who is past the threshold by then sees to that: by their ids, and once more
 * whoever had just come, of whom the directory may have heard no sooner. The row stays as long as that is watched.
 */

const PREFIX = "told:";
const USERS_A_PAGE = 200;
/** So late at most the directory hears of somebody new, whatever became of messages. */
const LATE_MS = 15 * 60_000;

export const isHearing = ({ scope }: Pick<ScanRow, "scope">): boolean => scope.startsWith(PREFIX);

/** What is to be heard of, as the scope of a row. Of visits to the school the directory hears always. */
export const hearingsOf = ({ automations }: World): string[] =>
  watchedScopes(automations).flatMap((scope) => (scope === "school" ? [] : [PREFIX + scope]));

/** From where on it goes: `at` is when it began, real time, ms; `already…` stand among those who had just come. */
export const placeOfHearing = (row: ScanRow | undefined): Reached & Pick<ScanRow, "alreadySince" | "ahead"> => ({
  at: row?.at ?? Date.now(),
  user: row?.user ?? "",
  alreadyAt: row?.alreadyAt ?? null,
  alreadyUser: row?.alreadyUser ?? "",
  alreadySince: null,
  ahead: 0,
});

interface Found {
  user: string;
  at: number;
}

const ALL = `select id as user, created_at as at from users
  where school = ?1 and id > ?2 order by id limit ?3`;
const NEW = `select id as user, created_at as at from users indexed by users_by_creation
  where school = ?1 and (created_at, id) > (?2, ?3) order by created_at, id limit ?4`;

/** What finds the users: along keys, without a sort. */
export const HEARINGS = { ALL, NEW };

/** Wakes a page of users, so that they tell, and sends word of the next. */
export async function hear(env: Env, message: ScanMessage, school: School, row: ScanRow): Promise<void> {
  const { user, alreadyAt, alreadyUser } = row;
  const statement =
    alreadyAt === null
      ? env.DB.prepare(ALL).bind(school.id, user, USERS_A_PAGE)
      : env.DB.prepare(NEW).bind(school.id, alreadyAt, alreadyUser, USERS_A_PAGE);
  const { results: page } = await statement.all<Found>();
  const ids = page.map((one) => one.user);
  const when = ids.length ? await wakePage(env, school, ids) : {};
  const last = page.at(-1);
  const now = Date.now();
  const began = row.at ?? now;
  const reached = { at: began, user, alreadyAt, alreadyUser };
  if (last && page.length === USERS_A_PAGE) {
    const next = alreadyAt === null ? { user: last.user } : { alreadyAt: last.at, alreadyUser: last.user };
    const lease = leaseFrom(now, message.lease);
    if (await keepLook(env, message, { ...reached, ...next }, lease))
      await sendLooks(env, [{ ...message, lease }], when);
  } else if (alreadyAt === null) {
    await endLook(env, message, Math.max(now, began + LATE_MS), { ...reached, alreadyAt: began - LATE_MS });
  } else await endLook(env, message, null, reached);
}
