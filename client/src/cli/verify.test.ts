import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
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

test("of a pack that is whole from some moment on it says from which", async () => {
  const [code, said] = await verify(packWith(undefined, "2026-01-20T00:00:00.000Z"));
  expect([code, said]).toEqual([0, expect.stringContaining("Whole from 2026-01-20T00:00:00.000Z on")]);
  expect((await verify(packWith()))[1]).not.toContain("Whole from");
});

test("without keys it says that nothing was changed, and that it does not know who signed", async () => {
  const [code, said] = await verify(packWith(), null);
  expect([code, said]).toEqual([3, expect.stringContaining("https://bell.test/.well-known/schoolbell-keys.json")]);
});

test("a pack that another key signed is refused", async () => {
  expect(await verify(packWith(), OTHER_KEYS)).toEqual([1, expect.stringContaining("none of the keys given")]);
});

test("keys that are no JSON are named in one line, not in a trace of the program", async () => {
  const [code, said] = await verify(packWith(), "-----BEGIN PUBLIC KEY-----");
  expect([code, said]).toEqual([1, expect.stringMatching(/^\S*keys\.json is no JSON: .*$/)]);
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

const pack = packWith();
/** What is proved: all but the signature's own file, where blanks say nothing. */
const filesOf = (zip: Uint8Array) =>
  Object.entries(unzipSync(zip)).flatMap(([name, bytes]) =>
    name === "manifest.sig.json" ? [] : [[name, strFromU8(bytes)]],
  );
const joined = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

test("a pack of which any byte was changed is refused, or has the same files in it", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(pack.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = pack.slice();
      changed[at] = (changed[at] ?? 0) ^ by;
      const [code, said] = await verify(changed);
      if (code === 0) expect(filesOf(changed)).toEqual(filesOf(pack));
      else expect([code, said]).toEqual([1, expect.stringMatching(/./)]);
      refused += code;
    }),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(300);
});

test("a pack with anything behind, before or beside its files is refused: no reader finds other files in it", async () => {
  const hidden = zipSync({ "people.csv": strToU8("learner,name\r\nben,Ben\r\n") });
  const record = hidden.slice(0, hidden.length - 22);
  for (const changed of [joined(pack, hidden), joined(hidden, pack), joined(record, pack), joined(pack, strToU8("x"))])
    expect(await verify(changed)).toEqual([1, expect.stringMatching(/beside its files|no zip/)]);
});

test("what is no zip is refused", async () => {
  expect(await verify("hello")).toEqual([1, expect.stringContaining("no zip")]);
});
