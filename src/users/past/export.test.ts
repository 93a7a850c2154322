import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { TABLES } from "../../../durable-objects/store/tables";
import { changesOf } from "../../../test/workers/changes";
import { consume, env, flushLog, heldBy, liveSchool, setNow } from "../../../test/workers/live";
import { schoolObject } from "../../calls/reaching/stub";
import { eventOf, events } from "../../catalogue";
import { recordAudit } from "../../db/audit";
import { database } from "../../db/client";
import { HELD } from "../../journal/held/held";

/*
 * A user who has done everything, each text of it a canary of its own. Whatever canary lies anywhere, in the object or
 * in D1, is in the export: so an answer to "what do you hold of me" leaves nothing out.
 */

/** Tables of D1 that hold no user: a new one belongs here, or into HELD. */
const OF_THE_SCHOOL = [
  "api_keys",
  "attempts",
  "auto_groups",
  "automation_marks",
  "automation_versions",
  "automations",
  "bundles",
  "collaborators",
  "completed_by",
  "day_counts",
  "deleted_schools",
  "enrolment_methods",
  "evidence_keys",
  "guards",
  "health_mails",
  "job_chunks",
  "job_ranges",
  "kept_keys",
  "key_words",
  "lms_drift",
  "name_words",
  "origins",
  "platform_jobs",
  "product_ids",
  "products",
  "profile_fields",
  "readers",
  "run_counts",
  "scans",
  "school_ages",
  "school_history",
  "school_problems",
  "school_wakes",
  "schools",
  "segment_counts",
  "segment_rules",
  "segment_syncs",
  "segments",
  "sessions",
  "unmapped",
  "usage",
  "uses",
  "vocabulary",
];
/** Of these, where a canary may lie nevertheless, as a word of the school's: a tag, a course, a bundle's courses. */
const WORDS = ["vocabulary", "products", "name_words", "school_history"];
/** The same of who was erased: which they were in, by a pseudonym. */
const PAST = "past_members";
/** Tables of the object: what the export shows, and what says nothing of anybody (hashes of ids; a version). */
const IN_OBJECT = { shown: ["state", "pieces", "entries", "ended", "beginning", "proofs"], mute: ["erased_ids"] };

const DAY_MS = 86_400_000;

const { school, queues } = liveSchool();
let canaries: string[];
let user: string;
let email: string;
let lead: string;

beforeEach(() => {
  canaries = [];
  user = canary("user");
  email = `${canary("email")}@acme.com`;
  lead = `lead:${email}`;
});

/** A text that is nowhere else, not even in what other tests have left. */
function canary(what: string): string {
  const text = `${what.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}-${crypto.randomUUID().slice(0, 13)}`;
  canaries.push(text);
  return text;
}

async function must(...asked: Parameters<typeof school.ask>) {
  const answered = await school.ask(...asked);
  if (answered.status >= 300) throw new Error(`${asked[1]}: ${answered.status} ${answered.text}`);
  return answered.body;
}

/** Lets everything that was sent to the actions' queue happen. */
async function work(): Promise<void> {
  for (let rounds = 0; queues.actions.length && rounds < 20; rounds++)
    await consume("schoolbell-actions", queues.actions.splice(0));
}

const schemaOf = z.object({
  properties: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string().optional(),
        enum: z.array(z.unknown()).optional(),
        minimum: z.number().optional(),
        pattern: z.string().optional(),
      }),
    )
    .default({}),
});

/** Data of an event with a canary in each text that takes one, and in a text that nobody has declared. */
function dataOf(type: string, schema: z.core.$ZodType): Record<string, unknown> {
  const { properties } = schemaOf.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  const values = Object.entries(properties).map(([name, { type: kind, enum: choices, minimum = 1, pattern }]) => [
    name,
    choices?.[0] ??
      (kind === "boolean" ? true : undefined) ??
      (kind === "number" || kind === "integer" ? Math.max(1, minimum) : undefined) ??
      (kind === "object" ? { [canary(`${type} ${name} key`)]: canary(`${type} ${name}`) } : undefined) ??
      (kind === "array" || name === "courses" ? [canary(`${type} ${name}`)] : undefined) ??
      (name.endsWith("_at") ? "2045-01-01T00:00:00.000Z" : undefined) ??
      (name === "currency" ? "EUR" : undefined) ??
      (pattern === undefined ? canary(`${type} ${name}`) : undefined),
  ]);
  return { ...Object.fromEntries(values), undeclared: canary(`${type} undeclared`) };
}

