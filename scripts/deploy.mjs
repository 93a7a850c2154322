// npm run deploy, after `npx wrangler login`: makes what is missing in the Cloudflare account (databases, queues,
// secrets), applies the migrations, then uploads the Worker. Running it again only migrates and uploads.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unstable_readConfig as readConfig } from "wrangler";

const root = fileURLToPath(new URL("..", import.meta.url));
const config = readConfig({ config: join(root, "wrangler.toml") });

const publicUrl = URL.parse(String(config.vars.PUBLIC_URL));
if (publicUrl?.protocol !== "https:" || publicUrl.hostname === "localhost")
  refuse(
    "Set PUBLIC_URL in wrangler.toml to where people will reach the Worker: links in mails are made of it.\n" +
      "Such as https://schoolbell.<your subdomain>.workers.dev, or a domain of your own.",
  );
const account = ask("whoami", "--json");
if (!account.ok)
  refuse(
    /"loggedIn":\s*false/.test(account.said)
      ? "Nobody is signed in to Cloudflare here: npx wrangler login, or give CLOUDFLARE_API_TOKEN."
      : `Cloudflare does not say who is signed in.\n${account.said}`,
  );

// The main database and shards of the log, each with its own migrations_dir, and those of a jurisdiction in it. Where the
// installation has one all are made in it, queues too: what is there already stays where it is, and is not taken for it.
const whole = config.vars.JURISDICTION === undefined ? "" : String(config.vars.JURISDICTION);
if (!["", "eu", "us"].includes(whole)) refuse('JURISDICTION in wrangler.toml is "eu" or "us", or left out.');
const within = (jurisdiction) => (jurisdiction ? [`--jurisdiction=${jurisdiction}`] : []);
for (const { binding, database_name: name } of config.d1_databases) {
  const own = /^LOG_(EU|US)_/.exec(binding)?.[1]?.toLowerCase();
  if (own && whole && own !== whole)
    refuse(`${binding} is for another jurisdiction than the installation's (${whole}).`);
  const found = ask("d1", "info", name, ...(whole ? ["--json"] : []));
  if (!found.ok) run("d1", "create", name, "--update-config=false", ...within(own ?? whole));
  else if (whole) requireWithin(`The database ${name}`, /"jurisdiction":\s*"?(\w+)/.exec(found.said)?.[1]);
}
const queues = config.queues.consumers.map(({ queue }) => queue);
for (const queue of queues) {
  const found = ask("queues", "info", queue);
  if (!found.ok) run("queues", "create", queue, ...within(whole));
  else if (whole) requireWithin(`The queue ${queue}`, /^Jurisdiction: (\w+)/m.exec(found.said)?.[1]);
}
for (const { binding } of config.d1_databases) run("d1", "migrations", "apply", binding, "--remote");

const there = secretsThere();
const missing = missingSecrets(there);
const folder = mkdtempSync(join(tmpdir(), "schoolbell-deploy-"));
try {
  const file = join(folder, "secrets.json");
  writeFileSync(file, JSON.stringify(missing), { mode: 0o600 });
  run("deploy", ...(Object.keys(missing).length ? ["--secrets-file", file] : []));
} catch (error) {
  // It may fail after the upload, which has taken the secrets: the next time none is made, nor shown.
  if (missing.ADMIN_TOKEN)
    console.error(`\nWas it uploaded all the same, its platform token is:  ${missing.ADMIN_TOKEN}\n`);
  throw error;
} finally {
  rmSync(folder, { recursive: true });
}
if (missing.ADMIN_TOKEN) {
  console.log(`\nThe platform token, shown this once:  ${missing.ADMIN_TOKEN}\n`);
}
if (!there.includes("PLATFORM_EMAIL")) {
  console.log("Nobody is mailed a sign-in link yet. README.md says how:  npx wrangler secret put PLATFORM_EMAIL\n");
}

function secretsThere() {
  const { ok, said } = ask("secret", "list", "--format", "json");
  if (!ok && !/Worker ".*" not found/.test(said)) throw new Error(`The secrets cannot be listed.\n${said}`);
  return ok ? JSON.parse(said.slice(said.indexOf("["))).map(({ name }) => name) : [];
}

/** Made only where they are not: another SECRET_KEY would make unreadable what the present one encrypted. */
function missingSecrets(there) {
  const key = () => randomBytes(32).toString("base64");
  const made = { ADMIN_TOKEN: randomBytes(24).toString("base64url"), SECRET_KEY: key(), EVIDENCE_KEY: key() };
  return Object.fromEntries(Object.entries(made).filter(([name]) => !there.includes(name)));
}

/** @param jurisdiction as Cloudflare says it: `null` of a database in none; nothing where it does not say */
function requireWithin(what, jurisdiction) {
  if (jurisdiction === whole) return;
  if (jurisdiction === undefined)
    return console.error(`${what} is there already, and Cloudflare does not say whether in the jurisdiction ${whole}.`);
  refuse(
    `${what} is there already, and not in the jurisdiction ${whole}. Where it was made it stays: make another installation, ` +
      "by other names in wrangler.toml.",
  );
}

function refuse(reason) {
  console.error(reason);
  process.exit(1);
}

function ask(...args) {
  const { status, stdout, stderr } = spawnSync("npx", ["wrangler", ...args], { cwd: root, encoding: "utf8" });
  return { ok: status === 0, said: status === 0 ? stdout : stdout + stderr };
}

function run(...args) {
  const { status } = spawnSync("npx", ["wrangler", ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`wrangler ${args.join(" ")} failed`);
}
