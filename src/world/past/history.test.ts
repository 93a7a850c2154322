import { getTableColumns, getTableName } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterEach, describe, expect, test } from "vitest";
import { bareSchool, env } from "../../../test/workers/live";
import * as table from "../../db/schema";
import { BODIES, compareAsD1 } from "./history";

type Kind = keyof typeof BODIES;
type Values = Record<string, string | number | null>;

/** Of each kind, its table, the column of its id, and a row; what is not named in a row may be left out. */
const KINDS: Record<Kind, { of: SQLiteTable; id: string; row: Values }> = {
  school: { of: table.schools, id: "id", row: {} },
  automation: {
    of: table.automations,
    id: "id",
    row: { name: "A", description: "", active: 1, definition: "{}", version: 1, revision: 1, activeSince: 5 },
  },
  profile_field: { of: table.profileFields, id: "key", row: { name: "F", type: "text", choices: null } },
  segment: { of: table.segments, id: "id", row: { name: "S", managed: 1 } },
  segment_rule: { of: table.segmentRules, id: "id", row: { segment: "s", match: "all", where: "[]" } },
  segment_sync: {
    of: table.segmentSyncs,
    id: "id",
    row: { name: "S", active: 1, segment: "s", course: "c", role: "student", group: null, onLeave: "unenrol" },
  },
  auto_group: { of: table.autoGroups, id: "id", row: { course: "c", field: "f", active: 1 } },
  bundle: { of: table.products, id: "id", row: { type: "bundle", courses: "[]", told: "{}" } },
  subscription: { of: table.products, id: "id", row: { type: "subscription", courses: "[]", told: "{}" } },
  seat: { of: table.products, id: "id", row: { type: "seat", courses: "[]", told: "{}" } },
  course: { of: table.products, id: "id", row: { type: "course", startsAt: "2026-01-01", told: "{}" } },
  course_id: { of: table.productIds, id: "theirs", row: { type: "course", ours: "7" } },
};

/** A value that a column does not have yet, and may have. */
const OTHERS: Values = { mode: "test", type: "number", match: "any", onLeave: "suspend", settings: "{ }" };

// Others list all schools, and not every value tried here can be read.
const made: string[] = [];
afterEach(async () => {
  for (const id of made.splice(0)) await env.DB.prepare("delete from schools where id = ?").bind(id).run();
});

describe.each(Object.entries(KINDS) as [Kind, (typeof KINDS)[Kind]][])("of a %s", (kind, { of, id: key, row }) => {
  const name = getTableName(of);
  const columns = getTableColumns(of);
  const sqlOf = (property: string) => `"${columns[property as keyof typeof columns]?.name}"`;
  const read = Object.keys(BODIES[kind]().shape);
  const kept = Object.keys(columns).filter((property) => ![key, "school", "stamp", "epoch"].includes(property));

  /** A school with one of these, and the last that was noted down of it. */
  const scene = async () => {
    const school = await bareSchool();
    made.push(school);
    const isSchool = kind === "school";
    const which = isSchool ? "id = ?1" : `school = ?1 and ${sqlOf(key)} = 'x'`;
    const run = (sql: string, ...more: unknown[]) =>
      env.DB.prepare(sql)
        .bind(school, ...more)
        .run();
    const move = () => run("update schools set stamp = stamp + 1 where id = ?1");
    if (!isSchool) {
      await move();
      const given: Values = { ...row, ...("createdAt" in columns ? { createdAt: 0 } : {}) };
      if ("updatedAt" in columns) given.updatedAt = 0;
      const names = Object.keys(given);
      await run(
        `insert into ${name} (school, ${[key, ...names].map(sqlOf).join()})
         values (?1, 'x', ${names.map((_, index) => `?${index + 2}`).join()})`,
        ...Object.values(given),
      );
    }
    const last = async () =>
      env.DB.prepare("select stamp, id, body from school_history where school = ? and kind = ? order by stamp desc")
        .bind(school, kind)
        .first<{ stamp: number; id: string; body: string | null }>();
    const now = async () =>
      (await env.DB.prepare(
        `select ${read.map((one) => `${sqlOf(one)} as "${one}"`).join()} from ${name} where ${which}`,
      )
        .bind(school)
        .first<Values>()) ?? {};
    return { run, move, last, now, which };
  };

  test("it is noted down that it was not there", async () => {
    const { last } = await scene();
    expect(await last()).toEqual({ stamp: kind === "school" ? 1 : 2, id: kind === "school" ? "" : "x", body: null });
  });

  test.each(kept)("a change of %s is noted down where the world reads it, with what stood there", async (property) => {
    const { run, move, last, now, which } = await scene();
    const [first, before] = [await last(), await now()];
    await move();
    const change = () => run(`update ${name} set ${sqlOf(property)} = ?2 where ${which}`, OTHERS[property] ?? 7);
    await change();
    const noted = await last();
    if (!read.includes(property)) return expect(noted).toEqual(first);
    expect(noted?.stamp).toBe((first?.stamp ?? 0) + 1);
    expect(JSON.parse(noted?.body ?? "")).toEqual(before);
    expect(BODIES[kind]().safeParse(before).success).toBe(true);
    // What the stamp began with counts, not what came between.
    await run(`update ${name} set ${sqlOf(property)} = ?2 where ${which}`, row[property] ?? 8);
    expect(await last()).toEqual(noted);
    await move();
    await run(`update ${name} set ${sqlOf(property)} = ${sqlOf(property)} where ${which}`);
    expect(await last()).toEqual(noted);
  });

  // A school takes its history along.
  if (kind === "school") return;

  test("it is noted down what went", async () => {
    const { run, move, last, now, which } = await scene();
    const before = await now();
    await move();
    await run(`delete from ${name} where ${which}`);
    expect(JSON.parse((await last())?.body ?? "")).toEqual(before);
  });
});

test("ids are put in the order in which D1 has them", async () => {
  const ids = ["b", "a", "aa", "", "😀", "ﬀ", "é", "Z", "\uffff", "𐀀a"];
  const { results } = await env.DB.prepare("select value from json_each(?) order by value")
    .bind(JSON.stringify(ids))
    .all<{ value: string }>();
  expect(ids.toSorted(compareAsD1)).toEqual(results.map(({ value }) => value));
});