/** Of everything one: attributes, every event of the catalogue, runs that end and wait, letters sent and on their way. */
async function live(): Promise<void> {
  const attributes = {
    email,
    username: canary("username"),
    source: canary("source"),
    fields: { [canary("field key")]: canary("field") },
    timezone: "Europe/Athens",
    locale: "en-GB",
    push_tokens: [canary("push token")],
  };
  const when = [{ type: "custom", name: "letter" }];
  const words = "{{ event.text }} {{ user.username }}";
  await school.automation({
    when,
    then: [
      { type: "email.user", subject: words, body: words },
      { type: "message.user", body: words },
      { type: "push.user", title: words, body: words },
      { type: "gtm.event", name: "seen", data: { text: words } },
      { type: "wait", for: "P3D" },
    ],
  });
  await school.automation({ when, synchronous: true, then: [{ type: "tags.add", tags: ["vip"] }] });
  await must("PUT", `/v1/users/${user}`, attributes, { "idempotency-key": "put" });
  await must("POST", "/v1/suppressions", { address: email, detail: canary("suppression") });
  for (const [type, event] of events) {
    if (!eventOf(type)) continue;
    const body = { id: canary(`${type} id`), type, user: { id: user }, data: dataOf(type, event.data) };
    await must("POST", "/v1/events", body);
  }
  const left = { course: canary("course that was left") };
  for (const type of ["course.enrolled", "course.unenrolled"])
    await must("POST", "/v1/events", { type, user: { id: user }, data: left });
  const { hook_key } = await must("GET", "/v1/school", undefined);
  const webhook = { type: "userTagAdded", data: { id: user, tags: [canary("tag of LearnWorlds")] } };
  await must("POST", `/hooks/learnworlds/${hook_key}`, webhook);
  const odd = { userId: user, traits: { email: canary("no address") } };
  await must("POST", "/v1/identify", odd);
  const letter = () => ({ type: "custom.letter", user: { id: user }, data: { text: canary("letter") } });
  await must("POST", "/v1/events", letter(), { "idempotency-key": "event" });
  await work();
  await flushLog(school.id, user);
  const stranger = { type: "custom.letter", user: { id: "ben" }, data: { text: "ben's own" } };
  await must("POST", "/v1/events/batch", { events: [letter(), stranger] }, { "idempotency-key": "batch" });
  const line = `id,username,fields.imported\n${user},${canary("imported name")},${canary("imported field")}\n`;
  await must("POST", "/v1/users/import", line, { "content-type": "text/csv" });
  await work();
  await consume("schoolbell-actions-dead", [
    { kind: "wake", school: school.id, user },
    { kind: "wake", school: school.id, user: "ben" },
  ]);
  for (const subject of [user, "ben"])
    await recordAudit(database(env.DB), { school: school.id, who: "admin:mia", what: "user.changed", subject });
  const { job_id: job } = await must("POST", "/v1/users/import", "id\nben\n", { "content-type": "text/csv" });
  const fault = JSON.stringify([
    { user, message: canary("fault of a job") },
    { user: "ben", message: "ben's own" },
  ]);
  await env.DB.prepare("update jobs set errors = ? where id = ?").bind(fault, job).run();
  const part = env.DB.prepare(
    "insert into evidence_parts (school, job, file, user, n, body) values (?, ?, 'people', ?, 0, ?)",
  );
  await part.bind(school.id, job, user, JSON.stringify([[canary("line of a pack")]])).run();
  await part.bind(school.id, job, "ben", JSON.stringify([["ben's own"]])).run();
  await env.DB.prepare("insert into forgettings (school, at, user) values (?, 1, ?)").bind(school.id, user).run();
  await env.DB.prepare("insert into self_enrolments (school, user, method, at) values (?, ?, 'enm_1', 1)")
    .bind(school.id, user)
    .run();
  await env.DB.prepare("insert into roster_records (school, user, record) values (?, ?, ?)")
    .bind(school.id, user, canary("roster record"))
    .run();
  // Of these the letters stay in the outbox, and the log in the object; so many that each table there has rows.
  for (let n = 0; n < 20; n++) await must("POST", "/v1/events", letter());
}

/** All that D1 holds, by table, as text. */
async function dumpOfD1(): Promise<Map<string, string>> {
  const names = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite~_%' escape '~' and name not like '~_cf~_%' escape '~' and name <> 'd1_migrations'",
  ).all<{ name: string }>();
  const tables = names.results.map(async ({ name }): Promise<[string, string]> => {
    const { results } = await env.DB.prepare(`select * from ${name}`).all();
    return [name, JSON.stringify(results)];
  });
  return new Map(await Promise.all(tables));
}

const exportOf = (user: string) => must("GET", `/v1/users/${encodeURIComponent(user)}/export`, undefined);
const among = (text: string) => canaries.filter((one) => text.includes(one));

test("every table of D1 and of the object is known to hold something of a user, or nothing", async () => {
  expect([...(await dumpOfD1()).keys()].sort()).toEqual([...Object.keys(HELD), ...OF_THE_SCHOOL].sort());
  expect(Object.keys(TABLES).sort()).toEqual([...IN_OBJECT.shown, ...IN_OBJECT.mute].sort());
});

