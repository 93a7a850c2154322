import { beforeEach, describe, expect, test, vi } from "vitest";
import { mountAdmin } from "../../admin/app";
import { makeKey } from "../../schools/keys/api-key-text";
import { createApp } from "../app";
import { routes } from "../routes";
import { call, env, newSchool, PLATFORM } from "../test-client";

const app = createApp(routes);
mountAdmin(app, routes);

const MOST = 3;
/** How much each address has been counted. */
let counted: Map<string, number>;
let bindings: typeof env;
let reads: { mock: { calls: unknown[] } };

beforeEach(() => {
  counted = new Map();
  const limit = async ({ key }: { key: string }) => {
    counted.set(key, (counted.get(key) ?? 0) + 1);
    return { success: (counted.get(key) ?? 0) <= MOST };
  };
  bindings = { ...env, USER_LIMIT: { limit } };
  reads = vi.spyOn(env.DB, "prepare");
});

const ask = (path: string, from: string, headers: Record<string, string>) =>
  call(app, "GET", path, undefined, { env: bindings, headers: { "cf-connecting-ip": from, ...headers } });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A token that nobody has signed, for a school that may not be there. */
const tokenFor = (school: string): string => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const exp = Math.floor(Date.now() / 1_000) + 60;
  return `${part({ alg: "HS256" })}.${part({ sub: "anna", school, aud: "schoolbell", exp })}.AAAA`;
};
let unique = 0;
const nowhere = () => `nowhere-${++unique}-${crypto.randomUUID()}`;

/** Ways to name nobody, another each time. */
const WAYS: Readonly<Record<string, (from: string) => ReturnType<typeof ask>>> = {
  "a user token of a school that is not there": (from) => ask("/v1/me", from, bearer(tokenFor(nowhere()))),
  "a key that is nobody's": (from) =>
    ask("/v1/school", from, bearer(makeKey("live", `key_${String(++unique).padStart(20, "0")}`))),
  "a hook key of a school that is not there": (from) =>
    call(app, "POST", `/hooks/moodle/${nowhere()}.x`, {}, { env: bindings, headers: { "cf-connecting-ip": from } }),
  "a session that is nobody's": (from) =>
    ask("/admin/s/acme/api/school", from, { cookie: `__Host-schoolbell=${String(++unique).padStart(43, "a")}` }),
  "a sign-in link that is nobody's": (from) => ask(`/admin/sign-in/${String(++unique).padStart(43, "b")}`, from, {}),
};

describe.each(Object.entries(WAYS))("%s", (_, send) => {
  test("costs no read once too many came from its address, for as long as that is told", async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    for (let n = 0; n < MOST; n++) expect([401, 404, 410]).toContain((await send("192.0.2.1")).status);
    expect((await send("192.0.2.1")).status).toBe(429);
    const before = reads.mock.calls.length;
    expect(before).toBeGreaterThan(0);
    const refused = await send("192.0.2.1");
    expect([refused.status, refused.headers.get("retry-after"), reads.mock.calls.length]).toEqual([429, "10", before]);
    expect((await send("192.0.2.2")).status).not.toBe(429);
    counted.clear();
    vi.setSystemTime(Date.now() + 10_001);
    expect((await send("192.0.2.1")).status).not.toBe(429);
  });
});

test("the same one again costs no read and is not counted, and is looked for again after 5 s", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const headers = bearer(makeKey("live", "key_00000000000000000000"));
  const again = async () => {
    const before = reads.mock.calls.length;
    expect((await ask("/v1/school", "192.0.2.3", headers)).status).toBe(401);
    return reads.mock.calls.length - before;
  };
  expect([await again(), await again(), await again()]).toEqual([1, 0, 0]);
  expect([...counted.values()]).toEqual([1]);
  vi.setSystemTime(Date.now() + 5_001);
  expect(await again()).toBe(1);
});

test("addresses of one IPv6 network are one", async () => {
  const key = () => bearer(makeKey("live", `key_${String(++unique).padStart(20, "0")}`));
  for (let n = 0; n <= MOST; n++) await ask("/v1/school", `2001:db8:0:1::${n + 1}`, key());
  expect((await ask("/v1/school", "2001:db8:0:1:ffff::1", key())).status).toBe(429);
  expect((await ask("/v1/school", "2001:db8:0:2::1", key())).status).toBe(401);
});

test("who is known is not held up by others at the same address", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const school = await newSchool(app);
  const other = await newSchool(app);
  const from = "192.0.2.4";
  const good = () => ask("/v1/school", from, bearer(school.key));
  expect((await good()).status).toBe(200);
  for (let n = 0; n <= MOST + 1; n++) await ask("/v1/me", from, bearer(tokenFor(nowhere())));
  expect((await good()).status).toBe(200);
  // Beyond the time that a credential is believed for, too.
  vi.setSystemTime(Date.now() + 6_000);
  expect((await ask("/v1/me", from, bearer(tokenFor(nowhere())))).status).toBe(429);
  expect((await good()).status).toBe(200);
  // A token that names a school which is at hand costs no read.
  expect((await ask("/v1/me", from, bearer(tokenFor(school.id)))).status).toBe(401);
  // Whoever comes for the first time waits.
  expect((await ask("/v1/school", from, bearer(other.key))).status).toBe(429);
});

test("a school made after it was asked for is there at once", async () => {
  const id = nowhere().slice(0, 60).replace(/-$/, "");
  expect((await ask("/v1/me", "192.0.2.5", bearer(tokenFor(id)))).status).toBe(401);
  await call(app, "POST", "/v1/schools", { id, name: "S", mode: "test" }, { token: PLATFORM });
  const before = reads.mock.calls.length;
  await ask("/v1/me", "192.0.2.5", bearer(tokenFor(id)));
  expect(reads.mock.calls.length).toBeGreaterThan(before);
});
