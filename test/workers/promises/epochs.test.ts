import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { UserObject } from "../../../durable-objects/doors";
import type { ActionMessage } from "../../../src/calls/messages";
import { clearSchools, ID_KEPT_MS } from "../../../src/schools/life/clear";
import {
  call,
  consume,
  env,
  type HeldQueues,
  holdQueues,
  makeSchool,
  PLATFORM,
  type QueueName,
  setNow,
  type TestSchool,
} from "../live";
import { randomOf, seedsOr, shuffled, tell } from "./figures";
import { rowsOf } from "./rows";

/*
 * A school is deleted while events flow, and whatever becomes of the messages about it, lost, doubled or late, nothing
 * is left of it. Its id is not given for 30 days; the school then made of it sees nothing of the former one.
 */

const DAY_MS = 86_400_000;
const USERS = Array.from({ length: 8 }, (_, n) => `u${n}`);
/** Of these the directory never hears. What one of them finds out by its alarm the other is told as it tells its log. */
const HIDDEN = ["hidden-waking", "hidden-telling"];
const EVENTS = 3;
const LOST = 0.3;
const DOUBLED = 0.3;
const MARK = "of-the-former";

const objectOf = (school: string, user: string, epoch = 1) =>
  bindings.USERS.get(bindings.USERS.idFromName(JSON.stringify(epoch === 1 ? [school, user] : [school, user, epoch])));

/** How many rows and alarms an object holds. */
const heldIn = (school: string, user: string, epoch = 1): Promise<number> =>
  runInDurableObject(objectOf(school, user, epoch), async (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>("select name from sqlite_master where type = 'table'").toArray();
    const rows = tables.flatMap(({ name }) =>
      name.startsWith("_cf_") ? [] : storage.sql.exec(`select 1 from "${name}"`).toArray(),
    );
    return rows.length + ((await storage.getAlarm()) === null ? 0 : 1);
  });

const queueOf = ({ kind }: ActionMessage): QueueName =>
  kind === "deliver"
    ? "schoolbell-deliveries"
    : kind === "job" || kind === "clear_school"
      ? "schoolbell-jobs"
      : "schoolbell-actions";

/** Gives what was sent to the queues to their consumers, in any order; some of it never, some twice. */
async function pass(queues: HeldQueues, random: () => number): Promise<number> {
  const taken: { queue: QueueName; body: unknown }[] = [
    ...queues.actions.splice(0).map((body) => ({ queue: queueOf(body), body })),
    ...queues.slow.splice(0).map((body) => ({ queue: "schoolbell-deliveries-slow" as const, body })),
    ...queues.log.splice(0).map((body) => ({ queue: "schoolbell-log" as const, body })),
  ];
  for (const { queue, body } of shuffled(taken, random)) {
    if (random() < LOST) continue;
    await consume(queue, random() < DOUBLED ? [body, body] : [body]);
  }
  return taken.length;
}

async function filled(id: string): Promise<TestSchool> {
  const school = await makeSchool("live", {}, { id });
  await school.automation({
    name: MARK,
    when: [{ type: "custom", name: "step" }],
    then: [
      { type: "tags.add", tags: [MARK] },
      { type: "email.user", subject: MARK, body: MARK },
      { type: "wait", for: "PT10M" },
      { type: "tags.add", tags: [`${MARK}-late`] },
    ],
  });
  await school.ask("POST", "/v1/segments", { id: MARK, name: MARK, managed: true });
  await school.ask("POST", "/v1/profile-fields", { key: "former", name: MARK, type: "text" });
  return school;
}

const LISTS = ["users", "runs", "deliveries", "automations", "segments", "profile-fields", "segment-rules", "jobs"];

