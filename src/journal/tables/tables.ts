import type { LogBatch } from "../../calls/batch";
import { WORDS as KINDS_OF_WORDS, wordKey } from "../../catalogue/kinds";
import { MOVE_NAMES, tellingSql, toldRow } from "../../db/products";
import { deliveries, liveRuns, runs, vocabulary } from "../../db/schema";
import { traceOfRun } from "../../engine/identity";
import type { Delivery, LoggedRun } from "../../engine/types";
import { COUNTS, isTooOld } from "./counts";
import { DAYS } from "./days";
import { DIRECTORY } from "./directory";
import { LOOKS } from "./looks";
import { type ColumnsOf, change, insert, type LogStatement, remove, statement, upsert } from "./statement";

/*
 * What the log writes, table by table. Keys are natural, so writing a batch twice is writing it once. A run stands in
 * one of two tables: each writer of one takes it out of the other, and neither undoes what is newer there.
 */

interface RunToWrite {
  school: string;
  user: string;
  seq: number;
  run: LoggedRun;
  realNow: number;
}

const runsOf =
  (which: "ended" | "live") =>
  ({ school, user, seq, ...told }: LogBatch, realNow: number): RunToWrite[] =>
    told[which].map((run) => ({ school, user, seq, run, realNow }));

/** What both tables say of a run. */
const RUN = {
  school: ({ school }: RunToWrite) => school,
  id: ({ run }: RunToWrite) => run.id,
  automation: ({ run }: RunToWrite) => run.automation,
  version: ({ run }: RunToWrite) => run.version,
  user: ({ user }: RunToWrite) => user,
  status: ({ run }: RunToWrite) => run.status,
  synchronous: ({ run }: RunToWrite) => run.synchronous,
  trigger: ({ run }: RunToWrite) => JSON.stringify(run.trigger),
  eventId: ({ run }: RunToWrite) => run.eventId,
  trace: ({ school, user, run }: RunToWrite) => traceOfRun(JSON.stringify([school, user]), run),
  startedAt: ({ run }: RunToWrite) => run.startedAt,
  wakeAt: ({ run }: RunToWrite) => run.waiting?.wakeAt ?? null,
  steps: ({ run }: RunToWrite) => JSON.stringify(run.steps),
  failedSteps: ({ run }: RunToWrite) => run.steps.filter(({ status }) => status === "failed").length,
  loggedAt: ({ realNow }: RunToWrite) => realNow,
  seq: ({ seq }: RunToWrite) => seq,
};
const { school, id, automation, seq } = RUN;
const endedAt = ({ run }: RunToWrite) => run.endedAt;

const ENDED_ROW = `select seq from runs where runs.school = `;
const LIVE_ROW = `select seq from live_runs where live_runs.school = `;

const ENDED = upsert(
  runs,
  runsOf("ended"),
  { ...RUN, reason: ({ run }) => run.reason, endedAt, unkept: () => null },
  {
    replaces: "older",
    keeps: ["automation"],
    only: {
      reads: {},
      where: ({ school = "", id = "", automation = "", seq = "", endedAt = "", loggedAt = "" }) =>
        `not exists (${LIVE_ROW}${school} and automation = ${automation} and id = ${id} and seq > ${seq})
        and not ${isTooOld({ school, endedAt, realNow: loggedAt })}`,
    },
  },
);

const LIVE = upsert(
  liveRuns,
  runsOf("live"),
  { ...RUN, revision: ({ run }) => run.revision, reason: ({ run }) => run.reason },
  {
    replaces: "older",
    only: {
      reads: {},
      where: (read) => `not exists (${ENDED_ROW}${read.school} and id = ${read.id} and seq >= ${read.seq})`,
    },
  },
);

/** A failed run that was retried lives again. */
const LIVES_AGAIN = remove(
  runs,
  runsOf("live"),
  { school, id },
  {
    reads: { seq },
    where: (read) => `${read.seq} > (${ENDED_ROW}${read.school} and id = ${read.id})`,
  },
);

const LIVES_NO_MORE = remove(
  liveRuns,
  runsOf("ended"),
  { school, automation, id },
  {
    reads: { seq },
    where: (read) => `${read.seq} >= (${LIVE_ROW}${read.school} and automation = ${read.automation}
      and id = ${read.id})`,
  },
);

interface DeliveryToWrite {
  school: string;
  user: string;
  seq: number;
  one: Delivery;
  realNow: number;
}

const deliveriesOf =
  (which: (one: Delivery) => boolean) =>
  ({ school, user, seq, deliveries }: LogBatch, realNow: number): DeliveryToWrite[] =>
    deliveries.filter(which).map((one) => ({ school, user, seq, one, realNow }));