describe("the export of a user", () => {
  test("shows every canary that lies in the object or in D1", async () => {
    await live();
    const shown = JSON.stringify(await exportOf(user));
    const { tables } = await heldBy(school.id, user);
    for (const table of IN_OBJECT.shown.filter((one) => one !== "beginning" && one !== "proofs")) {
      const kept = among(JSON.stringify(tables[table]));
      expect(kept, table).not.toEqual([]);
      expect(
        kept.filter((one) => !shown.includes(one)),
        table,
      ).toEqual([]);
    }
    for (const table of IN_OBJECT.mute) expect(among(JSON.stringify(tables[table] ?? [])), table).toEqual([]);
    for (const [table, rows] of await dumpOfD1()) {
      const kept = among(rows);
      if (table in HELD) expect(kept, table).not.toEqual([]);
      else if (!WORDS.includes(table)) expect(kept, table).toEqual([]);
      expect(
        kept.filter((one) => !shown.includes(one)),
        table,
      ).toEqual([]);
    }
    // Of some events nothing is kept, of others not what nobody declared.
    expect(among(shown).length).toBeGreaterThan(canaries.length / 2);
  });

  test("shows where the journal begins, once it was cut", async () => {
    await must("PUT", `/v1/users/${user}`, { username: canary("username") });
    setNow(Date.now() + 91 * DAY_MS);
    await school.ring(user);
    const { beginning, journal } = await exportOf(user);
    expect(among(JSON.stringify(beginning))).toHaveLength(2);
    expect(journal).toEqual([]);
  });

  test("shows what is kept as proof, once the journal was cut", async () => {
    await must("PATCH", "/v1/school", { settings: { evidence_retention_years: 1 } });
    await must("POST", "/v1/events", {
      type: "course.enrolled",
      user: { id: user },
      data: { course: canary("course") },
    });
    setNow(Date.now() + 91 * DAY_MS);
    await school.ring(user);
    const { proofs, journal } = await exportOf(user);
    expect(journal).toEqual([]);
    expect(proofs).toMatchObject([{ what: "enrolled", by: { by: "event" } }]);
    expect(among(JSON.stringify(proofs))).toHaveLength(1);
    setNow(Date.now() + 366 * DAY_MS);
    await school.ring(user);
    expect((await exportOf(user)).proofs).toEqual([]);
  });

  test("shows whole rows of the user's, and nothing of anybody else", async () => {
    await live();
    const { log } = await exportOf(user);
    expect(Object.keys(log).sort()).toEqual(Object.keys(HELD).sort());
    expect(JSON.stringify(log)).not.toContain("ben");
    for (const table of ["runs", "live_runs", "deliveries", "user_marks", "activity"]) {
      const { results } = await env.DB.prepare(`select * from ${table} where school = ? and user = ?`)
        .bind(school.id, user)
        .all();
      expect(log[table], table).toEqual(results);
    }
  });

  test("shows the user's changes in the school's feed, however many, and nobody else's", async () => {
    await must("PUT", `/v1/users/${user}`, {});
    const feed = schoolObject(env, await school.school());
    const own = changesOf(user, 2_500);
    for (let from = 0; from < own.length; from += 500)
      await feed.append([...changesOf("ben", 500), ...own.slice(from, from + 500), ...changesOf(`not "${user}"`, 1)]);
    expect((await exportOf(user)).changes).toEqual(own);
    await must("PUT", "/v1/users/carl", {});
    expect((await exportOf("carl")).changes).toEqual([]);
  });

  test("of a lead shows what is held of the lead", async () => {
    const form = { type: "form.submitted", user: { email }, data: { form: "demo", text: canary("form") } };
    await must("POST", "/v1/events", form, { "idempotency-key": "form" });
    await flushLog(school.id, lead);
    const { log, journal } = await exportOf(lead);
    expect(log).toMatchObject({ users: [{ id: lead }], idempotency: [{ status: 200 }] });
    expect(among(JSON.stringify(journal))).toHaveLength(2);
  });

  test("shows what the user was told as a lead, kept answers too", async () => {
    const form = { id: canary("form id"), type: "form.submitted", user: { email }, data: { form: "demo" } };
    await must(
      "POST",
      "/v1/events",
      { ...form, data: { ...form.data, text: canary("form") } },
      { "idempotency-key": "form" },
    );
    await flushLog(school.id, lead);
    await must("POST", "/v1/events", { type: "user.signed_up", user: { id: user, email } });
    const shown = await exportOf(user);
    expect(canaries.filter((one) => !JSON.stringify(shown).includes(one))).toEqual([]);
    expect(shown.log.idempotency).toHaveLength(1);
    expect((await heldBy(school.id, lead)).tables.state ?? []).toEqual([]);
  });
});

test("erasing a user leaves no canary in D1 but the school's words, and others' rows as they were", async () => {
  await live();
  const before = await must("GET", "/v1/users/ben/export", undefined);
  const deleted = await school.ask("DELETE", `/v1/users/${user}`);
  expect(deleted.status).toBe(204);
  for (const [table, rows] of await dumpOfD1()) {
    if (table === PAST) expect(rows).not.toContain(user);
    else if (!WORDS.includes(table)) expect(among(rows), table).toEqual([]);
  }
  expect(among(JSON.stringify(await heldBy(school.id, user)))).toEqual([]);
  const after = await must("GET", "/v1/users/ben/export", undefined);
  // The answer of a batch that told of both is gone with the one.
  expect({ ...after.log, idempotency: null }).toEqual({ ...before.log, idempotency: null });
});
