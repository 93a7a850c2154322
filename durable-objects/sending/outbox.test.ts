import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  call,
  consume,
  flushLog,
  type HeldQueues,
  heldBy,
  holdQueuesAnew,
  makeSchool,
  PLATFORM,
  stubOf,
  type TestSchool,
} from "../../test/workers/live";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FAILED = { ok: false, error: "planted", retry: true } as const;
const ANNA = { id: "anna", email: "anna@acme.com", marketing_consent: true };

let queues: HeldQueues;
let school: TestSchool;
let automation: string;

beforeEach(async () => {
  queues = await holdQueuesAnew();
  school = await makeSchool();
  automation = await school.automation({
    synchronous: true,
    when: [{ type: "user.signed_in" }],
    then: [
      { type: "email.user", subject: "Hi", body: "Hi", kind: "marketing" },
      { type: "wait", for: "P1D" },
    ],
    exit_when: [{ type: "course.completed" }],
  });
});

const setNow = (now: number) => vi.useFakeTimers({ now, toFake: ["Date"] });
const later = (ms: number) => setNow(Date.now() + ms);
const ring = () => runDurableObjectAlarm(stubOf(school.id, "anna"));

/** An email under way: the message that offers it, and the object that has it. */
async function post() {
  await school.event("user.signed_in", ANNA);
  const message = queues.actions.splice(0).find((one) => one.kind === "deliver");
  if (message?.kind !== "deliver") throw new Error("nothing was offered");
  const { object, reference } = await school.object("anna");
  return { message, id: message.delivery, object, reference };
}

async function deliveries(): Promise<{ status: string; idempotency_key: string; attempts: unknown[] }[]> {
  await flushLog(school.id, "anna");
  return (await call("GET", "/v1/deliveries", undefined, school.key)).body.data;
}

describe("a message", () => {
  test("carries who and which, and nothing of what it says", async () => {
    const { message } = await post();
    expect(message).toEqual({
      kind: "deliver",
      school: school.id,
      user: "anna",
      delivery: expect.stringMatching(/^dlv_/),
      to: expect.stringMatching(/^[0-9a-z]{1,11}$/),
    });
  });

  test("that comes twice, or once more late, sends once", async () => {
    const { message } = await post();
    await consume("schoolbell-actions", [message, message]);
    later(HOUR_MS);
    await consume("schoolbell-actions", [message]);
    expect(await deliveries()).toMatchObject([{ status: "captured", attempts: [{ ok: true }] }]);
  });

  test("that is lost is sent again, after an eviction too", async () => {
    const { message } = await post();
    await evictDurableObject(stubOf(school.id, "anna"));
    later(MINUTE_MS);
    await ring();
    expect(queues.actions).toEqual([message]);
  });

  test("goes once for one offer, whatever else the user does meanwhile", async () => {
    await post();
    for (let i = 0; i < 5; i++) await school.event("custom.ping", "anna");
    expect(queues.actions).toEqual([]);
  });

  test("that wakes a user goes once while it is under way, and again for what comes after", async () => {
    await school.automation({
      when: [{ type: "custom", name: "ping" }],
      then: [{ type: "tags.add", tags: ["pinged"] }],
    });
    const wake = {
      ...{ kind: "wake_users", school: "", users: [{ school: school.id, epoch: 1, user: "anna" }] },
      // What was counted meanwhile goes along.
      events: [[school.id, 1, expect.any(Number)]],
    };
    for (let i = 0; i < 5; i++) await school.event("custom.ping", "anna");
    expect(queues.actions).toEqual([wake]);
    await consume("schoolbell-actions", queues.actions.splice(0));
    await school.event("custom.ping", "anna");
    expect(queues.actions).toEqual([wake]);
  });

  test("for a delivery, a user or a school that is not there does nothing", async () => {
    const { message } = await post();
    const strangers = [
      { ...message, delivery: "dlv_x" },
      { ...message, user: "nobody" },
      { ...message, school: "nowhere" },
    ];
    const { retryMessages } = await consume("schoolbell-actions", strangers);
    expect(retryMessages).toEqual([]);
    expect((await heldBy(school.id, "nobody")).tables).toEqual({});
  });
});

describe("a claim", () => {
  test("is given to one consumer, and to the next when its lease has ended", async () => {
    const { id, object, reference } = await post();
    const [one, two] = await Promise.all([object.claim(reference, id), object.claim(reference, id)]);
    expect([one, two].filter(Boolean)).toHaveLength(1);
    await evictDurableObject(stubOf(school.id, "anna"));
    expect(await object.claim(reference, id)).toBeNull();
    later(MINUTE_MS + 1);
    const again = await object.claim(reference, id);
    expect(again?.delivery.key).toBe((one ?? two)?.delivery.key);
  });

  test("of what is settled is refused; settling twice, or late, is settling once", async () => {
    const { id, object, reference } = await post();
    await object.claim(reference, id);
    await object.settle(reference, id, { ok: true });
    await object.settle(reference, id, FAILED);
    expect(await object.claim(reference, id)).toBeNull();
    expect(await deliveries()).toMatchObject([{ status: "sent", attempts: [{ ok: true }] }]);
  });

  test("after a failure is given later, with the same key, for a day; then it is failed, and can be sent again", async () => {
    const { id, object, reference } = await post();
    const keys = new Set<string>();
    const begun = Date.now();
    let tries = 0;
    for (let now = begun; now < begun + 2 * 24 * HOUR_MS; now += 30 * MINUTE_MS) {
      setNow(now);
      const claim = await object.claim(reference, id);
      if (!claim) continue;
      tries++;
      keys.add(claim.delivery.key);
      await object.settle(reference, id, FAILED);
      expect(await object.claim(reference, id)).toBeNull();
    }
    expect(tries).toBeGreaterThan(5);
    expect(keys.size).toBe(1);
    const [failed] = await deliveries();
    expect(failed).toMatchObject({ status: "failed", attempts: { length: tries } });
    queues.actions.length = 0;
    await call("POST", `/v1/deliveries/${id}/retry`, undefined, school.key);
    await consume("schoolbell-actions", queues.actions.splice(0));
    expect(await deliveries()).toMatchObject([{ status: "captured", idempotency_key: failed?.idempotency_key }]);
  });
});

