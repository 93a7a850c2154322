// npm run scenarios -- [001 008 …] [node --test options, such as --test-name-pattern=…]
// npm run cases -- [2-01 …]: the same of the small inputs that real senders and files hold.
// Runs the black-box tests beside this project against a Worker started for them, by node's own test runner.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorker } from "./started.mjs";

const given = process.argv.slice(2);
const CASES = "--cases";
const subject = given.includes(CASES) ? "cases" : "scenarios";
const folder = fileURLToPath(new URL(`../../shared/${subject}/`, import.meta.url));
const wanted = given.filter((argument) => !argument.startsWith("-"));
const options = given.filter((argument) => argument.startsWith("-") && argument !== CASES);

const all = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".test.mjs")) : [];
const files = wanted.length
  ? wanted.flatMap((name) =>
      existsSync(name) ? resolve(name) : all.filter((file) => file.startsWith(name)).map((file) => folder + file),
    )
  : all.map((file) => folder + file);
if (!files.length) {
  console.error(`No such ${subject} in ${folder}`);
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
