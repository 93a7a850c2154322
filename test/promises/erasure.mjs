// P20 and P27: marks in every field of a user and in every secret. The user is deleted, the Worker stopped, and the raw
// bytes of every stored file are searched: for the user's marks, which must be gone, and for secrets in clear, which may
// never have been there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { startWorker } from "../../scripts/started.mjs";
import { clientOf } from "./client.mjs";
import { newMark, newSchool } from "./school.mjs";

const USER = "erased-user";
/** Cloudflare keeps D1's past for 30 days of restoring: what a file holds here, a restore could bring back there. */
const REST_MS = 15_000;

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
    personal = await live(school);
    told = await toldSecrets(client, school, secrets, worker);
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

/** Secrets of every kind that a school gives us or is given. */
async function keepSecrets(school) {
  const mark = (what) => newMark(what);
  const given = {
    mixpanel: mark("mixpanel"),
    ga4: mark("ga4"),
    meta: mark("meta"),
    smtp: mark("smtp"),
    moodle: mark("moodle"),
  };
  await school.call("PATCH", "/v1/school", {
    settings: {
      connectors: {
        mixpanel: { token: given.mixpanel },
        ga4: { measurement_id: "G-ABC123", api_secret: given.ga4 },
        meta: { pixel_id: "123456", access_token: given.meta },
      },
    },
  });
  await school
    .call("PATCH", "/v1/school", {
      settings: {
        connectors: {
          email: {
            type: "smtp",
            host: "smtp.acme.com",
            port: 465,
            user: "u",
            pass: given.smtp,
            from: "school@acme.com",
          },
        },
      },
    })
    .catch(ignoreUnsupported(given, "smtp"));
  await school
    .call("PATCH", "/v1/school", {
      settings: { connectors: { lms: { type: "moodle", url: "https://moodle.acme.com", token: given.moodle } } },
    })
    .catch(ignoreUnsupported(given, "moodle"));
  const { secret } = await school.call("POST", "/v1/signing-secret", undefined, { "idempotency-key": "once" });
  const made = await school.call(
    "POST",
    "/v1/api-keys",
    { name: "Key", scopes: ["read"] },
    { "idempotency-key": "twice" },
  );
  // Back to what sends nothing: this school is live.
  await school.call("PATCH", "/v1/school", { settings: { connectors: { email: null, lms: null } } }).catch(() => {});
  return { ...given, "signing secret": secret, "school's key": school.key, "second key": made.key };
}

const ignoreUnsupported = (given, name) => () => {
  delete given[name];
};

/** Secrets that any answer or the log tells after they were shown once. */
async function toldSecrets(client, school, secrets, worker) {
  const texts = [worker.said()];
  for (const path of [
    "school",
    "api-keys",
    "export",
    "users",
    "deliveries",
    "runs",
    "automations",
    "jobs",
    `users/${USER}/export`,
  ])
    texts.push((await client.send({ path: `/v1/${path}`, token: school.key })).text);
  texts.push((await client.send({ path: `/v1/schools/${school.id}`, token: client.adminToken })).text);
  return Object.values(secrets).filter((secret) => texts.some((text) => text.includes(secret))).length;
}

/**
 * A user's whole life, marked: every attribute, event data of every kind, messages, runs, deliveries, imports. The names
 * of tags, groups and products are the school's own words, kept for its pickers: they are not the user's.
 */
async function live(school) {
  const marks = {};
  const mark = (what) => {
    marks[what] = newMark("zz");
    return marks[what];
  };
  const { call, event } = school;
  await call("POST", "/v1/profile-fields", { key: "phone", name: "Phone", type: "text" });
  await call("POST", "/v1/segments", { id: "by-hand", name: "By hand" });
  const when = [{ type: "form.submitted" }, { type: "custom", name: "thing" }];
  await call("POST", "/v1/automations", {
    name: "Letters",
    active: true,
    when,
    then: [
      { type: "email.user", subject: "Hi {{ user.username }}", body: "<p>{{ user.email }} {{ event.form }}</p>" },
      { type: "message.user", body: "Hello {{ user.username }}" },
      { type: "push.user", title: "Hi {{ user.username }}", body: "You" },
      { type: "gtm.event", name: "seen", data: { name: "{{ user.username }}" } },
      { type: "wait", for: "P3D" },
      { type: "tags.add", tags: ["later"] },
    ],
  });
  await call("POST", "/v1/automations", {
    name: "At once",
    active: true,
    synchronous: true,
    when,
    then: [{ type: "tags.add", tags: ["vip"] }],
  });
  await event(
    "user.signed_up",
    {
      id: USER,
      email: `${mark("email")}@acme.com`,
      username: mark("username"),
      source: mark("source"),
      fields: { phone: mark("declared field"), other: mark("free field") },
    },
    {},
    { id: `event-${mark("event id")}` },
  );
  await call("PUT", `/v1/users/${USER}`, { push_tokens: [mark("push token")] }, { "idempotency-key": "put" });
  await call("PUT", `/v1/users/${USER}`, { username: mark("second username") });
  await event("tag.added", USER, { tag: ["vip"] });
  await event("form.submitted", USER, { form: "f", answers: { question: mark("form answer") } });
  await event("custom.thing", USER, { text: mark("event data") });
  await event("payment.made", USER, {
    product_type: "course",
    product: "js-101",
    amount: 5,
    payment: mark("payment id"),
  });
  await event("course.enrolled", USER, { course: "js-101" });
  await event("group.joined", USER, { group: "team" });
  await call("PUT", `/v1/segments/by-hand/members/${USER}`);
  await call(
    "POST",
    "/v1/events",
    { type: "custom.kept", user: { id: USER }, data: { text: mark("kept answer") } },
    { "idempotency-key": "kept" },
  );
  await call(
    "POST",
    "/v1/users/import",
    `id,username,fields.phone\n${USER},${mark("imported name")},${mark("imported field")}\n`,
    { "content-type": "text/csv" },
  );
  const batch = [{ type: "custom.thing", user: { id: USER }, data: { text: mark("batch data") } }];
  await call("POST", "/v1/events/batch", { events: batch });
  // A bystander's words must stay.
  await event("user.signed_up", { id: "bystander", email: "bystander@acme.com" });
  await sleepUntilAtRest(school);
  return marks;
}

/** A live school has no clock to settle it: waits until nothing is queued, and the log has had its second. */
async function sleepUntilAtRest(school) {
  const end = Date.now() + REST_MS;
  for (let quiet = 0; Date.now() < end && quiet < 4; await sleep(250)) {
    const queued = await Promise.all(
      ["runs?status=queued", "deliveries?status=queued"].map((list) => school.call("GET", `/v1/${list}&limit=100`)),
    );
    const jobs = await school.call("GET", "/v1/jobs");
    // Those of the data layer wait for the page.
    const isBusy =
      queued.some(({ data }) => data.some(({ channel }) => channel !== "gtm")) ||
      jobs.data.some(({ status }) => ["queued", "running"].includes(status));
    quiet = isBusy ? 0 : quiet + 1;
  }
  await sleep(1_500);
}
