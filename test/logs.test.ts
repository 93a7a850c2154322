import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** `log("error", "job.page_failed"` or `logSeldom`, and names that are put together: `cron.${what}`. */
const CALL = /\blog(?:Seldom)?\(\s*"(info|warn|error)",\s*(?:"([^"]+)"|`([^`$]+)\$\{[^`]*`)/g;
const ROW = /^\| `([\w.<>]+)` \| (info|warn|error) \|/gm;

test("docs/logs.md names every record that is logged, with its level, and no other", () => {
  const sources = ["src", "durable-objects"].flatMap((room) => globSync(`${room}/**/*.{ts,tsx}`));
  const logged = sources
    .filter((path) => !path.includes(".test."))
    .flatMap((path) => [...readFileSync(path, "utf8").matchAll(CALL)])
    .map(([, level, name, start]) => `${name ?? `${start}<task>`} ${level}`);
  const documented = [...readFileSync("docs/logs.md", "utf8").matchAll(ROW)].map(
    ([, name, level]) => `${name} ${level}`,
  );
  expect(logged.length).toBeGreaterThan(30);
  expect(documented).toEqual([...new Set(logged)].sort());
});
