import { expect, test, vi } from "vitest";
import { env, liveSchool } from "../../test/workers/live";
import { meterOfD1 } from "../../test/workers/metered";
import { settleFailures } from "./failures";

const { school } = liveSchool("test");

const automations = (ids: readonly string[], active: boolean) =>
  env.DB.prepare(
    `insert into automations (school, id, name, description, active, active_since, definition, version, revision, created_at, updated_at)
     select ?1, value, value, '', ?3, 0, '{"when":[],"then":[]}', 1, 1, 0, 0 from json_each(?2)`,
  )
    .bind(school.id, JSON.stringify(ids), active ? 1 : 0)
    .run();

/** Deliveries of an automation that have just failed. */
const failing = (automation: string, count: number, logged = Date.now()) =>
  env.DB.prepare(
    `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts,
       idempotency_key, created_at, logged_at, seq)
     select ?1, 'dlv_' || ?2 || value, 'run_1', ?2, 's1', 'anna', 'webhook', 'failed', '[]', '{}', '[]',
       ?2 || value, ?4, ?4, 1 from json_each(?3)`,
  )
    .bind(school.id, automation, JSON.stringify(Array.from({ length: count }, (_, n) => n)), logged)
    .run();

const active = async () =>
  (
    await env.DB.prepare("select count(*) as n from automations where school = ? and active = 1")
      .bind(school.id)
      .first<{ n: number }>()
  )?.n;

async function rowsOf(): Promise<number> {
  const meter = meterOfD1();
  await settleFailures(env, school.id);
  vi.restoreAllMocks();
  return meter.rowsRead;
}

test("of thousands of automations those are looked at of which something failed", async () => {
  await automations(
    Array.from({ length: 2_000 }, (_, n) => `aut_${n}`),
    true,
  );
  expect(await rowsOf()).toBeLessThanOrEqual(20);
  await failing("aut_7", 25);
  await failing("aut_8", 19);
  // Of long ago, and of one that is off.
  await failing("aut_9", 25, Date.now() - 86_400_000);
  await automations(["aut_off"], false);
  await failing("aut_off", 25);
  expect(await rowsOf()).toBeLessThan(300);
  expect(await active()).toBe(1_999);
  const { results } = await env.DB.prepare(
    "select id, stopped_by from automations where school = ? and active = 0 order by id",
  )
    .bind(school.id)
    .all();
  expect(results).toEqual([
    { id: "aut_7", stopped_by: "failures" },
    { id: "aut_off", stopped_by: null },
  ]);
});
