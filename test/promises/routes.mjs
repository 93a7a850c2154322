// The Worker's own route table, read from its source: a route that is added is tested without anybody thinking of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a piece of TypeScript of the project in Node, bundled; resolves to what it exports. */
export async function importSource(contents) {
  const folder = mkdtempSync(join(tmpdir(), "schoolbell-source-"));
  try {
    const outfile = join(folder, "source.mjs");
    await build({
      stdin: { contents, resolveDir: ROOT, loader: "ts" },
      bundle: true,
      format: "esm",
      platform: "node",
      jsx: "automatic",
      jsxImportSource: "hono/jsx",
      plugins: [noPlatform],
      // Some packages are CommonJS and ask for modules of Node. The name is one that no package has taken.
      banner: {
        js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
      },
      outfile,
      logLevel: "error",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Modules of the platform have nothing in them here: what is run decides, and calls nothing. */
const noPlatform = {
  name: "no-platform",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: "platform" }));
    onLoad({ filter: /./, namespace: "platform" }, () => ({ contents: "module.exports = {}", loader: "js" }));
  },
};

/**
 * Every route of the contract and of the admin UI's own interface:
 * [{method, path, scopes, bodyKind, limitBytes, contentTypes, body, admin}]; `path` holds `:names`.
 */
export async function readRoutes() {
  const { routes, adminRoutes, SCHOOL_API } = await importSource(
    'export { routes } from "./src/http/routes"; export { adminRoutes } from "./src/admin/app"; export { SCHOOL_API } from "./src/admin/address";',
  );
  return [
    ...routes.map((route) => ({ ...route, admin: false })),
    ...adminRoutes(routes).map((route) => ({ ...route, path: SCHOOL_API + route.path, admin: true })),
  ];
}

/** Where a school's routes are for who is signed in. */
const IN_UI = /^\/admin\/s\/:school\/api/;

/** How samples name a route, whichever way it is mounted: `PUT /v1/users/:id`. */
export const nameOf = ({ method, path, admin }) => `${method} ${admin ? path.replace(IN_UI, "/v1") : path}`;

/** What a path names of the things of a school. */
export const paramsOf = ({ path }) => [...path.replace(IN_UI, "").matchAll(/:([^/]+)/g)].map(([, name]) => name);
