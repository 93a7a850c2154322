import { newId } from "../base/ids";
import type { Database } from "./client";
import { insertAll } from "./many";
import { audit } from "./schema";

export interface AuditEntry {
  /** Empty for what the platform does to no school in particular. */
  school: string;
  /** `key:<id>`, `admin:<email>`, `platform`, `system`. */
  who: string;
  /** What was done, as `<thing>.<verb>`: `school.updated`. */
  what: string;
  /** The id of what it was done to. */
  subject: string;
  /** How it stood before and stands after; never secrets. */
  before?: unknown;
  after?: unknown;
}

/** The statement that records who changed what: to be put into the batch that makes the change. */
export const recordAudit = (db: Database, entry: AuditEntry) => db.insert(audit).values(auditRowOf(entry));

/** The statements that record many changes made together. */
export const recordAudits = (db: Database, entries: Iterable<AuditEntry>) =>
  insertAll(db, audit, Array.from(entries, auditRowOf));

/** The statement that records what nothing may record twice: the same row again changes nothing. */
export const recordRow = (db: Database, row: AuditRow) => db.insert(audit).values(row).onConflictDoNothing();

export type AuditRow = typeof audit.$inferSelect;
export const auditRowOf = (entry: AuditEntry): AuditRow => ({
  school: entry.school,
  id: newId("aud_"),
  at: Date.now(),
  who: entry.who,
  what: entry.what,
  subject: entry.subject,
  before: sideText(entry.before),
  after: sideText(entry.after),
});

/** Of both sides together, at three bytes a character, well under the 2 MB that a row takes. No definition is so long. */
const MAX_CHARACTERS = 300_000;

/** One that is too long says so, and no more: what it told of has entries of its own. */
function sideText(side: unknown): string | null {
  if (side === undefined) return null;
  const text = JSON.stringify(side);
  return text.length <= MAX_CHARACTERS ? text : JSON.stringify({ left_out: `${text.length} characters` });
}
