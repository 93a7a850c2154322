import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { WENT_BACK_MS } from "../../src/calls/reaching/generation";
import { schoolObject } from "../../src/calls/reaching/stub";
import type { RemoteSchool } from "../../src/calls/school";
import { changesOf, pageOf, readAll, schoolStub } from "../../test/workers/changes";
import { env, setNow } from "../../test/workers/live";
import type { SchoolObject } from "../doors";
import { Feed, KEEP_MS } from "./feed";

const DAY_MS = 86_400_000;
/** Ahead of the runtime's own clock, by which alarms ring by themselves. */
const START = Date.UTC(2100, 0, 1);

let id: string;
let object: RemoteSchool;

beforeEach(() => {
  id = `feed-${crypto.randomUUID()}`;
  object = schoolObject(env, { id, epoch: 1 });
  setNow(START);
});

const inside = <T>(act: (storage: DurableObjectStorage) => T): Promise<T> =>
  runInDurableObject(schoolStub(id), (_: SchoolObject, { storage }) => act(storage));
const alarmAt = () => runInDurableObject(schoolStub(id), (_, { storage }) => storage.getAlarm());
const tablesIn = (storage: DurableObjectStorage): string[] =>
  storage.sql
    .exec<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
    )
    .toArray()
    .map(({ name }) => name);
const rows = () => inside(({ sql }) => sql.exec("select place, count from blocks order by place").toArray());
/** Days after the start. */
const day = (n: number) => setNow(START + n * DAY_MS);
const seqs = (changes: readonly { seq: number }[]) => changes.map(({ seq }) => seq);

describe("a school's feed", () => {
  test("gives changes in the order in which they came, page by page, those told twice too", async () => {
    const [one, two] = [changesOf("anna", 3), changesOf("ben", 2)];
    await object.append([...one, ...two]);
    await object.append(one);
    expect(await rows()).toHaveLength(2);
    for (const limit of [1, 2, 3, 5, 1_000])
      expect(await readAll(object, null, limit)).toEqual([...one, ...two, ...one]);
  });

  test("takes many users' changes as one row, and cuts what is long into several", async () => {
    await object.append(Array.from({ length: 500 }, (_, n) => changesOf(`user-${n}`, 2)).flat());
    expect(await rows()).toEqual([{ place: 1_000, count: 1_000 }]);
    const long = changesOf("anna", 30, { tag: "語".repeat(30_000) });
    await object.append(long);
    expect((await rows()).length).toBe(4);
    expect(await readAll(object, 1_000)).toEqual(long);
  });

  test("ends a page at some megabytes, whatever was asked for, and goes on behind it", async () => {
    const long = changesOf("anna", 30, { tag: "語".repeat(100_000) });
    await object.append(long);
    const { changes, isEnd } = await pageOf(object, null);
    expect([changes.length, isEnd]).toEqual([14, false]);
    expect(await readAll(object)).toEqual(long);
  });

  test("keeps a place while others append, and while what stands before it is dropped", async () => {
    await object.append(changesOf("anna", 5));
    const { next } = await pageOf(object, null, 3);
    day(6);
    await object.append(changesOf("anna", 5, { from: 6 }));
    expect(seqs(await readAll(object, next))).toEqual([4, 5, 6, 7, 8, 9, 10]);
    const later = (await pageOf(object, next, 2)).next;
    day(8);
    await object.append(changesOf("anna", 1, { from: 11 }));
    expect(seqs(await readAll(object, later))).toEqual([6, 7, 8, 9, 10, 11]);
  });

  test("reads no more than is asked for", async () => {
    for (let n = 0; n < 20; n++) await object.append(changesOf("anna", 10));
    const read = (after: number | null, limit: number) =>
      inside((storage) => {
        const feed = new Feed(storage);
        feed.open();
        const exec = storage.sql.exec.bind(storage.sql);
        const cursors: { rowsRead: number }[] = [];
        const spy = vi.spyOn(Object.getPrototypeOf(storage.sql), "exec").mockImplementation(((...args: [string]) => {
          const cursor = exec(...args);
          cursors.push(cursor);
          return cursor;
        }) as never);
        feed.read({ after, limit });
        spy.mockRestore();
        return cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
      });
    expect(await read(150, 10)).toBeLessThanOrEqual(5);
    expect(await read(null, 25)).toBeLessThanOrEqual(7);
    expect(await read(200, 1_000)).toBeLessThanOrEqual(3);
  });

  test("shows one user's changes alone where that is asked for, from whatever block", async () => {
    const own = changesOf("anna", 9);
    for (let from = 0; from < own.length; from += 3) {
      await object.append(changesOf("ben", 5));
      await object.append([...own.slice(from, from + 3), ...changesOf('not "anna"', 2)]);
    }
    for (const limit of [1, 2, 1_000]) {
      const read: unknown[] = [];
      for (let after: number | null = null; ; ) {
        const page = await object.read({ after, limit, user: "anna" });
        if (typeof page === "string") throw new Error(page);
        read.push(...page.changes.map((text) => JSON.parse(text)));
        if (page.isEnd) break;
        after = page.next;
      }
      expect(read).toEqual(own);
    }
    expect(await object.read({ after: null, limit: 10, user: "carl" })).toEqual({ changes: [], next: 30, isEnd: true });
  });

  test("that holds nothing has a place to read on from, no row, no table and no alarm", async () => {
    expect(await object.read({ after: null, limit: 10 })).toEqual({ changes: [], next: 0, isEnd: true });
    await object.append([]);
    await object.erase(["anna"]);
    expect([await inside(tablesIn), await alarmAt()]).toEqual([[], null]);
    await object.append(changesOf("anna", 1));
    expect(await readAll(object, 0)).toHaveLength(1);
  });

  test("tells who comes with a place it has not come to", async () => {
    await object.append(changesOf("anna", 1));
    expect(await object.read({ after: 2, limit: 10 })).toBe("unknown");
  });

  test("keeps all of what is appended at once, or nothing", async () => {
    await object.append(changesOf("anna", 1));
    const long = changesOf("anna", 30, { tag: "語".repeat(30_000) });
    await inside((storage) => {
      const feed = new Feed(storage);
      feed.open();
      const { exec } = Object.getPrototypeOf(storage.sql) as SqlStorage;
      let inserts = 0;
      const spy = vi.spyOn(Object.getPrototypeOf(storage.sql), "exec").mockImplementation(function (
        this: SqlStorage,
        ...args: unknown[]
      ) {
        if (String(args[0]).startsWith("insert") && ++inserts === 2) throw new Error("planted");
        return Reflect.apply(exec, this, args);
      } as never);
      expect(() => feed.append(long, START)).toThrow("planted");
      spy.mockRestore();
    });
    expect(await readAll(object)).toHaveLength(1);
    await object.append(long);
    expect(await readAll(object)).toHaveLength(31);
  });
});

