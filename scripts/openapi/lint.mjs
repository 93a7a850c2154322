// npm run check:openapi, its second half: the OpenAPI document of a started Worker, by the recommended rules of Redocly,
// without a warning. The linter is fetched when this runs (in CI), at the version named here, and is no dependency.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorker } from "../started.mjs";

const LINTER = "@redocly/cli@2.77.0";

const worker = await startWorker();
const folder = mkdtempSync(join(tmpdir(), "schoolbell-openapi-"));
try {
  const text = await (await fetch(`${worker.url}/openapi.json`)).text();
  // The linter takes a machine's own address for an example's.
  writeFileSync(
    join(folder, "openapi.json"),
    text.replaceAll(/http:\/\/(localhost|127\.0\.0\.1):\d+/g, "https://schoolbell.dev"),
  );
  writeFileSync(join(folder, "redocly.yaml"), "extends: [recommended]\n");
  const { stdout, stderr, status } = spawnSync("npx", ["-y", LINTER, "lint", "openapi.json", "--format", "json"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (!stdout.includes("{")) throw new Error(`The linter says nothing (${status}).\n${stderr}`);
  const { problems } = JSON.parse(stdout.slice(stdout.indexOf("{")));
  for (const { ruleId, message, location } of problems)
    console.error(`${ruleId} ${location[0]?.pointer ?? ""}: ${message}`);
  console.log(`openapi: ${problems.length} faults`);
  process.exitCode = problems.length ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
  await worker.stop();
}
