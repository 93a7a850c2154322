// P20 and P27: marks in every field of a user and in every secret. The user is deleted, the Worker stopped, and the raw
// bytes of every stored file are searched: for the user's marks, which must be gone, and for secrets in clear, which may
// never have been there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startWorker } from "../../scripts/started.mjs";
import { clientOf } from "./client.mjs";
import { live, sleepUntilAtRest } from "./erasure/life.mjs";
import { keepSecrets, toldSecrets } from "./erasure/secrets.mjs";
import { newSchool } from "./school.mjs";

const USER = "erased-user";
/** Cloudflare keeps D1's past for 30 days of restoring: what a file holds here, a restore could bring back there. */

/** @returns `figures` {canaries, files, bytes, hits, secrets, told, ms}, `faults`, and `notes` on where hits lie */
export async function erasure() {
  const faults = [];
  const notes = [];
  const worker = await startWorker();
  const client = clientOf(worker);
  let ms = 0;
  let personal;
  let secrets;
  let told = 0;
  try {
    const school = await newSchool(client, { mode: "live" });
    secrets = await keepSecrets(school);
    personal = await live(school, USER);
    told = await toldSecrets(client, school, secrets, worker, USER);
    const begun = performance.now();
    await client.must({ method: "DELETE", path: `/v1/users/${USER}`, token: school.key });
    ms = Math.round(performance.now() - begun);
    await sleepUntilAtRest(school);
    for (const path of ["users", "runs", "deliveries", "jobs", "export", "automations"]) {
      const text = JSON.stringify(await school.call("GET", `/v1/${path}`));
      for (const [what, mark] of Object.entries(personal))
        if (text.includes(mark)) faults.push(`GET /v1/${path} still tells ${what}`);
    }
    const gone = await client.send({ path: `/v1/users/${USER}/export`, token: school.key });
    if (gone.status !== 404) faults.push(`the export answers ${gone.status} after the deletion`);
    for (const [what, mark] of Object.entries(personal))
      if (worker.said().includes(mark)) faults.push(`the log tells ${what}`);
  } finally {
    await client.close();
    await worker.end();
  }

  const files = filesOf(worker.state);
  const figures = {
    canaries: Object.keys(personal).length,
    secrets: Object.keys(secrets).length,
    files: files.length,
    bytes: 0,
    journal: 0,
    freed: 0,
    hits: 0,
    clear: told,
    ms,
  };
  for (const file of files.filter((one) => one.endsWith("-wal"))) {
    const left = Object.values(personal).filter((mark) => holds(readFileSync(file), mark)).length;
    if (!left) continue;
    figures.journal += left;
    notes.push(
      `${file.slice(worker.state.length)}: ${left} marks in what the local database has not yet moved from its journal; searched after it was`,
    );
  }
  // The Worker is ended, not asked to close its databases: this is what its next start, or 1,000 pages more, would do.
  for (const file of files.filter((one) => one.endsWith(".sqlite"))) {
    const database = new DatabaseSync(file);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  }
  for (const file of filesOf(worker.state)) {
    const bytes = readFileSync(file);
    figures.bytes += bytes.length;
    const name = file.slice(worker.state.length);
    const hits = Object.entries(personal).filter(([, mark]) => holds(bytes, mark));
    if (hits.length) {
      const whats = hits.map(([what]) => what).join(", ");
      const rows = rowsWith(
        file,
        hits.map(([, mark]) => mark),
      );
      const isFreed = name.startsWith("/d1/") && rows.length === 0;
      figures[isFreed ? "freed" : "hits"] += hits.length;
      if (isFreed)
        notes.push(
          `${name}: ${whats} in freed pages, not in any row: D1 refuses secure_delete, VACUUM and checkpoints`,
        );
      else faults.push(`${name} holds ${whats}, in rows of ${rows.join(", ") || "no table we can read"}`);
    }
    for (const [what, secret] of Object.entries(secrets)) {
      if (!holds(bytes, secret)) continue;
      figures.clear++;
      faults.push(`${name} holds the ${what} in clear`);
    }
  }
  await worker.stop();
  return { figures, faults, notes };
}

/** Whether bytes hold a text, as it is or as UTF-16. */
const holds = (bytes, text) => bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le"));

/** The tables of a database that still have rows with any of these texts: what is found elsewhere is freed space. */
function rowsWith(file, texts) {
  if (!file.endsWith(".sqlite")) return [];
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database
    .prepare("select name from sqlite_schema where type = 'table' and name not like '\\_cf\\_%' escape '\\'")
    .all();
  const found = tables.filter(({ name }) => {
    const rows = JSON.stringify(database.prepare(`select * from "${name}"`).all(), (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
    );
    return texts.some((text) => rows.includes(text));
  });
  database.close();
  return found.map(({ name }) => name);
}

/** What is stored, but for the Worker's code and the secret that the platform would keep. */
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/bundle") && entry.name !== "secret-key")
    .map((entry) => join(entry.parentPath, entry.name));
