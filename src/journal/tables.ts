import type { LogBatch } from "../calls/batch";
import { tagKey } from "../catalogue/tags/change";
import { activity, deliveries, runs, userMarks, users, vocabulary } from "../db/schema";
import { isLive } from "../engine/runs";
import { type ColumnsOf, insert, type LogStatement, remove, statement, upsert } from "./statement";

/*
 * What the log writes, table by table. Keys are natural, so writing a batch twice is writing it once.
 */

const RUNS = upsert(
  runs,
  ({ school, user, seq, runs }, realNow) => runs.map((run) => ({ school, user, seq, run, realNow })),
  {
    school: ({ school }) => school,
    id: ({ run }) => run.id,
    automation: ({ run }) => run.automation,
    version: ({ run }) => run.version,
    user: ({ user }) => user,
    status: ({ run }) => run.status,
    reason: ({ run }) => run.reason,
    synchronous: ({ run }) => run.synchronous,
    trigger: ({ run }) => JSON.stringify(run.trigger),
    eventId: ({ run }) => run.eventId,
    startedAt: ({ run }) => run.startedAt,
    endedAt: ({ run }) => run.endedAt,
    wakeAt: ({ run }) => run.waiting?.wakeAt ?? null,
    steps: ({ run }) => JSON.stringify(run.steps),
    loggedAt: ({ realNow }) => realNow,
    seq: ({ seq }) => seq,
  },
);

const DELIVERIES = upsert(
  deliveries,
  ({ school, user, seq, deliveries }, realNow) => deliveries.map((one) => ({ school, user, seq, one, realNow })),
  {
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
    createdAt: ({ one }) => one.createdAt,
    loggedAt: ({ realNow }) => realNow,
    seq: ({ seq }) => seq,
  },
);

const WORDS = insert(
  "ignore",
  vocabulary,
  ({ school, words }) => words.map(([kind, value]) => ({ school, kind, value })),
  {
    school: ({ school }) => school,
    kind: ({ kind }) => kind,
    key: ({ kind, value }) => (kind === "tag" ? tagKey(value) : value),
    value: ({ value }) => value,
  },
);

const USERS = upsert(
  users,
  ({ school, user, seq, directory }) => (directory ? [{ school, user, seq, known: directory }] : []),
  {
    school: ({ school }) => school,
    id: ({ user }) => user,
    createdAt: ({ known }) => known.createdAt,
    email: ({ known }) => known.email,
    emailKey: ({ known }) => known.email?.trim().toLowerCase() ?? null,
    username: ({ known }) => known.username,
    registeredAt: ({ known }) => known.registeredAt,
    search: ({ user, known }) => [user, known.email, known.username].filter(Boolean).join("\n").toLowerCase(),
    nextWake: ({ known }) => known.nextWake,
    seq: ({ seq }) => seq,
  },
);

/**
 * Whoever changes an automation finds its live runs in the log, which lags: it misses a run that is written just after.
 * So the writer looks too, and cron's next round wakes the users of live runs that their automation has left behind.
 */
const OVERTAKEN = statement(
  ({ school, user, runs }) => runs.filter(isLive).map((run) => ({ school, user, ...run })),
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
      or (${read.status} = 'held' and active = 1))`,
);

/** What came, went or moved of a user's line in the directory. */
interface Difference {
  school: string;
  user: string;
  seq: number;
  pair: [string, string];
  /** For what went, nothing. */
  at: number;
}

const differences =
  (of: (known: NonNullable<LogBatch["directory"]>) => (readonly [key: string, at: number])[]) =>
  ({ school, user, seq, directory }: LogBatch): Difference[] =>
    (directory ? of(directory) : []).map(([key, at]) => {
      // Written by the object as JSON [kind, value] or [scope, subject].
      return { school, user, seq, pair: JSON.parse(key) as [string, string], at };
    });
const keys = (of: readonly string[]) => of.map((key) => [key, 0] as const);

const MARK: ColumnsOf<typeof userMarks, Difference> = {
  school: ({ school }) => school,
  user: ({ user }) => user,
  kind: ({ pair }) => pair[0],
  value: ({ pair }) => pair[1],
};

const ACTIVITY: ColumnsOf<typeof activity, Difference> = {
  school: ({ school }) => school,
  user: ({ user }) => user,
  scope: ({ pair }) => pair[0],
  subject: ({ pair }) => pair[1],
  at: ({ at }) => at,
};

/** Marks and activity are written as differences: only where the user's row, written just before, is not newer. */
const isCurrent = {
  reads: { seq: ({ seq }: Difference) => seq },
  where: (read: Readonly<Record<string, string>>): string =>
    `${read.seq} >= (select seq from users where users.school = ${read.school} and users.id = ${read.user})`,
};

/** In the order they are written in. */
export const LOG_STATEMENTS: readonly LogStatement[] = [
  RUNS,
  DELIVERIES,
  WORDS,
  USERS,
  OVERTAKEN,
  remove(
    userMarks,
    differences((known) => keys(known.marksRemoved)),
    MARK,
    isCurrent,
  ),
  insert(
    "ignore",
    userMarks,
    differences((known) => keys(known.marksAdded)),
    MARK,
    isCurrent,
  ),
  remove(
    activity,
    differences((known) => keys(known.activityRemoved)),
    ACTIVITY,
    isCurrent,
  ),
  insert(
    "replace",
    activity,
    differences((known) => known.activity),
    ACTIVITY,
    isCurrent,
  ),
];
