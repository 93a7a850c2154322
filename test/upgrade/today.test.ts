import { evictDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { openPacked } from "../../durable-objects/packed/upgrades";
import { referenceOf, userObject } from "../../src/calls/reaching/stub";
import { checkDefinition } from "../../src/catalogue/checking/check";
import { loadSchool } from "../../src/world/snapshot";
import { call, env, everythingOf, holdQueues, setNow, stubOf } from "../workers/live";
import { eventTypes, exampleEvent, fill } from "./fill";
import { type Everything, keysOf, missing } from "./keys";
import { LEAD, lay, releases } from "./open";
import type { Release } from "./release";

/*
 * What today's code takes for granted is there in what every release has stored: nothing here names a key or an event,
 * all of them are today's own. A failure wants an upgrade: durable-objects/packed/upgrades.ts, src/world/upgrades.ts.
 */

interface EventRow {
  id: string;
  facts: string;
}

function tablesOf(release: Release, user: string): Record<string, unknown[]> {
  const held = release.objects[user];
  if (!held) throw new Error(`nothing of ${user}`);
  return held.tables;
}

const everything = async (school: string, user: string): Promise<Everything> => {
  const held = await everythingOf(school, user);
  if (!held) throw new Error(`nothing of ${user}`);
  const { state, journal, ended } = held;
  return { packed: state, journal, ended };
};

describe.each(releases)("what release %s stored", (_, release) => {
  const { school, key, seen } = release;

  beforeEach(async () => {
    setNow(release.at + 1_000);
    holdQueues();
    await lay(release);
  });

  const get = async (path: string) => (await call("GET", path, undefined, key)).body;

  test("has every key that is new since, of every record", async () => {
    const today = await fill("today");
    const keys = keysOf(await Promise.all(Object.keys(today.seen.users).map((user) => everything(today.school, user))));
    for (const user of Object.keys(seen.users)) {
      const held = await everything(school, user);
      expect([user, missing(held, keys)]).toEqual([user, []]);
      const { state } = (await everythingOf(school, user))?.beginning ?? {};
      expect([user, missing({ ...held, packed: { ...held.packed, state } }, keys)]).toEqual([user, []]);
    }
  });

  test("is brought up to the same by upgrades that come once more", async () => {
    for (const user of Object.keys(seen.users)) {
      const { packed } = await everything(school, user);
      expect(openPacked({ ...structuredClone(packed), v: 0 })).toEqual(packed);
    }
  });

  /** Has everything happen to a user that can happen today. */
  async function liveOn(user: string): Promise<void> {
    for (const type of eventTypes()) {
      const { status, body } = await call("POST", "/v1/events", await exampleEvent(school, user, type), key);
      expect([type, status, body]).toEqual([type, 200, expect.objectContaining({ duplicate: false })]);
    }
    await evictDurableObject(stubOf(school, user));
    for (const path of [`/v1/users/${user}`, `/v1/users/${user}/timeline`, `/v1/users/${user}/export`]) {
      expect((await call("GET", path, undefined, key)).status).toBe(200);
    }
  }

  test.each(Object.keys(seen.users).filter((user) => user !== LEAD))("takes every event of today: %s", liveOn);

  test("takes every event of today as a user who was a lead, handed over by an object of then", async () => {
    // As the release's own SQLite gave them.
    const { state, events } = tablesOf(release, LEAD) as { state: { body: string }[]; events: EventRow[] };
    const journal = events.map(({ id, facts, ...row }) => ({ ...row, eventId: id, facts: JSON.parse(facts) }));
    const found = await loadSchool(env, school);
    if (!found || !state[0]) throw new Error("nothing of the lead");
    const eve = userObject(env, found, "eve");
    // As the release's object hands it over: what it is called today is for the upgrades to say.
    const lead = { packed: JSON.parse(state[0].body), journal } as unknown as Parameters<typeof eve.takeOver>[1];
    await eve.takeOver(referenceOf(found), lead, LEAD);
    await liveOn("eve");
  });

  test("reads the definitions of automations by every option that there is today", async () => {
    const options = Object.keys(checkDefinition({ when: [], then: [] }).definition);
    const automations: Record<string, unknown>[] = (await get("/v1/automations")).data;
    expect(automations.length).toBeGreaterThan(1);
    for (const { id } of automations)
      expect(Object.keys(await get(`/v1/automations/${id}`))).toEqual(expect.arrayContaining(options));
  });
});
