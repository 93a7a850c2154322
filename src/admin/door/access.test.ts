import { sign } from "hono/jwt";
import { expect, test } from "vitest";
import { env } from "../../http/test-client";
import { identityOf, type Jwk } from "./access";

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

const key = await pair();
const publicKey = { ...((await crypto.subtle.exportKey("jwk", key.publicKey)) as JsonWebKey), kid: "one" };
const keys = async (): Promise<Jwk[]> => [publicKey as Jwk];

const guarded = { ...env, ACCESS_TEAM_DOMAIN: DOMAIN, ACCESS_AUD: "the-app" };

async function tokenWith(changes: Record<string, unknown> = {}, signer = key): Promise<string> {
  const jwk = { ...((await crypto.subtle.exportKey("jwk", signer.privateKey)) as JsonWebKey), kid: "one" };
  const claims = {
    iss: `https://${DOMAIN}`,
    aud: ["the-app"],
    email: "Anna@school.com",
    exp: Date.now() / 1_000 + 60,
    ...changes,
  };
  return sign(claims, jwk as Jwk & JsonWebKey, "RS256");
}

const ask = (token: string | null) =>
  identityOf(
    guarded,
    new Request("https://x.test/admin", token === null ? {} : { headers: { "cf-access-jwt-assertion": token } }),
    keys,
  );

test("without its variables, Access says nothing of anybody", async () => {
  expect(await identityOf(env, new Request("https://x.test/admin"), keys)).toEqual({ kind: "off" });
});

test("an assertion signed by the team's key for this application names who comes", async () => {
  expect(await ask(await tokenWith())).toEqual({ kind: "somebody", email: "anna@school.com" });
});

test.each([
  ["none", null],
  ["no token at all", "x.y.z"],
  ["one for another application", await tokenWith({ aud: ["another"] })],
  ["one of another team", await tokenWith({ iss: "https://other.cloudflareaccess.com" })],
  ["one that has run out", await tokenWith({ exp: Date.now() / 1_000 - 60 })],
  ["one signed by another key", await tokenWith({}, await pair())],
])("%s lets nobody in", async (_, token) => {
  expect(await ask(token)).toEqual({ kind: "nobody" });
});
