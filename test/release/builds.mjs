// Two releases of the Worker, bundled: today's tree, and the last release, whose commit stands in the file `last`.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../scripts/worker.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const LAST = readFileSync(join(ROOT, "test/release/last"), "utf8").trim();

const git = (...args) => execFileSync("git", args, { cwd: ROOT, maxBuffer: 1 << 30 });

/** Why the last release cannot be built here; null: it can. */
export function missing() {
  try {
    git("cat-file", "-e", `${LAST}^{tree}`);
    return null;
  } catch {
    return `The commit ${LAST} of the last release is not in this clone: fetch its history (git fetch --unshallow).`;
  }
}

/**
 * Bundles both into a folder, and `mixed`, which is both at once: of each the config, whose folder has its migrations, and
 * where the bundle lies.
 */
export async function buildBoth(folder) {
  const source = join(folder, "source");
  mkdirSync(source, { recursive: true });
  execFileSync("tar", ["-x", "-C", source], { input: git("archive", LAST) });
  // Its dependencies are today's: what of them changed is in the lock file, and in no release's state.
  symlinkSync(join(ROOT, "node_modules"), join(source, "node_modules"));
  const of = async (root, name) => {
    const config = join(root, "wrangler.toml");
    const bundled = join(folder, name);
    await bundle(config, bundled);
    return { config, bundled };
  };
  const [last, today] = [await of(source, "last"), await of(ROOT, "today")];
  const mixed = { config: today.config, bundled: join(folder, "mixed") };
  mkdirSync(mixed.bundled);
  copyFileSync(join(ROOT, "test/release/mixed.js"), join(mixed.bundled, "index.js"));
  for (const [name, { bundled }] of Object.entries({ last, today })) {
    const scripts = readdirSync(bundled).filter((file) => file.endsWith(".js"));
    if (scripts.length !== 1) throw new Error(`a release is one module, but has ${scripts.join(", ")}`);
    copyFileSync(join(bundled, scripts[0]), join(mixed.bundled, `${name}.js`));
  }
  return { last, today, mixed };
}
