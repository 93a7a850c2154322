import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startWorker } from "../../scripts/started.mjs";

/* A small Worker of its own, changed while it runs. */

/** On a busy machine; else some two seconds. */
const RELOADED = { timeout: 60_000, interval: 100 };
vi.setConfig({ testTimeout: 240_000 });

let folder: string;
let worker: Awaited<ReturnType<typeof startWorker>>;

const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

/** A Worker that answers with a word and with how many rows of D1's table `seen` it has made so far. */
const answering = (word: string, table = "seen") => `
  export default {
    async fetch(request, { DB }) {
      await DB.prepare("insert into ${table} (at) values (1)").run();
      const { count } = await DB.prepare("select count(*) count from ${table}").first();
      return new Response("${word} " + count);
    },
  };
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "schoolbell-reload-"));
  for (const name of ["src", "migrations"]) mkdirSync(join(folder, name));
  write("migrations/0000.sql", "create table seen (at integer)");
  write("src/index.ts", answering("one"));
  write(
    "wrangler.toml",
    'name = "small"\nmain = "src/index.ts"\ncompatibility_date = "2026-01-01"\n' +
      '[[d1_databases]]\nbinding = "DB"\ndatabase_name = "small"\nmigrations_dir = "migrations"\n',
  );
  worker = await startWorker(join(folder, "wrangler.toml"), { watch: true });
});

afterAll(async () => {
  await worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the Worker answers now; nothing while it is not there. */
const answer = () =>
  fetch(worker.url).then(
    (response) => response.text(),
    () => "",
  );

test("a started Worker is loaded anew when its source changes, and keeps what it had stored", async () => {
  const [, before] = (await answer()).split(" ");
  write("src/index.ts", answering("two"));
  await expect.poll(answer, RELOADED).toMatch(/^two/);
  const [, after] = (await answer()).split(" ");
  expect(Number(after)).toBeGreaterThan(Number(before));
  expect(worker.said()).toContain("Loaded anew: src/index.ts");
});

test("source that cannot be bundled leaves the Worker as it is; what does not start waits to be mended", async () => {
  const [word] = (await answer()).split(" ");
  write("src/index.ts", "export default {");
  await expect.poll(worker.said, RELOADED).toContain("The Worker cannot be bundled");
  expect(await answer()).toContain(word);
  write("src/index.ts", 'throw new Error("planted"); export default {};');
  await expect.poll(worker.said, RELOADED).toContain("does not start as it was changed");
  expect(await answer()).toBe("");
  write("src/index.ts", answering("three"));
  await expect.poll(answer, RELOADED).toMatch(/^three/);
});

test("a migration is applied before the Worker that needs it runs; one that cannot be leaves all as it is", async () => {
  const [word] = (await answer()).split(" ");
  write("migrations/0001.sql", "create table seen (at integer)");
  await expect.poll(worker.said, RELOADED).toContain("The database cannot be migrated");
  await expect.poll(answer, RELOADED).toContain(word);
  write("migrations/0001.sql", "create table noticed (at integer)");
  write("src/index.ts", answering("four", "noticed"));
  await expect.poll(answer, RELOADED).toBe("four 1");
});

test("changes that come while others are taken over are taken over too", async () => {
  for (let n = 0; n < 24; n++) {
    write("src/index.ts", answering(`round${n}`, "noticed"));
    await new Promise((resolve) => setTimeout(resolve, 250 + 50 * n));
  }
  await expect.poll(answer, RELOADED).toMatch(/^round23 /);
});
