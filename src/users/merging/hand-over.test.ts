import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { consume, env, everythingOf, flushLog, heldBy, liveSchool, setNow, stubOf } from "../../../test/workers/live";
import { handedName } from "../../calls/shape";
import { loadSchool } from "../../world/snapshot";
import { retell } from "../past/past";

const { school, queues } = liveSchool("live");

const merge = async (id: string, from: string) => (await school.ask("POST", `/v1/users/${id}/merge`, { from })).status;
const user = async (id: string) => (await school.ask("GET", `/v1/users/${id}`)).body;
const runsOf = async (id: string) => (await school.ask("GET", `/v1/runs?user=${id}`)).body.data;
const factsOf = async (id: string): Promise<string[]> =>
  (await school.ask("GET", `/v1/users/${id}/timeline`)).body.data.flatMap(
    (one: { kind: string; type: string; quiet?: true }) => (one.kind === "fact" && !one.quiet ? [one.type] : []),
  );

/** What a merge consists of, each done as the next call would find it after a crash. */
async function parts(to: string, from: string): Promise<(() => Promise<unknown>)[]> {
  const { object: source } = await school.object(from);
  const { object: target, reference } = await school.object(to);
  const given = async () => {
    const held = await source.handOver(to);
    if (!held) throw new Error("nothing to give");
    return { held: held.lead, name: handedName(from, held.lead) };
  };
  return [
    () => source.handOver(to),
    async () => target.takeOver(reference, (await given()).held, from),
    async () => {
      const { name } = await given();
      await target.takeEntries(name, (await source.journal({})).items, 0);
    },
    async () => {
      const { name } = await given();
      await target.takeEnded(reference, name, (await source.ended({ newestFirst: true })).items);
    },
    () => source.erase(to),
  ];
}

beforeEach(async () => {
  await school.automation({
    when: [{ type: "tag.added", tags: ["of anna", "of old"], match: "any" }],
    then: [
      { type: "email.user", subject: "Hi", body: "Hi" },
      { type: "wait", for: "P1D" },
    ],
    synchronous: true,
  });
  for (const id of ["anna", "old"]) {
    await school.event("tag.added", { id, email: `${id}@acme.com` }, { tag: `of ${id}` }, `e-${id}`);
    await school.event("nps.submitted", id, { score: 9 });
  }
  await flushLog(school.id, "anna", "old");
});

/** Both are one, with each thing of both once. */
async function expectWhole(id = "anna"): Promise<void> {
  await flushLog(school.id, "anna", "old", "last");
  expect((await user(id)).tags.sort()).toEqual(["of anna", "of old"]);
  expect(await factsOf(id)).toEqual(["tag.added", "nps.submitted", "tag.added", "nps.submitted"]);
  const runs = await runsOf(id);
  expect(runs.map(({ status }: { status: string }) => status)).toEqual(["waiting", "waiting"]);
  for (const run of runs) expect((await school.ask("GET", `/v1/runs/${run.id}`)).body).toMatchObject({ user_id: id });
  const { body } = await school.ask("GET", `/v1/deliveries?user=${id}`);
  expect(body.data).toHaveLength(2);
  const { run_count, waiting_count } = (await school.ask("GET", "/v1/automations")).body.data[0];
  expect([run_count, waiting_count]).toEqual([2, 2]);
  for (const other of ["e-anna", "e-old"]) {
    const of = other.slice(2);
    const event = { type: "tag.added", user: { id: of, email: `${of}@acme.com` }, data: { tag: `of ${of}` } };
    expect((await school.ask("POST", "/v1/events", { id: other, ...event })).body).toMatchObject({
      duplicate: true,
      user: { id },
    });
  }
  const { results } = await env.DB.prepare("select id from users where school = ?").bind(school.id).all();
  expect(results).toEqual([{ id }]);
}

