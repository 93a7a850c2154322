import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { documentOf, readFolder, writeFolder } from "./folder.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "folder-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const welcome = { id: "aut_1", name: "Wélcome, you!", then: [{ id: "s1", type: "email.user", body: "Hi\nyou\n" }] };
const everything = {
  profile_fields: [{ key: "size", name: "Size" }],
  segments: [{ id: "sales", name: "Sales" }],
  segment_rules: [],
  segment_syncs: [],
  auto_groups: [],
  automations: [welcome, { id: "aut_2", name: "Welcome you" }],
};
const keep = { prune: false };

test("what is written is read again, also of kinds of which there is nothing", () => {
  writeFolder(dir, everything, keep);
  const { automations, ...others } = documentOf(readFolder(dir));
  expect({ ...others, automations: automations?.toReversed() }).toEqual(everything);
  expect(readdirSync(dir)).toEqual([
    "profile_fields",
    "schoolbell.yaml",
    "segments",
    "welcome-you-2.yaml",
    "welcome-you.yaml",
  ]);
});

test("a file that says the same stays as it is, and one that was renamed is found by its id", () => {
  writeFolder(dir, everything, keep);
  const path = join(dir, "welcome-you.yaml");
  const text = `# Ours\n${readFileSync(path, "utf8")}`;
  rmSync(path);
  writeFileSync(join(dir, "greeting.yml"), text);
  expect(writeFolder(dir, everything, keep).written).toEqual([]);
  const renamed = { ...everything, automations: [{ ...welcome, name: "Hello" }, everything.automations[1] ?? {}] };
  expect(writeFolder(dir, renamed, keep).written).toEqual([join(dir, "greeting.yml")]);
});

test("a file of what is not in the school goes only where that is asked for", () => {
  writeFolder(dir, everything, keep);
  const one = { ...everything, automations: [welcome] };
  expect(writeFolder(dir, one, keep).unknown).toEqual([join(dir, "welcome-you-2.yaml")]);
  expect(documentOf(readFolder(dir)).automations).toHaveLength(2);
  writeFolder(dir, one, { prune: true });
  expect(documentOf(readFolder(dir)).automations).toEqual([welcome]);
});

test("of a folder made by hand only kinds with files are given", () => {
  writeFileSync(join(dir, "a.yaml"), "id: a\nname: A\n");
  expect(documentOf(readFolder(dir))).toEqual({ automations: [{ id: "a", name: "A" }] });
});

test("every fault names its file", () => {
  writeFileSync(join(dir, "a.yaml"), "id: a\n");
  writeFileSync(join(dir, "b.yaml"), "id: a\n");
  writeFileSync(join(dir, "c.yaml"), "name: no id\n");
  writeFileSync(join(dir, "d.yaml"), "a: [\n");
  const lines = String(thrownBy(() => readFolder(dir))).split("\n");
  expect(lines.map((line) => line.slice(line.indexOf(dir) + dir.length + 1).split(":", 1)[0]).toSorted()).toEqual([
    "b.yaml",
    "c.yaml",
    "d.yaml",
  ]);
});

test("a file where nobody looks is a fault: one in a folder that is misspelt, or in a folder of a folder", () => {
  writeFolder(dir, everything, keep);
  for (const at of ["segment", "segments/old", "team/sales", ".github", "node_modules/x"]) {
    mkdirSync(join(dir, at), { recursive: true });
    writeFileSync(join(dir, at, "q.yaml"), "id: q\nname: Q\n");
  }
  const lines = String(thrownBy(() => readFolder(dir))).split("\n");
  expect(lines.map((line) => line.slice(line.indexOf(dir) + dir.length + 1).split(":", 1)[0]).toSorted()).toEqual([
    "segment/q.yaml",
    "segments/old/q.yaml",
    "team/sales/q.yaml",
  ]);
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}