describe("what is older than a week", () => {
  test("is dropped by the next append, block by block, and who stood before it is told", async () => {
    for (const n of [0, 1, 2]) {
      day(n);
      await object.append(changesOf("anna", 10));
    }
    day(8.5);
    await object.append(changesOf("anna", 10));
    expect(await rows()).toEqual([
      { place: 30, count: 10 },
      { place: 40, count: 10 },
    ]);
    expect(await object.read({ after: 19, limit: 10 })).toBe("gone");
    expect((await pageOf(object, 20)).changes).toHaveLength(20);
    expect((await pageOf(object, null)).changes).toHaveLength(20);
  });

  test("is dropped by the alarm where nobody appends, which rings once a day at most and then no more", async () => {
    for (const n of [0, 1, 1.1]) {
      day(n);
      await object.append(changesOf("anna", 10));
    }
    expect(await alarmAt()).toBe(START + KEEP_MS);
    day(7.01);
    expect(await runDurableObjectAlarm(schoolStub(id))).toBe(true);
    expect(await rows()).toHaveLength(2);
    expect(await alarmAt()).toBe(START + 8.01 * DAY_MS);
    day(8.2);
    await runDurableObjectAlarm(schoolStub(id));
    expect([await rows(), await alarmAt()]).toEqual([[{ place: 30, count: 0 }], null]);
  });

  test("leaves a feed that goes on where it ended: who has read all is told of what follows, who has not, that it is gone", async () => {
    await object.append(changesOf("anna", 10));
    day(8);
    await runDurableObjectAlarm(schoolStub(id));
    expect(await object.read({ after: 10, limit: 10 })).toEqual({ changes: [], next: 10, isEnd: true });
    expect(await object.read({ after: null, limit: 10 })).toEqual({ changes: [], next: 10, isEnd: true });
    expect(await object.read({ after: 9, limit: 10 })).toBe("gone");
    await object.append(changesOf("anna", 1, { from: 11 }));
    expect(seqs(await readAll(object, 10))).toEqual([11]);
    expect(await alarmAt()).toBe(START + 8 * DAY_MS + KEEP_MS);
  });

  test("is dropped some at once where it is much, and the rest a minute later", async () => {
    await inside((storage) => {
      storage.sql.exec("create table if not exists blocks (place integer primary key, at, count, users, body)");
      storage.sql.exec(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500) insert into blocks select i, ?, 1, '', '{}' from n",
        START,
      );
    });
    await evictDurableObject(schoolStub(id));
    day(8);
    const kept = [];
    for (let n = 0; n < 3; n++) {
      await runDurableObjectAlarm(schoolStub(id));
      kept.push((await rows()).length);
      setNow(Date.now() + 60_000);
    }
    expect(kept).toEqual([1_500, 500, 1]);
  });

  test("is dropped before its time where the object is nearly full, the oldest first", async () => {
    await object.append(changesOf("anna", 1, { from: 0 }));
    await inside((storage) => {
      const feed = new Feed(storage, { dropsAtOnce: 2, mostBytes: 100_000 });
      feed.open();
      const said = vi.spyOn(console, "error").mockReturnValue();
      for (let n = 0; n < 20; n++) feed.append(changesOf("anna", 1, { from: n + 1, tag: "x".repeat(20_000) }), START);
      expect(said.mock.calls[0]?.[0]).toContain("feed.full");
    });
    const left = seqs(await readAll(object));
    expect(left.at(-1)).toBe(20);
    expect(left.length).toBeGreaterThan(1);
    expect(left.length).toBeLessThan(6);
    expect(await object.read({ after: 1, limit: 10 })).toBe("gone");
  });

  test("has its alarm set anew where the platform lost it", async () => {
    await object.append(changesOf("anna", 1));
    await inside((storage) => storage.deleteAlarm());
    await evictDurableObject(schoolStub(id));
    await object.read({ after: null, limit: 1 });
    expect(await alarmAt()).toBe(START + KEEP_MS);
  });
});

