import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");

/** Folders that decide and touch nothing: no platform, no clock, no chance, no network; nor does what they may import of base. */
const PURE = ["src/definition/", "src/catalogue/", "src/engine/"];
const PURE_OF_BASE = ["cache", "json", "record", "errors/", "text/"].map(
  (name) => `src/base/${name.endsWith("/") ? name : `${name}.ts`}`,
);
/** What is bundled for browsers, and what of ours it may bring along. */
const ISLANDS = ["src/admin/islands/", "src/admin/editor/"];
const FOR_BROWSERS = ["src/language/", "src/admin/", "src/definition/"];
/** The same of others: what draws, and in the editor of a mail what holds its text. */
const LIBRARIES = /^hono\/jsx/;
const LIBRARIES_OF_MAIL = /^prosemirror-/;
const PLATFORM = /^(cloudflare:|node:|@cloudflare\/|drizzle-orm|hono\b|@hono\/)/;
const AMBIENT =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\.(?:randomUUID|getRandomValues|subtle)|\bfetch\(/;

const LINES_MAX = 350;

/** The least versions that carry no fault we know of. */
const FLOORS = {
  hono: "4.13.19",
  liquidjs: "10.30.1",
  "drizzle-orm": "0.45.2",
  zod: "4.0.0",
  papaparse: "5.2.0",
  "fast-csv": "4.3.6",
  wrangler: "4.59.1",
  miniflare: "4.20260520.0",
  jose: "6.2.17",
  re2js: "2.10.0",
  standardwebhooks: "1.1.1",
  "ipaddr.js": "2.5.0",
  "fast-check": "4.10.2",
};

interface Import {
  from: string;
  typeOnly: boolean;
}

const importsOf = (text: string): Import[] =>
  [...text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^;"]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
    ([, type, from, dynamic]) => ({ from: from ?? dynamic ?? "", typeOnly: type !== undefined }),
  );

const sources = ["src", "durable-objects"]
  .filter((top) => existsSync(join(ROOT, top)))
  .flatMap((top) => readdirSync(join(ROOT, top), { recursive: true, encoding: "utf8" }).map((file) => `${top}/${file}`))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return { path, text, imports: importsOf(text) };
  });
const clientSources = readdirSync(join(ROOT, "client/src"), { recursive: true, encoding: "utf8" })
  .map((file) => `client/src/${file}`)
  .filter((path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return { path, text, imports: importsOf(text) };
  });
const startsWithOne = (path: string, folders: readonly string[]): boolean =>
  folders.some((one) => path.startsWith(one));
const pure = sources.filter(({ path }) => startsWithOne(path, [...PURE, ...PURE_OF_BASE]));

describe("imports", () => {
  test("are found in each of their forms", () => {
    const text = [
      'import a from "a";',
      'import {\n  b,\n  type B,\n} from "./b";',
      'export * from "./c";',
      'import "d";',
      'await import("./e");',
    ].join("\n");
    expect(importsOf(text).map(({ from }) => from)).toEqual(["a", "./b", "./c", "d", "./e"]);
    expect(importsOf('import type { F } from "./f";')).toEqual([{ from: "./f", typeOnly: true }]);
  });

  test("of the pure folders reach only what of base is pure", () => {
    const allowed = [...PURE, ...PURE_OF_BASE.map((path) => path.replace(/\.ts$/, ""))];
    const wrong = pure.flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => from.startsWith("."))
        .filter(({ from }) => !startsWithOne(`${posix.join(posix.dirname(path), from)}/`, allowed))
        .filter(({ from }) => !allowed.includes(posix.join(posix.dirname(path), from)))
        .map(({ from }) => `${path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  test("of the pure folders name nothing of the platform", () => {
    const wrong = pure.flatMap(({ path, imports }) =>
      imports.filter(({ from }) => PLATFORM.test(from)).map(({ from }) => `${path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  // A list that is SQL in a route or a page is had by no other caller: it belongs to the verbs of its room.
  test.each([
    ["the API", "src/http/", /^drizzle-orm\b|\/db\/(schema|client|lists\/rows)\b/],
    ["the UI", "src/admin/", /^drizzle-orm\b|\/db\//],
  ])("of %s ask D1 for nothing themselves", (_, room, asksD1) => {
    const wrong = sources
      .filter(({ path }) => path.startsWith(room))
      .flatMap(({ path, text, imports }) => [
        ...imports.filter(({ from }) => asksD1.test(from)).map(({ from }) => `${path} imports ${from}`),
        ...(/\.DB\b/.test(text) ? [`${path} names the binding`] : []),
      ]);
    expect(wrong).toEqual([]);
  });

  test("of the client reach nothing of the Worker, and of its page nothing but types", () => {
    const wrong = clientSources.flatMap(({ path, imports }) =>
      imports
        .filter(({ from, typeOnly }) =>
          from.startsWith(".")
            ? !posix.join(posix.dirname(path), from).startsWith("client/src/") ||
              (path.startsWith("client/src/page/") && !typeOnly)
            : path.startsWith("client/src/page/"),
        )
        .map(({ from }) => `${path} imports ${from}`),
    );
    expect(clientSources.length).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
  });

  test("of an island reach the browser's own code only", () => {
    const wrong = sources
      .filter(({ path }) => startsWithOne(path, ISLANDS))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ from, typeOnly }) => {
            if (typeOnly) return false;
            if (!from.startsWith("."))
              return (
                !LIBRARIES.test(from) && !(path.startsWith("src/admin/editor/mail/") && LIBRARIES_OF_MAIL.test(from))
              );
            return !startsWithOne(posix.join(posix.dirname(path), from), FOR_BROWSERS);
          })
          .map(({ from }) => `${path} imports ${from}`),
      );
    expect(wrong).toEqual([]);
  });
});

