import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

/*
 * `npm run deploy` beside a wrangler that only writes down how it was called, and remembers what it made: an account.
 */

const ROOT = join(import.meta.dirname, "../..");

const WRANGLER = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
const folder = join(__dirname, "../..");
const file = join(folder, "account.json");
const account = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { made: [], secrets: null };
const end = (status, said = "") => {
  writeFileSync(file, JSON.stringify(account));
  console.log(said);
  process.exit(status);
};
const secretsFile = args.indexOf("--secrets-file") + 1;
const secrets = secretsFile ? JSON.parse(readFileSync(args[secretsFile], "utf8")) : {};
const told = args.map((arg, n) => (secretsFile && n === secretsFile ? Object.keys(secrets).join("+") : arg));
appendFileSync(join(folder, "calls"), told.join(" ") + "\\n");
const [what, verb, name] = args;
if (what === "whoami") end(process.env.SIGNED_OUT ? 1 : 0, JSON.stringify({ loggedIn: !process.env.SIGNED_OUT }));
if (verb === "info") {
  const where = account.where?.[what + " " + name];
  const said = args.includes("--json") ? JSON.stringify({ name, jurisdiction: where ?? null }) : where ? "Jurisdiction: " + where : "";
  end(account.made.includes(what + " " + name) ? 0 : 1, said);
}
if (verb === "create") {
  account.made.push(what + " " + name);
  account.where = { ...account.where, [what + " " + name]: /--jurisdiction=(\\w+)/.exec(args.join(" "))?.[1] };
  end(0);
}
if (what === "secret") {
  if (!account.secrets) end(1, 'Worker "schoolbell" not found.');
  end(0, "secrets:\\n" + JSON.stringify(Object.keys(account.secrets).map((name) => ({ name, type: "secret_text" }))));
}
if (what === "deploy") {
  account.secrets = { ...account.secrets, ...secrets };
  end(process.env.TRIGGERS_FAIL ? 1 : 0);
}
end(0);
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "schoolbell-deploy-test-"));
  for (const name of ["scripts", "node_modules/.bin"]) mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(join(ROOT, "scripts/deploy.mjs"), join(folder, "scripts/deploy.mjs"));
  symlinkSync(join(ROOT, "node_modules/wrangler"), join(folder, "node_modules/wrangler"));
  writeFileSync(join(folder, "node_modules/.bin/wrangler"), WRANGLER, { mode: 0o755 });
  writeFileSync(join(folder, "package.json"), '{"name": "deployed"}');
  setPublicUrl("https://bell.acme.com");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function setPublicUrl(url: string): void {
  const config = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  writeFileSync(join(folder, "wrangler.toml"), config.replace(/^PUBLIC_URL = .*$/m, `PUBLIC_URL = "${url}"`));
}

/** Deploys; what was said, and how wrangler was called meanwhile (of a file of secrets their names). */
function deploy(env: Record<string, string> = {}) {
  rmSync(join(folder, "calls"), { force: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "scripts/deploy.mjs")], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n") : [];
  return { status, said: stdout + stderr, calls };
}

const secrets = (): Record<string, string> => JSON.parse(readFileSync(join(folder, "account.json"), "utf8")).secrets;

test("the first time makes database, queues and secrets, migrates before it uploads, and shows the token", () => {
  const { status, said, calls } = deploy();
  expect([status, said]).toEqual([0, expect.any(String)]);
  const queues = [...readFileSync(join(ROOT, "wrangler.toml"), "utf8").matchAll(/queue = "(.+)"/g)].map(
    ([, name]) => name,
  );
  const made = calls.filter((call) => call.includes(" create "));
  expect(made.toSorted()).toEqual(
    [
      "d1 create schoolbell --update-config=false",
      ...[...new Set(queues)].map((name) => `queues create ${name}`),
    ].toSorted(),
  );
  expect(calls.slice(-3)).toEqual([
    "d1 migrations apply DB --remote",
    "secret list --format json",
    "deploy --secrets-file ADMIN_TOKEN+SECRET_KEY+EVIDENCE_KEY",
  ]);
  const { ADMIN_TOKEN = "", SECRET_KEY = "" } = secrets();
  expect(said).toContain(ADMIN_TOKEN);
  expect(said).not.toContain(SECRET_KEY);
  expect(Buffer.from(SECRET_KEY, "base64")).toHaveLength(32);
  expect(said).toContain("wrangler secret put PLATFORM_EMAIL");
});

