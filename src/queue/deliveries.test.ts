import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  consume,
  env,
  handOver,
  liveSchool,
  makeSchool,
  packedIn,
  setNow,
  type TestSchool,
} from "../../test/workers/live";
import { enrolJob } from "../automations/enrol/job";
import type { DeliverMessage } from "../calls/messages";
import { startJob } from "../jobs/start";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const QUICK = "schoolbell-deliveries";
const SLOW = "schoolbell-deliveries-slow";

const { school, queues } = liveSchool();

/** The hosts that were called, in order, and how they answer: with 200 unless told. The network alone is stood in for. */
let asked: string[];
let answers: Record<string, () => Response | Promise<Response>>;
/** Who waits to look for a place. */
let waiting: (() => void)[];

beforeEach(() => {
  asked = [];
  answers = {};
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => {
    const { hostname } = new URL(String(url));
    asked.push(hostname);
    return answers[hostname]?.() ?? new Response();
  });
  waiting = [];
  vi.spyOn(scheduler, "wait").mockImplementation(() => new Promise((resolve) => void waiting.push(resolve)));
});

// Others wait by the same way, and must not for ever.
afterEach(() => look());

/** Lets everybody in line look once for a place. */
async function look(): Promise<void> {
  for (const goOn of waiting.splice(0)) goOn();
  await new Promise((resolve) => setTimeout(resolve));
}

/** Lets them look until they give up. */
async function giveUp(): Promise<void> {
  for (let n = 0; n < 50; n++) await look();
}

/** Waits for something to come true, for as long as it takes: no clock is moved by waiting, nor does one end it. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve));
}

const allAsked = (count: number) => vi.waitFor(() => expect(asked).toHaveLength(count));

/** An answer that comes when the test says so. */
function held() {
  const { promise, resolve } = Promise.withResolvers<Response>();
  return { answer: () => promise, release: (response = new Response()) => resolve(response) };
}

const status =
  (code: number, headers = {}) =>
  () =>
    new Response(null, { status: code, headers });

const endless = () =>
  new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024)) }));

/** An automation that calls a host. */
const calls = (host: string, of: TestSchool = school) =>
  of.automation({
    synchronous: true,
    when: [{ type: "custom", name: host.replaceAll(/\W/g, "_") }],
    then: [{ type: "webhook.send", url: `https://${host}/in` }],
  });

/** Messages of so many deliveries to a host, each of another user. */
async function post(host: string, count: number, of: TestSchool = school): Promise<DeliverMessage[]> {
  const users = Array.from({ length: count }, () => `u-${crypto.randomUUID()}`);
  const events = users.map((id) => ({ type: `custom.${host.replaceAll(/\W/g, "_")}`, user: { id }, data: {} }));
  for (let from = 0; from < count; from += 100)
    await of.ask("POST", "/v1/events/batch", { events: events.slice(from, from + 100) });
  // Not those that objects of another school offer again meanwhile.
  const messages = queues.actions
    .splice(0)
    .filter((one) => one.kind === "deliver")
    .filter((one) => one.school === of.id);
  expect(messages).toHaveLength(count);
  return messages;
}

const callsOf = (host: string) => asked.filter((one) => one === host).length;

/** What the user's object has of a delivery: nothing once it is settled. */
const itemOf = async ({ user, delivery }: DeliverMessage, of: TestSchool = school) => {
  return (await packedIn(of.id, user))?.outbox[delivery];
};

