// npm run test:readme: what the README tells a newcomer to do, on a clone of the last commit, command by command. Its
// blocks marked `sh` before "Deploying" are run in their order; ports alone are put in the place of the README's. Prints
// a line a block, and fails with the first that does not do what the README says.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../../scripts/started.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WAIT_MS = 180_000;
const execute = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "schoolbell-readme-"));
const clone = join(folder, "schoolbell");
const [port, hookPort, devPort, bareInspector, devInspector] = await Promise.all(Array.from({ length: 5 }, freePort));
const url = `http://127.0.0.1:${port}`;
const devUrl = `http://127.0.0.1:${devPort}`;
const onDevPort = (inspector) => `--ip 127.0.0.1 --port ${devPort} --inspector-port ${inspector}`;
/** What has been started and goes on; each in a process group of its own. */
const going = new Set();

/** What a block does, by a word of it: what it prints once it goes on by itself, or what its answer must be. */
const EXPECTED = [
  { of: "npm install", check: () => {} },
  { of: "npm start", prints: "Ctrl+C ends it", check: checkStarted },
  { of: "user.signed_up", check: ({ user }) => assert.deepEqual(user.tags, ["newcomer"]) },
  { of: "webhook.send", check: ({ id, active }) => assert.ok(id.startsWith("aut_") && active) },
  { of: "receive.mjs", prints: "listening on" },
  { of: "course.enrolled", check: checkReceived },
  { of: "npm run dev", prints: "Ready on", check: checkReloads },
];

try {
  await execute("git", ["clone", "--quiet", ROOT, clone]);
  const readme = readFileSync(join(clone, "README.md"), "utf8").split("\n## Deploying")[0];
  const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => commandsOf(block));
  assert.equal(blocks.length, EXPECTED.length, `README.md has other blocks than are expected:\n${blocks.join("\n")}`);
  for (const [n, block] of blocks.entries()) {
    const expected = EXPECTED[n];
    assert.ok(block.includes(expected.of), `Here the README should have ${expected.of}:\n${block}`);
    if (block.startsWith("npm run dev")) await checkBare();
    const began = Date.now();
    const said = expected.prints ? await begin(block, expected.prints) : await run(block);
    await expected.check?.(said);
    console.log(`readme: ${expected.of} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
  console.log(`readme: ${blocks.length} blocks do what they say`);
} catch (error) {
  for (const { command, text } of going) console.error(`--- ${command}\n${text.slice(-3_000)}`);
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const one of going) await end(one);
  rmSync(folder, { recursive: true, force: true });
}

/** Two commands of npm are two blocks: the second goes on. */
function commandsOf(block) {
  return /^npm /.test(block) ? block.trim().split("\n") : [block.trim()];
}

/** A command of the README, upon ports that are free here. */
function here(command) {
  return command
    .replaceAll("localhost:8787", `localhost:${port}`)
    .replaceAll("localhost:9999", `localhost:${hookPort}`)
    .replace(/^npm start$/, `npm start -- --port ${port}`)
    .replace(/^npm run dev$/, `npm run dev -- ${onDevPort(devInspector)}`);
}

/** What a command printed: JSON, or nothing of interest. */
async function run(block) {
  const { stdout } = await execute("bash", ["-euo", "pipefail", "-c", here(block)], { cwd: clone });
  return stdout.trimStart().startsWith("{") ? JSON.parse(stdout) : stdout;
}

/** Starts what goes on, until it has printed some words. */
async function begin(block, words) {
  const one = { command: here(block), text: "", child: null };
  const env = { ...process.env, PORT: String(hookPort), WRANGLER_SEND_METRICS: "false", CI: "1" };
  one.child = spawn("bash", ["-euo", "pipefail", "-c", one.command], { cwd: clone, env, detached: true });
  for (const stream of [one.child.stdout, one.child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      one.text += text;
    });
  going.add(one);
  await until(`${block} prints "${words}"`, () => {
    assert.equal(one.child.exitCode, null, `${block} ended`);
    return one.text.includes(words);
  });
  return one;
}

async function end(one) {
  going.delete(one);
  if (one.child.exitCode !== null) return;
  const ended = new Promise((resolve) => one.child.once("exit", resolve));
  process.kill(-one.child.pid, "SIGINT");
  await Promise.race([ended, sleep(15_000)]);
  try {
    process.kill(-one.child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

async function until(what, isSo) {
  for (const late = Date.now() + WAIT_MS; Date.now() < late; await sleep(200)) if (await isSo()) return;
  throw new Error(`In ${WAIT_MS / 1000} s it did not come to this: ${what}`);
}

async function checkStarted({ text }) {
  for (const words of [`http://localhost:${port}/admin/s/demo`, "owner@", `http://localhost:${port}/admin/operator`])
    assert.ok(text.includes(words), `npm start does not print ${words}`);
  const door = await fetch(url);
  assert.equal(new URL(door.url).pathname.split("/")[1], "admin");
  assert.match(await door.text(), /Sign in/);
  assert.match(await (await fetch(`${url}/docs`)).text(), /\/docs\/guides\/first-automation/);
  // As the README says: the link that would be mailed is shown.
  const answer = await fetch(`${url}/admin/sign-in`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ email: /owner@\S+/.exec(text)[0] }),
  });
  assert.match(await answer.text(), /\/admin\/sign-in\/[\w-]{20,}/);
}

async function checkReceived({ user }) {
  assert.equal(user.id, "ben");
  const receiver = [...going].find(({ command }) => command.includes("receive.mjs"));
  await until("the receiver verifies the webhook", () => /^verified .*"ben"/m.test(receiver.text));
  const forged = await fetch(`http://127.0.0.1:${hookPort}/hook`, { method: "POST", body: "{}" });
  assert.equal(forged.status, 401);
}

/** `npx wrangler dev` without anything set up says in each answer what to do. */
async function checkBare() {
  const bare = await begin(`npx wrangler dev ${onDevPort(bareInspector)}`, "Ready on");
  for (const path of ["/", "/health", "/admin", "/docs", "/v1/school"]) {
    const answer = await fetch(devUrl + path);
    const { detail } = await answer.json();
    assert.equal(answer.status, 503, path);
    for (const words of ["ADMIN_TOKEN", "SECRET_KEY", "migrations", "npm start"])
      assert.ok(detail.includes(words), `${path} says nothing of ${words}: ${detail}`);
  }
  await end(bare);
}

async function checkReloads() {
  const health = await fetch(`${devUrl}/health`);
  assert.equal(health.status, 200);
  assert.match((await health.json()).warnings.join(), /PLATFORM_EMAIL/);
  const file = join(clone, "src/http/docs/docs.tsx");
  writeFileSync(file, readFileSync(file, "utf8").replace("Schoolbell reference", "Schoolbell changed"));
  await until("npm run dev loads a change", async () => {
    const answer = await fetch(`${devUrl}/docs`).catch(() => null);
    return (await answer?.text())?.includes("Schoolbell changed");
  });
}
