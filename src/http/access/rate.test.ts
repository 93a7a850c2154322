import { afterEach, expect, test, vi } from "vitest";
import { call, env, newSchool, testApp } from "../test-client";

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
  expect(refused.map(({ status, headers }) => [status, headers.get("retry-after"), headers.get("ratelimit")])).toEqual(
    Array(3).fill([429, "10", '"key";r=0;t=10']),
  );
  expect((await ask(other.key)).status).toBe(200);
  vi.setSystemTime(Date.now() + 8_500);
  expect((await ask()).headers.get("retry-after")).toBe("2");
  vi.setSystemTime(Date.now() + 1_501);
  expect((await ask()).status).toBe(200);
  expect(bound.limit).toHaveBeenCalledTimes(2);
});
