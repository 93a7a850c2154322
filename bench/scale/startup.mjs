// What the platform allows a Worker 1 s for: all that its modules do before the first request.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "../targets.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GOAL_MS = 80;

/** Resolves to what is shown: the median of so many starts, as wrangler samples them. `folder`: for its profiles. */
export async function startUp(folder, times = 5) {
  const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");
  const args = [wrangler, "check", "startup", "--outfile", join(folder, "startup.cpuprofile")];
  const active = [];
  for (let n = 0; n < times; n++) {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" },
    });
    const [, ms] = /Active: ([\d.]+) ms/.exec(stdout) ?? [];
    if (ms === undefined) throw new Error(`wrangler says nothing of the start:\n${stdout}`);
    active.push(Number(ms));
  }
  const note = active.map((ms) => ms.toFixed(0)).join(", ");
  return [{ what: `start-up, median of ${times}`, value: median(active), unit: "ms", goal: GOAL_MS, note }];
}
