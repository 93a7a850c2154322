import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { beforeEach, vi } from "vitest";
import type { ActionMessage, DeliverMessage, LogMessage } from "../../src/calls/messages";
import { referenceOf, userObject } from "../../src/calls/reaching/stub";
import type { Beginning, Ended, JournalEntry, Packed } from "../../src/calls/shape";
import { database } from "../../src/db/client";
import { schools } from "../../src/db/schema";
import { isRecord } from "../../src/definition/types";
import { type Answered, call as callApp, env, PLATFORM } from "../../src/http/test-client";
import worker from "../../src/index";
import { wakeGathered } from "../../src/journal/announce";
import { loadSchool, type School } from "../../src/world/snapshot";

/* For tests: a live school reached as from outside, its users' objects from inside, and queues that a test drives. */

export { env, PLATFORM };

/** Calls the whole Worker, with everything it leaves running awaited, and the users whose runs wait sent on. */
export async function call(
  method: string,
  path: string,
  body?: unknown,
  token?: string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const answered = await callApp(worker, method, path, body, { token, headers });
  await wakeGathered(env);
  return answered;
}

/** A stub as the test tools want it, even while a test counts the calls of `getByName`. */
export const stubOf = (school: string, user: string) =>
  bindings.USERS.get(bindings.USERS.idFromName(JSON.stringify([school, user])));

interface Definition {
  id: string;
}

/** A school with ways to act on it; `live` unless told. */
export interface TestSchool {
  id: string;
  key: string;
  /** Calls the Worker with the school's key. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Makes an active automation and answers with its id. */
  automation(definition: Record<string, unknown>): Promise<string>;
  patch(automation: string, change: Record<string, unknown>): Promise<void>;
  /** Sends an event; throws where it is refused. */
  event(
    type: string,
    user: string | Record<string, unknown>,
    data?: Record<string, unknown>,
    id?: string,
  ): Promise<Answered["body"]>;
  school(): Promise<School>;
  object(user: string): Promise<{ object: ReturnType<typeof userObject>; reference: ReturnType<typeof referenceOf> }>;
  /** Lets a user's alarm go off, at any time; resolves to whether there was one. */
  ring(user: string): Promise<boolean>;
}

/** A school and held queues, made anew before each test of the file that calls this; read them within tests. */
export function liveSchool(...options: Parameters<typeof makeSchool>): { school: TestSchool; queues: HeldQueues } {
  // Nothing of it is there until the first test begins.
  const school = {} as TestSchool;
  const queues: HeldQueues = { actions: [], slow: [], log: [] };
  beforeEach(async () => {
    Object.assign(queues, await holdQueuesAnew());
    Object.assign(school, await makeSchool(...options));
  });
  return { school, queues };
}

/** Sets the clock of the Worker and its objects; the runtime's own alarms go by another. */
export const setNow = (now: number) => vi.useFakeTimers({ now, toFake: ["Date"] });

/** Mail is kept where a test chooses nothing: what nobody has set up is `not_sent`. */
const keepingMail = ({ connectors, ...settings }: Record<string, unknown>) => ({
  ...settings,
  connectors: { email: { type: "capture" }, ...(isRecord(connectors) ? connectors : {}) },
});

export async function makeSchool(
  mode: "live" | "test" = "live",
  settings: Record<string, unknown> = {},
  more: { id?: string; now?: string } = {},
): Promise<TestSchool> {
  const wanted = { name: "S", mode, settings: keepingMail(settings), ...more };
  const answered = expectOk(await call("POST", "/v1/schools", wanted, PLATFORM), 201);
  const { id } = answered.school;
  const key: string = answered.api_key;
  const ask: TestSchool["ask"] = (method, path, body, headers) => call(method, path, body, key, headers);
  const school = async (): Promise<School> => {
    const found = await loadSchool(env, id);
    if (!found) throw new Error("no school");
    return found;
  };
  return {
    id,
    key,
    ask,
    school,
    automation: async (definition) => {
      const { id: automation }: Definition = expectOk(
        await ask("POST", "/v1/automations", { name: "A", ...definition }),
        201,
      );
      return automation;
    },
    patch: async (automation, change) =>
      void expectOk(await ask("PATCH", `/v1/automations/${automation}`, change), 200),
    event: async (type, user, data = {}, eventId = `e-${crypto.randomUUID()}`) => {
      const body = { id: eventId, type, user: typeof user === "string" ? { id: user } : user, data };
      return expectOk(await ask("POST", "/v1/events", body), 200);
    },
    object: async (user) => ({
      object: userObject(env, { id, epoch: 1 }, user),
      reference: referenceOf(await school()),
    }),
    ring: (user) => runDurableObjectAlarm(stubOf(id, user)),
  };
}

function expectOk(answered: Answered, status: number): Answered["body"] {
  if (answered.status !== status) throw new Error(`${answered.status} ${answered.text}`);
  return answered.body;
}

/** A school that is nothing but there, for tests that fill its tables by themselves. */
export async function bareSchool(): Promise<string> {
  const id = `sch_${crypto.randomUUID()}`;
  await database(env.DB)
    .insert(schools)
    .values({ id, name: "Bare", mode: "live", settings: "{}", createdAt: Date.now() });
  return id;
}