describe.each([1, 2, 3, 4, 5])("a merge that was cut off after %i of its parts", (many) => {
  beforeEach(async () => {
    for (const part of (await parts("anna", "old")).slice(0, many)) await part();
  });

  test("is finished by the same request", async () => {
    expect(await merge("anna", "old")).toBe(200);
    await expectWhole();
  });

  test("shows the other no more, and takes what comes for it", async () => {
    expect((await school.ask("GET", "/v1/users/old")).status).toBe(404);
    expect((await school.event("user.signed_in", "old")).user.id).toBe("anna");
    expect((await school.ask("PUT", "/v1/users/old", { username: "A" })).body).toMatchObject({ id: "anna" });
  });

  test("leaves nothing of either where the target is deleted", async () => {
    expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
    if (many === 1) expect(await merge("anna", "old")).toBe(404);
    for (const id of ["anna", "old"]) {
      const { tables } = await heldBy(school.id, id);
      // Nobody has taken it who is gone: it is as before.
      if (id === "anna" || many > 1) expect(tables.state ?? []).toEqual([]);
    }
    expect((await school.event("user.signed_in", "old")).user.id).toBe("old");
  });

  test("comes to the target's target with it", async () => {
    await school.event("user.signed_in", "last");
    const { object } = await school.object("last");
    expect(await merge("last", "anna")).toBe(200);
    if (many === 1) await school.event("user.signed_in", "old");
    expect((await object.state())?.learner.tags.toSorted()).toEqual(["of anna", "of old"]);
    expect((await runsOf("last")).length).toBe(2);
    expect((await factsOf("last")).filter((type) => type === "tag.added")).toHaveLength(2);
    expect((await school.event("tag.added", "old", { tag: "late" })).user.id).toBe("last");
  });
});

test("a merge that was cut off is finished by the alarm of the other, if nothing comes", async () => {
  for (const part of (await parts("anna", "old")).slice(0, 2)) await part();
  setNow(Date.now() + 61_000);
  expect(await school.ring("old")).toBe(true);
  await consume(
    "schoolbell-actions",
    queues.actions.filter(({ kind }) => kind === "lead"),
  );
  expect((await heldBy(school.id, "old")).tables.state).toBeUndefined();
  await expectWhole();
});

test("every part of a merge can be done twice, and the whole again", async () => {
  const all = await parts("anna", "old");
  for (const part of all.slice(0, 4)) {
    await part();
    await part();
  }
  await merge("anna", "old");
  await merge("anna", "old");
  await expectWhole();
});

test("two merges the other way round end with one user, or both as they were", async () => {
  const statuses = await Promise.all([merge("anna", "old"), merge("old", "anna")]);
  expect(statuses.filter((status) => status === 200).length).toBeLessThan(2);
  const left = [];
  for (const id of ["anna", "old"]) if ((await school.ask("GET", `/v1/users/${id}`)).status === 200) left.push(id);
  expect(left.length).toBe(statuses.includes(200) ? 1 : 2);
});

test("deliveries that are under way are settled with the target, and sent once", async () => {
  const { object: source, reference } = await school.object("old");
  const [delivery] = await source.ownDeliveries({ newestFirst: false, limit: 1 });
  if (!delivery) throw new Error("no delivery");
  const { object: target } = await school.object("anna");
  await merge("anna", "old");
  expect((await source.settle(reference, delivery.id, { ok: true })).isKnown).toBe(false);
  expect(await source.holder()).toEqual({ user: "anna", holdsLead: false });
  expect((await target.settle(reference, delivery.id, { ok: true })).isKnown).toBe(delivery.status === "queued");
});

test("the target's past folds to what it is, with the other's state as it came", async () => {
  await merge("anna", "old");
  await school.event("tag.added", "anna", { tag: "after" });
  const found = await loadSchool(env, school.id);
  if (!found) throw new Error("no school");
  let state: unknown;
  await retell(
    env,
    found,
    "anna",
    (world) => world,
    (_, outcome) => {
      state = structuredClone(outcome.state);
    },
  );
  const { object } = await school.object("anna");
  expect(state).toEqual(await object.state());
});

test("one who comes late to finish a merge erases nobody who has the id since", async () => {
  const late = (await parts("anna", "old"))[4];
  await merge("anna", "old");
  expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
  await school.event("user.signed_in", "old");
  await late?.();
  expect((await user("old")).id).toBe("old");
});

test("nothing is left in the other's object but whose it is and hashes of its events", async () => {
  await merge("anna", "old");
  const { tables } = await heldBy(school.id, "old");
  expect(Object.keys(tables).sort()).toEqual(["erased_ids", "holders"]);
  expect(JSON.stringify(tables)).not.toContain("acme");
  await runInDurableObject(stubOf(school.id, "old"), (instance) => instance);
  expect(await everythingOf(school.id, "old")).toBeNull();
});
