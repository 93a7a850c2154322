import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { flag, json, school, time } from "./columns";

// Schools, who may call for them, and what was done to them.

export const schools = sqliteTable(
  "schools",
  {
    id: text("id").primaryKey(),
    /** Which of the schools of this id it is: those before it were deleted. */
    epoch: integer("epoch").notNull().default(1),
    name: text("name").notNull(),
    /** The name as it is found by, see schools/find.ts. A trigger writes it where a release before left it out. */
    nameKey: text("name_key").notNull().default(""),
    mode: text("mode", { enum: ["live", "test"] }).notNull(),
    /** Where a test school's clock stands; null: real time. */
    now: time("now"),
    suspended: flag("suspended").default(false),
    /** What would start or go on is held. */
    paused: flag("paused").default(false),
    /** Runs that a pause held before this stamp exit; 0: none does. */
    pauseExitStamp: integer("pause_exit_stamp").notNull().default(0),
    /** When the first of its definitions that are held is deleted, by its clock; null: none is. */
    deletesAt: time("deletes_at"),
    settings: json("settings"),
    /** Moves with every change of what the engine reads (settings and definitions): see world/snapshot.ts. */
    stamp: integer("stamp").notNull().default(1),
    /** Moves when products are called otherwise: what isolates know of names goes by it (world/naming/names.ts). */
    namesStamp: integer("names_stamp").notNull().default(1),
    /** What its automations take together, as `sizeOfJson` counts: triggers of `automations` move it. */
    automationsSize: integer("automations_size").notNull().default(0),
    /** How much it may send, in requests a minute; null: what is usual here. See world/quota.ts. */
    quota: integer("quota"),
    /** Whether a lead was ever kept: spares every sign-up of other schools a look for one. */
    hasLeads: flag("has_leads").default(false),
    /** Encrypted: [{secret, until}] for user tokens, newest first. */
    signingSecrets: json("signing_secrets").default("[]"),
    /** Encrypted, the same way: what webhooks are signed with. None: of a school made before they were kept. */
    webhookSecrets: json("webhook_secrets").default("[]"),
    /** Encrypted connector secrets, by connector and option. */
    connectorSecrets: json("connector_secrets").default("{}"),
    hookKey: text("hook_key").notNull().default(""),
    createdAt: time("created_at").notNull(),
    /** Real time until which one request moves the clock of this test school; 0: nobody does. */
    clockLeasedUntil: time("clock_leased_until").notNull().default(0),
    /** Where its log lies: `0` for the binding LOG_0; null: in this database. See db/log.ts. */
    log: text("log"),
    /** Where it is being moved to, `main` for this database; null: it stays. */
    logMovesTo: text("log_moves_to"),
  },
  (t) => [
    index("schools_by_deletion").on(t.deletesAt).where(sql`${t.deletesAt} is not null and ${t.mode} = 'live'`),
    index("schools_by_name").on(t.nameKey, t.id),
    index("schools_by_age").on(t.createdAt, t.id),
  ],
);

/**
 * Until when nothing of a school is older than it is kept, as far as anybody looked, real time: 0 where it is to be looked
 * at in the next hour's round. Triggers bring it forward, where less is kept, a clock moves, or something comes that is old
 * already; only cron/rounds.ts moves it on.
 */
export const schoolAges = sqliteTable("school_ages", { school: school(), at: time("at").notNull() }, (t) => [
  primaryKey({ columns: [t.school] }),
  index("school_ages_by_time").on(t.at),
]);

/** Whose schools are whose, by their addresses in lower case. Kept by triggers on `schools`, from their settings. */
export const collaborators = sqliteTable(
  "collaborators",
  { school: school(), address: text("address").notNull(), role: text("role").notNull() },
  (t) => [primaryKey({ columns: [t.address, t.school, t.role] })],
);