export interface HeldQueues {
  /** Of all queues but the other two. */
  actions: ActionMessage[];
  /** Deliveries that were handed on to the slow queue. */
  slow: DeliverMessage[];
  log: LogMessage[];
}

/**
 * Keeps what is sent to the queues from the runtime, so that it happens when the test says so.
 * @param ended schools whose messages are let fall
 */
export function holdQueues(ended: ReadonlySet<string> = new Set()): HeldQueues {
  const held: HeldQueues = { actions: [], slow: [], log: [] };
  const isOver = (body: unknown): boolean =>
    isRecord(body) && typeof body.school === "string" && ended.has(body.school);
  /** What is meant of a message; messages to the log may be of users of several schools. */
  const meantOf = (body: unknown): unknown[] => {
    if (!(isRecord(body) && Array.isArray(body.users))) return isOver(body) ? [] : [body];
    const users = body.users.filter((user) => !isOver(user));
    // Of nobody from the first: events that were counted.
    return users.length || !body.users.length ? [{ ...body, users }] : [];
  };
  const hold = (queue: Queue<unknown>, into: unknown[]): void => {
    // Nobody reads what a queue answers.
    const answer = {} as QueueSendResponse;
    vi.spyOn(queue, "send").mockImplementation(async (body) => {
      into.push(...meantOf(body));
      return answer;
    });
    vi.spyOn(queue, "sendBatch").mockImplementation(async (messages) => {
      for (const { body } of messages) into.push(...meantOf(body));
      return answer;
    });
  };
  for (const queue of [env.ACTIONS, env.DELIVERIES, env.JOBS]) hold(queue, held.actions);
  hold(env.SLOW_DELIVERIES, held.slow);
  hold(env.LOG, held.log);
  return held;
}

/**
 * Holds the queues for schools that are yet to be made: objects of earlier tests live on, those of other files too, and
 * their alarms may send something at any time.
 */
export async function holdQueuesAnew(): Promise<HeldQueues> {
  const { results } = await env.DB.prepare("select id from schools").all<{ id: string }>();
  return holdQueues(new Set(results.map(({ id }) => id)));
}

/**
 * Stands in for a server of others, the only thing that is: what goes to another host is of an earlier test, whose objects
 * live on, and is refused.
 */
export const standIn = (address: string, answer: (url: string, init: RequestInit) => Promise<Response> | Response) =>
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init = {}) => {
    if (new URL(String(url)).host !== new URL(address).host) return new Response(null, { status: 503 });
    return answer(String(url), init);
  });

export type QueueName =
  `schoolbell-${"actions" | "deliveries" | "deliveries-slow" | "jobs" | "log" | "actions-dead" | "log-dead"}`;

/**
 * Gives messages to the Worker's consumer, as one batch. Resolves when the consumer is done with the batch, to what waits
 * for all that it left running and says what became of each message.
 */
export async function handOver(queue: QueueName, bodies: readonly unknown[], attempts = 1) {
  const messages = bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts, body }));
  const batch = createMessageBatch(queue, messages);
  const context = createExecutionContext();
  await worker.queue(batch, env, context);
  return async () => {
    const result = await getQueueResult(batch, context);
    await waitOnExecutionContext(context);
    return result;
  };
}

/** The same, with all that it leaves running. */
export const consume = async (queue: QueueName, bodies: readonly unknown[], attempts?: number) =>
  (await handOver(queue, bodies, attempts))();

/** Lets D1 hear all that users' objects have for it, as the queue does. */
export const flushLog = (school: string, ...users: string[]) =>
  consume("schoolbell-log", [{ users: users.map((user) => ({ school, epoch: 1, user })) } satisfies LogMessage]);

export interface Held {
  alarm: number | null;
  tables: Record<string, unknown[]>;
}

/** Every row of a user's object, and its alarm. */
export const heldBy = (school: string, user: string): Promise<Held> =>
  runInDurableObject(stubOf(school, user), async (_, { storage }) => {
    const names = storage.sql.exec<{ name: string }>("select name from sqlite_master where type = 'table'").toArray();
    const tables = names.flatMap(({ name }) =>
      name.startsWith("_cf_") ? [] : [[name, storage.sql.exec(`select * from "${name}"`).toArray()] as const],
    );
    return { alarm: await storage.getAlarm(), tables: Object.fromEntries(tables) };
  });

/** All that a user's object shows of what it holds; null: it knows nobody. */
export async function everythingOf(
  school: string,
  user: string,
): Promise<{ state: Packed; beginning: Beginning | null; journal: JournalEntry[]; ended: Ended[] } | null> {
  const stream = await userObject(env, { id: school, epoch: 1 }, user).everything();
  return stream ? JSON.parse(`{${await new Response(stream).text()}}`) : null;
}

/** What of it lies packed. */
export const packedIn = async (school: string, user: string): Promise<Packed | null> =>
  (await everythingOf(school, user))?.state ?? null;

/** Has the next write of a user's object fail. */
export const failToWrite = (stub: ReturnType<typeof stubOf>): Promise<void> =>
  runInDurableObject(stub, (_, { storage }) => {
    const sql: SqlStorage = Object.getPrototypeOf(storage.sql);
    const { exec } = sql;
    const spy = vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
      if (this !== storage.sql || /^select/i.test(args[0])) return exec.apply(this, args);
      spy.mockRestore();
      throw new Error("planted");
    } as typeof exec);
  });
