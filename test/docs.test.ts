import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { PROBLEMS } from "../src/base/errors/errors";

/*
 * What is written for people leads somewhere: every path that a page or a comment names is there.
 */

const ROOT = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const found = (pattern: string): string[] => globSync(pattern, { cwd: ROOT });

const pages = ["README.md", "CONTRIBUTING.md", ...found("docs/**/*.md")];

/** A path from the root: `<subject>` in it stands for any name, `{a,b}` for both. */
const PATH = /(?<![\w./-])(?:src|durable-objects|docs|test|scripts|bench|migrations)\/[\w./<>{},*-]*/g;
const PLANNED = /^`? \(planned\)/;

const isThere = (path: string): boolean => {
  const whole = path.replace(/[.,/]+$/, "");
  const { before, list, after } = /^(?<before>[^{]*)\{(?<list>[^}]*)\}(?<after>.*)$/.exec(whole)?.groups ?? {};
  if (list !== undefined) return list.split(",").every((one) => isThere(`${before}${one}${after}`));
  return found(whole.replaceAll(/<[^>]*>/g, "*")).length > 0;
};

const named = (text: string): { path: string; isPlanned: boolean }[] =>
  [...text.matchAll(PATH)].map((match) => ({
    path: match[0],
    isPlanned: PLANNED.test(text.slice(match.index + match[0].length)),
  }));

describe("pages", () => {
  test("name paths in each of their forms", () => {
    expect(named("`src/a.ts`, src/<b>/c.ts and `docs/d/` (planned); ./src/no, x/src/no")).toEqual([
      { path: "src/a.ts", isPlanned: false },
      { path: "src/<b>/c.ts", isPlanned: false },
      { path: "docs/d/", isPlanned: true },
    ]);
    expect(isThere("src/catalogue/<subject>/{events,triggers}.ts")).toBe(true);
    expect(isThere("src/catalogue/{facts,nowhere}.ts")).toBe(false);
  });

  test.each(pages)("%s names no path that is not there, and calls none planned that is", (page) => {
    expect(named(read(page)).filter(({ path, isPlanned }) => isThere(path) === isPlanned)).toEqual([]);
  });

  test.each(pages)("%s links to what is there", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = ""]) => link);
    const wrong = links.filter((link) => found(normalize(join(dirname(page), link))).length === 0);
    expect(wrong).toEqual([]);
  });
});

/** Comments leave out where a path begins: `db/lists/list.ts` is some file whose path ends so. */
test("comments name no file that is not there", () => {
  const files = found("{*,.*,client/*,{src,durable-objects,docs,test,scripts,bench,client/src,client/test}/**/*}").map(
    (path) => `/${path}`,
  );
  const sources = found("{src,durable-objects,test,scripts,bench,client/src,client/test}/**/*.{ts,tsx,mjs}");
  const wrong = sources
    .filter((path) => !path.startsWith("src/admin/generated/"))
    .flatMap((path) =>
      [...read(path).matchAll(/^\s*(?:\/\/|\/?\*).*|\s\/\/ .*/gm)]
        .flatMap(([comment]) => (comment.includes("://") ? [] : [...comment.matchAll(/[\w./-]+\.(?:tsx?|mjs|md)\b/g)]))
        .map(([name]) => name)
        .filter((name) => !files.some((file) => file.endsWith(`/${name}`)))
        .map((name) => `${path}: ${name}`),
    );
  expect(wrong).toEqual([]);
});

test("every kind of error has its section, by the address that it is answered with", () => {
  const headings = [...read("docs/problems.md").matchAll(/^## `(\w+)` \((\d+)\)$/gm)].map(([, kind, status]) => [
    kind,
    Number(status),
  ]);
  expect(headings).toEqual([
    ...Object.entries(PROBLEMS).map(([kind, { status }]) => [kind, status]),
    ["internal", 500],
  ]);
});
