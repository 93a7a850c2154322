import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, expect, test, vi } from "vitest";
import { consume, env, liveSchool, packedIn, setNow } from "../../test/workers/live";
import type { DeliverMessage } from "../calls/messages";
import { wakeGathered } from "../journal/announce";
import { wakeQueued } from "../users/waking/wake";
import { carryDeliveries } from "./deliveries";

/* What a woken run sends first: whoever has woken it is given it claimed. */

const MINUTE_MS = 60_000;
const ACTIONS = "schoolbell-actions";

const { school, queues } = liveSchool();

/** The keys by which the world was called, and how it answers. The network alone is stood in for. */
let keys: (string | null)[];
let answer: () => Response | Promise<Response>;

beforeEach(() => {
  keys = [];
  answer = () => new Response();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
    keys.push(new Headers(init?.headers).get("webhook-id"));
    return answer();
  });
});

const hook = (path: string) => ({ type: "webhook.send", url: `https://world.acme.com/${path}` });
const sends = (...paths: string[]) =>
  school.automation({ when: [{ type: "user.signed_in" }], then: paths.map((path) => hook(path)) });

const signIn = async (...users: string[]) => {
  await school.ask("POST", "/v1/events/batch", {
    events: users.map((id) => ({ type: "user.signed_in", user: { id }, data: {} })),
  });
  await wakeGathered(env);
  return queues.actions.splice(0);
};

const outboxOf = async (user: string) => Object.values((await packedIn(school.id, user))?.outbox ?? {});

/** How often each method of users' objects is called from now on. */
function countCalls(): Record<string, number> {
  const counts: Record<string, number> = {};
  const getByName = env.USERS.getByName.bind(env.USERS);
  vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    return new Proxy(getByName(name), {
      get(stub, method) {
        const called: unknown = Reflect.get(stub, method);
        if (typeof called !== "function") return called;
        counts[String(method)] = (counts[String(method)] ?? 0) + 1;
        return (...args: unknown[]) => Reflect.apply(called, stub, args);
      },
    });
  });
  return counts;
}

test("leaves without anybody coming for it; what it sends next is come for, and each leaves once", async () => {
  await sends("a", "b");
  const woken = await signIn("anna");
  const calls = countCalls();
  await consume(ACTIONS, woken);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(2);
  expect(calls).toMatchObject({ advance: 1, claim: 1, settle: 2 });
  expect(await outboxOf("anna")).toEqual([]);
});

test("is offered again where whoever had it died, and leaves with the same key", async () => {
  await sends("a");
  await signIn("anna");
  const { object, reference } = await school.object("anna");
  const { claimed, deliveries } = await object.advance(reference, null, 1_000, { delivers: true, claims: true });
  expect(claimed?.body).toMatchObject({ kind: "deliver", user: "anna", delivery: claimed?.claim.delivery.id });
  expect(deliveries).toBeUndefined();
  // Until then nobody else gets it.
  expect(await object.claim(reference, claimed?.claim.delivery.id ?? "")).toBeNull();
  setNow(Date.now() + MINUTE_MS + 1);
  await school.ring("anna");
  const [offered] = queues.actions.splice(0).filter((one) => one.kind === "deliver");
  expect(offered).toEqual(claimed?.body);
  await consume("schoolbell-deliveries", [offered]);
  expect(keys).toEqual([claimed?.claim.delivery.key]);
});

test("a release that does not ask for it so is offered it as ever", async () => {
  await sends("a");
  await signIn("anna");
  const { object, reference } = await school.object("anna");
  const { claimed, deliveries } = await object.advance(reference, null, 1_000, { delivers: true });
  expect([claimed, deliveries]).toMatchObject([undefined, [{ kind: "deliver", user: "anna" }]]);
});

test("is given back where there is no place for it, and its school's is not claimed so for a minute", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  await sends("a");
  answer = () => new Response(null, { status: 503 });
  await consume(ACTIONS, await signIn("anna", "ben", "carl"));
  expect(keys).toHaveLength(3);
  await consume(ACTIONS, await signIn("dora"));
  // To a destination in trouble: its object has sent it on its way again.
  const back = queues.actions.splice(0).filter((one): one is DeliverMessage => one.kind === "deliver");
  expect(back).toMatchObject([{ user: "dora" }]);
  expect(await outboxOf("dora")).toMatchObject([{ leasedUntil: 0 }]);
  await consume("schoolbell-deliveries", back);
  expect(keys).toHaveLength(3);
  answer = () => new Response();
  await consume("schoolbell-deliveries-slow", queues.slow.splice(0));
  expect(keys).toHaveLength(4);
  expect(await outboxOf("dora")).toEqual([]);
  const calls = countCalls();
  await consume(ACTIONS, await signIn("eve"));
  expect(calls).toMatchObject({ claim: 1 });
  setNow(Date.now() + MINUTE_MS);
  await consume(ACTIONS, await signIn("fay"));
  expect(calls).toMatchObject({ claim: 1, settle: 2 });
});

test("is not attempted by a claim that is old: it is looked at anew whether it may leave", async () => {
  await sends("a");
  await signIn("anna");
  const context = createExecutionContext();
  const brought = await wakeQueued(env, [{ school: school.id, epoch: 1, user: "anna" }], () => true);
  expect(brought).toMatchObject([{ claim: {} }]);
  setNow(Date.now() + 20_000);
  await carryDeliveries(env, context, brought);
  await waitOnExecutionContext(context);
  expect(keys).toEqual([]);
  const back = queues.actions.splice(0).filter((one) => one.kind === "deliver");
  expect(back).toMatchObject([{ user: "anna" }]);
  await consume("schoolbell-deliveries", back);
  expect(keys).toHaveLength(1);
});

test("is no change for the LMS: those wait for each other", async () => {
  const lms = { type: "webhook", url: "https://lms.acme.com/hook" };
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms } } });
  await school.automation({
    when: [{ type: "user.signed_in" }],
    then: [{ type: "user.set_field", field: "note", value: "x" }, hook("a")],
  });
  await signIn("anna");
  const { object, reference } = await school.object("anna");
  const { claimed, deliveries } = await object.advance(reference, null, 1_000, { delivers: true, claims: true });
  expect(claimed?.claim.delivery.channel).toBe("webhook");
  expect(deliveries).toMatchObject([{ kind: "deliver" }]);
});

test("of a paused school stays where it is", async () => {
  await sends("a");
  await signIn("anna");
  await school.ask("PATCH", "/v1/school", { paused: true });
  const { object, reference } = await school.object("anna");
  const { claimed } = await object.advance(reference, null, 1_000, { delivers: true, claims: true });
  expect(claimed).toBeUndefined();
  expect(await outboxOf("anna")).not.toMatchObject([{ isOut: true }]);
});
