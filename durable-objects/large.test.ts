import { evictDurableObject, runInDurableObject, SELF } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import type { EventCall } from "../src/calls/user";
import { flushLog, liveSchool, packedIn, stubOf } from "../test/workers/live";

const { school } = liveSchool();

const call = (type: string, id: string, data: Record<string, unknown> = {}): EventCall => ({
  ...{ id, hash: `hash of ${id}`, type, data },
  ...{ attributes: {}, at: null },
});

const runsIn = async () => (await packedIn(school.id, "anna"))?.state?.runs ?? [];

const runsInLog = async (): Promise<number> =>
  (await school.ask("GET", "/v1/runs?user=anna&limit=100")).body.data.length;

async function send(calls: EventCall[]): Promise<string[]> {
  const { object, reference } = await school.object("anna");
  const { answers } = await object.events(reference, calls, { budgetMs: 0, isMinimal: true });
  return answers.map((answer) => (typeof answer === "string" ? answer : JSON.stringify(answer)));
}

test("an event that concerns none of a learner's live runs makes none of them into text; one that does is kept", async () => {
  await school.automation({
    when: [{ type: "custom", name: "wait" }],
    then: [
      { type: "wait", for: "P30D" },
      { id: "hear", type: "wait_for", event: { type: "custom", name: "late" }, timeout: "P1D" },
    ],
    synchronous: true,
  });
  await send(Array.from({ length: 40 }, (_, n) => call("custom.wait", `wait-${n}`)));
  await send([call("custom.note", "first")]);
  const stringify = vi.spyOn(JSON, "stringify");
  const runs = (): number =>
    stringify.mock.calls
      .flatMap(([value]) => (Array.isArray(value) ? value : []))
      .filter((one) => one && typeof one === "object" && "heard" in one).length;
  await send([call("custom.note", "second")]);
  // Made into text alone, it is to see that it was not changed unsaid: test/said.ts.
  expect(runs()).toBe(0);
  // Each remembers that it was answered, which nobody but the run itself is told.
  await send([call("custom.late", "late")]);
  expect(runs()).toBeGreaterThanOrEqual(40);
  stringify.mockRestore();
  await vi.waitFor(() => evictDurableObject(stubOf(school.id, "anna")), { timeout: 30_000, interval: 500 });
  expect((await runsIn()).map(({ heard }) => heard.map(({ step }) => step))).toEqual(Array(40).fill(["hear"]));
});

test("ids of events are read once, however many rows come after; each is known again", async () => {
  const COUNT = 120;
  await send([call("custom.note", "before")]);
  let reads = 0;
  await runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) => {
    const sql: SqlStorage = Object.getPrototypeOf(storage.sql);
    const { exec } = sql;
    vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
      if (args[0].trim().startsWith("select seq, ids")) reads++;
      return exec.apply(this, args);
    } as typeof exec);
  });
  const ids = Array.from({ length: COUNT }, (_, n) => `note-${n}`);
  for (const id of ids) await send([call("custom.note", id)]);
  expect(reads).toBeLessThanOrEqual(1);
  const again = await send(ids.map((id) => call("custom.note", id)));
  expect(again.filter((answer) => JSON.parse(answer).duplicate !== true)).toEqual([]);
});

test("what has ended and D1 has not heard of is looked for among rows where there may be some, and nowhere else", async () => {
  await school.automation({ when: [{ type: "custom", name: "go" }], then: [], synchronous: true });
  const looked: string[] = [];
  await send([call("custom.go", "first")]);
  await runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) => {
    const sql: SqlStorage = Object.getPrototypeOf(storage.sql);
    const { exec } = sql;
    vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
      if (args[0].includes("from ended")) looked.push(args[0]);
      return exec.apply(this, args);
    } as typeof exec);
  });
  await send(Array.from({ length: 20 }, (_, n) => call("custom.go", `many-${n}`)));
  await flushLog(school.id, "anna");
  expect(await runsInLog()).toBe(21);
  expect(looked.length).toBeGreaterThan(0);
  looked.length = 0;
  await send([call("custom.go", "last")]);
  await flushLog(school.id, "anna");
  expect(looked).toEqual([]);
  expect(await runsInLog()).toBe(22);
});

/** What is made into text and written from now on: live runs among lists of them, and characters. */
async function count(user: string) {
  const counted = { runs: 0, texts: 0, written: 0 };
  const { stringify } = JSON;
  vi.spyOn(JSON, "stringify").mockImplementation(((...args: Parameters<typeof stringify>) => {
    const [value] = args as [unknown];
    const text = stringify(...args);
    // One alone is made into text to see that it was not changed unsaid: test/said.ts.
    const isRun = (one: unknown): boolean => typeof one === "object" && one !== null && "heard" in one;
    if (isRun(value)) return text;
    if (Array.isArray(value)) counted.runs += value.filter(isRun).length;
    counted.texts += text?.length ?? 0;
    return text;
  }) as typeof stringify);
  await runInDurableObject(stubOf(school.id, user), (_, { storage }) => {
    const sql: SqlStorage = Object.getPrototypeOf(storage.sql);
    const { exec } = sql;
    vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
      for (const one of args.slice(1)) if (typeof one === "string") counted.written += one.length;
      return exec.apply(this, args);
    } as typeof exec);
  });
  return counted;
}