const DELIVERY: ColumnsOf<typeof deliveries, DeliveryToWrite> = {
  school: ({ school }) => school,
  id: ({ one }) => one.id,
  run: ({ one }) => one.run,
  automation: ({ one }) => one.automation,
  step: ({ one }) => one.step,
  user: ({ user }) => user,
  channel: ({ one }) => one.channel,
  status: ({ one }) => one.status,
  to: ({ one }) => JSON.stringify(one.to),
  content: ({ one }) => JSON.stringify(one.content),
  attempts: ({ one }) => JSON.stringify(one.attempts),
  idempotencyKey: ({ one }) => one.key,
  trace: ({ one }) => one.trace ?? null,
  reason: ({ one }) => one.reason ?? null,
  waitsUntil: ({ one }) => one.waitsUntil ?? null,
  openedAt: ({ one }) => one.openedAt ?? null,
  clickedAt: ({ one }) => one.clickedAt ?? null,
  createdAt: ({ one }) => one.createdAt,
  loggedAt: ({ realNow }) => realNow,
  seq: ({ seq }) => seq,
  unkept: () => null,
};
const KEPT_OF_DELIVERY = ["run", "automation", "channel", "createdAt"];

const DELIVERIES = upsert(
  deliveries,
  deliveriesOf(() => true),
  DELIVERY,
  { replaces: "older", keeps: KEPT_OF_DELIVERY },
);

/** What is told anew and is what it was: a mail that was opened, one that waits on. Their lists are by status. */
const DELIVERIES_AS_THEY_WERE = change(
  deliveries,
  deliveriesOf(({ status, openedAt }) => openedAt !== undefined || status === "queued"),
  DELIVERY,
  { keeps: KEPT_OF_DELIVERY, same: ["status"] },
);

const WORD_KINDS = new Set(KINDS_OF_WORDS);

const WORDS = insert(
  "ignore",
  vocabulary,
  ({ school, words }) => words.flatMap(([kind, value]) => (WORD_KINDS.has(kind) ? [{ school, kind, value }] : [])),
  {
    school: ({ school }) => school,
    kind: ({ kind }) => kind,
    key: ({ kind, value }) => wordKey(kind, value),
    value: ({ value }) => value,
  },
);

/** What events called products: where that is news it is learned, and isolates read names anew. */
const namesTold = ({ school, words }: LogBatch): (string | null)[][] =>
  words.flatMap(([type, id, , name]) => (name === undefined ? [] : [toldRow({ school, type, id, said: { name } })]));
const NAMES_MOVE: LogStatement = { sql: MOVE_NAMES, rows: namesTold };
const NAMES: LogStatement = { sql: tellingSql("event", { replaces: false }), rows: namesTold };

/**
 * Whoever changes an automation finds its live runs in D1, which lags: it misses a run that is written just after.
 * So the writer looks too, and cron's next round wakes the users of live runs that their automation has left behind.
 */
const OVERTAKEN = statement(
  ({ school, user, live }) => live.map((run) => ({ school, user, ...run })),
  {
    school: ({ school }) => school,
    user: ({ user }) => user,
    automation: ({ automation }) => automation,
    version: ({ version }) => version,
    revision: ({ revision }) => revision,
    status: ({ status }) => status,
  },
  (read) => `update users set next_wake = 0 where (school, id) in (
    select ${read.school}, ${read.user} from json_each(?)
    left join automations on automations.school = ${read.school} and automations.id = ${read.automation}
    where automations.id is null or move_version > ${read.version} or exit_revision > ${read.revision}
      or (${read.status} = 'held' and active = 1 and delete_at is null
        and not exists (select 1 from schools where schools.id = ${read.school} and paused = 1)))`,
);

/** What is written where a school's log lies, in this order. */
export const RUN_STATEMENTS: readonly LogStatement[] = [
  // Before the rows it compares with.
  COUNTS,
  DAYS,
  LIVES_AGAIN,
  LIVE,
  ENDED,
  LIVES_NO_MORE,
  // Before the rows it compares with.
  LOOKS,
  DELIVERIES_AS_THEY_WERE,
  DELIVERIES,
];

/** What is written in the main database, in this order. */
export const DIRECTORY_STATEMENTS: readonly LogStatement[] = [
  WORDS,
  // Before the names it compares with.
  NAMES_MOVE,
  NAMES,
  ...DIRECTORY,
  OVERTAKEN,
];

/** All that is written, in its order. */
export const LOG_STATEMENTS: readonly LogStatement[] = [...RUN_STATEMENTS, ...DIRECTORY_STATEMENTS];