describe("a batch", () => {
  beforeEach(async () => {
    for (const host of ["hangs.com", "well.com"]) await calls(host);
  });

  test("is done with while a server still thinks, and what that answers is settled", async () => {
    const { answer, release } = held();
    answers["hangs.com"] = answer;
    const [hanging, well] = [await post("hangs.com", 1), await post("well.com", 1)];
    const rest = await handOver(QUICK, [...hanging, ...well]);
    await allAsked(2);
    expect(await itemOf(hanging[0] as DeliverMessage)).toMatchObject({ isOut: true });
    release();
    const { explicitAcks, retryMessages } = await rest();
    expect([explicitAcks.toSorted(), retryMessages]).toEqual([["0", "1"], []]);
    expect(await itemOf(hanging[0] as DeliverMessage)).toBeUndefined();
  });

  test("has a share of one destination under way; the rest leaves for the slow queue, and nobody has claimed it", async () => {
    const { answer, release } = held();
    answers["hangs.com"] = answer;
    const rest = await handOver(QUICK, await post("hangs.com", 10));
    await allAsked(3);
    expect(queues.slow).toEqual([]);
    await giveUp();
    await vi.waitFor(() => expect(queues.slow).toHaveLength(7));
    for (const message of queues.slow) expect(await itemOf(message)).not.toHaveProperty("isOut");
    release();
    await rest();
    expect(asked).toHaveLength(3);
  });

  test("goes on with those in line as places get free, and none of them leaves", async () => {
    const rest = await handOver(QUICK, await post("well.com", 40));
    await vi.waitFor(
      async () => {
        await look();
        expect(asked).toHaveLength(40);
      },
      { timeout: 20_000 },
    );
    await rest();
    expect(queues.slow).toEqual([]);
  });

  test("of an earlier release, with jobs and runs among it, is done by today's", async () => {
    const [message] = await post("well.com", 1);
    const { to: _, ...old } = message as DeliverMessage;
    const { retryMessages } = await consume("schoolbell-actions", [
      old,
      { kind: "wake", school: school.id, user: old.user },
      { kind: "job", school: school.id, job: "job_x" },
    ]);
    expect([asked, retryMessages]).toEqual([["well.com"], []]);
  });
});

describe("a destination", () => {
  const failsBut = async (count: number) => {
    answers["fails.com"] = status(503);
    await consume(QUICK, await post("fails.com", count));
    expect(callsOf("fails.com")).toBe(count);
  };

  beforeEach(async () => {
    vi.spyOn(console, "error").mockReturnValue();
    for (const host of ["fails.com", "well.com"]) await calls(host);
  });

  test("that failed three times has its deliveries go straight to the slow queue, at no call", async () => {
    await failsBut(3);
    const messages = await post("fails.com", 5);
    const getByName = vi.spyOn(env.USERS, "getByName");
    await consume(QUICK, messages);
    expect(callsOf("fails.com")).toBe(3);
    expect(queues.slow).toEqual(messages);
    expect(getByName).not.toHaveBeenCalled();
  });

  test("that failed delays no other of its school, and is nobody's but its school's", async () => {
    const other = await makeSchool("live");
    await calls("fails.com", other);
    await failsBut(3);
    await consume(QUICK, await post("well.com", 1));
    await consume(QUICK, await post("fails.com", 1, other));
    expect([callsOf("well.com"), callsOf("fails.com")]).toEqual([1, 4]);
  });

  test("that works again, by the slow queue, is called by the quick one again", async () => {
    await failsBut(3);
    await consume(QUICK, await post("fails.com", 1));
    answers = {};
    await consume(SLOW, queues.slow.splice(0));
    await consume(QUICK, await post("fails.com", 1));
    expect([callsOf("fails.com"), queues.slow]).toEqual([5, []]);
  });

  test("that asks to be left alone is, by both queues, until its time has come", async () => {
    setNow(Date.now());
    answers["fails.com"] = status(429, { "retry-after": "120" });
    await consume(QUICK, await post("fails.com", 1));
    const [message] = await post("fails.com", 1);
    await consume(QUICK, [message]);
    await consume(SLOW, queues.slow.splice(0));
    await consume(SLOW, queues.slow.splice(0));
    expect(callsOf("fails.com")).toBe(1);
    setNow(Date.now() + 2 * MINUTE_MS);
    await consume(SLOW, queues.slow.splice(0));
    expect(callsOf("fails.com")).toBe(2);
  });
});

