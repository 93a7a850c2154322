// Tells when what the Worker is made of changes, so that start.mjs can load it anew.
import { existsSync, watch } from "node:fs";
import { join } from "node:path";

const FOLDERS = ["src", "durable-objects", "client/src", "migrations", "docs"];
const SOURCE = /\.(tsx?|css|sql|md)$/;
const TEST = /\.test\.tsx?$/;
/** Git and editors write many files, or one in several strokes. */
const QUIET_MS = 100;

/**
 * Calls `changed` with the paths, from `root`, of files that have changed, once they rest for a moment, and not again
 * before it has resolved.
 */
export function watchSources(root, changed) {
  let files = new Set();
  let timer;
  let busy = false;
  const tell = async () => {
    if (busy || !files.size) return;
    busy = true;
    const told = [...files];
    files = new Set();
    await changed(told);
    busy = false;
    await tell();
  };
  for (const folder of FOLDERS.filter((one) => existsSync(join(root, one)))) {
    const watcher = watch(join(root, folder), { recursive: true }, (_, file) => {
      const path = `${folder}/${file}`;
      if (!SOURCE.test(path) || TEST.test(path)) return;
      files.add(path);
      clearTimeout(timer);
      timer = setTimeout(tell, QUIET_MS);
    });
    watcher.on("error", (error) => console.error(`Changes of ${folder}/ are not seen any more: ${error.message}`));
  }
}
