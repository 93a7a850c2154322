import { describe, expect, test } from "vitest";
import { PREFERENCES, preferencesToken, readPreferencesToken, unsubscribeLinkToken } from "./links";
import { signingKey } from "./secrets/keys";
import { UNSUBSCRIBE, unsubscribeToken } from "./vendors/unsubscribe";

const KEY = btoa("k".repeat(32));
const OTHER = btoa("o".repeat(32));
const read = async (secretKey: string, token: string) =>
  readPreferencesToken(await signingKey(secretKey, PREFERENCES), token);

describe("links that open without a sign-in", () => {
  test.each([1, 2])("unsubscribe by the token that mails of before have, in epoch %i", async (epoch) => {
    const whom = { school: "acme", epoch, user: "Änna/1" };
    expect(unsubscribeLinkToken(KEY, whom)).toBe(await unsubscribeToken(await signingKey(KEY, UNSUBSCRIBE), whom));
  });

  test.each([
    { school: "acme", epoch: 3, user: "Änna/1", madeAt: 5, born: 7 },
    // As mails of before have it.
    { school: "acme", epoch: 3, user: "Änna/1", madeAt: 5 },
  ])("open the page of whom they were made for, and of nobody once a character is another: %o", async (link) => {
    const token = preferencesToken(KEY, link);
    expect(await read(KEY, token)).toEqual(link);
    expect(await read(OTHER, token)).toBeNull();
    for (let at = 0; at < token.length; at++) {
      const flipped = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      expect(await read(KEY, flipped), `at ${at}`).toBeNull();
    }
  });

  test("of one kind are none of the other", async () => {
    expect(await read(KEY, unsubscribeLinkToken(KEY, { school: "a", epoch: 2, user: "u" }))).toBeNull();
  });

  test.each(["", ".", "..", "a.b.c", "!!!", "a".repeat(10_000)])("of no form are none: %.10s", async (token) => {
    expect(await read(KEY, token)).toBeNull();
  });
});
