// Makes every table of the newest migration WITHOUT ROWID, which drizzle-kit cannot say: a row then costs one write
// instead of two and lies in the order of its key. Running it twice changes nothing.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../migrations/", import.meta.url);

// The newest alone: what has landed is never written anew.
for (const name of readdirSync(folder)
  .filter((file) => file.endsWith(".sql"))
  .sort()
  .slice(-1)) {
  const file = new URL(name, folder);
  const before = readFileSync(file, "utf8");
  const after = before.replaceAll(/^(CREATE TABLE [\s\S]*?\n\));$/gm, "$1 WITHOUT ROWID;");
  if (after === before) continue;
  writeFileSync(file, after);
  console.log(`${name}: tables made WITHOUT ROWID`);
}
