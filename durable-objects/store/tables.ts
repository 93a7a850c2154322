/** Appended to, never edited: an object may wake up years later. */
const MIGRATIONS = [
  `create table state (slot integer primary key, body text not null);
   create table events (id text primary key, hash text not null, at integer not null, seq integer not null, answer text, facts text not null) without rowid;
   create table journal (seq integer primary key, at integer not null, entries text not null);
   create table erased (id text primary key, hash text not null, at integer not null) without rowid;`,
  "create table log (seq integer primary key, runs text not null);",
  `alter table events add column v integer not null default 0;
   alter table journal add column v integer not null default 0;
   alter table log add column v integer not null default 0;`,
];

/** A user never heard of has no tables: looking makes none. */
export const hasTables = (sql: SqlStorage): boolean =>
  sql.exec("select 1 from sqlite_master where name = 'migrations'").toArray().length > 0;

/** Brings the tables up to date, from nothing too. Repeatable. */
export function migrate(sql: SqlStorage): void {
  sql.exec("create table if not exists migrations (n integer primary key)");
  const done = Number(sql.exec("select count(*) as n from migrations").one().n);
  for (const [n, statements] of MIGRATIONS.entries()) {
    if (n < done) continue;
    sql.exec(statements);
    sql.exec("insert into migrations (n) values (?)", n);
  }
}
