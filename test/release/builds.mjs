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
  copyFileSync(join(ROOT, "test/release/mixed.js"), join(mixed.bundled, "index.mjs"));
  for (const [name, { bundled }] of Object.entries({ last, today })) {
    // The others are named by what they hold, and import each other alone.
    for (const file of readdirSync(bundled).filter((one) => /\.m?js$/.test(one)))
      copyFileSync(join(bundled, file), join(mixed.bundled, /^index\./.test(file) ? `${name}.js` : file));
  }
  return { last, today, mixed };
}