test("whatever happens to a learner with much makes into text, and writes, what it changes", async () => {
  await school.automation({
    when: [{ type: "custom", name: "wait" }],
    then: [{ type: "wait", for: "P30D" }],
    synchronous: true,
  });
  const mail = await school.automation({
    when: [{ type: "custom", name: "mail" }],
    then: [
      { type: "tags.add", tags: ["from the run"] },
      { type: "email.user", subject: "Hi", body: "Hi" },
      { type: "wait", for: "P30D" },
    ],
    synchronous: true,
  });
  await send(Array.from({ length: 1_000 }, (_, n) => call("course.enrolled", `in-${n}`, { course: `course-${n}` })));
  await send(Array.from({ length: 500 }, (_, n) => call("tag.added", `tag-${n}`, { tag: `tag number ${n}` })));
  await send(Array.from({ length: 200 }, (_, n) => call("custom.wait", `wait-${n}`)));
  await send([{ ...call("custom.mail", "mail"), attributes: { email: "anna@acme.com" } }]);
  const { object, reference } = await school.object("anna");
  const origin = { by: "hand", id: null } as const;
  const packed = await packedIn(school.id, "anna");
  const own = packed?.state?.runs.find(({ automation }) => automation === mail);
  const other = packed?.state?.runs[100];
  if (!own || !other) throw new Error("no run");
  const delivery = Object.keys(packed?.outbox ?? {})[0] ?? "";
  const change = (input: Parameters<typeof object.change>[1]) => object.change(reference, input, { creates: false });
  const turns: Record<string, () => Promise<unknown>> = {
    "an event": () => send([call("custom.note", "note")]),
    time: () => object.advance(reference, null, Number.POSITIVE_INFINITY, {}),
    "a PUT": () => change({ kind: "put", attributes: { fields: { city: "Rome" } }, origin }),
    "a line of an import": () =>
      change({ kind: "import", attributes: { username: "Anna" }, tags: ["new"], fire: false, origin }),
    "a job over all": () => change({ kind: "align", fire: false, everything: true }),
    "an enrolment by hand": () => change({ kind: "enrol", automation: mail, origin }),
    "a choice": () => change({ kind: "choose", topics: { news: false }, origin }),
    "a member by hand": () => change({ kind: "member", segment: "none", joins: true, quiet: false, origin }),
    "a claim": () => object.claim(reference, delivery),
    "what came of it": () => object.settle(reference, delivery, { ok: true }),
    "a hand on a run": () => object.control(reference, other.id, "cancel"),
    "an undo": () => object.undo(reference, { run: own.id, chain: false, isDry: false, origin }),
    "the log": () => object.untold({ heard: packed?.seq ?? 0, exact: false }),
    "the alarm": () => school.ring("anna"),
  };
  const much: Record<string, unknown> = {};
  for (const [what, turn] of Object.entries(turns)) {
    const counted = await count("anna");
    await turn();
    const { runs, texts, written } = { ...counted };
    vi.restoreAllMocks();
    // Of half a million: some pieces, whose ends lie elsewhere each time.
    const most = what === "a job over all" ? 0 : 40_000;
    if (runs > 2 || texts > 40_000 || written > most) much[what] = { runs, texts, written };
  }
  expect(much).toEqual({});
  // All of it was done.
  const { state, outbox } = (await packedIn(school.id, "anna")) ?? {};
  expect([state?.learner.fields.city, state?.learner.username, outbox?.[delivery]]).toEqual([
    "Rome",
    "Anna",
    undefined,
  ]);
  expect(state?.runs.filter(({ id }) => id === own.id || id === other.id)).toEqual([]);
});

test("the whole answer is what the learner is, and of its bytes nothing is made anew that is as it was", async () => {
  const list = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
  await send(list(600, (n) => call("course.enrolled", `in-${n}`, { course: `курс-${n}` })));
  await send(list(400, (n) => call("tag.added", `tag-${n}`, { tag: `tag number ${n}` })));
  const note = { type: "custom.note", user: { id: "anna" } };
  const sent = async (body: object, headers: Record<string, string> = {}) => {
    const answer = await SELF.fetch("https://schoolbell.example/v1/events", {
      method: "POST",
      headers: { authorization: `Bearer ${school.key}`, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { answer, text: await answer.text() };
  };
  await sent(note);
  const encode = vi.spyOn(TextEncoder.prototype, "encode");
  const { answer, text } = await sent(note);
  const encoded = encode.mock.calls.reduce((sum, [one]) => sum + (one?.length ?? 0), 0);
  encode.mockRestore();
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(text.length).toBeGreaterThan(100_000);
  expect(encoded).toBeLessThan(4_000);
  const { body: user } = await school.ask("GET", "/v1/users/anna");
  const { givers: _, ...shown } = user;
  expect(JSON.parse(text).user).toEqual(shown);
  // As of each answer, whatever came after it; and a copy of a request is answered as the first was.
  const [first, second] = await Promise.all([
    sent({ ...note, type: "tag.added", data: { tag: "one" } }, { "idempotency-key": "one" }),
    sent({ ...note, type: "tag.added", data: { tag: "two" } }),
  ]);
  const tagsOf = ({ text }: { text: string }): string[] => JSON.parse(text).user.tags.slice(400);
  expect([tagsOf(first), tagsOf(second)].toSorted((a, b) => a.length - b.length)).toEqual([
    [expect.any(String)],
    expect.arrayContaining(["one", "two"]),
  ]);
  const again = await sent({ ...note, type: "tag.added", data: { tag: "one" } }, { "idempotency-key": "one" });
  expect([again.text, again.answer.headers.get("idempotent-replayed")]).toEqual([first.text, "true"]);
});
