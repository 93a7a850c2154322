import { applyD1Migrations, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { vi } from "vitest";
import { env, stubOf } from "../workers/live";
import { schemaOf } from "./fill";
import { type Release, type Row, releaseOf } from "./release";

/* What a release has stored is put back where it left it. */

const texts = import.meta.glob<string>("./releases/*.json", { query: "?raw", import: "default", eager: true });

/** All that were written down, each by its name. */
export const releases = Object.values(texts)
  .map(releaseOf)
  .map((release) => [release.name, release] as const);

/** A user that is an address only. */
export const LEAD = "lead:eve@acme.com";

/** D1 as a release left it, and then migrated. */
export async function migrate({ d1 }: Release): Promise<D1Database> {
  const db = bindings.UPGRADED;
  for (const sql of await schemaOf(db)) {
    const [, table] = /^create table ["`]?(\w+)/i.exec(sql) ?? [];
    if (table) await db.exec(`drop table ${table}`);
  }
  await db.exec("drop table if exists d1_migrations");
  await db.exec("create table d1_migrations (id integer primary key, name text unique, applied_at timestamp)");
  await db.batch([
    ...d1.schema.toSorted((one, other) => Number(isIndex(one)) - Number(isIndex(other))).map((sql) => db.prepare(sql)),
    ...d1.migrations.map((name) => db.prepare("insert into d1_migrations (name) values (?)").bind(name)),
    ...insertsOf(db, d1.rows),
  ]);
  await applyD1Migrations(db, bindings.TEST_MIGRATIONS);
  return db;
}

const isIndex = (sql: string): boolean => /^create (unique )?index/i.test(sql);

const inserting = (db: D1Database, tables: Record<string, Row[]>): D1PreparedStatement[] =>
  Object.entries(tables).flatMap(([table, rows]) =>
    rows.map((row) => {
      const names = Object.keys(row).map((name) => `"${name}"`);
      const sql = `insert into ${table} (${names.join()}) values (${names.map(() => "?").join()})`;
      return db.prepare(sql).bind(...Object.values(row));
    }),
  );

/**
 * Schools first: nothing is taken for a school that is not there. Their history and counts last: triggers note down what is laid
 * here, and what was noted down then takes its place.
 */
const insertsOf = (
  db: D1Database,
  { schools = [], school_history = [], run_counts = [], ...others }: Record<string, Row[]>,
): D1PreparedStatement[] => [
  ...inserting(db, { schools, ...others }),
  ...(school_history.length ? schools : []).map(({ id }) =>
    db.prepare("delete from school_history where school = ?").bind(id),
  ),
  ...inserting(db, { school_history }),
  ...(run_counts.length ? schools : []).map(({ id }) => db.prepare("delete from run_counts where school = ?").bind(id)),
  ...inserting(db, { run_counts }),
];

/** What comes with the rows that it is made of. */
const KEPT_BY_TRIGGERS = [
  "user_words",
  "segment_counts",
  "automation_marks",
  "completed_by",
  "collaborators",
  "name_words",
  "school_wakes",
  "school_ages",
  "uses",
];

/** Gives this Worker's D1 what a release left there, migrated. */
async function moveIn(release: Release): Promise<void> {
  const migrated = await migrate(release);
  const rows: Record<string, Row[]> = {};
  // Those too that the release did not have.
  const since = (await schemaOf(migrated)).flatMap(
    (sql) => /^create table ["`]?(\w+).*["`]school["`]/is.exec(sql)?.[1] ?? [],
  );
  for (const table of new Set([...Object.keys(release.d1.rows), ...since])) {
    const column = table === "schools" ? "id" : "school";
    await env.DB.prepare(`delete from ${table} where ${column} = ?`).bind(release.school).run();
    if (!KEPT_BY_TRIGGERS.includes(table))
      rows[table] = (await migrated.prepare(`select * from ${table}`).all<Row>()).results;
  }
  await env.DB.batch(insertsOf(env.DB, rows));
}

/** Puts an object's rows where it left them, and its memory away. */
async function layDown(release: Release, user: string): Promise<void> {
  const held = release.objects[user];
  if (!held) throw new Error(`nothing of ${user}`);
  const stub = stubOf(release.school, user);
  await runInDurableObject(stub, async (_, { storage }) => {
    await storage.deleteAll();
    for (const sql of held.schema) storage.sql.exec(sql);
    for (const [table, rows] of Object.entries(held.tables)) {
      // As the release's own SQLite gave them.
      for (const row of rows as Row[]) {
        const names = Object.keys(row);
        const sql = `insert into ${table} (${names.join()}) values (${names.map(() => "?").join()})`;
        storage.sql.exec(sql, ...Object.values(row));
      }
    }
    if (held.alarm !== null) await storage.setAlarm(held.alarm);
  });
  // Its alarm, which may be due, may still be at work.
  await vi.waitFor(() => evictDurableObject(stub), { timeout: 60_000, interval: 500 });
}

/** Everything of a release where it left it. */
export async function lay(release: Release): Promise<void> {
  await moveIn(release);
  for (const user of Object.keys(release.objects)) await layDown(release, user);
}
