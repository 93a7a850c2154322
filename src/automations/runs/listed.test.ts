import { afterEach, expect, test } from "vitest";
import { randomOf } from "../../../test/workers/filled";
import { env, liveSchool } from "../../../test/workers/live";
import { channelNames } from "../../catalogue/channels";
import { logOf } from "../../db/log";
import { makeId } from "../../engine/identity";
import { DELIVERY_STATUSES } from "../../engine/types";

/* Lists of the log say what going through all of it would, in both orders, page by page. */

const { school } = liveSchool();

const BEGIN = Date.UTC(2026, 0, 5, 9);
const AUTOMATIONS = ["aut_a", "aut_b", "aut_c"];
const LIVE_STATUSES = ["waiting", "held", "queued"] as const;
const SUBJECTS = ["Welcome", "An offer", ""];

afterEach(async () => {
  const log = await logOf(env, school.id);
  const tables = ["deliveries", "runs", "live_runs"];
  await log.batch(tables.map((table) => log.prepare(`delete from ${table} where school = ?`).bind(school.id)));
});

/** The ids on all pages of a list. */
async function idsOf(path: string, query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const asked = new URLSearchParams({ ...query, ...(cursor ? { cursor } : {}) });
    const { status, body } = await school.ask("GET", `/v1/${path}?${asked}`);
    if (status !== 200) throw new Error(`${path}?${asked}: ${JSON.stringify(body)}`);
    ids.push(...body.data.map((one: { id: string }) => one.id));
    cursor = body.next_cursor;
  }
  return ids;
}

interface Made {
  id: string;
  automation: string;
  channel: string;
  status: string;
  subject: string;
  at: number;
}

async function makeDeliveries(deliveries: readonly Made[]): Promise<void> {
  const log = await logOf(env, school.id);
  await log
    .prepare(
      `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts,
         idempotency_key, created_at, logged_at, seq, unkept)
       select ?1, value ->> 'id', 'run_' || key, value ->> 'automation', 's1', 'u1', value ->> 'channel', value ->> 'status',
         '[]', json_object('subject', value ->> 'subject'), '[]', 'k', value ->> 'at', 0, 1, null from json_each(?2)`,
    )
    .bind(school.id, JSON.stringify(deliveries))
    .run();
}

/** Of one automation by every channel, of others by one or two; `most` is what nearly all come to. */
const randomDeliveries = (pick: <T>(list: readonly T[]) => T, most: (typeof DELIVERY_STATUSES)[number]): Made[] =>
  Array.from({ length: 500 }, (_, n) => {
    const at = BEGIN + 1_000 * Math.floor(n / 3);
    const automation = pick(AUTOMATIONS);
    const mostly =
      automation === "aut_a"
        ? channelNames
        : automation === "aut_b"
          ? (["email"] as const)
          : (["email", "push"] as const);
    return {
      ...{ id: makeId("dlv", at, n, "anna"), automation, channel: pick(mostly), at },
      status: n % 7 ? most : pick(DELIVERY_STATUSES),
      subject: pick(SUBJECTS),
    };
  });

test("deliveries, by their automations, channels, statuses, times and subjects, few of many or nearly all", async () => {
  for (const [seed, most] of (["sent", "captured", "failed"] as const).entries()) {
    const random = randomOf(seed + 1);
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const made = randomDeliveries(pick, most);
    await makeDeliveries(made);
    for (let n = 0; n < 50; n++) {
      const automation = pick([...AUTOMATIONS, "aut_none", undefined, undefined]);
      const channel = random(2) ? undefined : pick(["email" as const, ...channelNames]);
      const status = random(2) ? undefined : pick(["sent" as const, ...DELIVERY_STATUSES]);
      const subject = pick([undefined, undefined, "off", "e"]);
      const from = pick([undefined, BEGIN + 50_000]);
      const to = pick([undefined, BEGIN + 120_000]);
      const order = pick(["asc", "desc"] as const);
      const query = {
        ...{ order, limit: pick(["3", "10", "100"]) },
        ...(automation && { automation }),
        ...(channel && { channel }),
        ...(status && { status }),
        ...(subject && { subject }),
        ...(from && { from: new Date(from).toISOString() }),
        ...(to && { to: new Date(to).toISOString() }),
      };
      const right = made
        .filter((one) => (!automation || one.automation === automation) && (!channel || one.channel === channel))
        .filter((one) => (!status || one.status === status) && (!from || one.at >= from) && (!to || one.at < to))
        .filter((one) => !subject || one.subject.toLowerCase().includes(subject))
        .map(({ id }) => id);
      expect([query, await idsOf("deliveries", query)]).toEqual([query, order === "asc" ? right : right.toReversed()]);
    }
    await (await logOf(env, school.id)).prepare("delete from deliveries where school = ?").bind(school.id).run();
  }
});

