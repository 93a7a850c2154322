import * as z from "zod";
import type { AuditEntry } from "../db/audit";
import { type Caller, whoOf } from "./access/credentials";
import type { Route } from "./route";

/*
 * The audit of what has no definition to change: runs, deliveries, jobs and learners acted on by hand. Verbs that write
 * definitions and settings record it themselves, in the batch that makes the change.
 */

const anyRecord = z.record(z.string(), z.unknown());

/** Names in a body, those of fields too; never what stands there. */
function namesIn(body: unknown): string[] {
  const { data } = anyRecord.safeParse(body);
  return Object.entries(data ?? {}).flatMap(([name, value]) =>
    name === "fields" ? Object.keys(anyRecord.safeParse(value).data ?? {}).map((key) => `fields.${key}`) : [name],
  );
}

const dry = z.looseObject({ dry_run: z.literal(true) });
const isDry = (given: unknown): boolean => dry.safeParse(given).success;

interface Called {
  params: Readonly<Record<string, string>>;
  query: unknown;
  body: unknown;
}

/** What the audit is to have of a call, where its route says so; null: nothing. */
export function entryOf({ audits }: Route, caller: Caller | null, called: Called): AuditEntry | null {
  if (!audits || !caller?.school || isDry(called.query) || isDry(called.body)) return null;
  const { credential, school } = caller;
  if (audits.byHand && credential.kind !== "session") return null;
  const { params } = called;
  const changed = audits.changed === undefined ? namesIn(called.body) : [params[audits.changed] ?? ""];
  return {
    school: school.id,
    who: whoOf(credential),
    what: audits.what,
    subject: params[audits.subject ?? "id"] ?? "",
    ...(changed.length ? { after: { changed } } : {}),
  };
}