describe("an erasure", () => {
  test("takes a user's changes out of all blocks, and moves no place of another's", async () => {
    const [anna, ben] = [changesOf("anna", 20), changesOf("ben", 20)];
    const mixed = anna.flatMap((change, n) => [change, ...ben.slice(n, n + 1)]);
    for (let n = 0; n < 40; n += 8) await object.append(mixed.slice(n, n + 8));
    const { next } = await pageOf(object, null, 11);
    const behind = (await readAll(object, next)).filter(({ user }) => user === "ben");
    await object.erase(["anna", "nobody"]);
    expect(await readAll(object)).toEqual(ben);
    expect(await readAll(object, next)).toEqual(behind);
    const left = await inside(({ sql }) => sql.exec("select * from blocks").toArray());
    expect(JSON.stringify(left)).not.toContain("anna");
    await object.append(changesOf("anna", 1));
    expect((await readAll(object)).filter(({ user }) => user === "anna")).toHaveLength(1);
  });

  test("of some changes alone leaves the user's others", async () => {
    const changes = changesOf("anna", 4);
    await object.append(changes);
    await object.erase(
      ["anna"],
      changes.slice(1, 3).map((change) => change.id),
    );
    expect(seqs(await readAll(object))).toEqual([1, 4]);
    await object.erase(["anna"]);
    expect(await readAll(object)).toEqual([]);
  });

  test("of everybody leaves a feed that is read through at once, and goes on", async () => {
    await object.append(changesOf("anna", 100));
    await object.erase(["anna"]);
    expect(await pageOf(object, null, 10)).toEqual({ changes: [], next: 100, isEnd: true });
  });

  test("does not rewrite blocks in which the user is not", async () => {
    for (const user of ["anna", "ben", "carl", "anna"]) await object.append(changesOf(user, 3));
    const before = await inside(({ sql }) => sql.exec("select body from blocks where place in (6, 9)").toArray());
    const written = await inside((storage) => {
      const feed = new Feed(storage);
      feed.open();
      let count = 0;
      const { exec } = Object.getPrototypeOf(storage.sql) as SqlStorage;
      const spy = vi.spyOn(Object.getPrototypeOf(storage.sql), "exec").mockImplementation(function (
        this: SqlStorage,
        ...args: unknown[]
      ) {
        const cursor = Reflect.apply(exec, this, args);
        count += cursor.rowsWritten;
        return cursor;
      } as never);
      feed.erase(["anna"]);
      spy.mockRestore();
      return count;
    });
    expect(written).toBe(2);
    expect(await inside(({ sql }) => sql.exec("select body from blocks where place in (6, 9)").toArray())).toEqual(
      before,
    );
  });
});

