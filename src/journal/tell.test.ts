import { expect, test, vi } from "vitest";
import { env, liveSchool } from "../../test/workers/live";
import { tellUsers } from "./tell";

const { school, queues } = liveSchool();

const placesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ school: school.id, epoch: 1, user: `user-${n}` }));
const listed = async (): Promise<number> => (await school.ask("GET", "/v1/users?limit=100")).body.data.length;

/** Counts how many objects of the school are asked at one time, and notes when D1 is written to. */
function watch() {
  const seen = { now: 0, most: 0, order: [] as string[] };
  const getByName = env.USERS.getByName.bind(env.USERS);
  vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    const stub = getByName(name);
    if (!name.includes(school.id)) return stub;
    return new Proxy(stub, {
      get:
        (object, method) =>
        async (...args: never[]) => {
          seen.most = Math.max(seen.most, ++seen.now);
          if (seen.order.at(-1) !== "ask") seen.order.push("ask");
          // A stub answers to every name with a remote method.
          return (object as unknown as Record<PropertyKey, (...args: never[]) => Promise<unknown>>)
            [method]?.(...args)
            .finally(() => seen.now--);
        },
    });
  });
  const batch = env.DB.batch.bind(env.DB);
  vi.spyOn(env.DB, "batch").mockImplementation((statements) => {
    seen.order.push("write");
    return batch(statements);
  });
  return seen;
}

test("many users are pulled a few at a time, and the next page when the last is written", async () => {
  const places = placesOf(60);
  for (const { user } of places) await school.event("user.signed_in", user);
  const seen = watch();
  await tellUsers(env, places);
  expect(seen.most).toBe(4);
  expect(seen.order).toEqual(["ask", "write", "ask", "write", "ask", "write", "ask"]);
  vi.restoreAllMocks();
  expect(await listed()).toBe(60);
});

test("a page that cannot be written stops no other, and is known to have failed", async () => {
  const places = placesOf(60);
  for (const { user } of places) await school.event("user.signed_in", user);
  vi.spyOn(env.DB, "batch").mockRejectedValueOnce(new Error("planted"));
  await expect(tellUsers(env, places)).rejects.toThrow("planted");
  expect(await listed()).toBe(35);
});

test("what happens while it is written is announced again", async () => {
  await school.event("user.signed_in", "user-0");
  const batch = env.DB.batch.bind(env.DB);
  const spy = vi.spyOn(env.DB, "batch").mockImplementationOnce(async (statements) => {
    spy.mockRestore();
    await school.event("user.signed_in", { id: "user-0", username: "Newer" });
    return batch(statements);
  });
  await tellUsers(env, placesOf(1));
  expect(queues.log).toMatchObject([{ users: placesOf(1), events: [[school.id, 1, 1]] }]);
});
