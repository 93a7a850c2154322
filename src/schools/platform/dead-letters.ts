import { eq } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { newId } from "../../base/ids";
import { type ActionMessage, actionMessage, type LogMessage, logMessage, QUEUE_OF, TRIES } from "../../calls/messages";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import type { ListQuery } from "../../db/lists/list";
import { getRow, ifGiven, listRows } from "../../db/lists/rows";
import { deadLetters } from "../../db/schema";

/*
 * Messages that no queue got done. Nothing is lost with most of them, for objects offer again what they hold, and cron
 * takes up jobs; but somebody has to see that something could not be done at all. Each is kept once, however often it is
 * given up, and one message of many users as one of each: so a user's go with the user.
 */

export type DeadLetterRow = typeof deadLetters.$inferSelect;

interface Letter {
  school: string;
  user: string;
  kind: string;
  subject: string;
  queue: string;
  body: string | null;
}

const UNREADABLE = "no release that was at work could read it";

/** What cannot be read is kept as having been there, and nothing of what it says. */
const unreadable = (queue: string): Letter => ({
  ...{ school: "", user: "", kind: "unreadable", subject: "", queue, body: null },
});

/** The letters that a message is kept as. @param log whether it is one for the log */
function lettersOf(body: unknown, log: boolean): Letter[] {
  if (log) {
    const { data } = logMessage.safeParse(body);
    if (!data) return [unreadable("LOG")];
    return data.users.map((one) => ({
      ...{ school: one.school, user: one.user, kind: "log", subject: "", queue: "LOG" },
      body: JSON.stringify({ users: [one] } satisfies LogMessage),
    }));
  }
  const { data } = actionMessage().safeParse(body);
  if (!data) return [unreadable("ACTIONS")];
  const { kind } = data;
  const letter = { kind, queue: QUEUE_OF[kind] };
  if (kind === "wake_users")
    return data.users.map((one) => ({
      ...{ ...letter, school: one.school, user: one.user, subject: "" },
      body: JSON.stringify({ kind, school: data.school, users: [one] } satisfies ActionMessage),
    }));
  return [
    {
      ...{ ...letter, school: data.school, user: userOf(data) },
      subject: subjectOf(data),
      body: JSON.stringify(data),
    },
  ];
}

/** Whom it is about, as far as it says: with a user who is erased goes what is kept of it. */
const userOf = (message: ActionMessage): string =>
  message.kind === "audit" ? message.row.subject : "user" in message ? message.user : "";

/** What a message is about beside school and user: two about the same are one letter. */
function subjectOf(message: ActionMessage): string {
  switch (message.kind) {
    case "deliver":
      return message.delivery;
    case "job":
    case "job_range":
    case "platform_job":
      return message.job;
    case "failures":
    case "stopped":
      return message.automation;
    case "audit":
      return message.row.id;
    case "scan":
      return `${message.scope} ${message.days}`;
    default:
      return "";
  }
}

/** Of schools that are gone nothing is kept: the database would refuse all with it. */
const KEEP = `insert into dead_letters (school, user, kind, subject, id, queue, body, reason, attempts, since, at)
  select value->>'school', value->>'user', value->>'kind', value->>'subject', value->>'id', value->>'queue',
    value->>'body', ?2, ${TRIES}, ?3, ?3 from json_each(?1)
  where value->>'school' = '' or exists (select 1 from schools where schools.id = value->>'school')
  on conflict (school, user, kind, subject) do update set body = excluded.body,
    reason = coalesce(excluded.reason, reason), attempts = attempts + excluded.attempts, at = excluded.at`;

/** Keeps a message that was given up. @param reason why the last attempt failed; null: nobody lived to say */
export async function keepDeadLetter(
  env: Env,
  { body, log, reason }: { body: unknown; log: boolean; reason: string | null },
): Promise<void> {
  const letters = lettersOf(body, log).map((one) => ({ ...one, id: newId("dead_") }));
  const why = reason ?? (letters.some((one) => one.body === null) ? UNREADABLE : null);
  await env.DB.prepare(KEEP).bind(JSON.stringify(letters), why, Date.now()).run();
}

/** A page of them, of all schools or of one, oldest first. */
export const listDeadLetters = (env: Env, query: ListQuery & { school?: string | undefined }) =>
  listRows(env, deadLetters, ["id"], query, ifGiven(deadLetters.school, query.school));

export const getDeadLetter = (env: Env, id: string): Promise<DeadLetterRow> =>
  getRow(env, deadLetters, eq(deadLetters.id, id), "dead letter");

const queueNames = z.enum(["ACTIONS", "DELIVERIES", "JOBS", "LOG"]);

/** Sends one again, as a message that was never tried; if that is given up too, it comes back. */
export async function retryDeadLetter(env: Env, id: string, who: string): Promise<void> {
  const { body, queue, school } = await getDeadLetter(env, id);
  // One kept by another release may say nothing to this one: sent, it would only come back without what it says.
  const isLog = queue === "LOG";
  if (body === null || lettersOf(JSON.parse(body), isLog).some((one) => one.body === null))
    throw new Problem(
      "conflict",
      "The message could not be read, so nothing of it was kept that could be tried again.",
    );
  // First: a second message does no harm, a lost one might.
  await env[queueNames.parse(queue)].send(JSON.parse(body));
  const db = database(env.DB);
  await db.batch([
    db.delete(deadLetters).where(eq(deadLetters.id, id)),
    recordAudit(db, { school, who, what: "dead_letter.retried", subject: id }),
  ]);
}
