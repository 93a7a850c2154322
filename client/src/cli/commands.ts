import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { type Request, requestsOf, SchoolbellError } from "../server/request.ts";
import { type Catalogue, emitTypes, type OpenApi } from "../types/emit.ts";
import { FolderError, readFolder, writeFolder } from "./folder.ts";
import { findLogin, keepLogin } from "./login.ts";
import { definitionsIn, importFolder, isEmpty, planLines } from "./plan.ts";
import { checkPack, keysIn } from "./verify.ts";

/** What a command may touch of the machine. */
export interface Terminal {
  env: Readonly<Record<string, string | undefined>>;
  say(line: string): void;
  complain(line: string): void;
  /** Asks who sits there; null where nobody does. `secret`: what is typed is not shown. */
  ask(question: string, secret?: boolean): Promise<string | null>;
  fetch?: typeof fetch;
}

/**
 * Exit codes: nothing to do, or done; something went wrong; `plan` found a difference; `verify` found nothing changed, and
 * does not know whose key it was.
 */
const DONE = 0;
const WRONG = 1;
const DIFFERS = 2;
const UNKNOWN_KEY = 3;

const JOB_LOOK_MS = 500;

/** Runs a command line, without the program's name, and answers with its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = DONE;
  const request = (): Request =>
    requestsOf({ ...findLogin(terminal.env), ...(terminal.fetch ? { fetch: terminal.fetch } : {}) });

  const program = new Command("schoolbell")
    .description("A school's automations as files, and its evidence.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.say(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    });
  const onFolder = (name: string, says: string) =>
    program.command(name).description(says).option("--dir <folder>", "where the files are", "automations");

  program
    .command("login")
    .description("Keep the address of a Schoolbell and a key of a school for later.")
    .requiredOption("--url <url>", "such as https://bell.school.com")
    .action(async ({ url }: { url: string }) => {
      if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
        throw new Error(`${url} is no address: one begins with https://, such as https://bell.school.com`);
      const key = (await terminal.ask("Key (sb_…): ", true))?.trim();
      if (!key) throw new Error("A key is needed, on a line of the standard input.");
      const { body } = await requestsOf({ url, key, ...(terminal.fetch ? { fetch: terminal.fetch } : {}) })(
        "GET",
        "/v1/school",
      );
      // The route answers a school.
      const { name } = body as { name: string };
      terminal.say(`Logged in to ${name}. Kept in ${keepLogin(terminal.env, { url, key })}`);
    });

  onFolder("pull", "Write the school's definitions into the folder, a file a thing.")
    .option("--prune", "also delete files of what the school does not have", false)
    .action(async ({ dir, prune }: { dir: string; prune: boolean }) => {
      const { body } = await request()("GET", "/v1/export");
      const { written, unknown } = writeFolder(dir, definitionsIn(body), { prune });
      for (const path of written) terminal.say(`wrote ${path}`);
      for (const path of unknown)
        terminal.say(prune ? `deleted ${path}` : `${path} is not in the school; it stays without --prune`);
      terminal.say(`${written.length} written.`);
    });

  onFolder("plan", "Show what apply would do. Exit code 2 when that is something.")
    .option("--prune", "also remove what is in no file, after seven days", false)
    .option("--json", "the plan as JSON", false)
    .action(async ({ dir, prune, json }: { dir: string; prune: boolean; json: boolean }) => {
      const plan = await importFolder(request(), readFolder(dir), { dry_run: true, prune });
      for (const line of json ? [JSON.stringify(plan, null, 2)] : planLines(plan, { prune })) terminal.say(line);
      if (!isEmpty(plan, prune)) code = DIFFERS;
    });

  onFolder("apply", "Make the school as the folder says.")
    .option("--prune", "also remove what is in no file, after seven days", false)
    .option("--plan <plan>", "do exactly this plan, or nothing")
    .option("--yes", "do not ask", false)
    .option("--no-wait", "do not wait for users to be brought in line")
    .action(async ({ dir, prune, plan: wanted, yes, wait }: ApplyOptions) => {
      const ask = request();
      const folder = readFolder(dir);
      const plan = await importFolder(ask, folder, { dry_run: true, prune });
      for (const line of planLines(plan, { prune })) terminal.say(line);
      const name = plan.plan ?? "";
      if (wanted !== undefined && wanted !== name)
        throw new Error(`It would come to something else than ${wanted} by now. Nothing was done.`);
      if (isEmpty(plan, prune)) return;
      if (wanted === undefined && !yes) {
        const said = await terminal.ask("Apply this? (yes) ");
        if (said === null) throw new Error("Say which plan: --plan PLAN of `schoolbell plan`; or --yes.");
        if (said.trim() !== "yes") throw new Error("Nothing was done.");
      }
      // What came between the plan shown and this is refused there (409).
      const { job_id: job, delete_at: deleted } = await importFolder(ask, folder, { prune, plan: name });
      terminal.say("Applied.");
      if (deleted !== undefined)
        terminal.say(`What was removed is deleted at ${deleted}; until then it can be restored.`);
      if (job !== undefined && wait && !(await jobDone(ask, job, terminal))) code = WRONG;
    });

  program
    .command("types")
    .description("Write TypeScript types of what this Schoolbell has: events, triggers, conditions, actions, steps.")
    .option("--out <file>", "where to", "schoolbell.ts")
    .action(async ({ out }: { out: string }) => {
      const ask = request();
      const [catalogue, openApi] = [await ask("GET", "/v1/catalogue"), await ask("GET", "/openapi.json")];
      // Both routes say what they are of themselves.
      writeFileSync(out, emitTypes(catalogue.body as Catalogue, openApi.body as OpenApi));
      terminal.say(`wrote ${out}`);
    });

  program
    .command("verify <file>")
    .description("Check an evidence pack, offline: that it is whole, unchanged, and signed by a key that is known.")
    .option(
      "--keys <keys>",
      "the public keys: a file, or the address /.well-known/schoolbell-keys.json of a Schoolbell",
    )
    .action(async (file: string, { keys }: { keys?: string }) => {
      const known = keys === undefined ? null : keysIn(await readKeys(keys, terminal), keys);
      const { lines, isTrusted } = checkPack(file, known);
      for (const line of lines) terminal.say(line);
      if (!isTrusted) code = UNKNOWN_KEY;
    });

  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    // Commander has said what is wrong with the words, or has shown help.
    if (error instanceof Error && "exitCode" in error) return error.exitCode === 0 ? DONE : WRONG;
    if (!(error instanceof Error)) throw error;
    const isTold = error instanceof FolderError || error instanceof SchoolbellError || error.constructor === Error;
    terminal.complain(isTold ? error.message : (error.stack ?? error.message));
    return WRONG;
  }
  return code;
}

async function readKeys(keys: string, { fetch: ask = fetch }: Terminal): Promise<string> {
  if (!/^https?:/.test(keys)) return readFileSync(keys, "utf8");
  const answer = await ask(keys);
  if (!answer.ok) throw new Error(`${keys} answers ${answer.status}.`);
  return answer.text();
}

interface ApplyOptions {
  dir: string;
  prune: boolean;
  plan?: string;
  yes: boolean;
  wait: boolean;
}

/** Waits for the job that brings users in line, and says how it went. */
async function jobDone(request: Request, id: string, terminal: Terminal): Promise<boolean> {
  for (;;) {
    const { body } = await request("GET", `/v1/jobs/${id}`);
    // The route answers a job.
    const job = body as { kind: string; status: string; done: number; errors: { user?: string; message: string }[] };
    if (job.status === "queued" || job.status === "running") {
      await new Promise((next) => setTimeout(next, JOB_LOOK_MS));
      continue;
    }
    for (const { user, message } of job.errors.slice(0, 20)) terminal.complain(`${user ?? id}: ${message}`);
    // The job of what was only held counts that, and no users: it has been said.
    if (job.kind !== "prune") terminal.say(`Users brought in line: ${job.done} (${id}, ${job.status}).`);
    return job.status === "done" && job.errors.length === 0;
  }
}