test("a deleted school's object leaves nothing but that it was left, for as long as D1 could go back to before", async () => {
  await object.append(changesOf("anna", 5));
  await object.admit({ requests: 1, withinMs: 10_000 });
  expect(await object.isLeft()).toBe(false);
  await object.leaveSchool();
  expect(await object.isLeft()).toBe(true);
  expect([await inside(tablesIn), await alarmAt()]).toEqual([["left_school"], START + WENT_BACK_MS]);
  day(31);
  await object.leaveSchool();
  await runDurableObjectAlarm(schoolStub(id));
  expect([await inside(tablesIn), await alarmAt()]).toEqual([[], null]);
  day(0);
  expect(await object.read({ after: null, limit: 10 })).toEqual({ changes: [], next: 0, isEnd: true });
  await object.append(changesOf("anna", 5));
  expect(await alarmAt()).toBe(START + KEEP_MS);
});

test("schools of one id, the former of which was deleted, have an object each", async () => {
  await object.append(changesOf("anna", 5));
  expect(await readAll(schoolObject(env, { id, epoch: 2 }))).toEqual([]);
});

describe("100,000 changes", () => {
  test("are pulled by two readers completely and in order, while more are appended", async () => {
    const USERS = 500;
    const appends = Array.from({ length: 20 }, (_, n) =>
      Array.from({ length: USERS }, (_, user) => changesOf(`user-${user}`, 10, { from: n * 10 + 1 })).flat(),
    );
    const total = appends.length * USERS * 10;
    const reader = async (limit: number) => {
      const seen = new Map<string, number>();
      let read = 0;
      let place: number | null = null;
      while (read < total) {
        const page = await pageOf(object, place, limit);
        for (const text of page.changes) {
          const { user, seq } = JSON.parse(text) as { user: string; seq: number };
          expect(seq).toBe((seen.get(user) ?? 0) + 1);
          seen.set(user, seq);
        }
        read += page.changes.length;
        place = page.next;
      }
      return seen;
    };
    const append = async () => {
      for (const changes of appends) await object.append(changes);
    };
    const [, ...readers] = await Promise.all([append(), reader(1_000), reader(997)]);
    for (const seen of readers) {
      expect(seen.size).toBe(USERS);
      expect(new Set(seen.values())).toEqual(new Set([200]));
    }
  });
});

describe("the gate for a vendor's rate", () => {
  const RATE = { requests: 30, withinMs: 10_000 };
  const ask = (many: number, mostMs?: number) =>
    Promise.all(Array.from({ length: many }, () => object.admit(RATE, mostMs)));
  const free = (waits: readonly number[]) => waits.filter((wait) => wait === 0).length;

  test("lets 30 of 50 callers go at once, and tells the others how long to wait", async () => {
    const waits = await ask(50);
    expect(free(waits)).toBe(30);
    expect(waits.filter((wait) => wait === 10_000)).toHaveLength(20);
    setNow(START + 9_999);
    expect(free(await ask(50))).toBe(0);
    setNow(START + 10_000);
    expect(free(await ask(50))).toBe(30);
  });

  test("gives places in order of asking to who will wait", async () => {
    const waits = await ask(70, 60_000);
    expect(waits).toEqual([...Array(30).fill(0), ...Array(30).fill(10_000), ...Array(10).fill(20_000)]);
    expect(await object.admit(RATE)).toBe(20_000);
  });

  test("lets no more through within any stretch when the object was evicted in the midst of it", async () => {
    const moments: number[] = [];
    for (let at = START; at < START + 60_000; at += 500) {
      setNow(at);
      for (const wait of await ask(50)) if (wait === 0) moments.push(at);
      if (at % 7_000 < 500) await evictDurableObject(schoolStub(id));
    }
    const most = Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + 10_000).length));
    expect(most).toBe(30);
    expect(moments.length).toBeGreaterThan(30);
  });

  test("writes a row a burst, and keeps no alarm", async () => {
    await ask(50);
    expect(await inside(({ sql }) => sql.exec("select * from gate").toArray())).toHaveLength(1);
    expect([await inside(tablesIn), await alarmAt()]).toEqual([["gate"], null]);
  });

  test("is open at once to who comes after a pause in which the object was dropped", async () => {
    expect(free(await ask(30))).toBe(30);
    await evictDurableObject(schoolStub(id));
    setNow(START + 11_000);
    expect(free(await ask(30))).toBe(30);
  });
});
