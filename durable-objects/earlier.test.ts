import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { newState } from "../src/engine/step";
import { everythingOf, heldBy, liveSchool, stubOf } from "../test/workers/live";
import { emptyPacked } from "./packed/packed";
import { slicesOf } from "./store/slices";

const { school } = liveSchool("live");

test("what an earlier release has stored lies in rows that the platform takes, however much it is", async () => {
  await runInDurableObject(stubOf(school.id, "anna"), (_, { storage: { sql } }) => {
    sql.exec("create table state (slot integer primary key, body text not null)");
    sql.exec("create table migrations (n integer)");
    const state = newState("anna", 1);
    state.learner.pastTags = Array.from({ length: 20_000 }, (_, n) => "ж".repeat(90) + n);
    const packed = { ...emptyPacked("live", 1), v: 0, deliveries: {}, runs: {}, state };
    for (const [slot, body] of slicesOf(JSON.stringify(packed)).entries())
      sql.exec("insert into state (slot, body) values (?, ?)", slot, body);
  });
  await evictDurableObject(stubOf(school.id, "anna"));
  const held = await everythingOf(school.id, "anna");
  expect(held?.beginning?.state?.learner.pastTags).toHaveLength(20_000);
  expect(held?.beginning?.state).toEqual(held?.state.state);
  const { tables } = await heldBy(school.id, "anna");
  for (const row of Object.values(tables).flat() as { body?: string }[])
    expect(row.body?.length ?? 0).toBeLessThanOrEqual(500_000);
});
