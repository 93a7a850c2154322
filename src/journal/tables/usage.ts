import { onForget } from "../../base/cache";
import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";
import type { LogBatch } from "../../calls/batch";
import type { CountedEvents } from "../../calls/messages";
import { isTooOld } from "./counts";

/*
 * What a school uses of what is billed, a row a day, moved in the batch that writes what objects tell. Events are counted
 * by the isolate that takes them, and go along with its next message for the log: none costs a row or a message of its
 * own. What an isolate had not sent on when it ended is not counted.
 */

/** So many schools' events a message takes along, so that it stays as short as it is billed. */
const SCHOOLS_A_MESSAGE = 200;
/** So many events do not wait for news of somebody to go along with. */
const MANY = 1_000;

let counted = new Map<string, CountedEvents>();
let events = 0;
onForget(() => {
  counted = new Map();
  events = 0;
});

/** Counts events. @returns whether so many have come together that they are to be sent on by themselves */
export function countEvents(more: readonly CountedEvents[]): boolean {
  const before = events;
  for (const [school, epoch, n] of more) {
    const key = JSON.stringify([school, epoch]);
    counted.set(key, [school, epoch, n + (counted.get(key)?.[2] ?? 0)]);
    events += n;
  }
  return Math.floor(events / MANY) > Math.floor(before / MANY);
}

/** What was counted here: whoever takes it sees to it, or counts it anew. */
export function takeCounted(most = SCHOOLS_A_MESSAGE): CountedEvents[] {
  const taken = [...counted].slice(0, most);
  for (const [key, [, , n]] of taken) {
    counted.delete(key);
    events -= n;
  }
  return taken.map(([, one]) => one);
}

type What = "events" | "telling" | "logging" | "run" | "delivery";
/** What is counted beside the log; the rest is where users are. */
const OF_LOG: ReadonlySet<What> = new Set(["logging", "run", "delivery"]);
type Row = [school: string, epoch: number, what: What, id: string, n: number, automation?: string, at?: number | null];

const rowsOf = ({ school, epoch, user, seq, ended, live, deliveries, directory }: LogBatch): Row[] => [
  // Of the user's line too, or of the log alone.
  [school, epoch, directory ? "telling" : "logging", user, 1, "", seq],
  ...[...ended, ...live].map((run): Row => [school, epoch, "run", run.id, 1, run.automation, run.endedAt]),
  ...deliveries.map(({ id, createdAt }): Row => [school, epoch, "delivery", id, 1, "", createdAt]),
];

const TOLD = { school: "told.school", endedAt: "told.at", realNow: "?2" };

const DIRECTORY_IS_NEWS = `when 'telling' then not exists
          (select 1 from users where users.school = told.school and users.id = told.id and users.seq >= told.at)`;
const LOG_IS_NEWS = `when 'run' then not ${isTooOld(TOLD)}
          and not exists (select 1 from runs where runs.school = told.school and runs.id = told.id)
          and not exists (select 1 from live_runs where live_runs.school = told.school
            and live_runs.automation = told.automation and live_runs.id = told.id)
        when 'delivery' then not ${isTooOld(TOLD)}
          and not exists (select 1 from deliveries where deliveries.school = told.school and deliveries.id = told.id)`;

const counting = (...isNews: string[]): string => `insert into usage (school, day, events, tellings, runs, deliveries)
  with told as materialized (
    select value->>0 as school, value->>1 as epoch, value->>2 as what, value->>3 as id, sum(value->>4) as n,
      value->>5 as automation, value->>6 as at
    from json_each(?1) group by 1, 2, 3, 4),
  used as materialized (
    select school, what, n from told where exists (select 1 from schools where id = told.school and epoch = told.epoch)
      and case what
        ${isNews.join("\n        ")}
        else true end)
  select whose.value, date(?2 / 1000, 'unixepoch'), sum(iif(what = 'events', n, 0)),
      sum(iif(what in ('telling', 'logging'), n, 0)), sum(what = 'run'), sum(what = 'delivery')
    from used, json_each(json_array(school, '')) as whose group by 1
    having sum(what <> 'logging') > 0
  on conflict (school, day) do update set events = usage.events + excluded.events,
    tellings = usage.tellings + excluded.tellings, runs = usage.runs + excluded.runs,
    deliveries = usage.deliveries + excluded.deliveries`;

/**
 * Stands before what is told is written: what D1 has was counted, and told again costs no row. `?2`: real time, ms. Beside
 * each school's row there is one of all together, under an empty id: it stays when a school is deleted, as the bill does.
 */
export const USAGE = counting(DIRECTORY_IS_NEWS, LOG_IS_NEWS);
/** The same in the main database of what has its log elsewhere, and there. */
const USAGE_APART = counting(DIRECTORY_IS_NEWS);
const USAGE_OF_LOG = counting(LOG_IS_NEWS);

/** The statements that move what was used by what is told, and by events counted; of what lies elsewhere its own share. */
export const usageOf = (
  { DB }: Env,
  { here, elsewhere }: { here: readonly LogBatch[]; elsewhere: readonly LogBatch[] },
  counted: readonly CountedEvents[],
  realNow: number,
): D1PreparedStatement[] => {
  const rows = [...counted.map(([school, epoch, n]): Row => [school, epoch, "events", "", n]), ...here.flatMap(rowsOf)];
  const apart = elsewhere.flatMap(rowsOf).filter(([, , what]) => !OF_LOG.has(what));
  return [
    ...textsOf(rows).map((text) => DB.prepare(USAGE).bind(text, realNow)),
    ...textsOf(apart).map((text) => DB.prepare(USAGE_APART).bind(text, realNow)),
  ];
};

/** The same in a shard of the log. */
export const usageOfLog = (shard: D1Database, batches: readonly LogBatch[], realNow: number): D1PreparedStatement[] =>
  textsOf(batches.flatMap(rowsOf).filter(([, , what]) => OF_LOG.has(what))).map((text) =>
    shard.prepare(USAGE_OF_LOG).bind(text, realNow),
  );

/** Writes what was counted here and nothing has taken along. */
export async function writeCounted(env: Env): Promise<void> {
  const counted = takeCounted(Number.POSITIVE_INFINITY);
  if (!counted.length) return;
  try {
    await env.DB.batch(usageOf(env, { here: [], elsewhere: [] }, counted, Date.now()));
  } catch (error) {
    countEvents(counted);
    throw error;
  }
}
