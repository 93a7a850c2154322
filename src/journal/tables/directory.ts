import { searchKey } from "../../base/text/text";
import { type LogBatch, RECORD } from "../../calls/batch";
import { addressKey } from "../../catalogue/account/email";
import { activity, rosterRecords, userMarks, users } from "../../db/schema";
import { type ColumnsOf, insert, type LogStatement, remove, statement, upsert } from "./statement";

/*
 * The user's line in the directory, and what users are found by: marks, and since when they are away. An index is
 * written anew wherever an update names a column of it, so those change by themselves, where they do.
 */

type Known = NonNullable<LogBatch["directory"]>;

interface Line {
  school: string;
  user: string;
  seq: number;
  known: Known;
}

const lines = ({ school, user, seq, directory }: LogBatch): Line[] =>
  directory ? [{ school, user, seq, known: directory }] : [];

const LINE = {
  school: ({ school }: Line) => school,
  id: ({ user }: Line) => user,
  createdAt: ({ known }: Line) => known.createdAt,
  email: ({ known }: Line) => known.email,
  emailKey: ({ known }: Line) => (known.email === null ? null : addressKey(known.email)),
  username: ({ known }: Line) => known.username,
  registeredAt: ({ known }: Line) => known.registeredAt,
  search: ({ user, known }: Line) =>
    [user, known.email, known.username].flatMap((one) => (one ? searchKey(one) : [])).join("\n"),
  nextWake: ({ known }: Line) => known.nextWake,
  seenAt: ({ known }: Line) => known.seenAt,
  appSeenAt: ({ known }: Line) => known.appSeenAt,
  seq: ({ seq }: Line) => seq,
} satisfies ColumnsOf<typeof users, Line>;

const USERS = upsert(users, lines, LINE, { replaces: "not newer", keeps: ["createdAt", "emailKey", "nextWake"] });

const { school, id, seq, createdAt, emailKey, nextWake, seenAt, appSeenAt } = LINE;

/** Stands behind `USERS`: the line that is there is this one, or a newer. */
const isLine = ({ school, id, seq }: Readonly<Record<"school" | "id" | "seq", string>>): string =>
  `users.school = ${school} and users.id = ${id} and users.seq = ${seq}`;

const USERS_FOUND = statement(
  lines,
  { school, id, seq, createdAt, emailKey },
  (read) => `update users set created_at = ${read.createdAt}, email_key = ${read.emailKey} from json_each(?)
    where ${isLine(read)} and (created_at is not ${read.createdAt} or email_key is not ${read.emailKey})`,
);

const USERS_WAKE = statement(
  lines,
  { school, id, seq, nextWake },
  (read) => `update users set next_wake = ${read.nextWake} from json_each(?)
    where ${isLine(read)} and next_wake is not ${read.nextWake}`,
);

/** The two rows of a user's activity without a subject stand where the line says: they go before it moves. */
const ACTIVITY_MOVES = statement(
  lines,
  { school, id, seq, seenAt, appSeenAt },
  (read) => `delete from activity where (school, scope, at, user, subject) in (
    select users.school, value->>0, value->>1, users.id, '' from (
      select users.school, users.id, json_array(json_array('school', seen_at), json_array('app', app_seen_at)) as was,
        json_array(${read.seenAt}, ${read.appSeenAt}) as now
      from json_each(?) join users on users.school = ${read.school} and users.id = ${read.id}
      where ${read.seq} >= users.seq
    ) as users, json_each(users.was) where value->>1 is not (users.now->>key))`,
);

