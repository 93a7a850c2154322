import { describe, expect, test } from "vitest";
import { readUnsubscribeToken, UNSUBSCRIBE, unsubscribeToken } from "../vendors/unsubscribe";
import { signingKey } from "./keys";
import { isOpenedBy, open, type SealPlace, seal, sealAnew } from "./sealed";

const ONE = btoa("0123456789abcdef0123456789abcdef");
const OTHER = btoa("fedcba9876543210fedcba9876543210");
const KEY = { made: ONE, before: null };
const OTHER_KEY = { made: OTHER, before: null };
const BOTH = { made: OTHER, before: ONE };
const place: SealPlace = ["acme", "schools", "connector_secrets", "email.pass"];

/** The same text with one bit of one character's place in the alphabet turned. */
const flipped = (text: string, at: number) => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const other = alphabet[alphabet.indexOf(text.charAt(at)) ^ 1] ?? "";
  return text.slice(0, at) + other + text.slice(at + 1);
};

describe("sealed secrets", () => {
  test("open where they were sealed", async () => {
    for (const plain of ["", "hunter2", "Пароль 🔑", "x".repeat(10_000)])
      expect(await open(KEY, place, await seal(KEY, place, plain))).toBe(plain);
  });

  test("are sealed anew each time, and say nothing of what they hold", async () => {
    const [one, two] = [await seal(KEY, place, "hunter2"), await seal(KEY, place, "hunter2")];
    expect(one).not.toBe(two);
    expect(one).not.toContain("hunter2");
    expect(one).toMatch(/^[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
  });

  test.each([0, 1, 2, 3])("do not open when part %i of their place is another", async (index) => {
    const sealed = await seal(KEY, place, "hunter2");
    const elsewhere = place.with(index, "other") as unknown as SealPlace; // four texts in, four texts out
    await expect(open(KEY, elsewhere, sealed)).rejects.toThrow();
  });

  test("do not open with another key, touched, or cut", async () => {
    const sealed = await seal(KEY, place, "hunter2");
    await expect(open(OTHER_KEY, place, sealed)).rejects.toThrow("another SECRET_KEY");
    for (const bad of [flipped(sealed, 12), flipped(sealed, sealed.length - 5), sealed.slice(0, -4), "", "a.b.c"])
      await expect(open(KEY, place, bad)).rejects.toThrow();
  });
});

describe("while one secret becomes another", () => {
  test("what the one before sealed opens, and what is sealed now opens by the new alone", async () => {
    expect(await open(BOTH, place, await seal(KEY, place, "hunter2"))).toBe("hunter2");
    const sealed = await seal(BOTH, place, "hunter2");
    expect(await open(OTHER_KEY, place, sealed)).toBe("hunter2");
    await expect(open(KEY, place, sealed)).rejects.toThrow("another SECRET_KEY");
    expect([await isOpenedBy(BOTH, sealed), await isOpenedBy(KEY, sealed)]).toEqual([true, false]);
  });

  test("what is sealed anew opens by the new alone, and once is enough", async () => {
    const anew = await sealAnew(BOTH, place, await seal(KEY, place, "hunter2"));
    expect(await open(OTHER_KEY, place, anew ?? "")).toBe("hunter2");
    expect(await sealAnew(BOTH, place, anew ?? "")).toBeNull();
    await expect(sealAnew(OTHER_KEY, place, await seal(KEY, place, "hunter2"))).rejects.toThrow("another SECRET_KEY");
  });
});

describe("unsubscribe tokens", async () => {
  const [LINKS, OTHER_LINKS] = [await signingKey(ONE, UNSUBSCRIBE), await signingKey(OTHER, UNSUBSCRIBE)];

  test("tell school, epoch and user", async () => {
    for (const user of ["anna", "ж|.%", "lead:a@b.c"])
      for (const epoch of [1, 2]) {
        const whom = { school: "acme", epoch, user };
        const token = await unsubscribeToken(LINKS, whom);
        expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
        expect(await readUnsubscribeToken(LINKS, token)).toEqual(whom);
        expect(await unsubscribeToken(LINKS, whom)).toBe(token);
      }
  });

  test("are refused with any one bit changed, and for another key", async () => {
    const token = await unsubscribeToken(LINKS, { school: "acme", epoch: 1, user: "anna" });
    for (let at = 0; at < token.length; at++)
      if (token[at] !== ".") expect(await readUnsubscribeToken(LINKS, flipped(token, at)), `at ${at}`).toBeNull();
    expect(await readUnsubscribeToken(OTHER_LINKS, token)).toBeNull();
  });

  test.each(["", ".", "a", "a.b", "a.b.c", "..", "%.%", "ж.ж"])("%j is none", async (token) => {
    expect(await readUnsubscribeToken(LINKS, token)).toBeNull();
  });
});