test("live runs of an automation that wait, are held or have not begun, among each other", async () => {
  const random = randomOf(7);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const made = Array.from({ length: 300 }, (_, n) => ({
    id: makeId("run", BEGIN + n, n, "anna"),
    automation: pick(AUTOMATIONS),
    // Of one automation nearly all are held.
    status: pick(LIVE_STATUSES),
    at: BEGIN + n,
  })).map((run, n) => (run.automation === "aut_a" && n < 280 ? { ...run, status: "held" } : run));
  await (await logOf(env, school.id))
    .prepare(
      `insert into live_runs (school, id, automation, version, revision, user, status, synchronous, "trigger", started_at,
         steps, logged_at, seq)
       select ?1, value ->> 'id', value ->> 'automation', 1, 1, 'u1', value ->> 'status', 0,
         '{"type":"x","data":{},"at":0,"order":1}', value ->> 'at', '[]', 0, 1 from json_each(?2)`,
    )
    .bind(school.id, JSON.stringify(made))
    .run();
  for (const automation of AUTOMATIONS)
    for (const status of LIVE_STATUSES)
      for (const order of ["asc", "desc"] as const) {
        const query = { automation, status, order, limit: "7" };
        const right = made.filter((run) => run.automation === automation && run.status === status).map(({ id }) => id);
        expect([query, await idsOf("runs", query)]).toEqual([query, order === "asc" ? right : right.toReversed()]);
      }
});

const ENDED_STATUSES = ["completed", "exited", "failed", "cancelled"] as const;

test("runs, ended and live, by their automations, statuses, times and steps, few of many or nearly all", async () => {
  const log = await logOf(env, school.id);
  for (const [seed, most] of (["completed", "exited"] as const).entries()) {
    const random = randomOf(seed + 11);
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const mostLive = most === "completed" ? "waiting" : "held";
    const made = Array.from({ length: 400 }, (_, n) => {
      const isLive = random(3) === 0;
      const status = isLive ? (n % 9 ? mostLive : pick(LIVE_STATUSES)) : n % 9 ? most : pick(ENDED_STATUSES);
      const step = pick(["s1", "s2", "s2", "s2"]);
      return {
        id: makeId("run", BEGIN + n, n, "anna"),
        automation: pick(AUTOMATIONS),
        status,
        isLive,
        step,
        at: BEGIN + n,
      };
    });
    const insert = (table: string, own: string, value: string) =>
      log
        .prepare(
          `insert into ${table} (school, id, automation, version, user, status, synchronous, "trigger", started_at, steps,
             logged_at, seq, ${own})
           select ?1, value ->> 'id', value ->> 'automation', 1, 'u1', value ->> 'status', 0,
             '{"type":"x","data":{},"at":0,"order":1}', value ->> 'at',
             json_array(json_object('step_id', value ->> 'step', 'type', 'exit', 'status', 'done', 'at', 0)), 0, 1, ${value}
           from json_each(?2)`,
        )
        .bind(school.id, JSON.stringify(made.filter(({ isLive }) => isLive === (table === "live_runs"))));
    await log.batch([insert("runs", "unkept", "null"), insert("live_runs", "revision", "1")]);
    for (let n = 0; n < 60; n++) {
      const automation = pick([...AUTOMATIONS, "aut_none", undefined, undefined]);
      const status = pick([undefined, undefined, most, mostLive, ...ENDED_STATUSES, ...LIVE_STATUSES]);
      const step = pick([undefined, undefined, "s1", "s2", "s9"]);
      const since = pick([undefined, undefined, BEGIN + 150]);
      const order = pick(["asc", "desc"] as const);
      const query = {
        ...{ order, limit: pick(["3", "10", "100"]) },
        ...(automation && { automation }),
        ...(status && { status }),
        ...(step && { step }),
        ...(since && { since: new Date(since).toISOString() }),
      };
      const right = made
        .filter((run) => (!automation || run.automation === automation) && (!status || run.status === status))
        .filter((run) => (!step || run.step === step) && (!since || run.at >= since))
        .map(({ id }) => id);
      expect([query, await idsOf("runs", query)]).toEqual([query, order === "asc" ? right : right.toReversed()]);
    }
    await log.batch(
      ["runs", "live_runs"].map((table) => log.prepare(`delete from ${table} where school = ?`).bind(school.id)),
    );
  }
});
