// npm run scenarios -- [001 008 …] [node --test options, such as --test-name-pattern=…]
// Runs the black-box scenarios beside this project against a Worker started for them, by node's own test runner.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorker } from "./started.mjs";

const folder = fileURLToPath(new URL("../../shared/scenarios/", import.meta.url));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));

const all = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".test.mjs")) : [];
const files = wanted.length
  ? wanted.flatMap((name) =>
      existsSync(name) ? resolve(name) : all.filter((file) => file.startsWith(name)).map((file) => folder + file),
    )
  : all.map((file) => folder + file);
if (!files.length) {
  console.error(`No such scenarios in ${folder}`);
  process.exit(1);
}

const worker = await startWorker();
try {
  const args = ["--test", "--test-concurrency=2", "--test-timeout=120000", ...options, ...files];
  const env = { ...process.env, BASE_URL: worker.url, ADMIN_TOKEN: worker.adminToken };
  const [code] = await once(spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"], env }), "exit");
  process.exitCode = code ?? 1;
  const complaints = worker.said().trim();
  if (code !== 0 && complaints) console.error(`\nWhat the Worker printed last:\n${complaints.slice(-4000)}`);
} finally {
  await worker.stop();
}
