// Configs of Workers that are like ours but for their entry, for tests that start one.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Makes, in a folder, the config of a Worker like ours that begins at another file and has more variables; its path. */
export function configOf(folder, main, variables) {
  const more = Object.entries(variables).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const config = readFileSync(join(ROOT, "wrangler.toml"), "utf8")
    .replace(/^main = .*$/m, `main = ${JSON.stringify(main)}`)
    // Ours is bundled before wrangler sees it; these are written in one file, for wrangler to bundle.
    .replaceAll(/^(no_bundle|find_additional_modules|rules) = .*\n/gm, "")
    .replace("node scripts/pieces.mjs", "node scripts/islands.mjs")
    .replace(/^\[build\]$/m, `[build]\ncwd = ${JSON.stringify(ROOT)}`)
    .replace(/^\[vars\]$/m, ["[vars]", ...more].join("\n"));
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(ROOT, "migrations"), join(folder, "migrations"));
  const path = join(folder, "wrangler.toml");
  writeFileSync(path, config);
  return path;
}
