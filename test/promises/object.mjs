// The object with its defences taken out one by one, and the simulation: in a process of its own, whose runtimes say much.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const RUN = fileURLToPath(new URL("object/run.mjs", import.meta.url));

/** @returns `figures` {planted, caught, seeds, violations}: planted faults, and histories of the simulation; `faults` */
export function object({ short, seed = Date.now() % 1_000_000 }) {
  const args = [RUN, "--seed", String(seed), ...(short ? ["--short"] : [])];
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
