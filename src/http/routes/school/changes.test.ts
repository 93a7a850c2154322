import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { changesOf, schoolStub } from "../../../../test/workers/changes";
import { call, env, liveSchool, makeSchool, setNow } from "../../../../test/workers/live";
import { schoolObject } from "../../../calls/reaching/stub";
import type { SentChange } from "../../../catalogue/facts/changes";
import { encodeCursor } from "../../../db/lists/list";
import { type FeedRequest, readFeed } from "../../../schools/feed";

const { school } = liveSchool();

const DAY_MS = 86_400_000;
/** Ahead of the runtime's own clock, by which alarms ring by themselves. */
const START = Date.UTC(2100, 0, 1);

const feedOf = (id: string) => schoolObject(env, { id, epoch: 1 });
const append = (...changes: SentChange[]) => feedOf(school.id).append(changes);
const ask = (query = "") => school.ask("GET", `/v1/changes${query}`);

describe("GET /v1/changes", () => {
  test.each(["live", "test"] as const)(
    "gives a %s school's changes as they were made, and where to read on",
    async (mode) => {
      const made = await makeSchool(mode);
      const changes = [...changesOf("anna", 3), ...changesOf("ben", 2)];
      await feedOf(made.id).append(changes);
      const first = await made.ask("GET", "/v1/changes?limit=2");
      expect([first.status, first.body.data]).toEqual([200, changes.slice(0, 2)]);
      const rest = await made.ask("GET", `/v1/changes?after=${first.body.next_cursor}`);
      expect(rest.body.data).toEqual(changes.slice(2));
      const none = await made.ask("GET", `/v1/changes?after=${rest.body.next_cursor}`);
      expect(none.body).toEqual({ data: [], next_cursor: rest.body.next_cursor });
    },
  );

  test("has a cursor where nothing was changed yet, and what is changed then stands behind it", async () => {
    const { body } = await ask();
    expect(body).toEqual({ data: [], next_cursor: expect.any(String) });
    const changes = changesOf("anna", 1);
    await append(...changes);
    expect((await ask(`?after=${body.next_cursor}`)).body.data).toEqual(changes);
  });

  test("refuses a cursor older than what is kept, as gone", async () => {
    setNow(START);
    await append(...changesOf("anna", 5));
    const { next_cursor: cursor } = (await ask("?limit=4")).body;
    setNow(START + 8 * DAY_MS);
    await append(...changesOf("anna", 1, { from: 6 }));
    const refused = await ask(`?after=${cursor}`);
    expect([refused.status, refused.body.type]).toEqual([410, "https://schoolbell.dev/problems/gone"]);
    expect((await ask()).body.data).toMatchObject([{ seq: 6 }]);
  });

  test("refuses the cursor of another school, and takes those of a release before", async () => {
    const other = await makeSchool("live");
    await feedOf(other.id).append(changesOf("anna", 3));
    await append(...changesOf("anna", 3));
    const { next_cursor: theirs } = (await other.ask("GET", "/v1/changes?limit=2")).body;
    const refused = await ask(`?after=${theirs}`);
    expect([refused.status, refused.body.errors]).toEqual([422, [expect.objectContaining({ path: "/after" })]]);
    expect((await ask(`?after=${encodeCursor([1, 2])}`)).body.data).toMatchObject([{ seq: 3 }]);
  });

  test("refuses the cursor of a school of the same id that was deleted, as gone", async () => {
    const request = { limit: 10, waitMs: 0, signal: new AbortController().signal };
    const place = { id: school.id, epoch: 2 };
    await schoolObject(env, place).append(changesOf("anna", 5));
    await expect(readFeed(env, place, { ...request, after: encodeCursor([1, 3]) })).rejects.toMatchObject({
      kind: "gone",
    });
  });

  test.each([
    ["after=x", "/after"],
    [`after=${encodeCursor(["x", 1])}`, "/after"],
    [`after=${encodeCursor([1, -1])}`, "/after"],
    [`after=${encodeCursor([1, 0.5])}`, "/after"],
    [`after=${encodeCursor([2, 0])}`, "/after"],
    [`after=${encodeCursor([1, 99])}`, "/after"],
    [`after=${encodeCursor([1])}`, "/after"],
    ["wait=-1", "/wait"],
    ["wait=26", "/wait"],
    ["wait=1.5", "/wait"],
    ["wait=soon", "/wait"],
    ["limit=0", "/limit"],
    ["limit=1001", "/limit"],
  ])("refuses ?%s, and names %s", async (query, path) => {
    const refused = await ask(`?${query}`);
    expect([refused.status, refused.body.errors.map((fault: { path: string }) => fault.path)]).toEqual([422, [path]]);
  });

  test("takes a key with the scope read alone, and shows no other school's", async () => {
    const other = await makeSchool();
    await append(...changesOf("anna", 1));
    const made = await school.ask("POST", "/v1/api-keys", { name: "E", scopes: ["events"] });
    expect((await call("GET", "/v1/changes", undefined, made.body.key)).status).toBe(403);
    expect((await other.ask("GET", "/v1/changes")).body.data).toEqual([]);
  });

  test("answers as soon as there is a change, with nothing held open in the object", async () => {
    const changes = changesOf("anna", 1);
    const wait = vi.spyOn(scheduler, "wait").mockImplementation(async () => {
      // The object is not in the midst of a call.
      await runInDurableObject(schoolStub(school.id), () => {});
      if (wait.mock.calls.length === 3) await append(...changes);
    });
    const { body } = await ask("?wait=25");
    expect(body.data).toEqual(changes);
    expect(wait.mock.calls).toEqual([[1_000], [1_000], [1_000]]);
    wait.mockClear();
    await ask("?wait=25");
    expect(wait).not.toHaveBeenCalled();
  });
});

describe("waiting for a change", () => {
  /** A clock that passes as it is slept by. */
  function timer(onSleep: (slept: number) => unknown = () => {}) {
    let [at, sleeps] = [0, 0];
    return {
      now: () => at,
      sleep: async (ms: number) => {
        at += ms;
        await onSleep(++sleeps);
      },
    };
  }
  const read = (request: Partial<FeedRequest>, clock: ReturnType<typeof timer>) =>
    readFeed(
      env,
      { id: school.id, epoch: 1 },
      { limit: 10, waitMs: 25_000, signal: new AbortController().signal, ...request },
      clock,
    );

  test("ends when its time is over, with a cursor", async () => {
    const clock = timer();
    const { next_cursor: cursor } = (await ask()).body;
    expect(await read({}, clock)).toEqual({ changes: [], cursor });
    expect(clock.now()).toBe(25_000);
    const short = timer();
    await read({ waitMs: 1_500 }, short);
    expect(short.now()).toBe(1_500);
  });

  test("ends when whoever asked has gone", async () => {
    const gone = new AbortController();
    const clock = timer((slept) => slept === 2 && gone.abort());
    expect((await read({ signal: gone.signal }, clock)).changes).toEqual([]);
    expect(clock.now()).toBe(2_000);
  });

  test("does not take a gap that an erasure left for the end", async () => {
    const long = changesOf("anna", 10, { tag: "x".repeat(900_000) });
    const behind = changesOf("ben", 1);
    await append(...long, ...behind);
    await feedOf(school.id).erase(["anna"]);
    const clock = timer();
    const { changes } = await read({}, clock);
    expect([changes.map((text) => JSON.parse(text)), clock.now()]).toEqual([behind, 0]);
  });
});
