import { describe, expect, test, vi } from "vitest";
import { env, liveSchool } from "../../test/workers/live";

/* Messages of a request of which one is shed, and that their sender sends again. */

const { school } = liveSchool("live");

const AT = "2026-01-02T03:04:05.678Z";
const saved = (userId: string, more: object = {}) => ({ type: "track", userId, event: "Saved", ...more });

/** Has the object of a user shed what is asked of it, so often. */
function shedding(user: string, times: number) {
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  const getByName = env.USERS.getByName.bind(env.USERS);
  let left = times;
  return vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    const object = getByName(name);
    if (name !== JSON.stringify([school.id, user])) return object;
    return new Proxy(object, {
      get: (stub, method) => {
        if (left-- > 0)
          return () => Promise.reject(Object.assign(new Error("Durable Object is overloaded."), { overloaded: true }));
        return Reflect.get(stub, method);
      },
    });
  });
}

const times = async (user: string): Promise<number> => {
  const { body } = await school.ask("GET", `/v1/users/${user}/timeline?type=custom.saved`);
  return body.data?.filter(({ type }: { type: string }) => type === "custom.saved").length ?? 0;
};
const batch = (messages: unknown[]) => school.ask("POST", "/v1/batch", { batch: messages });

const BEYOND = 100;

describe("a message of the Segment spec without an id", () => {
  test("is done once where it has a time, and is sent again because another was shed", async () => {
    const messages = [saved("anna", { timestamp: AT }), saved("ben", { timestamp: AT })];
    const spy = shedding("ben", BEYOND);
    const first = await batch(messages);
    spy.mockRestore();
    const again = await batch(messages);
    expect([first.status, again.status]).toEqual([503, 200]);
    expect([await times("anna"), await times("ben")]).toEqual([1, 1]);
  });

  test("is its own where another like it stands in the same request, and where it says something else", async () => {
    const one = saved("anna", { timestamp: AT });
    const other = { ...one, properties: { page: 2 } };
    for (let n = 0; n < 2; n++) expect((await batch([one, one, other])).status).toBe(200);
    expect(await times("anna")).toBe(3);
  });

  test.each([{}, { timestamp: "2026-01-02" }])("is a new one each time without a moment: %o", async (time) => {
    for (let n = 0; n < 2; n++) expect((await batch([saved("anna", time)])).status).toBe(200);
    expect(await times("anna")).toBe(2);
  });

  test("waits for another of its request that is shed, so that the request is answered whole", async () => {
    const spy = shedding("ben", 3);
    expect((await batch([saved("anna"), saved("ben")])).status).toBe(200);
    spy.mockRestore();
    expect([await times("anna"), await times("ben")]).toEqual([1, 1]);
  });
});
