import { expect, test, vi } from "vitest";
import { changesOf, readAll } from "../../../test/workers/changes";
import { env, liveSchool, makeSchool } from "../../../test/workers/live";
import { schoolObject } from "../../calls/reaching/stub";
import type { Untold } from "../../calls/user";
import type { SentChange } from "../../catalogue/facts/changes";
import { deleteSchool } from "../../schools/life/delete";
import { tellUsers } from "../tell";
import { keepChanges } from "./changes";

const { school } = liveSchool();

const feedOf = (id: string) => schoolObject(env, { id, epoch: 1 });
const place = (user: string, id = school.id) => ({ school: id, epoch: 1, user });
const isListed = async (user: string, id = school.id) =>
  (await env.DB.prepare("select 1 from users where school = ? and id = ?").bind(id, user).first()) !== null;
const seqs = (changes: readonly SentChange[]) => changes.map(({ user, seq }) => `${user} ${seq}`);

/** Has users' objects tell of changes, until they hear that it is known. */
function pretend(changes: Record<string, SentChange[]>) {
  const getByName = env.USERS.getByName.bind(env.USERS);
  vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    const stub = getByName(name);
    const [id, user] = JSON.parse(name);
    const told = changes[`${id} ${user}`];
    if (!told) return stub;
    return new Proxy(stub, {
      get: (object, method) => {
        if (method !== "untold") return Reflect.get(object, method);
        return async (options: { heard: number | null; exact: boolean }): Promise<Untold> => {
          // It is the stub of a user's object.
          const real = object as unknown as { untold(given: typeof options): Promise<Untold> };
          const untold = await real.untold(options);
          if (options.heard !== null) changes[`${id} ${user}`] = [];
          return untold.batch ? { ...untold, batch: { ...untold.batch, changes: told } } : untold;
        };
      },
    });
  });
}

/** Notes what is asked of the school's object and of D1, in order; the first call of one may be made to fail. */
function watch(fails?: { call: "append" | "write"; of?: string }) {
  const order: string[] = [];
  let isLeft = fails !== undefined;
  const failNow = (call: string, name: string) => {
    if (!isLeft || fails?.call !== call || (fails.of !== undefined && !name.includes(fails.of))) return;
    isLeft = false;
    throw new Error("planted");
  };
  const getByName = env.SCHOOLS.getByName.bind(env.SCHOOLS);
  vi.spyOn(env.SCHOOLS, "getByName").mockImplementation((name) => {
    const stub = getByName(name);
    return new Proxy(stub, {
      get:
        (object, method) =>
        async (...args: unknown[]) => {
          order.push(String(method));
          failNow(String(method), name);
          // A stub answers to every name with a remote method.
          return (object as unknown as Record<PropertyKey, (...args: unknown[]) => unknown>)[method]?.(...args);
        },
    });
  });
  const batch = env.DB.batch.bind(env.DB);
  vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
    order.push("write");
    failNow("write", "");
    return batch(statements);
  });
  vi.spyOn(console, "error").mockReturnValue();
  return order;
}

test("changes come into the feed before D1 is written, one call for all of a school's users", async () => {
  for (const user of ["anna", "ben"]) await school.event("user.signed_up", user);
  const [anna, ben] = [changesOf("anna", 3), changesOf("ben", 2)];
  pretend({ [`${school.id} anna`]: anna, [`${school.id} ben`]: ben });
  const order = watch();
  await tellUsers(env, [place("anna"), place("ben")]);
  expect(order).toEqual(["append", "write"]);
  vi.restoreAllMocks();
  expect(await readAll(feedOf(school.id))).toEqual([...anna, ...ben]);
});

test("what could not be written to D1 is told again: each user's changes still come in order, apart from repeats", async () => {
  await school.event("user.signed_up", "anna");
  pretend({ [`${school.id} anna`]: changesOf("anna", 2) });
  watch({ call: "write" });
  await expect(tellUsers(env, [place("anna")])).rejects.toThrow("planted");
  expect(await isListed("anna")).toBe(false);
  await tellUsers(env, [place("anna")]);
  vi.restoreAllMocks();
  expect(seqs(await readAll(feedOf(school.id)))).toEqual(["anna 1", "anna 2", "anna 1", "anna 2"]);
  expect(await isListed("anna")).toBe(true);
});

test("a school whose feed takes nothing keeps its users from being acknowledged, and no other school from anything", async () => {
  const other = await makeSchool();
  await school.event("user.signed_up", "anna");
  await school.event("user.signed_up", "without");
  await other.event("user.signed_up", "ben");
  pretend({ [`${school.id} anna`]: changesOf("anna", 1), [`${other.id} ben`]: changesOf("ben", 1) });
  watch({ call: "append", of: school.id });
  const places = [place("anna"), place("without"), place("ben", other.id)];
  await tellUsers(env, places);
  expect([await isListed("anna"), await isListed("without"), await isListed("ben", other.id)]).toEqual([
    false,
    true,
    true,
  ]);
  await tellUsers(env, places);
  expect(await isListed("anna")).toBe(true);
  vi.restoreAllMocks();
  expect(seqs(await readAll(feedOf(school.id)))).toEqual(["anna 1"]);
});

test("a user erased between the telling and the keeping leaves nothing in the feed, and who comes after does", async () => {
  await school.event("user.signed_up", "anna");
  pretend({ [`${school.id} anna`]: changesOf("anna", 2) });
  const after = changesOf("anna", 1, { from: 3 });
  const getByName = env.SCHOOLS.getByName.bind(env.SCHOOLS);
  const spy = vi.spyOn(env.SCHOOLS, "getByName").mockImplementation((name) => {
    spy.mockRestore();
    const stub = getByName(name);
    return new Proxy(stub, {
      get: (object, method) => async (late: SentChange[]) => {
        expect([method, late.length]).toEqual(["append", 2]);
        expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
        await school.event("user.signed_up", "anna");
        await feedOf(school.id).append(after);
        await object.append(late);
      },
    });
  });
  await tellUsers(env, [place("anna")]);
  expect(await readAll(feedOf(school.id))).toEqual(after);
});

test("a school that was deleted has nothing in its feed by what came late", async () => {
  await school.event("user.signed_up", "anna");
  pretend({ [`${school.id} anna`]: changesOf("anna", 2) });
  await deleteSchool(env, school.id, "platform");
  await tellUsers(env, [place("anna")]);
  expect(await readAll(feedOf(school.id))).toEqual([]);
});

test("more than a call takes goes in several, and none is made after one that failed", async () => {
  const changes = changesOf("anna", 20, { tag: "x".repeat(900_000) });
  const order = watch();
  expect(await keepChanges(env, [{ ...place("anna"), changes }])).toHaveLength(1);
  expect(order).toEqual(["append", "append", "append"]);
  vi.restoreAllMocks();
  expect(await readAll(feedOf(school.id))).toEqual(changes);
  const failing = watch({ call: "append" });
  expect(await keepChanges(env, [{ ...place("anna"), changes }])).toEqual([]);
  expect(failing).toEqual(["append"]);
});
