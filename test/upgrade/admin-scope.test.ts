import { env as bindings } from "cloudflare:workers";
import { expect, test } from "vitest";
import { call, env, makeSchool } from "../workers/live";

/* The scope admin came with the migration 0004: whose key had it before there was such a thing? */

interface Key {
  id: string;
  key: string;
}

const makeKey = async (by: string, name: string, scopes: string[]): Promise<Key> =>
  (await call("POST", "/v1/api-keys", { name, scopes }, by)).body;

/** Puts the keys of schools back to how they were before the migration, and does what of it is no layout. */
async function upgrade(...schools: string[]): Promise<void> {
  const migration = bindings.TEST_MIGRATIONS.find(({ name }) => name.includes("admin_scope"));
  const updates = migration?.queries.filter((query) => /^(?:--.*\n|\s)*update/i.test(query)) ?? [];
  expect(updates).toHaveLength(1);
  for (const school of schools)
    await env.DB.prepare("update api_keys set admin = 0 where school = ?").bind(school).run();
  for (const update of updates) await env.DB.prepare(update).run();
}

const admins = async (school: string): Promise<string[]> => {
  const { results } = await env.DB.prepare("select name from api_keys where school = ? and admin = 1 order by id")
    .bind(school)
    .all<{ name: string }>();
  return results.map(({ name }) => name);
};

test("the key made with its school gains it, and none that was made since", async () => {
  const school = await makeSchool();
  await makeKey(school.key, "First key", ["events", "read", "write"]);
  await makeKey(school.key, "Narrow", ["write"]);
  await upgrade(school.id);
  expect(await admins(school.id)).toEqual(["First key"]);
  expect((await call("POST", "/v1/signing-secret", undefined, school.key)).status).toBe(201);
});

test("where that key was deleted, none gains it, whatever its name", async () => {
  const school = await makeSchool();
  const made = await makeKey(school.key, "First key", ["events", "read", "write"]);
  await env.DB.prepare("delete from api_keys where school = ? and id <> ?").bind(school.id, made.id).run();
  await upgrade(school.id);
  expect(await admins(school.id)).toEqual([]);
  // Nor where the audit log is no help.
  await env.DB.prepare("delete from audit where school = ?").bind(school.id).run();
  await env.DB.prepare("update schools set created_at = created_at - 60001 where id = ?").bind(school.id).run();
  await upgrade(school.id);
  expect(await admins(school.id)).toEqual([]);
});
