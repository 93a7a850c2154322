import { and, eq, ne } from "drizzle-orm";
import type { Env } from "../../base/env";
import type { ScanMessage } from "../../calls/messages";
import { database } from "../../db/client";
import { scans } from "../../db/schema";
import type { School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { crossedBy, crossesAt, type Threshold, thresholdsOf } from "../waking/due";
import { hearingsOf, placeOfHearing } from "./hearing";
import { leaseFrom, PARKED, type ScanRow } from "./rows";

/*
 * A school's definitions have changed: which thresholds are looked at, and from where on. One that is new begins where
 * the first of its automations was made active: whoever crossed before is not meant. Those who are meant all the same are
 * gone through apart, so that nobody who crosses meanwhile waits behind them.
 */

type Place = Pick<ScanRow, "at" | "user" | "alreadyAt" | "alreadyUser" | "alreadySince" | "ahead">;

/** The directory hears of a later visit once it is a day later: so much may lie between what it knows and the last. */
const HEARD_WITHIN_MS = 86_400_000;

/** Where a threshold is looked from, by what its row says. */
export function placeOf(threshold: Threshold, row: ScanRow | undefined, zone: string): Place {
  const { since, includeSince } = threshold;
  const first = crossedBy(threshold, since, zone).first - HEARD_WITHIN_MS;
  // A release before kept when it looked last, and no place.
  const reached = row && (row.at ?? crossedBy(threshold, row.until, zone).first);
  const stands = reached !== undefined && reached >= first;
  const place = {
    at: stands ? reached : first,
    user: stands ? (row?.user ?? "") : "",
    ahead: crossesAt(threshold, 0, "UTC"),
  };
  const before = row && (row.at === null ? row.until : row.alreadySince);
  if (includeSince > (before ?? Number.NEGATIVE_INFINITY))
    return { ...place, alreadyAt: Number.MIN_SAFE_INTEGER, alreadyUser: "", alreadySince: includeSince };
  const isMeant = includeSince !== Number.NEGATIVE_INFINITY;
  return {
    ...place,
    alreadyAt: isMeant ? (row?.alreadyAt ?? null) : null,
    alreadyUser: isMeant ? (row?.alreadyUser ?? "") : "",
    alreadySince: before ?? null,
  };
}

const isAt = (row: ScanRow, place: Place): boolean =>
  row.at === place.at &&
  row.user === place.user &&
  row.ahead === place.ahead &&
  row.alreadyAt === place.alreadyAt &&
  row.alreadyUser === place.alreadyUser &&
  row.alreadySince === place.alreadySince;

const PUT = `insert into scans
    (school, scope, days, until, next_look, leased_until, ahead, at, user, already_at, already_user, already_since)
  select ?1, value->>0, value->>1, 0, ?2, ?2, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7
  from json_each(?3) where true
  on conflict (school, scope, days) do update set next_look = ?2, leased_until = ?2, ahead = excluded.ahead,
    at = excluded.at, user = excluded.user, already_at = excluded.already_at, already_user = excluded.already_user,
    already_since = excluded.already_since`;

const DROP = `delete from scans where school = ?1 and (scope, days) in (select value->>0, value->>1 from json_each(?2))`;

/** Brings a school's rows in line with its definitions; answers with a message for each that is to be looked at now. */
export async function planLooks(env: Env, school: School): Promise<ScanMessage[]> {
  const world = await loadWorld(env, school);
  const zone = world.school.settings.timezone;
  const rows = await database(env.DB)
    .select()
    .from(scans)
    .where(and(eq(scans.school, school.id), ne(scans.scope, "")));
  const left = new Map(rows.map((row) => [keyOf(row), row]));
  const lease = leaseFrom(Date.now());
  const changed = thresholdsOf(world).flatMap((threshold): { scope: string; days: number; place: Place }[] => {
    const row = left.get(keyOf(threshold));
    left.delete(keyOf(threshold));
    const place = placeOf(threshold, row, zone);
    const stands = row && isAt(row, place) && row.nextLook !== PARKED;
    return stands ? [] : [{ scope: threshold.scope, days: threshold.days, place }];
  });
  for (const scope of hearingsOf(world)) {
    const row = left.get(keyOf({ scope, days: 0 }));
    left.delete(keyOf({ scope, days: 0 }));
    if (!row || row.nextLook === PARKED) changed.push({ scope, days: 0, place: placeOfHearing(row) });
  }
  const gone = [...left.values()].map(({ scope, days }) => [scope, days]);
  const put = changed.map(({ scope, days, place: { ahead, at, user, alreadyAt, alreadyUser, alreadySince } }) => [
    ...[scope, days, ahead, at, user, alreadyAt, alreadyUser, alreadySince],
  ]);
  const statements = [
    ...(gone.length ? [env.DB.prepare(DROP).bind(school.id, JSON.stringify(gone))] : []),
    ...(put.length ? [env.DB.prepare(PUT).bind(school.id, lease, JSON.stringify(put))] : []),
  ];
  if (statements.length) await env.DB.batch(statements);
  return changed.map(({ scope, days }) => ({ kind: "scan", school: school.id, scope, days, lease }));
}

const keyOf = ({ scope, days }: { scope: string; days: number }): string => JSON.stringify([scope, days]);
