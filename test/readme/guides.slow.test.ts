import { execFile } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker } from "../../scripts/started.mjs";

/* Every command that a guide gives is given here, in its order, to a Worker as users start it. */

const ROOT = join(import.meta.dirname, "../..");
const CLI = join(ROOT, "client/bin/schoolbell.mjs");
const execute = promisify(execFile);

const blocksOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, block = ""]) => block.trim());
const commands = globSync("docs/guides/*.md", { cwd: ROOT })
  .toSorted()
  .map((file) => ({
    file,
    blocks: blocksOf(join(ROOT, file)).filter((block) => /^(\$ )?(curl|schoolbell) /.test(block)),
  }))
  .filter(({ blocks }) => blocks.length);

let worker: Awaited<ReturnType<typeof startWorker>>;
let folder: string;
let key: string;
beforeAll(async () => {
  worker = await startWorker();
  folder = mkdtempSync(join(tmpdir(), "schoolbell-guides-"));
  const made = await fetch(`${worker.url}/v1/schools`, {
    method: "POST",
    headers: { authorization: `Bearer ${worker.adminToken}`, "content-type": "application/json" },
    body: JSON.stringify({ id: "demo", name: "Demo", mode: "test" }),
  });
  key = ((await made.json()) as { api_key: string }).api_key;
  mkdirSync(join(folder, ".state"));
  writeFileSync(join(folder, ".state/demo-key"), key);
});
afterAll(async () => {
  await worker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = async (command: string): Promise<string> => {
  const { stdout } = await execute("bash", ["-euo", "pipefail", "-c", command], {
    cwd: folder,
    env: { ...process.env, SCHOOLBELL_URL: worker.url, SCHOOLBELL_KEY: key, ADMIN_TOKEN: worker.adminToken },
  });
  return stdout;
};

test("guides have commands to be tried", () => {
  expect(commands.flatMap(({ blocks }) => blocks).length).toBeGreaterThanOrEqual(5);
});

test.each(commands)("what $file says to type does what it says", async ({ blocks }) => {
  for (const block of blocks) {
    if (block.startsWith("curl")) {
      const answer = JSON.parse(await run(block.replaceAll("http://localhost:8787", worker.url)));
      expect([block, answer.status ?? 200, answer.errors ?? []]).toEqual([
        block,
        expect.toSatisfy((one) => !(one >= 400)),
        // Of a refusal its faults, of a job whom it passed over.
        [],
      ]);
      continue;
    }
    // A login asks a person; what is printed below a command is what it answers.
    for (const line of block.split("\n").filter((one) => /^(\$ )?schoolbell (?!login)/.test(one)))
      await run(
        line
          .replaceAll("http://localhost:8787", worker.url)
          .replace(/^(\$ )?schoolbell/, `"${process.execPath}" "${CLI}"`),
      );
  }
});