describe("what has to leave the slow queue", () => {
  beforeEach(async () => {
    await calls("hangs.com");
    setNow(Date.now());
  });

  const delays = () =>
    vi
      .mocked(env.SLOW_DELIVERIES.sendBatch)
      .mock.calls.flatMap(([messages]) => [...messages].map(({ delaySeconds }) => delaySeconds));

  /** Brings what the slow queue has, for which there is no place. */
  const bring = async (messages: readonly DeliverMessage[]) => {
    const rest = await handOver(SLOW, messages);
    await giveUp();
    await rest();
  };

  const waitsInSlow = async () => {
    const { answer, release } = held();
    answers["hangs.com"] = answer;
    const first = await handOver(QUICK, await post("hangs.com", 3));
    const messages = await post("hangs.com", 1);
    await bring(messages);
    return { message: messages[0] as DeliverMessage, release, first };
  };

  test("comes again later each time", async () => {
    const { message, release, first } = await waitsInSlow();
    for (let n = 0; n < 3; n++) await bring(queues.slow.splice(0));
    expect(delays()).toEqual([10, 20, 40, 80]);
    expect(queues.slow).toEqual([{ ...message, times: 4 }]);
    release();
    await first();
    await consume(SLOW, queues.slow.splice(0));
    expect([callsOf("hangs.com"), await itemOf(message)]).toEqual([4, undefined]);
  });

  test("is offered by its object again only if the slow queue has lost it", async () => {
    const { message, release, first } = await waitsInSlow();
    release();
    await first();
    const begun = Date.now();
    for (const seconds of [11, 30, 69]) {
      setNow(begun + seconds * SECOND_MS);
      await school.ring(message.user);
      await school.event("custom.else", message.user);
    }
    expect(queues.actions).toEqual([]);
    setNow(begun + 71 * SECOND_MS);
    await school.ring(message.user);
    expect(queues.actions).toEqual([{ ...message, times: undefined }]);
  });
});

describe("beside servers in trouble", () => {
  const LOUD = 40;
  // To come: the runtime's own alarms, by which objects would offer again what is on its way, ring by the clock on the wall.
  const MOMENT = Date.UTC(2100, 0, 1);

  test("every healthy school's server is called within the batch that brought its delivery, and nothing in trouble need end", async () => {
    setNow(MOMENT);
    const { answer, release } = held();
    answers = { "stuck.com": answer, "busy.com": status(429), "huge.com": endless };
    const loud: DeliverMessage[] = [];
    for (const host of Object.keys(answers)) {
      const one = await makeSchool("live");
      await calls(host, one);
      loud.push(...(await post(host, LOUD, one)));
    }
    const healthy: { one: TestSchool; messages: DeliverMessage[] }[] = [];
    for (let n = 0; n < 20; n++) {
      const one = await makeSchool("live");
      await calls(`well-${n}.com`, one);
      healthy.push({ one, messages: await post(`well-${n}.com`, 1, one) });
    }
    const rests: (() => Promise<unknown>)[] = [];
    for (const [n, { messages }] of healthy.entries()) {
      const beside = loud.filter((_, index) => index % healthy.length === n);
      rests.push(await handOver(QUICK, [...beside, ...messages]));
    }
    // Nobody in line has looked again, and no time has passed: each was called at once.
    await until(async () => {
      const items = healthy.flatMap(({ one, messages }) => messages.map((message) => itemOf(message, one)));
      return (await Promise.all(items)).every((item) => item === undefined);
    });
    expect(Date.now()).toBe(MOMENT);
    expect(callsOf("stuck.com")).toBe(3);
    for (const n of healthy.keys()) expect(callsOf(`well-${n}.com`)).toBe(1);
    await giveUp();
    // Each of the others was called, or has left, and none did both.
    const wentOn = () => queues.slow.length + Object.keys(answers).reduce((sum, host) => sum + callsOf(host), 0);
    await until(() => wentOn() >= loud.length);
    release();
    for (const rest of rests) await rest();
    expect(wentOn()).toBe(loud.length);
    expect(new Set(queues.slow.map(({ delivery }) => delivery)).size).toBe(queues.slow.length);
  });
});

describe("each kind of work", () => {
  test("leaves by a queue of its own", async () => {
    await school.automation({ when: [{ type: "custom", name: "ping" }], then: [{ type: "tags.add", tags: ["x"] }] });
    await calls("well.com");
    const sent = (queue: Queue<unknown>) => [
      ...vi.mocked(queue.send).mock.calls.map(([body]) => body),
      ...vi.mocked(queue.sendBatch).mock.calls.flatMap(([messages]) => [...messages].map(({ body }) => body)),
    ];
    await school.event("custom.ping", "anna");
    await school.event("custom.well_com", "anna");
    await startJob(env, await school.school(), enrolJob, { automation: "aut_x", hand: null, users: ["anna"] });
    expect(sent(env.ACTIONS)).toMatchObject([{ kind: "wake_users" }]);
    expect(sent(env.DELIVERIES)).toMatchObject([{ kind: "deliver" }]);
    expect(sent(env.JOBS)).toMatchObject([{ kind: "job" }]);
  });
});