test("a delivery that failed is sent again once, of two who ask for it at once", async () => {
  const { id, object, reference } = await post();
  await object.claim(reference, id);
  await object.settle(reference, id, { ok: false, error: "planted", retry: false });
  const [failed] = await object.ownDeliveries({ newestFirst: true, limit: 1 });
  if (failed?.status !== "failed") throw new Error("not failed");
  expect(await object.resend(reference, failed)).toBe("again");
  await object.claim(reference, id);
  await object.settle(reference, id, { ok: true });
  expect(await object.resend(reference, failed)).toBe("under_way");
  expect(await deliveries()).toMatchObject([{ status: "sent", attempts: [{ ok: false }, { ok: true }] }]);
});

describe("a delivery that is put off", () => {
  test("is not offered again before its time, nor after an eviction, and may be claimed all the while", async () => {
    const { id, object, reference } = await post();
    await object.postpone(reference, id, Date.now() + HOUR_MS);
    await evictDurableObject(stubOf(school.id, "anna"));
    later(59 * MINUTE_MS);
    await ring();
    expect(queues.actions).toEqual([]);
    const { object: again } = await school.object("anna");
    expect(await again.claim(reference, id)).not.toBeNull();
  });

  test("is offered once its time has come", async () => {
    const { id, object, reference, message } = await post();
    await object.postpone(reference, id, Date.now() + HOUR_MS);
    later(HOUR_MS + 1);
    await ring();
    expect(queues.actions).toEqual([message]);
  });

  test("by a message that comes late does not keep what was claimed since from being tried again", async () => {
    const { id, object, reference } = await post();
    await object.claim(reference, id);
    await object.postpone(reference, id, Date.now() + HOUR_MS);
    later(MINUTE_MS + 1);
    await ring();
    expect(queues.actions).toMatchObject([{ delivery: id }]);
  });
});

describe("the last look", () => {
  const claimed = async ({ object, reference, id }: Awaited<ReturnType<typeof post>>) => object.claim(reference, id);

  test("withholds marketing once consent is withdrawn", async () => {
    const posted = await post();
    await school.event("user.updated", { id: "anna", marketing_consent: false });
    expect(await claimed(posted)).toBeNull();
    expect(await deliveries()).toMatchObject([{ status: "suppressed" }]);
  });

  test("withholds what a run posted that has exited since", async () => {
    const posted = await post();
    await school.event("course.completed", "anna", { course: "js" });
    expect(await claimed(posted)).toBeNull();
    expect(await deliveries()).toMatchObject([{ status: "suppressed" }]);
  });

  test("lets one call in flight at the exit finish, and makes no second attempt", async () => {
    const posted = await post();
    expect(await claimed(posted)).not.toBeNull();
    await school.event("course.completed", "anna", { course: "js" });
    await posted.object.settle(posted.reference, posted.id, FAILED);
    later(HOUR_MS);
    expect(await claimed(posted)).toBeNull();
    expect(await deliveries()).toMatchObject([{ status: "suppressed" }]);
  });

  test("withholds what was claimed before the exit and never settled", async () => {
    const posted = await post();
    await claimed(posted);
    later(MINUTE_MS + 1);
    await school.event("course.completed", "anna", { course: "js" });
    expect(await claimed(posted)).toBeNull();
  });

  test("holds what an automation posted that is inactive now, until it is active again", async () => {
    const posted = await post();
    await school.patch(automation, { active: false });
    expect(await claimed(posted)).toBeNull();
    await school.patch(automation, { active: true });
    later(MINUTE_MS + 1);
    expect(await claimed(posted)).not.toBeNull();
  });

  test("withholds what a deleted automation posted", async () => {
    const posted = await post();
    await call("DELETE", `/v1/automations/${automation}`, undefined, school.key);
    expect(await claimed(posted)).toBeNull();
    later(HOUR_MS);
    expect(await claimed(posted)).toBeNull();
  });

  test("holds everything while the school is suspended", async () => {
    const posted = await post();
    await call("PATCH", `/v1/schools/${school.id}`, { suspended: true }, PLATFORM);
    await consume("schoolbell-actions", [posted.message]);
    await call("PATCH", `/v1/schools/${school.id}`, { suspended: false }, PLATFORM);
    later(MINUTE_MS + 1);
    await consume("schoolbell-actions", [posted.message]);
    expect(await deliveries()).toMatchObject([{ status: "captured" }]);
  });

  test("finds nothing of an erased user", async () => {
    const posted = await post();
    await call("DELETE", "/v1/users/anna", undefined, school.key);
    expect(await claimed(posted)).toBeNull();
    await posted.object.settle(posted.reference, posted.id, { ok: true });
    expect(await deliveries()).toEqual([]);
  });
});