test("a database for the logs of a jurisdiction is made in it, others wherever they are nearest", () => {
  const bound = (n: string) =>
    `\n[[d1_databases]]\nbinding = "LOG_${n}"\ndatabase_name = "log-${n}"\nmigrations_dir = "migrations/log"\n`;
  const file = join(folder, "wrangler.toml");
  writeFileSync(file, `${readFileSync(file, "utf8")}${["0", "EU_0", "US_3"].map(bound).join("")}`);
  expect(deploy().calls.filter((call) => call.startsWith("d1 create log-"))).toEqual([
    "d1 create log-0 --update-config=false",
    "d1 create log-EU_0 --update-config=false --jurisdiction=eu",
    "d1 create log-US_3 --update-config=false --jurisdiction=us",
  ]);
});

function setJurisdiction(jurisdiction: string): void {
  const file = join(folder, "wrangler.toml");
  writeFileSync(file, readFileSync(file, "utf8").replace("[vars]\n", `[vars]\nJURISDICTION = "${jurisdiction}"\n`));
}

test("an installation in a jurisdiction has the main database and every queue made in it, the second time too", () => {
  setJurisdiction("eu");
  const made = deploy().calls.filter((call) => call.includes(" create "));
  expect(made).toContain("d1 create schoolbell --update-config=false --jurisdiction=eu");
  expect(made.filter((call) => !call.endsWith("--jurisdiction=eu"))).toEqual([]);
  expect(made.length).toBeGreaterThan(5);
  const again = deploy();
  expect([again.status, again.calls.filter((call) => call.includes(" create "))]).toEqual([0, []]);
});

test("what is there already is not taken for it, and a jurisdiction that there is none of is refused", () => {
  expect(deploy().status).toBe(0);
  setJurisdiction("eu");
  const { status, said, calls } = deploy();
  expect([status, said]).toEqual([1, expect.stringContaining("The database schoolbell is there already, and not in")]);
  expect(calls.filter((call) => /create|apply|^deploy/.test(call))).toEqual([]);
  setPublicUrl("https://bell.acme.com");
  setJurisdiction("mars");
  expect(deploy().said).toContain('JURISDICTION in wrangler.toml is "eu" or "us"');
});

test("the second time makes nothing, and leaves the secrets as they are", () => {
  deploy();
  const before = secrets();
  const { status, said, calls } = deploy();
  expect(status).toBe(0);
  expect(calls.filter((call) => !/ info /.test(call))).toEqual([
    "whoami --json",
    "d1 migrations apply DB --remote",
    "secret list --format json",
    "deploy",
  ]);
  expect(secrets()).toEqual(before);
  expect(said).not.toContain(before.ADMIN_TOKEN);
});

test("a deploy that fails once it is uploaded still shows the token, which is not made again", () => {
  const { status, said } = deploy({ TRIGGERS_FAIL: "1" });
  expect(status).toBe(1);
  expect(said).toContain(secrets().ADMIN_TOKEN);
  expect(deploy().calls.at(-1)).toBe("deploy");
});

test.each(["http://localhost:8787", "http://bell.acme.com", "bell.acme.com"])(
  "nothing is made for PUBLIC_URL %s",
  (url) => {
    setPublicUrl(url);
    const { status, said, calls } = deploy();
    expect([status, calls]).toEqual([1, []]);
    expect(said).toContain("Set PUBLIC_URL in wrangler.toml");
  },
);

test("nothing is made where nobody is signed in", () => {
  const { status, said, calls } = deploy({ SIGNED_OUT: "1" });
  expect([status, calls]).toEqual([1, ["whoami --json"]]);
  expect(said).toContain("npx wrangler login");
});
