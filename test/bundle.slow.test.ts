import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { buildPieces } from "../scripts/pieces.mjs";

/** What design.md allows; of the platform's own limits the smaller is 3 MB (free plan), the larger 10 MB. */
const MOST_BYTES = 1_600_000;

test("the Worker weighs what docs/performance.md says, gzipped as it is uploaded", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pieces-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await buildPieces(folder);
  const pieces = readdirSync(folder).filter((name) => name.endsWith(".mjs"));
  const bytes = pieces.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  expect(bytes).toBeLessThan(MOST_BYTES);
  const told = /weighs ([\d.]+) MB gzipped/.exec(readFileSync("docs/performance.md", "utf8"))?.[1];
  expect(Math.abs(bytes / 1e6 - Number(told))).toBeLessThan(0.05);
});
