import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { userObject } from "../../src/calls/reaching/stub";
import { eventOf, events } from "../../src/catalogue";
import { exampleData } from "../../src/engine/trying/example";
import { consume, env, flushLog, heldBy, holdQueues, makeSchool, setNow, stubOf } from "../workers/live";
import type { Release, Row } from "./release";

/** Ahead of the runtime's own clock, so that no alarm rings but when told. */
const BEGIN = Date.UTC(2031, 1, 3, 9);
const FILLER = "x".repeat(9_000);

const letter = { type: "email.user", subject: "Hello {{ user.username }}", body: "Hello" };

/** A type of each event card, as they stand in the catalogue: what undoes comes after what does. */
export const eventTypes = (): string[] => [...events.keys()].map((type) => type.replace("<name>", "example"));

/** An event of a type as it is sent today, about what the user has where there is such a thing. */
export async function exampleEvent(school: string, user: string, type: string) {
  const event = eventOf(type);
  const state = await userObject(env, { id: school, epoch: 1 }, user).state();
  if (!event || !state) throw new Error(`no ${type} for ${user}`);
  return { type, user: { id: user }, data: exampleData(event, state.learner, Date.now()) };
}

/** Lives through a small school with something of everything, and answers with all that is then stored. */
export async function fill(name: string): Promise<Release> {
  setNow(BEGIN);
  const queues = holdQueues();
  const school = await makeSchool();
  await school.automation({
    name: "Welcome",
    when: [{ type: "user.signed_in" }],
    then: [letter, { type: "wait", for: "PT10M" }, { type: "tags.add", tags: ["late"] }],
  });
  await school.automation({
    name: "At once",
    synchronous: true,
    when: [{ type: "custom", name: "ping" }],
    then: [
      { type: "tags.add", tags: ["pinged"] },
      { type: "message.user", body: "Pong" },
    ],
  });
  const copies: Release["seen"]["copies"] = [];
  const send = async (event: Record<string, unknown>) => {
    const { status, body } = await school.ask("POST", "/v1/events", { data: {}, ...event });
    if (status !== 200) throw new Error(JSON.stringify(body));
    if (event.id !== undefined) copies.push({ event: { data: {}, ...event }, answer: body });
  };
  const users = ["anna", "ben"];
  for (const id of users) {
    const fields = id === "ben" ? { filler: FILLER, more: FILLER } : { department: "Sales" };
    const user = { id, email: `${id}@acme.com`, username: id, fields, push_tokens: [`token-${id}`] };
    await send({ id: `${id}-signed-in`, type: "user.signed_in", user });
    await send({ type: "tag.added", user: { id }, data: { tag: "vip" } });
    await send({ type: "course.enrolled", user: { id }, data: { course: "js-101" } });
    await school.ring(id);
    await flushLog(school.id, id);
    // Of this D1 has not heard.
    await send({ id: `${id}-ping`, type: "custom.ping", user: { id } });
  }
  // So many that the journal has rows of its own.
  for (let n = 0; n < 16; n++) await send({ type: "custom.note", user: { id: "ben" }, data: { n } });
  // One to whom everything has happened, what undoes before what does.
  await send({ type: "custom.ping", user: { id: "dora", email: "dora@acme.com" } });
  for (const type of eventTypes().toReversed()) await send(await exampleEvent(school.id, "dora", type));
  await send({ id: "carl-ping", type: "custom.ping", user: { id: "carl", email: "carl@acme.com" } });
  await school.ask("DELETE", "/v1/users/carl");
  const lead = "lead:eve@acme.com";
  await send({ id: "eve-form", type: "form.submitted", user: { email: "eve@acme.com" }, data: { form: "demo" } });
  await flushLog(school.id, lead);
  await consume(
    "schoolbell-actions",
    queues.actions.filter((one) => one.kind === "wake"),
  );
  // So many runs of which D1 has not heard that they have a row of their own.
  for (let n = 0; n < 5; n++) await send({ id: `dora-${n}`, type: "custom.ping", user: { id: "dora" } });

  const get = async (path: string) => (await school.ask("GET", path)).body;
  const seen: Release["seen"] = { copies, users: {}, timelines: {} };
  for (const id of [...users, "dora", lead]) {
    seen.users[id] = await get(`/v1/users/${id}`);
    seen.timelines[id] = (await get(`/v1/users/${id}/timeline?limit=100`)).data;
  }
  const objects: Release["objects"] = {};
  for (const id of [...users, "dora", lead, "carl"]) {
    await evictDurableObject(stubOf(school.id, id));
    objects[id] = { ...(await heldBy(school.id, id)), schema: await schemaOfObject(school.id, id) };
  }
  const actions = queues.actions.filter((one) => one.kind === "deliver");
  return { name, at: BEGIN, school: school.id, key: school.key, d1: await dump(school.id), objects, actions, seen };
}

/** Tables that no user needs. */
const NOT_READ = [
  "attempts",
  "audit",
  "deleted_schools",
  "evidence_keys",
  "guards",
  "kept_keys",
  "key_words",
  "platform_jobs",
  "readers",
  "sessions",
];
const IS_OURS = "name not like 'sqlite~_%' escape '~' and name not like '~_cf~_%' escape '~'";

const schemaOfObject = (school: string, user: string): Promise<string[]> =>
  runInDurableObject(stubOf(school, user), (_, { storage }) =>
    storage.sql
      .exec<{ sql: string }>(`select sql from sqlite_master where sql is not null and ${IS_OURS}`)
      .toArray()
      .map(({ sql }) => sql),
  );

/** How D1 is laid out. */
export async function schemaOf(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      `select sql from sqlite_master where sql is not null and name <> 'd1_migrations' and ${IS_OURS} order by name`,
    )
    .all<{ sql: string }>();
  return results.map(({ sql }) => sql.replaceAll(/\s+/g, " "));
}

async function dump(school: string): Promise<Release["d1"]> {
  const { results: tables } = await env.DB.prepare(
    `select name from sqlite_master where type = 'table' and name <> 'd1_migrations' and ${IS_OURS} order by name`,
  ).all<{ name: string }>();
  const rows: Record<string, Row[]> = {};
  for (const { name } of tables) {
    const column = name === "schools" ? "id" : "school";
    if (NOT_READ.includes(name)) continue;
    const { results } = await env.DB.prepare(`select * from ${name} where ${column} = ?`).bind(school).all<Row>();
    if (results.length) rows[name] = results;
  }
  const { results: applied } = await env.DB.prepare("select name from d1_migrations order by id").all<{
    name: string;
  }>();
  return { migrations: applied.map(({ name }) => name), schema: await schemaOf(env.DB), rows };
}
