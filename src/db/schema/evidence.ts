import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { json, school, time } from "./columns";

// Evidence: packs as they are kept, and whom later ones are about.

/**
 * Who was in a course or a segment and is no more, and had a run of an automation that is kept no more. Who was erased
 * stands by a pseudonym.
 */
export const pastMembers = sqliteTable(
  "past_members",
  {
    school: school(),
    kind: text("kind", { enum: ["course", "segment", "automation"] }).notNull(),
    value: text("value").notNull(),
    user: text("user").notNull(),
    /** By the school's clock: since when, or, of a run, when it ended. */
    at: time("at").notNull(),
    /** When the user was erased, likewise; null: nobody has. */
    erasedAt: time("erased_at"),
    /** Of who was erased, likewise: when they were first there, and last; null: nobody knows any more. */
    firstAt: time("first_at"),
    lastAt: time("last_at"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.kind, t.value, t.user] }),
    index("past_members_by_user").on(t.school, t.user),
    index("past_members_by_age").on(t.school, t.at),
  ],
);

/** What packs are made of, as each is sent out: pieces of their files, each of one user; of all of them, none. */
export const evidenceParts = sqliteTable(
  "evidence_parts",
  {
    school: school(),
    job: text("job").notNull(),
    /** A `PartFile`. */
    file: text("file").notNull(),
    user: text("user").notNull(),
    n: integer("n").notNull(),
    /** Lines, each a list of texts; of the definitions, a text. */
    body: json("body"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.job, t.file, t.user, t.n] }),
    index("evidence_parts_by_user").on(t.school, t.user).where(sql`${t.user} <> ''`),
  ],
);

/** Public keys that packs were signed by: all there ever were, so that old ones can be checked. */
export const evidenceKeys = sqliteTable("evidence_keys", {
  kid: text("kid").primaryKey(),
  /** The public key, base64url. */
  x: text("x").notNull(),
  /** Real time, ms: when it was first used. */
  since: time("since").notNull(),
});
