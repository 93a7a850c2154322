import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BellError, connect } from "./index.ts";

const anna = (tags: string[] = []) => ({ id: "anna", username: "Anna", enrolments: [], courses: {}, tags });
const taken = (user: object = anna()) => Response.json({ id: "e", duplicate: false, facts: [], runs: [], user });
const refused = (status: number, headers: Record<string, string> = {}) =>
  Response.json({ type: "t", title: "T", status, detail: "No." }, { status, headers });

interface Init {
  headers: { authorization: string };
  body?: string;
  keepalive?: boolean;
  signal: AbortSignal;
}

/** What answers the calls, one after the other; an Error: the network is away. */
let answers: (Response | Error | "hangs")[] = [];
let sent: {
  url: string;
  authorization: string;
  body: { id: string; type: string; data: unknown } | null;
  keepalive: boolean | undefined;
}[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  sent = [];
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("removeEventListener", () => {});
  vi.stubGlobal("fetch", async (url: string, init: Init) => {
    sent.push({
      ...{ url, authorization: init.headers.authorization, keepalive: init.keepalive },
      body: init.body ? JSON.parse(init.body) : null,
    });
    const answer = answers.shift() ?? taken();
    if (answer === "hangs")
      return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
    if (answer instanceof Error) throw answer;
    return answer;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const bell = (token: string | (() => string) = "t") => connect({ url: "https://bell.test/", token });
const away = () => new TypeError("Failed to fetch");

test("an event is tried again with the same id for as long as the network is away, two minutes too", async () => {
  answers = Array.from({ length: 8 }, away);
  const event = bell().event("form.submitted", { form: "f" });
  await vi.advanceTimersByTimeAsync(120_000);
  expect((await event).user).toEqual(anna());
  expect(sent.length).toBe(9);
  expect(new Set(sent.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(sent[0]).toMatchObject({ url: "https://bell.test/v1/events", authorization: "Bearer t" });
  expect(sent[0]?.body?.id).toMatch(/^[0-9a-f]{32}$/);
});

test("events keep their order, and one that is refused stops no other", async () => {
  answers = [away(), refused(422), taken()];
  const it = bell();
  const first = it.visited("js").catch((error: unknown) => error);
  const second = it.visited();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await first).toBeInstanceOf(BellError);
  expect(await first).toMatchObject({ status: 422, message: "No." });
  await second;
  expect(sent.map(({ body }) => body?.type)).toEqual(["course.visited", "course.visited", "school.visited"]);
});

test("what Schoolbell fails in, or has too much of, is tried again after the time it asks for", async () => {
  answers = [refused(503), refused(429, { "retry-after": "60" })];
  const event = bell().visited();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(sent.length).toBe(2);
  await vi.advanceTimersByTimeAsync(40_000);
  await event;
  expect(sent.length).toBe(3);
});

test("a call that hangs is ended and tried again, and holds up nothing for good", async () => {
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("late", "TimeoutError")), ms);
    return controller.signal;
  });
  answers = ["hangs", taken(anna(["level:1"]))];
  const event = bell().visited();
  await vi.advanceTimersByTimeAsync(40_000);
  expect((await event).user?.tags).toEqual(["level:1"]);
  expect(sent[0]?.body?.id).toBe(sent[1]?.body?.id);
  timeout.mockRestore();
});

test("an event outlives its page, but one that is longer than browsers let outlive it is sent all the same", async () => {
  const it = bell();
  await it.event("form.submitted", { form: "f" });
  await it.event("form.submitted", { form: "f", essay: "ü".repeat(25_000) });
  expect(sent.map(({ keepalive }) => keepalive)).toEqual([true, false]);
});

test("a listener that throws, and data that JSON does not know, spoil no other event", async () => {
  const it = bell();
  const thrown: unknown[] = [];
  const hear = (error: unknown) => thrown.push(error);
  process.on("unhandledRejection", hear);
  it.on("changed", () => {
    throw new Error("the page's own");
  });
  expect((await it.visited()).user).toEqual(anna());
  for (let n = 0; n < 200; n++) await expect(it.event("form.submitted", { form: "f", n: 1n })).rejects.toThrow();
  await it.visited();
  vi.useRealTimers();
  await new Promise((next) => setTimeout(next));
  process.off("unhandledRejection", hear);
  expect(thrown).toEqual([new Error("the page's own")]);
});

test("it is given up after an hour", async () => {
  answers = Array.from({ length: 1_000 }, away);
  const event = bell()
    .visited()
    .catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(3_700_000);
  expect(await event).toMatchObject({ name: "BellError", status: 0 });
});

test("a token that is got is asked anew for each try", async () => {
  answers = [away()];
  let n = 0;
  const event = bell(() => `t${++n}`).visited();
  await vi.advanceTimersByTimeAsync(2_000);
  await event;
  expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t2"]);
});

test("an event whose token has run out is not lost where another token can be got, and is refused where none is good", async () => {
  answers = [refused(401), refused(401), taken()];
  let n = 0;
  const event = bell(() => `t${++n}`).visited();
  await vi.advanceTimersByTimeAsync(5_000);
  await event;
  expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer t1", "Bearer t2", "Bearer t3"]);
  expect(new Set(sent.map(({ body }) => body?.id)).size).toBe(1);

  answers = Array.from({ length: 10 }, () => refused(401));
  const never = bell(() => "bad")
    .visited()
    .catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(await never).toMatchObject({ name: "BellError", status: 401 });

  sent = [];
  answers = [refused(401)];
  await expect(bell("good once").visited()).rejects.toMatchObject({ status: 401 });
  expect(sent).toHaveLength(1);
});

test("whoever listens is told of each change of the learner, and of nothing else", async () => {
  answers = [taken(anna()), taken(anna()), taken(anna(["level:1"])), Response.json(anna(["level:2"]))];
  const it = bell();
  const heard: unknown[] = [];
  const end = it.on("changed", (user) => heard.push(user.tags));
  await it.visited();
  await it.visited();
  await it.visited();
  await it.user();
  end();
  answers = [taken(anna(["level:3"]))];
  await it.visited();
  expect(heard).toEqual([[], ["level:1"], ["level:2"]]);
});

test("the learner is as last known while the network is away, and nobody before the first event", async () => {
  const it = bell();
  answers = [refused(404), taken(), away()];
  expect(await it.user()).toBeNull();
  await it.visited();
  expect(await it.user()).toEqual(anna());
});
