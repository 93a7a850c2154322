import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";
import { describe, expect, test } from "vitest";
import { actions, conditions, events, triggers } from "../src/catalogue";
import { UNHEARD } from "../src/catalogue/facts/by-hand";
import { changeTypes } from "../src/catalogue/facts/changes";

/*
 * The catalogue answers for its cards: no other code of the Worker knows one by its name, so that a card is added,
 * changed or taken away in one place. Code that must name one imports it.
 */

const ROOT = join(import.meta.dirname, "..");

const all = new Set([
  ...[events, triggers, conditions, actions].flatMap((cards) => [...cards.keys()]),
  ...UNHEARD.map(({ type }) => type),
]);
const prefixOf = (name: string): string => name.replace(/\..*/, ".");
/** What names are put together from: "user.", "inactivity.". */
const prefixes = new Set([...all].filter((type) => type.includes(".")).map(prefixOf));
const CUSTOM = "custom.";

/** Folders that may name cards, and which. */
const MAY: readonly [folder: string, which: ReadonlySet<string>, why: string][] = [
  ["src/catalogue/", all, "the cards themselves"],
  ["src/inbound/", new Set(events.keys()), "a way in makes our events of what others send: their names are its data"],
  ["src/connectors/lms/", new Set(changeTypes), "a connector says which changes it carries out, each by its type"],
  ["src/automations/templates/", all, "a template is a definition, as schools write them"],
  ["src/language/german/", all, "its keys are what the cards say of themselves, word by word"],
];

/** Every text in a source, those in templates and of JSX too; no comments. */
function textsOf(source: string, tsx: boolean): string[] {
  const texts: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (typeof node !== "object" || node === null) return;
    const { type, value, cooked, key }: { type?: unknown; value?: unknown; cooked?: unknown; key?: unknown } = node;
    if ((type === "StringLiteral" || type === "JSXText") && typeof value === "string") texts.push(value);
    if (type === "TemplateElement" && typeof cooked === "string") texts.push(cooked);
    // zod's word for an issue of one's own is the name of a trigger as well.
    if (type === "KeyValueProperty" && typeof key === "object" && key && "value" in key && key.value === "code") return;
    Object.values(node).forEach(walk);
  };
  walk(parseSync(source, { syntax: "typescript", tsx }));
  return texts;
}

/** The cards that a text names, and the beginnings of names that it is. */
function namesIn(text: string): string[] {
  const words = [text, ...(text.match(/[a-z_0-9]+(?:\.[a-z_0-9]+)+/g) ?? [])];
  return [...new Set(words.filter((word) => all.has(word) || prefixes.has(word) || word.startsWith(CUSTOM)))];
}

/** A test, or what tests share (`test-world.ts`): no code of the Worker. */
const isForTests = (path: string): boolean => /\.test\.tsx?$|\/test-[^/]+\.tsx?$/.test(path);

const named = ["src", "durable-objects"]
  .flatMap((top) => readdirSync(join(ROOT, top), { recursive: true, encoding: "utf8" }).map((file) => `${top}/${file}`))
  .filter((path) => /\.tsx?$/.test(path) && !isForTests(path) && !path.includes("/generated/"))
  .flatMap((path) => {
    const texts = textsOf(readFileSync(join(ROOT, path), "utf8"), path.endsWith("x"));
    return texts.flatMap(namesIn).map((name) => ({ path, name }));
  });

describe("a name of a card", () => {
  test.each([
    ['const a = { type: "tag.added" };', ["tag.added"]],
    ['const a = "trigger:tag.added";', ["tag.added"]],
    ["const a = `A webhook of type push.user.`;", ["push.user"]],
    ["const a = <p>on tag.added</p>;", ["tag.added"]],
    ['type.startsWith("inactivity.");', ["inactivity."]],
    [`const a = \`custom.\${name}\`;`, ["custom."]],
    ['const a = "custom.bought_book";', ["custom.bought_book"]],
    ['const is = type === "custom";', ["custom"]],
    ['context.addIssue({ code: "custom" });', []],
    ["// on tag.added\nconst a = 1;", []],
    ['const a = ["user.email", "vintage.added"];', []],
  ])("is found: %s", (source, found) => {
    expect(textsOf(source, true).flatMap(namesIn)).toEqual(found);
  });

  test("stands in the catalogue alone, and where it is somebody's data", () => {
    const wrong = named.filter(({ path, name }) => {
      const [, which] = MAY.find(([folder]) => path.startsWith(folder)) ?? [];
      return !which || (all.has(name) && !which.has(name));
    });
    expect(wrong).toEqual([]);
  });

  test.each(MAY)("stands in %s", (folder) => {
    expect(named.some(({ path }) => path.startsWith(folder))).toBe(true);
  });
});
