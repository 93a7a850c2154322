import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..");

const VERBS = ["automations", "segments", "users", "schools", "jobs"];
const BELOW = ["catalogue", "engine", "connectors", "db"];

/**
 * Which folders a folder may import from, beside itself and the files right in `src` (of these, the pure folders only
 * `errors` and `faults`). Types alone bring no code along, and outside the pure folders may come from anywhere below
 * `http` and `admin`: so do verbs know the object, and the object the queue's messages. `src/index.ts` wires everything.
 */
const MAY_IMPORT = new Map<string, readonly string[]>([
  ["catalogue", []],
  ["engine", ["catalogue"]],
  ["durable-objects", [...BELOW, "schools", "users"]],
  ["connectors", ["catalogue"]],
  ["db", ["catalogue", "engine"]],
  ["schools", [...BELOW, ...VERBS]],
  ["automations", [...BELOW, ...VERBS]],
  ["segments", [...BELOW, ...VERBS]],
  ["users", [...BELOW, ...VERBS]],
  ["jobs", [...BELOW, ...VERBS]],
  ["inbound", [...BELOW, ...VERBS]],
  ["queue", [...BELOW, ...VERBS]],
  ["cron", [...BELOW, ...VERBS, "queue"]],
  ["http", [...BELOW, ...VERBS, "inbound"]],
  ["admin", [...BELOW, ...VERBS, "http"]],
]);

const TOP = ["http", "admin"];

/** Folders that decide and touch nothing: no platform, no clock, no chance, no network. */
const PURE = ["catalogue", "engine"];
const PURE_FILES = ["errors", "faults"];
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

/** The folder a path from the root belongs to; "" for a file right in `src`; undefined for what is no code of the Worker. */
const folderOf = (path: string): string | undefined => {
  const [top, below, ...rest] = path.split("/");
  if (top === "durable-objects") return top;
  if (top !== "src" || below === undefined) return undefined;
  return rest.length > 0 || MAY_IMPORT.has(below) ? below : "";
};

const sources = ["src", "durable-objects"]
  .filter((top) => existsSync(join(ROOT, top)))
  .flatMap((top) => readdirSync(join(ROOT, top), { recursive: true, encoding: "utf8" }).map((file) => `${top}/${file}`))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.startsWith("src/admin/generated/"))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return { path, folder: folderOf(path) ?? "", text, imports: importsOf(text) };
  });
const pure = sources.filter(({ folder }) => PURE.includes(folder));

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

  test("go one way", () => {
    const allows = (folder: string, target: string, typeOnly: boolean): boolean => {
      const targetFolder = folderOf(target);
      if (targetFolder === undefined || target === "src/index") return false;
      if (targetFolder === "") return !PURE.includes(folder) || PURE_FILES.some((file) => target === `src/${file}`);
      if (typeOnly && !PURE.includes(folder) && !TOP.includes(targetFolder)) return true;
      return targetFolder === folder || (MAY_IMPORT.get(folder) ?? []).includes(targetFolder);
    };
    const wrong = sources
      .filter(({ folder }) => folder !== "")
      .flatMap(({ path, folder, imports }) =>
        imports
          .filter(({ from }) => from.startsWith("."))
          .filter(({ from, typeOnly }) => !allows(folder, posix.join(posix.dirname(path), from), typeOnly))
          .map(({ from }) => `${path} imports ${from}`),
      );
    expect(wrong).toEqual([]);
  });

  test("of the catalogue and the engine name nothing of the platform", () => {
    const wrong = pure.flatMap(({ path, imports }) =>
      imports.filter(({ from }) => PLATFORM.test(from)).map(({ from }) => `${path} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  test("of an island reach the browser's own code only", () => {
    const wrong = sources
      .filter(({ path }) => path.startsWith("src/admin/islands/"))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ from, typeOnly }) => {
            if (typeOnly) return false;
            if (!from.startsWith(".")) return !/^hono\/jsx/.test(from);
            return !posix.join(posix.dirname(path), from).startsWith("src/admin/");
          })
          .map(({ from }) => `${path} imports ${from}`),
      );
    expect(wrong).toEqual([]);
  });
});

test("the catalogue and the engine ask neither the clock nor chance nor the network", () => {
  expect(pure.filter(({ text }) => AMBIENT.test(text)).map(({ path }) => path)).toEqual([]);
});

test(`no file is longer than ${LINES_MAX} lines`, () => {
  const long = sources
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
