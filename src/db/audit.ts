import { newId } from "../base/ids";
import type { Database } from "./client";
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
export const recordAudit = (db: Database, entry: AuditEntry) =>
  db.insert(audit).values({
    school: entry.school,
    id: newId("aud_"),
    at: Date.now(),
    who: entry.who,
    what: entry.what,
    subject: entry.subject,
    before: entry.before === undefined ? null : JSON.stringify(entry.before),
    after: entry.after === undefined ? null : JSON.stringify(entry.after),
  });
