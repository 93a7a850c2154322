// What is tried within the runtime (test/promises/inside/rows.mjs): in a process of its own, whose runtimes say much.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const RUN = fileURLToPath(new URL("inside/run.mjs", import.meta.url));

/** @returns by the name of the row {figures, faults, ms}: `figures` {tests, violations, planted, caught …} */
export function inside(names, { short, seed = Date.now() % 1_000_000 }) {
  const args = [RUN, "--seed", String(seed), "--only", names.join(","), ...(short ? ["--short"] : [])];
  const env = { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, maxBuffer: 2 ** 28 }, (error, out, errors) => {
      try {
        resolve(JSON.parse(out.trim().split("\n").at(-1) ?? ""));
      } catch {
        reject(new Error(`${error ?? "It says nothing."}\n${out.slice(-2_000)}${errors.slice(-2_000)}`));
      }
    });
  });
}
