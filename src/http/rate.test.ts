import { afterEach, expect, test, vi } from "vitest";
import { call, env, newSchool, testApp } from "./test-client";

afterEach(() => vi.useRealTimers());

const app = testApp();

/** A limiter that lets so many through, and the Worker's bindings with it. */
function limited(requests: number) {
  let asked = 0;
  const limit = vi.fn(async () => ({ success: ++asked <= requests }));
  return { limit, env: { ...env, KEY_LIMIT: { limit } } };
}

test("a key that sends too much is refused until the time it is told, and others are not", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const { key } = await newSchool(app);
  const other = await newSchool(app);
  const bound = limited(1);
  const ask = (token = key) => call(app, "GET", "/v1/school", undefined, { token, env: bound.env });
  const first = await Promise.all(Array.from({ length: 199 }, () => ask()));
  expect(new Set(first.map(({ status }) => status))).toEqual(new Set([200]));
  expect(bound.limit).toHaveBeenCalledTimes(1);
  const refused = [await ask(), await ask(), await ask()];
  expect(refused.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual([
    [429, "10"],
    [429, "10"],
    [429, "10"],
  ]);
  expect((await ask(other.key)).status).toBe(200);
  vi.setSystemTime(Date.now() + 8_500);
  expect((await ask()).headers.get("retry-after")).toBe("2");
  vi.setSystemTime(Date.now() + 1_501);
  expect((await ask()).status).toBe(200);
  expect(bound.limit).toHaveBeenCalledTimes(2);
});

test("a school has one limit, however many keys it sends by", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const { id, key } = await newSchool(app);
  const other = await newSchool(app);
  const keys = [key];
  while (keys.length < 10) {
    const made = await call(app, "POST", "/v1/api-keys", { name: "one more", scopes: ["read"] }, { token: key });
    keys.push(made.body.key);
  }
  let left = 2;
  const asked: string[] = [];
  const bound = {
    ...env,
    KEY_LIMIT: { limit: async () => ({ success: true }) },
    SCHOOL_LIMIT: {
      limit: async ({ key }: { key: string }) => {
        asked.push(key);
        return { success: key !== `school ${id}` || left-- > 0 };
      },
    },
  };
  const ask = (token: string) => call(app, "GET", "/v1/school", undefined, { token, env: bound });
  // Making nine keys were nine.
  const answers = await Promise.all(Array.from({ length: 290 }, (_, n) => ask(keys[n % keys.length] ?? key)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await ask(key);
  expect([refused.status, refused.headers.get("retry-after"), refused.body.type, refused.body.detail]).toEqual([
    429,
    "10",
    "https://schoolbell.dev/problems/too_many",
    "Too many requests of this school.",
  ]);
  // Whichever key: until the time that was told.
  for (const one of keys) expect((await ask(one)).status).toBe(429);
  expect((await ask(other.key)).status).toBe(200);
  expect(asked).toEqual([`school ${id}`, `school ${id}`, `school ${id}`]);
  vi.setSystemTime(Date.now() + 10_001);
  expect((await ask(keys[3] ?? key)).status).toBe(200);
});
