// Makes every table of the newest migrations WITHOUT ROWID, which drizzle-kit cannot say: a row then costs one write
// instead of two and lies in the order of its key. Running it twice changes nothing.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

// The newest of each folder alone: what has landed is never written anew.
for (const folder of ["../migrations/", "../migrations/log/"].map((path) => new URL(path, import.meta.url))) {
  const name = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .at(-1);
  const file = new URL(name, folder);
  const before = readFileSync(file, "utf8");
  const after = before.replaceAll(/^(CREATE TABLE [\s\S]*?\n\));$/gm, "$1 WITHOUT ROWID;");
  if (after === before) continue;
  writeFileSync(file, after);
  console.log(`${name}: tables made WITHOUT ROWID`);
}
