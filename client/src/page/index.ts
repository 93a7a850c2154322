import type { EventData, PageEventType } from "../types/catalogue.ts";
import type { Problem } from "../types/problem.ts";

/*
 * Schoolbell for a learner's page: served as /client.js and part of the package. Under 3 KB, so nothing is imported.
 */

export interface Options {
  /** Where Schoolbell is: `https://bell.school.com`. */
  url: string;
  /** The learner's token, or what gets a fresh one from the LMS: it is asked before each call. */
  token: string | (() => string | Promise<string>);
}

/** What the school shows learners of themselves; the last three where `settings.visible` lists them. */
export interface OwnUser {
  id: string;
  username: string | null;
  enrolments: {
    product_type: "course" | "bundle" | "subscription";
    product: string;
    role: string;
    sources: string[];
    enrolled_at: string;
    expires_at: string | null;
    suspended?: true;
  }[];
  courses: Record<
    string,
    {
      started_at: string | null;
      percent: number;
      activities: string[];
      completed_at: string | null;
      certificate_at: string | null;
    }
  >;
  tags?: string[];
  fields?: Record<string, string | number | boolean>;
  segments?: string[];
}

export interface Message {
  id: string;
  subject: string | null;
  body: string;
  created_at: string;
}

export interface Answer {
  id: string;
  duplicate: boolean;
  facts: { type: string; data: Record<string, unknown> }[];
  user: OwnUser | null;
}

export interface Bell {
  /**
   * Sends an event, after those sent before it, and answers once it is taken. While the network or Schoolbell is away it
   * is tried again for an hour, with the same id. Rejects with a `BellError` where it is refused or given up.
   */
  event<Type extends PageEventType>(type: Type, data?: EventData[Type]): Promise<Answer>;
  /** The learner looks at a course; without one: at the school. */
  visited(course?: string): Promise<Answer>;
  /** The learner as the school shows them; as last known while the network is away; null for one who is not known yet. */
  user(): Promise<OwnUser | null>;
  /** The school messages, newest first. */
  messages(): Promise<Message[]>;
  /** Calls back whenever what is known of the learner has become another. Answers with what ends that. */
  on(what: "changed", callback: (user: OwnUser) => void): () => void;
}

/** Refused by Schoolbell (`status`, `problem`), or not to be reached (`status` 0). */
export class BellError extends Error {
  override readonly name = "BellError";
  readonly status: number;
  readonly problem: Problem | null;
  constructor(status: number, problem: Problem | null) {
    super(problem?.detail ?? (status ? `Schoolbell answered ${status}.` : "Schoolbell cannot be reached."));
    this.status = status;
    this.problem = problem;
  }
}

const PATIENCE_MS = 3_600_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A token that is got may have run out while the page slept: some more are asked for, over half a minute. */
const MOST_TOKENS = 5;
/** A call that hangs is a network that is away. */
const CALL_MS = 30_000;
/** Browsers let 64 KiB in all outlive a page, and fail at once in what is longer: a letter is three bytes at most. */
const MOST_OUTLIVING = 20_000;
/** What waits for the network is kept in the page: a page that fails for an hour keeps no more than this. */
const MOST_WAITING = 200;

/** Waits, and no longer than until the browser says that the network is back. */
const pause = (ms: number): Promise<void> =>
  new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      done();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
  });

/** Not randomUUID, which pages without https do not have. */
const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function connect({ url, token }: Options): Bell {
  const base = url.replace(/\/+$/, "");
  const listeners = new Set<(user: OwnUser) => void>();
  let known: OwnUser | null = null;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  const learn = (user: OwnUser | null): void => {
    const before = known;
    known = user ?? known;
    if (user && JSON.stringify(user) !== JSON.stringify(before))
      // One that throws is the page's own fault, and nothing of the event's: the browser's console tells of it.
      for (const callback of [...listeners]) void Promise.resolve(user).then(callback);
  };

  const call = async (path: string, body?: string): Promise<unknown> => {
    const bearer = typeof token === "string" ? token : await token();
    const response = await fetch(base + path, {
      headers: { authorization: `Bearer ${bearer}`, ...(body ? { "content-type": "application/json" } : {}) },
      signal: AbortSignal.timeout(CALL_MS),
      // An event outlives the page that sends it.
      ...(body ? { method: "POST", body, keepalive: body.length < MOST_OUTLIVING } : {}),
    });
    const answer: unknown = await response.json().catch(() => null);
    // Whatever is no success is answered as a problem, or by somebody in between.
    if (!response.ok)
      throw Object.assign(new BellError(response.status, answer as Problem | null), {
        waitMs: Number(response.headers.get("retry-after")) * 1_000,
      });
    return answer;
  };

  /** Tries until it is taken or refused. A refusal without CORS, too, looks like no network: then the token is asked anew. */
  const persist = async (body: string): Promise<Answer> => {
    const until = Date.now() + PATIENCE_MS;
    let tokens = typeof token === "string" ? 1 : MOST_TOKENS;
    for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
      try {
        // The route answers so: Answer says what a learner's token is answered.
        return (await call("/v1/events", body)) as Answer;
      } catch (error) {
        const { status = 0, waitMs = 0 } = error as { status?: number; waitMs?: number };
        if (status === 401 ? --tokens < 1 : status && status < 500 && status !== 429) throw error;
        if (Date.now() + ms > until) throw status ? error : new BellError(0, null);
        // Not all pages at once, where it was Schoolbell that was away.
        await pause(Math.max(waitMs, ms * (0.5 + Math.random() / 2)));
      }
    }
  };

  const bell: Bell = {
    async event(type, data) {
      if (waiting >= MOST_WAITING) throw new BellError(0, null);
      // Throws for what JSON does not know.
      const body = JSON.stringify({ id: newId(), type, data: data ?? {} });
      waiting++;
      const sent = last.then(async () => {
        try {
          const answer = await persist(body);
          learn(answer.user);
          return answer;
        } finally {
          waiting--;
        }
      });
      // The next one is sent whatever became of this one.
      last = sent.catch(() => {});
      return sent;
    },
    visited: (course) =>
      course === undefined ? bell.event("school.visited") : bell.event("course.visited", { course }),
    async user() {
      try {
        // As Answer does, OwnUser says what the route answers.
        learn((await call("/v1/me")) as OwnUser);
      } catch (error) {
        const { status = 0 } = error as { status?: number };
        if (status === 404) return null;
        if (status || !known) throw status ? error : new BellError(0, null);
      }
      return known;
    },
    async messages() {
      // The route answers a page of them.
      const { data } = (await call("/v1/me/messages?order=desc&limit=100")) as { data: Message[] };
      return data;
    },
    on(_, callback) {
      listeners.add(callback);
      return () => void listeners.delete(callback);
    },
  };
  return bell;
}
