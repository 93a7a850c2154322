import { sign } from "hono/jwt";
import { beforeEach, expect, test, vi } from "vitest";
import { env } from "../../http/test-client";
import { identityOf } from "./access";

const DOMAIN = "team.cloudflareaccess.com";
const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

const pair = async (): Promise<CryptoKeyPair> =>
  // The algorithm makes pairs.
  (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as CryptoKeyPair;
const exported = async (key: CryptoKey, kid: string) => ({
  // The format asked for is one object.
  ...((await crypto.subtle.exportKey("jwk", key)) as JsonWebKey & { kty: string }),
  kid,
});

const key = await pair();
const one = await exported(key.publicKey, "one");
const two = { ...one, kid: "two" };

const guarded = { ...env, ACCESS_TEAM_DOMAIN: DOMAIN, ACCESS_AUD: "the-app" };

/** The keys that Access lists, and what it was asked. */
let listed: { kid: string }[];
let asked: string[];

beforeEach(() => {
  listed = [one];
  asked = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (request) => {
    asked.push(String(request));
    return Response.json({ keys: listed });
  });
});

async function tokenWith(changes: Record<string, unknown> = {}, { signer = key, kid = "one" } = {}): Promise<string> {
  const claims = {
    iss: `https://${DOMAIN}`,
    aud: ["the-app"],
    email: "Anna@school.com",
    exp: Math.floor(Date.now() / 1_000) + 3_600,
    ...changes,
  };
  return sign(claims, await exported(signer.privateKey, kid), "RS256");
}

const ask = (token: string | null) =>
  identityOf(
    guarded,
    new Request("https://x.test/admin", token === null ? {} : { headers: { "cf-access-jwt-assertion": token } }),
  );
const ANNA = { kind: "somebody", email: "anna@school.com" };

test("without its variables, Access says nothing of anybody", async () => {
  expect(await identityOf(env, new Request("https://x.test/admin"))).toEqual({ kind: "off" });
  expect(asked).toEqual([]);
});

test("an assertion signed by the team's key for this application names who comes", async () => {
  expect(await ask(await tokenWith())).toEqual(ANNA);
  expect(asked).toEqual([`https://${DOMAIN}/cdn-cgi/access/certs`]);
});

test.each([
  ["none", null],
  ["no token at all", "x.y.z"],
  ["one for another application", await tokenWith({ aud: ["another"] })],
  ["one of another team", await tokenWith({ iss: "https://other.cloudflareaccess.com" })],
  ["one that has run out", await tokenWith({ exp: Math.floor(Date.now() / 1_000) - 60 })],
  ["one that never runs out", await tokenWith({ exp: undefined })],
  ["one signed by another key", await tokenWith({}, { signer: await pair() })],
  ["one signed by nobody", `${btoa('{"alg":"none","kid":"one"}')}.${(await tokenWith()).split(".")[1]}.`],
  ["one signed with the public key as a secret", await sign({ email: "a@b.com" }, JSON.stringify(one), "HS256")],
])("%s lets nobody in", async (_, token) => {
  expect(await ask(token)).toEqual({ kind: "nobody" });
});

test("the team's keys are asked for every ten minutes, and a new one's once a minute at most", async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
  for (const _ of [1, 2, 3]) expect(await ask(await tokenWith())).toEqual(ANNA);
  expect(asked).toHaveLength(1);

  listed = [one, two];
  expect(await ask(await tokenWith({}, { kid: "two" }))).toEqual({ kind: "nobody" });
  expect(asked).toHaveLength(1);
  later(61_000);
  for (const _ of [1, 2, 3]) expect(await ask(await tokenWith({}, { kid: "two" }))).toEqual(ANNA);
  expect(asked).toHaveLength(2);

  listed = [two];
  later(601_000);
  expect(await ask(await tokenWith())).toEqual({ kind: "nobody" });
  expect(asked).toHaveLength(3);
});

test("while Access does not give its keys, nobody is let in, and the next is let in when it does", async () => {
  vi.mocked(fetch).mockResolvedValueOnce(new Response("down", { status: 500 }));
  expect(await ask(await tokenWith())).toEqual({ kind: "nobody" });
  expect(await ask(await tokenWith())).toEqual(ANNA);
});
