import type { LogBatch } from "../../calls/batch";
import { localDate } from "../../catalogue/dates/time";
import { hasAutomation, isTooOld } from "./counts";
import { type LogStatement, statement } from "./statement";

/*
 * How many runs began, and how many mails left or failed, on each day of a school: one row a day and automation, moved in
 * the batch that writes them. A run counts when it is told of for the first time, a mail when it becomes what it is: one
 * that failed and left a day later, by hand, is in both days. One that bounced had left, and did not fail: it counts
 * beside, among those that left, on the day it did.
 */

/** What may count for a day. */
interface Counting {
  school: string;
  seq: number;
  what: "run" | "mail";
  id: string;
  automation: string;
  day: string;
  status: string;
  /** Of a mail, when it was made. */
  startedAt: number;
  endedAt: number | null;
  realNow: number;
}

/** In a test school a mail is captured in the place of leaving. */
const SETTLED: ReadonlySet<string> = new Set(["sent", "captured", "failed"]);
/** What a mail is here that came back for good: the log has it as failed, for this reason. */
const BOUNCED = "bounced";

function countingOf(batch: LogBatch, realNow: number): Counting[] {
  const { school, seq, timezone = "UTC" } = batch;
  const told = { school, seq, realNow };
  const runs = [...batch.ended, ...batch.live].map(({ id, automation, status, startedAt, endedAt }) => ({
    ...{ ...told, what: "run" as const, id, automation, status, startedAt, endedAt },
    day: localDate(startedAt, timezone),
  }));
  const mails = batch.deliveries
    .filter(({ channel, status }) => channel === "email" && SETTLED.has(status))
    .map(({ id, automation, status: known, reason, createdAt, attempts }) => {
      const status = known === "failed" && reason === BOUNCED ? BOUNCED : known;
      const last = status === BOUNCED ? attempts.findLast(({ ok }) => ok) : attempts.at(-1);
      return {
        ...{ ...told, what: "mail" as const, id, automation, status, startedAt: createdAt, endedAt: createdAt },
        day: localDate(last?.at ?? createdAt, timezone),
      };
    });
  return [...runs, ...mails];
}

const TOLD = { school: "told.school", endedAt: "told.ended_at", realNow: "told.real_now" };

/** Stands before runs and deliveries are written: what is told twice is counted once. */
export const DAYS: LogStatement = statement(
  countingOf,
  {
    school: ({ school }) => school,
    what: ({ what }) => what,
    id: ({ id }) => id,
    automation: ({ automation }) => automation,
    day: ({ day }) => day,
    status: ({ status }) => status,
    startedAt: ({ startedAt }) => startedAt,
    endedAt: ({ endedAt }) => endedAt,
    realNow: ({ realNow }) => realNow,
    seq: ({ seq }) => seq,
  },
  (read) => `insert into day_counts (school, day, automation, runs, mails, failed, bounced)
    with told as materialized (
      select ${read.school} as school, ${read.what} as what, ${read.id} as id, ${read.automation} as automation,
        ${read.day} as day, ${read.status} as status, ${read.startedAt} as started_at, ${read.endedAt} as ended_at,
        ${read.realNow} as real_now, max(${read.seq}) as seq
      from json_each(?) group by 1, 2, 3),
    moved as materialized (
      select school, day, automation, 1 as runs, 0 as mails, 0 as failed, 0 as bounced from told
        where what = 'run' and ${hasAutomation("told")} and not ${isTooOld(TOLD)}
          and not exists (select 1 from runs where runs.school = told.school and runs.id = told.id)
          and not exists (select 1 from live_runs where live_runs.school = told.school
            and live_runs.automation = told.automation and live_runs.id = told.id)
      union all
      select told.school, day, told.automation, 0,
          iif(told.status = '${BOUNCED}', coalesce(before.status, '') not in ('sent', 'captured'), told.status <> 'failed'),
          told.status = 'failed', told.status = '${BOUNCED}'
        from told left join deliveries as before on before.school = told.school and before.id = told.id
        where what = 'mail' and (told.automation = '' or ${hasAutomation("told")})
          and iif(before.id is null, not ${isTooOld(TOLD)},
            told.seq > before.seq and iif(told.status = '${BOUNCED}', 'failed', told.status) <> before.status))
    select school, day, automation, sum(runs), sum(mails), sum(failed), sum(bounced) from moved where true
      group by 1, 2, 3
    on conflict (school, day, automation) do update set runs = day_counts.runs + excluded.runs,
      mails = day_counts.mails + excluded.mails, failed = day_counts.failed + excluded.failed,
      bounced = day_counts.bounced + excluded.bounced`,
);
