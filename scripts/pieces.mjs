// The Worker that wrangler uploads (`[build]` in wrangler.toml): one module each for what is needed at once, for what
// answers requests, and for what else is imported when first used. Wrangler itself makes one module of all, in which
// each of ours is a function: parsed twice, and the whole at every cold start.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildIslands } from "./islands.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FOLDER = join(ROOT, "dist/worker");

/** The platform's own modules stay outside; a package may name them without `node:`, and ask for them by `require`. */
const platform = {
  name: "platform",
  setup({ onResolve, onLoad }) {
    const names = builtinModules.filter((name) => !name.startsWith("_")).map((name) => name.replace(/^node:/, ""));
    onResolve({ filter: new RegExp(`^(node:)?(${names.join("|")})$`) }, ({ path, kind }) => {
      const named = path.startsWith("node:") ? path : `node:${path}`;
      return kind === "require-call" ? { path: named, namespace: "required" } : { path: named, external: true };
    });
    onLoad({ filter: /./, namespace: "required" }, ({ path }) => ({
      contents: `import all from ${JSON.stringify(path)};\nmodule.exports = all;`,
    }));
  },
};

/**
 * Bundles `src/index.ts` into a folder. Of what is there already nothing is touched that would be the same.
 * @param {string} [folder]
 * @param {{ plugins?: import("esbuild").Plugin[] }} [options]
 */
export async function buildPieces(folder = FOLDER, { plugins = [] } = {}) {
  const { outputFiles } = await build({
    entryPoints: { index: join(ROOT, "src/index.ts") },
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    // In packages that tests load, `.js` is not always a module: the rule in wrangler.toml holds there too.
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    sourcemap: true,
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    external: ["cloudflare:*"],
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [...plugins, platform],
    logLevel: "warning",
  });
  mkdirSync(folder, { recursive: true });
  // Another process may be reading them: they are named by what they hold, so that only stale ones go.
  for (const { path, text } of outputFiles)
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  const made = new Set(outputFiles.map(({ path }) => basename(path)));
  for (const name of readdirSync(folder)) if (!made.has(name)) rmSync(join(folder, name), { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildIslands();
  await buildPieces();
}
