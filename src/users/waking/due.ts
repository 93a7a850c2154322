import type { Env } from "../../base/env";
import { addDays, subtractDays } from "../../catalogue/dates/time";
import type { Watch } from "../../catalogue/define";
import type { World } from "../../engine/types";
import { AHEAD } from "./ahead";

/** A user whose wake has come, and where the school's others go on behind. */
export interface Waking {
  wake: number;
  user: string;
}

/**
 * By an index, never everybody. Whoever is woken has another wake then; whoever fails has an earlier one than all, and is
 * not met again on the way.
 */
export const WAKING = `select next_wake as wake, id as user from users indexed by users_by_wake
  where school = ? and next_wake <= ? and (next_wake, id) > (?, ?) order by next_wake, id limit ?`;

/** Users of a school whose wake has come, the longest due first, behind one of them. */
export async function wakingUsers(
  env: Env,
  school: string,
  until: number,
  limit: number,
  { wake, user }: Waking = { wake: Number.MIN_SAFE_INTEGER, user: "" },
): Promise<Waking[]> {
  const { results } = await env.DB.prepare(WAKING).bind(school, until, wake, user, limit).all<Waking>();
  return results;
}

/** A threshold that automations look at: so many days after or before a moment. */
export interface Threshold extends Pick<Watch, "scope" | "days" | "direction"> {
  /** When the first of its automations was made active: whoever crossed before then is not meant, but for those below. */
  since: number;
  /**
   * When an automation that also wants users already past the threshold was last made active: if after the last look,
   * they are looked for. `-Infinity`: there is none.
   */
  includeSince: number;
}

/** The thresholds that active automations of a school look at. */
export function thresholdsOf(world: World): Threshold[] {
  const found = new Map<string, Threshold>();
  for (const { active, activeSince, watchSince = activeSince, program } of world.automations) {
    if (!active) continue;
    for (const { watches } of program.when) {
      if (!watches) continue;
      const { scope, days, direction } = watches;
      const key = JSON.stringify([scope, days]);
      const known = found.get(key) ?? {
        ...{ scope, days, direction },
        since: watchSince,
        includeSince: Number.NEGATIVE_INFINITY,
      };
      known.since = Math.min(known.since, watchSince);
      if (watches.includeAlready) known.includeSince = Math.max(known.includeSince, activeSince);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/**
 * A calendar day may have 25 hours, and at the change of clocks a later moment may cross sooner. Looking a little further
 * misses nobody, and an object leaves a user alone who is found too early.
 */
const SLACK_MS = 2 * 3_600_000;

type Reach = Pick<Threshold, "days" | "direction">;

/** When a moment of activity crosses a threshold, by the calendar of a zone. */
export const crossesAt = ({ days, direction }: Reach, at: number, zone: string): number =>
  direction === "before" ? subtractDays(at, days, zone) : addDays(at, days, zone);

/** The reverse, but for the hours at the change of clocks: which moment of activity crosses a threshold then. */
export const crossingThen = ({ days, direction }: Reach, then: number, zone: string): number =>
  direction === "before" ? addDays(then, days, zone) : subtractDays(then, days, zone);

/**
 * Between which moments of activity the last lies that crosses by then: where clocks do not change they are one. All up to
 * the first have crossed, and some up to the last.
 */
export function crossedBy(threshold: Reach, then: number, zone: string): { first: number; last: number } {
  const at = crossingThen(threshold, then, zone);
  const isEven = [-SLACK_MS, 0, SLACK_MS].every((by) => crossesAt(threshold, at + by, zone) === then + by);
  return isEven ? { first: at, last: at } : { first: at - SLACK_MS, last: at + SLACK_MS };
}

interface Between {
  from: number;
  until: number;
}

/** Whoever was last active after `low` and by `high` crosses a threshold between two moments. */
function windowOf(world: World, threshold: Threshold, between: Between) {
  const zone = world.school.settings.timezone;
  const all = threshold.includeSince >= between.from;
  return {
    low: all ? Number.MIN_SAFE_INTEGER : crossingThen(threshold, between.from, zone) - SLACK_MS,
    high: crossingThen(threshold, between.until, zone) + SLACK_MS,
  };
}

/** Those whose wake has come, and those who crossed a threshold; `?2`: each threshold's scope, low and high. */
export const DUE = `select id from (
    select activity.user as id from json_each(?2) as look cross join activity
    where activity.school = ?1 and activity.scope = look.value ->> 0
      and activity.at > look.value ->> 1 and activity.at <= look.value ->> 2 and activity.user not in (${AHEAD})
    union select id from users indexed by users_by_wake where school = ?1 and next_wake <= ?3
  ) where id > ?4 order by id limit ?5`;

/**
 * Users of a test school who have something to do on the way from one moment to another, by id after a cursor; without
 * those who have been taken so far already.
 */
export async function dueUsers(
  env: Env,
  world: World,
  between: Between,
  after: string,
  limit: number,
): Promise<string[]> {
  const { from, until } = between;
  // Where no time passes nobody crosses; but those already past what looks for them since are due at once.
  const looks = thresholdsOf(world).filter(({ includeSince }) => until > from || includeSince >= from);
  const windows = looks.map((threshold) => {
    const { low, high } = windowOf(world, threshold, between);
    return [threshold.scope, low, high];
  });
  const { results } = await env.DB.prepare(DUE)
    .bind(world.school.id, JSON.stringify(windows), until, after, limit)
    .all<{ id: string }>();
  return results.map((row) => row.id);
}
