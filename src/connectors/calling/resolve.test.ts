import { expect, test, vi } from "vitest";
import { withDns } from "../../../test/workers/dns";
import { env } from "../../http/test-client";
import { resolverOf } from "./resolve";

const resolverWith = (...zone: Parameters<typeof withDns>) => {
  const dns = withDns(...zone);
  const resolve = resolverOf(dns.env);
  if (!resolve) throw new Error("no resolver");
  return { ...dns, resolve };
};

test("a name has all its addresses of both kinds, and none of its aliases", async () => {
  const { resolve, fetch } = resolverWith({ "a.com": { A: ["1.2.3.4", "1.2.3.5"], AAAA: ["2606:4700::1"] } });
  expect(await resolve("A.com")).toEqual(["1.2.3.4", "1.2.3.5", "2606:4700::1"]);
  expect(fetch.mock.calls.map(([request]) => request.url)).toEqual([
    "https://cloudflare-dns.com/dns-query?name=a.com&type=A",
    "https://cloudflare-dns.com/dns-query?name=a.com&type=AAAA",
  ]);
});

test("a name that is not there has none, and a resolver that fails is no answer", async () => {
  const { resolve } = resolverWith({ "fails.com": "fails", "far.com": "unreachable" });
  expect(await resolve("nowhere.com")).toEqual([]);
  await expect(resolve("fails.com")).rejects.toThrow();
  await expect(resolve("far.com")).rejects.toThrow();
});

test("an answer is kept as long as it says, within bounds", async () => {
  const { resolve, fetch } = resolverWith({ "a.com": { A: ["1.2.3.4"] } }, 60);
  const asked = async (afterMs: number) => {
    vi.setSystemTime(Date.now() + afterMs);
    await resolve("a.com");
    return fetch.mock.calls.length / 2;
  };
  vi.useFakeTimers({ toFake: ["Date"] });
  expect([await asked(0), await asked(59_000), await asked(2_000)]).toEqual([1, 1, 2]);

  for (const [ttlSeconds, keptMs] of [
    [0, 10_000],
    [86_400, 300_000],
  ] as const) {
    const name = `ttl${ttlSeconds}.com`;
    const other = resolverWith({ [name]: { A: ["1.2.3.4"] } }, ttlSeconds);
    await other.resolve(name);
    vi.setSystemTime(Date.now() + keptMs - 1);
    await other.resolve(name);
    expect(other.fetch).toHaveBeenCalledTimes(2);
    vi.setSystemTime(Date.now() + 1);
    await other.resolve(name);
    expect(other.fetch).toHaveBeenCalledTimes(4);
  }
});

test("so many names are kept, and no more", async () => {
  const { resolve, fetch } = resolverWith({});
  for (let n = 0; n <= 1_000; n++) await resolve(`n${n}.com`);
  const before = fetch.mock.calls.length;
  await resolve("n1000.com");
  expect(fetch).toHaveBeenCalledTimes(before);
  await resolve("n0.com");
  expect(fetch).toHaveBeenCalledTimes(before + 2);
});

test("under LOCAL nobody is asked", () => {
  expect(resolverOf(env)).toBeNull();
});