test("the pure folders ask neither the clock nor chance nor the network", () => {
  expect(pure.filter(({ text }) => AMBIENT.test(text)).map(({ path }) => path)).toEqual([]);
});

test("what the Worker remembers from one request to the next is in a cache: bounded, and forgotten between tests", () => {
  const GROWS = /^(?:export )?const \w+ = new (?:Map|Set)(?:<[^(]*>)?\(\)/m;
  const inBrowsers = [...ISLANDS, "src/admin/words/"];
  const wrong = sources.filter(({ path, text }) => GROWS.test(text) && !startsWithOne(path, inBrowsers));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test("the UI's addresses are made in one place, which knows the school", () => {
  // A literal after a quote, or given to an attribute at once: `/segments` alone would be outside of all schools.
  const BY_HAND = /["'`]\/admin\b|\b(?:href|src|action)=(?:"|\{["'`])\//;
  const wrong = sources.filter(
    ({ path, text }) => path.startsWith("src/admin/") && path !== "src/admin/address.ts" && BY_HAND.test(text),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test(`no file is longer than ${LINES_MAX} lines`, () => {
  const long = [...sources, ...clientSources]
    // What is made is as long as the catalogue makes it.
    .filter(({ path }) => path !== "client/src/types/catalogue.ts")
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines}`);
  expect(long).toEqual([]);
});

describe("dependencies", () => {
  const lock = z
    .object({
      packages: z.record(
        z.string(),
        z.object({
          version: z.string().optional(),
          optionalDependencies: z.record(z.string(), z.string()).default({}),
        }),
      ),
    })
    .parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));
  /** Every version of a package in the tree. */
  const versionsOf = (name: string): string[] =>
    Object.entries(lock.packages).flatMap(([path, { version }]) =>
      path.endsWith(`node_modules/${name}`) && version !== undefined ? [version] : [],
    );
  const numbers = (version: string): number[] => version.split("-", 1).join("").split(".").map(Number);
  const isBelow = (version: string, floor: string): boolean => {
    const [mine, least] = [numbers(version), numbers(floor)];
    const place = least.findIndex((part, index) => part !== mine[index]);
    return place >= 0 && (mine[place] ?? 0) < (least[place] ?? 0);
  };

  test.each(Object.entries(FLOORS))("%s is at least %s, in every copy", (name, floor) => {
    expect(versionsOf(name).filter((version) => isBelow(version, floor))).toEqual([]);
  });

  // npm leaves out of the lock file what the registry lacks for another platform, and `npm ci` then fails everywhere.
  test("are locked for every platform", () => {
    const named = Object.values(lock.packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies));
    expect([...new Set(named)].filter((name) => versionsOf(name).length === 0)).toEqual([]);
  });

  test.each(["workerd", "miniflare", "wrangler", "zod"])("there is one %s in the tree", (name) => {
    expect(versionsOf(name)).toHaveLength(1);
  });
});