export const apiKeys = sqliteTable(
  "api_keys",
  {
    /** The id is part of the key itself, so that a key is found without knowing its school. */
    id: text("id").primaryKey(),
    school: school(),
    name: text("name").notNull(),
    scopes: json("scopes"),
    /** The scope admin, apart from the others: a Worker of before, which knows no such scope, still reads those. */
    admin: flag("admin").default(false),
    /** HMAC-SHA-256 of the key with the pepper, base64url. */
    digest: text("digest").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [index("api_keys_by_school").on(t.school, t.id)],
);

export const origins = sqliteTable("origins", { origin: text("origin").notNull(), school: school() }, (t) => [
  primaryKey({ columns: [t.origin, t.school] }),
]);

export const idempotency = sqliteTable(
  "idempotency",
  {
    school: school(),
    /** Key, method, path and query. */
    key: text("key").notNull(),
    bodyHash: text("body_hash").notNull(),
    /** Null while the first request is under way. */
    status: integer("status"),
    headers: text("headers"),
    answer: text("answer"),
    /** When the request came first. */
    at: time("at").notNull(),
    /** When it was last taken up: after a crash, by a copy of it. */
    claimedAt: time("claimed_at").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.school, t.key] }), index("idempotency_by_age").on(t.at)],
);

/** Addresses to which a school's mail does not go: see schools/suppressions.ts. */
export const suppressions = sqliteTable(
  "suppressions",
  {
    school: school(),
    /** The address as `addressKey` compares it. */
    key: text("key").notNull(),
    id: text("id").notNull(),
    /** As it was told. */
    address: text("address").notNull(),
    reason: text("reason", { enum: ["bounced", "complained", "by_hand"] }).notNull(),
    /** Who said so: a vendor, or `hand`. */
    source: text("source").notNull(),
    /** In the vendor's words. */
    detail: text("detail"),
    at: time("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.key] }), uniqueIndex("suppressions_by_id").on(t.school, t.id)],
);

export const audit = sqliteTable(
  "audit",
  {
    school: school(),
    id: text("id").notNull(),
    at: time("at").notNull(),
    /** `key:<id>`, `admin:<email>`, `platform`, `system`. */
    who: text("who").notNull(),
    what: text("what").notNull(),
    subject: text("subject").notNull(),
    before: text("before"),
    after: text("after"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("audit_by_age").on(t.school, t.at),
    index("audit_by_what").on(t.school, t.what, t.id),
    index("audit_by_subject").on(t.school, t.subject, t.id),
    index("audit_by_who").on(t.school, t.who, t.id),
    index("audit_by_who_and_what").on(t.school, t.who, t.what, t.id),
    index("audit_by_subject_and_what").on(t.school, t.subject, t.what, t.id),
    index("audit_by_who_and_subject").on(t.school, t.who, t.subject, t.id),
    index("audit_by_who_and_subject_and_what").on(t.school, t.who, t.subject, t.what, t.id),
  ],
);

export const sessions = sqliteTable(
  "sessions",
  {
    digest: text("digest").primaryKey(),
    kind: text("kind", { enum: ["link", "session"] }).notNull(),
    email: text("email").notNull(),
    /** Empty. Releases before kept here which school was open; now the address says it. */
    school: school(),
    expiresAt: time("expires_at").notNull(),
    seenAt: time("seen_at").notNull(),
  },
  (t) => [index("sessions_by_expiry").on(t.expiresAt)],
);

/** How often somebody tried to sign in lately: by a hash of the account or address. */
export const attempts = sqliteTable("attempts", {
  key: text("key").primaryKey(),
  count: integer("count").notNull(),
  until: time("until").notNull(),
});

/** Schools that were deleted: see schools/life/clear.ts. */
export const deletedSchools = sqliteTable(
  "deleted_schools",
  {
    id: text("id").primaryKey(),
    /** Of the last school of this id. */
    epoch: integer("epoch").notNull().default(1),
    /** Real time, ms. */
    deletedAt: time("deleted_at").notNull(),
    /** When it is looked whether something is left, real time, ms; null: nothing is, and the id is free. */
    lookAt: time("look_at").default(0),
  },
  (t) => [index("deleted_schools_by_look").on(t.lookAt)],
);

/** Always empty: a row that would be put into it fails the batch it stands in. See db/guard.ts. */
export const guards = sqliteTable("guards", { holds: integer("holds").primaryKey() }, () => [
  check("changed_meanwhile", sql`holds = 1`),
]);
