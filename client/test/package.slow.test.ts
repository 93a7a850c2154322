import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYS, packWith } from "./pack.ts";

const WORKSPACE = join(import.meta.dirname, "..");
const TSC = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");

let dir = "";
const execute = promisify(execFile);
const npm = (...args: string[]) => execute("npm", args, { cwd: dir });

/** What a program of somebody else's says, which has the package installed. */
async function says(program: string): Promise<string> {
  writeFileSync(join(dir, "program.mjs"), program);
  return (await execute(process.execPath, ["program.mjs"], { cwd: dir })).stdout.trim();
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "package-"));
  writeFileSync(
    join(dir, "package.json"),
    JSON.stringify({ name: "lms", version: "1.0.0", type: "module", private: true }),
  );
  await execute("npm", ["pack", "--pack-destination", dir], { cwd: WORKSPACE });
  const [tarball = ""] = readdirSync(dir).filter((name) => name.endsWith(".tgz"));
  await npm("install", "--offline", "--no-audit", "--no-fund", join(dir, tarball));
});
afterAll(() => rmSync(dir, { recursive: true }));

test("its tarball is installed without anything else, and its commands are there", async () => {
  expect(readdirSync(join(dir, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@schoolbell"]);
  const { stdout } = await execute(join(dir, "node_modules/.bin/schoolbell"), ["--help"]);
  expect(stdout).toContain("pull");
  const installed = readdirSync(join(dir, "node_modules/@schoolbell/client"), { recursive: true, encoding: "utf8" });
  expect(installed.filter((name) => /\.test\.|^src/.test(name))).toEqual([]);
});

test("its command verifies an evidence pack by itself, and refuses one that was changed", async () => {
  const verify = (pack: Uint8Array) => {
    writeFileSync(join(dir, "pack.zip"), pack);
    writeFileSync(join(dir, "keys.json"), KEYS);
    const options = { cwd: dir };
    return execute(join(dir, "node_modules/.bin/schoolbell"), ["verify", "pack.zip", "--keys", "keys.json"], options);
  };
  expect((await verify(packWith())).stdout).toContain("none of them changed");
  const changed = packWith((files) => {
    files["people.csv"] = "learner,name\r\nben,Ben\r\n";
  });
  await expect(verify(changed)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("people.csv was changed"),
  });
});

test("it is linked into this repository's own commands, and paths count from where they are typed", async () => {
  expect(existsSync(join(WORKSPACE, "../node_modules/.bin/schoolbell"))).toBe(true);
  writeFileSync(join(dir, "pack.zip"), packWith());
  writeFileSync(join(dir, "keys.json"), KEYS);
  const env = { ...process.env, INIT_CWD: dir };
  const args = [join(WORKSPACE, "bin/schoolbell.mjs"), "verify", "pack.zip", "--keys", "keys.json"];
  const { stdout } = await execute(process.execPath, args, { cwd: WORKSPACE, env });
  expect(stdout).toContain("none of them changed");
});

test("pages and servers import what they need of it", async () => {
  const program = `
    import { schoolbell, verifyWebhook, WebhookError } from "@schoolbell/client";
    import { connect } from "@schoolbell/client/page";
    const names = [Object.keys(schoolbell({ url: "https://b.test", key: "k" })), Object.keys(connect({ url: "https://b.test", token: "t" }))];
    try { verifyWebhook("{}", {}, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLKSw"); } catch (error) { names.push(error instanceof WebhookError); }
    console.log(JSON.stringify(names));`;
  expect(JSON.parse(await says(program))).toEqual([
    ["request", "events", "users", "automations", "runs", "jobs"],
    ["event", "visited", "user", "messages", "on"],
    true,
  ]);
});

test("its types are found where it is installed, and hold", async () => {
  writeFileSync(
    join(dir, "use.ts"),
    `import { type Automation, schoolbell } from "@schoolbell/client";
import { connect } from "@schoolbell/client/page";
export const good: Automation = { name: "A", when: [{ type: "user.signed_up" }], then: [{ type: "exit" }] };
// @ts-expect-error: no such step
export const bad: Automation = { name: "A", when: [{ type: "user.signed_up" }], then: [{ type: "leave" }] };
export const sent = connect({ url: "", token: "" }).event("form.submitted", { form: "f" });
// @ts-expect-error: a page sends no such event
connect({ url: "", token: "" }).event("payment.made", { amount: 1 });
export const email: Promise<string | null> = schoolbell({ url: "", key: "" }).users.get("anna").then((user) => user.email);
`,
  );
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--lib",
    "es2023,dom",
    "--types",
    "",
  ];
  const said = await execute(process.execPath, [TSC, ...options, "use.ts"], { cwd: dir }).then(
    () => "",
    ({ stdout }) => stdout,
  );
  expect(said).toBe("");
});
