import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEYS, OTHER_KEYS, packWith } from "../../test/pack.ts";
import { run } from "./commands.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "verify-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** What the command says of a file, and how it ends. */
async function verify(file: Uint8Array | string, keys: string | null = KEYS): Promise<[code: number, said: string]> {
  writeFileSync(join(dir, "pack.zip"), file);
  if (keys !== null) writeFileSync(join(dir, "keys.json"), keys);
  const said: string[] = [];
  const terminal = {
    env: {},
    say: (line: string) => void said.push(line),
    complain: (line: string) => void said.push(line),
    ask: async () => null,
    // Nobody is asked: it is checked offline.
    fetch: () => Promise.reject(new Error("no connection")),
  };
  const options = keys === null ? [] : ["--keys", join(dir, "keys.json")];
  const code = await run(["verify", join(dir, "pack.zip"), ...options], terminal);
  return [code, said.join("\n")];
}

test("a pack as it was made passes, by a file of keys and no connection", async () => {
  const [code, said] = await verify(packWith());
  expect([code, said]).toEqual([0, expect.stringContaining("course js-101")]);
  expect(said).toContain("one of the keys given");
});

test("without keys it says that nothing was changed, and that it does not know who signed", async () => {
  const [code, said] = await verify(packWith(), null);
  expect([code, said]).toEqual([3, expect.stringContaining("https://bell.test/.well-known/schoolbell-keys.json")]);
});

test("a pack that another key signed is refused", async () => {
  expect(await verify(packWith(), OTHER_KEYS)).toEqual([1, expect.stringContaining("none of the keys given")]);
});

const edit = (name: string, from: string, to: string) => (files: Record<string, string>) => {
  files[name] = (files[name] ?? "").replace(from, to);
};

test.each([
  ["a line was changed", edit("people.csv", "Anna", "Ben"), "people.csv was changed"],
  ["a line was added", edit("people.csv", "anna,Anna", "anna,Anna\r\nben,Ben"), "people.csv was changed"],
  ["a file was taken out", (files: Record<string, string>) => delete files["people.csv"], "people.csv is missing"],
  ["a file was put in", (files: Record<string, string>) => (files["more.csv"] = "x"), "more.csv was put in"],
  ["the manifest was changed", edit("manifest.json", "js-101", "js-102"), "not what was signed"],
  ["the signature was changed", edit("manifest.sig.json", '"signature":"', '"signature":"AAAA'), "not what was signed"],
  ["the manifest was taken out", (files: Record<string, string>) => delete files["manifest.json"], "no manifest.json"],
])("a pack of which %s is refused, and says so", async (_, tamper, says) => {
  expect(await verify(packWith((files) => void tamper(files)))).toEqual([1, expect.stringContaining(says)]);
});

test("what is no zip is refused", async () => {
  expect(await verify("hello")).toEqual([1, expect.stringContaining("no zip")]);
});
