import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { german } from ".";

const entries = Object.entries(german);
const slotsOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

test("every text has its German", () => {
  expect(entries.filter(([, other]) => other.trim() === "").map(([text]) => text)).toEqual([]);
});

test("German fills the same slots", () => {
  expect(entries.filter(([text, other]) => `${slotsOf(text)}` !== `${slotsOf(other)}`).map(([text]) => text)).toEqual(
    [],
  );
});

test("German has one word for what is done again: docs/words.md", () => {
  expect(entries.filter(([, other]) => /\berneut/i.test(other)).map(([text]) => text)).toEqual([]);
});

test("a text stands in one part of the dictionary alone", async () => {
  const folder = new URL(".", import.meta.url).pathname;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/index|browsers|\.test\./.test(file),
  );
  const places = new Map<string, string[]>();
  for (const file of files) {
    const [part]: unknown[] = Object.values(await import(/* @vite-ignore */ `${folder}${file}`));
    for (const text of Object.keys(part ?? {})) places.set(text, [...(places.get(text) ?? []), file]);
  }
  expect([...places].filter(([, where]) => where.length > 1)).toEqual([]);
});
