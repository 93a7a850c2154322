import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPTS = join(import.meta.dirname, "../../scripts");

let folder: string;
let served: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schoolbell-start-"));
  // A runtime that never listens; it leaves its process id behind.
  writeFileSync(join(folder, "runtime"), `#!/bin/sh\necho $$ > ${join(folder, "pid")}\nexec sleep 600\n`, {
    mode: 0o700,
  });
});

afterEach(() => {
  served?.kill("SIGKILL");
  if (runs(runtimePid())) process.kill(runtimePid(), "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const runtimePid = (): number => {
  const file = join(folder, "pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
};

/** Whether a process is there and no mere entry that nobody has collected yet. */
function runs(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z\s]/.test(stdout);
}

/** Forks serve.mjs as start.mjs does, upon the runtime that hangs. */
function serve(startMs?: number): { child: ChildProcess; said(): string } {
  const bundled = join(folder, "bundle");
  mkdirSync(bundled);
  writeFileSync(join(bundled, "index.js"), "export default { fetch: () => new Response() };");
  writeFileSync(
    join(folder, "wrangler.toml"),
    'name = "hangs"\nmain = "index.ts"\ncompatibility_date = "2026-01-01"\n',
  );
  const child = fork(join(SCRIPTS, "serve.mjs"), {
    silent: true,
    env: { ...process.env, TMPDIR: folder, MINIFLARE_WORKERD_PATH: join(folder, "runtime") },
  });
  served = child;
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.send({ config: join(folder, "wrangler.toml"), bundled, state: folder, port: 9, variables: {}, startMs });
  return { child, said: () => said };
}

test("a runtime that does not come up in time is given up with a word, and taken along", async () => {
  const { child, said } = serve(1_500);
  expect(await once(child, "exit")).toEqual([1, null]);
  expect(said()).toContain("still does not listen after 1.5 s");
  expect(runtimePid()).toBeGreaterThan(0);
  await expect.poll(() => runs(runtimePid())).toBe(false);
});

test("a Worker that hangs while starting ends when what started it is gone", async () => {
  const { child } = serve();
  await expect.poll(() => runs(runtimePid()), { timeout: 20_000 }).toBe(true);
  child.disconnect();
  expect((await once(child, "exit"))[0]).toBe(0);
  await expect.poll(() => runs(runtimePid())).toBe(false);
});

test("an option that is not there is answered with those that are, and a promise that is not there is none that is kept", () => {
  const run = (script: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(SCRIPTS, script), ...args], { encoding: "utf8", timeout: 60_000 });
  const mistyped = run("start.mjs", "--prot", "1");
  expect([mistyped.status, mistyped.stderr]).toEqual([1, expect.stringMatching(/'--prot'[\s\S]*--port N/)]);
  expect(mistyped.stderr).not.toContain("    at ");
  expect(run("start.mjs", "--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--state DIR") });
  expect(run("promises.mjs", "--only", "isolatoin")).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/no "isolatoin".*isolation/),
  });
});