const ACTIVITY_STANDS = insert(
  "ignore",
  activity,
  (batch) =>
    lines(batch).flatMap(({ school, user, seq, known }) => [
      { school, user, seq, scope: "school" as const, at: known.seenAt },
      ...(known.appSeenAt === null ? [] : [{ school, user, seq, scope: "app" as const, at: known.appSeenAt }]),
    ]),
  {
    school: ({ school }) => school,
    scope: ({ scope }) => scope,
    at: ({ at }) => at,
    user: ({ user }) => user,
    subject: () => "",
  },
  {
    reads: { seq: ({ seq }) => seq },
    where: (read) =>
      `exists (select 1 from users where ${isLine({ school: read.school ?? "", id: read.user ?? "", seq: read.seq ?? "" })})`,
  },
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
  (of: (known: Known) => (readonly [key: string, at: number])[]) =>
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

const marks =
  (of: (known: Known) => readonly string[]) =>
  (batch: LogBatch): Difference[] =>
    differences((known) => keys(of(known)))(batch).filter(({ pair }) => pair[0] !== RECORD);

/** A record is one user's as a rule, and has a table that is read by users: it would be a mark of its own for each. */
const records =
  (of: (known: Known) => readonly string[]) =>
  (batch: LogBatch): Difference[] =>
    differences((known) => keys(of(known)))(batch).filter(({ pair }) => pair[0] === RECORD);

const ROSTER_RECORD: ColumnsOf<typeof rosterRecords, Difference> = {
  school: ({ school }) => school,
  user: ({ user }) => user,
  record: ({ pair }) => pair[1],
};

const ACTIVITY: ColumnsOf<typeof activity, Difference> = {
  school: ({ school }) => school,
  scope: ({ pair }) => pair[0],
  at: ({ at }) => at,
  user: ({ user }) => user,
  subject: ({ pair }) => pair[1],
};

/** Marks and activity are written as differences: only where the user's row, written just before, is not newer. */
const isCurrent = {
  reads: { seq: ({ seq }: Difference) => seq },
  where: (read: Readonly<Record<string, string>>): string =>
    `${read.seq} >= (select seq from users where users.school = ${read.school} and users.id = ${read.user})`,
};

const ACTIVITY_GOES = statement(
  differences((known) => keys(known.activityRemoved)),
  {
    school: ACTIVITY.school,
    user: ACTIVITY.user,
    scope: ACTIVITY.scope,
    subject: ACTIVITY.subject,
    ...isCurrent.reads,
  },
  (
    read,
  ) => `delete from activity indexed by activity_by_subject where subject <> '' and (school, user, scope, subject) in
    (select ${read.school}, ${read.user}, ${read.scope}, ${read.subject} from json_each(?) where ${isCurrent.where(read)})`,
);

/** Marks that are looked for once they are gone: whoever was in a course or a segment. */
const REMEMBERED: ReadonlySet<string> = new Set(["course", "segment"]);

/** Who left: before the mark goes, so that nobody is missed by who looks for both. */
const PAST_MEMBERS = statement(
  (batch, realNow) =>
    differences((known) => keys(known.marksRemoved))(batch).flatMap((one) =>
      REMEMBERED.has(one.pair[0]) ? [{ ...one, at: realNow }] : [],
    ),
  { ...MARK, ...isCurrent.reads, realNow: ({ at }) => at },
  (read) => `insert into past_members (school, kind, value, user, at)
    select ${read.school}, ${read.kind}, ${read.value}, ${read.user},
      coalesce((select now from schools where id = ${read.school}), ${read.realNow})
    from json_each(?) where ${isCurrent.where(read)}
    on conflict do update set at = max(at, excluded.at)`,
);

/** In the order they are written in. */
export const DIRECTORY: readonly LogStatement[] = [
  ACTIVITY_MOVES,
  USERS,
  USERS_FOUND,
  USERS_WAKE,
  ACTIVITY_STANDS,
  PAST_MEMBERS,
  remove(
    userMarks,
    marks((known) => known.marksRemoved),
    MARK,
    isCurrent,
  ),
  insert(
    "ignore",
    userMarks,
    marks((known) => known.marksAdded),
    MARK,
    isCurrent,
  ),
  remove(
    rosterRecords,
    records((known) => known.marksRemoved),
    ROSTER_RECORD,
    isCurrent,
  ),
  insert(
    "ignore",
    rosterRecords,
    records((known) => known.marksAdded),
    ROSTER_RECORD,
    isCurrent,
  ),
  ACTIVITY_GOES,
  insert(
    "replace",
    activity,
    differences((known) => known.activity),
    ACTIVITY,
    isCurrent,
  ),
];