test.for(seedsOr([1, 2]))(
  "a school deleted while events flow leaves nothing, and the next of its id sees nothing of it: seed %i",
  async (seed, context) => {
    const random = randomOf(seed);
    const queues = holdQueues();
    const id = `flow-${crypto.randomUUID()}`;
    const former = await filled(id);
    let answered = 0;
    const send = (user: string, n: number) => async () => {
      const body = { id: `e-${n}`, type: "custom.step", user: { id: user, email: `${user}@${MARK}.com` }, data: { n } };
      const { status } = await former.ask("POST", "/v1/events", body);
      expect([200, 401, 403, 404]).toContain(status);
      if (status === 200) answered++;
    };
    const events = shuffled(
      USERS.flatMap((user) => Array.from({ length: EVENTS }, (_, n) => send(user, n))),
      random,
    );
    const some = Math.floor(random() * events.length);
    // Some are done, with what they lead to; the others are under way as the school goes.
    for (const event of events.slice(0, some)) await event();
    await pass(queues, random);
    for (const user of HIDDEN) await former.event("custom.step", { id: user, email: `${user}@${MARK}.com` });
    queues.log.splice(0);
    const { reference } = await former.object("u0");
    const remove = () => call("DELETE", `/v1/schools/${id}`, undefined, PLATFORM);
    const underWay = events.slice(some);
    const at = Math.floor(random() * underWay.length);
    const all = underWay.toSpliced(at, 0, async () => expect((await remove()).status).toBe(204));
    await Promise.all(all.map((one) => one()));
    // From an isolate that has not heard of it.
    for (const user of shuffled(USERS, random).slice(0, 3)) {
      const event = { id: "late", hash: null, type: "user.signed_up", data: {}, attributes: {}, at: null };
      await runInDurableObject(objectOf(id, user), async (object: UserObject) => {
        await expect(object.events(reference, [event])).rejects.toThrow("school_is_gone");
      });
    }

    const make = () => call("POST", "/v1/schools", { id, name: "Anew", mode: "live" }, PLATFORM);
    const begun = Date.now();
    for (const days of [0, 1, 5, 12, 20, 29.99]) {
      setNow(begun + days * DAY_MS);
      expect((await make()).status).toBe(409);
      for (let passes = 0; passes < 3 && (await pass(queues, random)); passes++);
      if (days > 0) for (const user of USERS) await runDurableObjectAlarm(objectOf(id, user));
      await clearSchools(env);
    }
    const left = { rows: await rowsOf(id), objects: await Promise.all(USERS.map((user) => heldIn(id, user))) };
    expect(left).toEqual({ rows: {}, objects: USERS.map(() => 0) });

    setNow(begun + ID_KEPT_MS + DAY_MS);
    let key: string | undefined;
    for (let looks = 0; looks < 10 && !key; looks++) {
      await clearSchools(env);
      await pass(queues, () => 0.5);
      ({ api_key: key } = (await make()).body);
    }
    const { body: made } = await call("GET", `/v1/schools/${id}`, undefined, PLATFORM);
    expect(made.name).toBe("Anew");
    const told: string[] = [];
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await call(method, path, body, key);
      told.push(answer.text);
      return answer;
    };
    for (const user of HIDDEN) expect((await ask("GET", `/v1/users/${user}`)).status).toBe(404);
    for (const user of [...HIDDEN, ...USERS]) {
      const event = { id: "e-0", type: "user.signed_in", user: { id: user } };
      expect((await ask("POST", "/v1/events", event)).body).toMatchObject({ duplicate: false, user: { tags: [] } });
    }
    // What is left of the former wakes up at last.
    const [waking = "", telling = ""] = HIDDEN;
    for (const user of HIDDEN) expect(await heldIn(id, user)).toBeGreaterThan(0);
    await runDurableObjectAlarm(objectOf(id, waking));
    const logs = (epoch: number, users: string[]) => users.map((user) => ({ school: id, epoch, user }));
    await consume("schoolbell-log", logs(1, [telling, ...USERS]));
    await consume("schoolbell-jobs", [{ kind: "clear_school", school: id }]);
    await consume("schoolbell-log", logs(2, [...HIDDEN, ...USERS]));
    expect(await Promise.all(HIDDEN.map((user) => heldIn(id, user)))).toEqual([0, 0]);
    for (const list of LISTS) await ask("GET", `/v1/${list}?limit=100`);
    for (const user of [...HIDDEN, ...USERS]) expect((await ask("GET", `/v1/users/${user}/export`)).status).toBe(200);
    const rows = await rowsOf(id);
    expect(rows.schools).toMatchObject([{ name: "Anew", epoch: 2 }]);
    expect(rows.users).toHaveLength(USERS.length + HIDDEN.length);
    expect(JSON.stringify([rows, told])).not.toContain(MARK);
    tell(context, { users: USERS.length, answered, left: 0 });
  },
);
