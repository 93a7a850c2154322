import { vi } from "vitest";
import { env } from "../../src/http/test-client";

/* For tests: what an invocation asks of the platform, counted at the bindings, where the local runtime refuses little. */

/** What the platform takes at most: bytes of a row or parameter, of a message, of messages sent together, of a call. */
export const PLATFORM_TAKES = {
  rowBytes: 2_000_000,
  messageBytes: 128_000,
  sentBytes: 256_000,
  sentAtOnce: 100,
  callBytes: 32 * 1024 * 1024,
  /** Statements an invocation, each of a batch counted, and calls out of it. */
  queries: 1_000,
  calls: 1_000,
} as const;

/** What objects call each other by, each in an invocation of its own. */
const BETWEEN_OBJECTS = new Set<string | symbol>(["hold", "release"]);

export interface Counts {
  /** The SQL of each statement that was given values. */
  statements: string[];
  /** The methods of users' objects. */
  objectCalls: string[];
  /** The methods of schools' objects. */
  schoolCalls: string[];
  /** The addresses fetched. */
  fetches: string[];
  /** How often something was sent to a queue. */
  sends: number;
  /** The largest of each so far. */
  largest: { bound: number; message: number; sent: number; sentAtOnce: number; argument: number; answer: number };
}

const utf8 = new TextEncoder();
const bytesOf = (text: string): number => utf8.encode(text).length;
const jsonBytes = (value: unknown): number => bytesOf(JSON.stringify(value) ?? "");

/** Puts `around` about a method of a binding, whatever a test has put there before. */
function wrap<T extends object, Name extends keyof T>(
  on: T,
  name: Name,
  around: (before: T[Name] & ((...args: never[]) => unknown)) => unknown,
): void {
  const method = on[name] as Parameters<typeof around>[0];
  const before = vi.isMockFunction(method) ? method.getMockImplementation() : method.bind(on);
  vi.spyOn(on, name as never).mockImplementation(around((before ?? method) as typeof method) as never);
}

/**
 * Counts from now on. Other schools' objects live on in the runtime that all tests share: what does not name `school`, in
 * a value, a message or an object's name, is not counted.
 */
export function countFor(school: string): Counts {
  const counts: Counts = {
    statements: [],
    objectCalls: [],
    schoolCalls: [],
    fetches: [],
    sends: 0,
    largest: { bound: 0, message: 0, sent: 0, sentAtOnce: 0, argument: 0, answer: 0 },
  };
  const { largest } = counts;
  const note = (what: keyof Counts["largest"], size: number) => {
    largest[what] = Math.max(largest[what], size);
  };
  wrap(env.DB, "prepare", (prepare) => (sql: string) => {
    const statement = prepare(sql);
    const bind = statement.bind.bind(statement);
    statement.bind = (...values) => {
      const texts = values.filter((value) => typeof value === "string");
      if (texts.some((text) => text.includes(school))) {
        counts.statements.push(sql);
        for (const text of texts) note("bound", bytesOf(text));
      }
      return bind(...values);
    };
    return statement;
  });
  const counted = (calls: string[]) => (getByName: (name: string) => DurableObjectStub) => (name: string) => {
    const object = getByName(name);
    if (!name.includes(JSON.stringify(school))) return object;
    return new Proxy(object, {
      get:
        (stub, method) =>
        async (...args: unknown[]) => {
          if (!BETWEEN_OBJECTS.has(method)) calls.push(String(method));
          note("argument", jsonBytes(args));
          // A stub answers to every name with a remote method.
          const remote = stub as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>;
          const answer = await remote[method]?.(...args);
          note("answer", jsonBytes(answer));
          return answer;
        },
    });
  };
  wrap(env.USERS, "getByName", counted(counts.objectCalls));
  wrap(env.SCHOOLS, "getByName", counted(counts.schoolCalls));
  const sent = (bodies: unknown[]) => {
    if (!bodies.some((body) => JSON.stringify(body).includes(school))) return;
    const sizes = bodies.map(jsonBytes);
    counts.sends++;
    note("sentAtOnce", bodies.length);
    note("message", Math.max(0, ...sizes));
    note(
      "sent",
      sizes.reduce((sum, size) => sum + size, 0),
    );
  };
  const queues: Queue<unknown>[] = [env.ACTIONS, env.DELIVERIES, env.SLOW_DELIVERIES, env.JOBS, env.LOG];
  for (const queue of queues) {
    wrap(queue, "send", (send) => (body: unknown, options?: QueueSendOptions) => {
      sent([body]);
      return send(body, options);
    });
    wrap(
      queue,
      "sendBatch",
      (sendBatch) => (messages: Iterable<MessageSendRequest>, options?: QueueSendBatchOptions) => {
        const list = [...messages];
        sent(list.map(({ body }) => body));
        return sendBatch(list, options);
      },
    );
  }
  wrap(globalThis, "fetch", (fetch) => (asked: Request | URL | string, options?: RequestInit) => {
    counts.fetches.push(asked instanceof Request ? asked.url : String(asked));
    return fetch(asked, options);
  });
  return counts;
}

/** What of the counted is more than the platform takes; empty: it works there. */
export function beyond({ statements, objectCalls, schoolCalls, fetches, sends, largest }: Counts): string[] {
  const found: Record<string, [number, number]> = {
    queries: [statements.length, PLATFORM_TAKES.queries],
    calls: [objectCalls.length + schoolCalls.length + fetches.length, PLATFORM_TAKES.calls],
    // Most are sent by objects, each in an invocation of its own.
    sends: [sends, PLATFORM_TAKES.calls],
    "bytes bound": [largest.bound, PLATFORM_TAKES.rowBytes],
    "bytes of a message": [largest.message, PLATFORM_TAKES.messageBytes],
    "bytes sent together": [largest.sent, PLATFORM_TAKES.sentBytes],
    "messages sent together": [largest.sentAtOnce, PLATFORM_TAKES.sentAtOnce],
    "bytes of a call": [largest.argument, PLATFORM_TAKES.callBytes],
    "bytes of a call's answer": [largest.answer, PLATFORM_TAKES.callBytes],
  };
  return Object.entries(found).flatMap(([what, [seen, most]]) => (seen > most ? [`${what}: ${seen} of ${most}`] : []));
}
