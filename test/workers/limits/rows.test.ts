import { describe, expect, test } from "vitest";
import { type JobFault, saveProgress } from "../../../src/jobs/store";
import { beyond, countFor } from "../counting";
import { env, liveSchool } from "../live";

/* A row or parameter of D1 has 2 MB at most; the local runtime lets longer ones pass. */

const { school } = liveSchool();

/** A message of some size. */
const mail = (characters: number, letter = "m") => ({
  type: "email.user",
  subject: "S",
  body: letter.repeat(characters),
});

test("the words of a batch are learned in two statements a text, however many there are", async () => {
  const events = Array.from({ length: 40 }, (_, user) => ({
    type: "tag.added",
    user: { id: `u${user}` },
    data: { tag: Array.from({ length: 200 }, (_, n) => `${"t".repeat(100)}-${user}-${n}`) },
  }));
  const counts = countFor(school.id);
  const answer = await school.ask("POST", "/v1/events/batch", { events });
  expect(answer.status).toBe(200);
  const learning = counts.statements.filter((sql) => sql.includes('"vocabulary"'));
  // 8,000 tags of 105 characters, twice as they are and as keys: some 1.7 MB, in texts of half a megabyte.
  expect(learning.length).toBeLessThanOrEqual(2 * 4 + 1);
  expect(beyond(counts)).toEqual([]);
  const { tags } = (await school.ask("GET", "/v1/users/u39")).body;
  expect(tags).toHaveLength(200);
});

test("the faults of a job fit in a row, however many and long they are", async () => {
  const row = await env.DB.prepare(
    `insert into jobs (school, id, kind, status, params, done, total, errors, created_at, touched_at)
     values (?, 'job_1', 'users_import', 'running', '{}', 0, 2000, '[]', 1, 1) returning *`,
  )
    .bind(school.id)
    .first();
  const faults: JobFault[] = Array.from({ length: 1_000 }, (_, line) => ({ line, message: "ж".repeat(5_000) }));
  // Of a row the columns that are asked for have one name in D1 and in code.
  const known = { ...row, touchedAt: 1, createdAt: 1 } as unknown as Parameters<typeof saveProgress>[1];
  const position = { after: null, tries: 0, late: false };
  const counts = countFor(school.id);
  expect(await saveProgress(env, known, { status: "queued", position, done: 1_000, faults })).toBe(true);
  expect(counts.largest.bound).toBeGreaterThan(100_000);
  expect(beyond(counts)).toEqual([]);
  const kept = await env.DB.prepare("select errors from jobs where school = ? and id = 'job_1'")
    .bind(school.id)
    .first<{ errors: string }>();
  const told: JobFault[] = JSON.parse(kept?.errors ?? "[]");
  expect(told.length).toBeGreaterThan(100);
  expect(told[0]?.message).toHaveLength(501);
});

describe("a definition", () => {
  test("of the largest body is kept, changed and told of in the audit log in rows that fit", async () => {
    const then = [...[1, 2].map(() => mail(99_000)), mail(60_000)];
    const body = { name: "A", when: [{ type: "user.signed_in" }], then };
    const counts = countFor(school.id);
    const { status, body: made } = await school.ask("POST", "/v1/automations", body);
    expect(status).toBe(201);
    const changed = { ...body, then: [...[1, 2].map(() => mail(99_000, '"')).slice(1), mail(10, "x")] };
    expect((await school.ask("PUT", `/v1/automations/${made.id}`, changed)).status).toBe(200);
    expect(counts.largest.bound).toBeGreaterThan(250_000);
    expect(beyond(counts)).toEqual([]);
  });

  test("that changes have added up to more than 256 KiB is refused with a 413, and nothing of it is kept", async () => {
    const tags = (from: number) => Array.from({ length: 200 }, (_, n) => `${from + n} ${"t".repeat(110)}`);
    const has = (from: number) => ({ type: "tags.has", tags: tags(from) });
    const all = (from: number) => ({ all: Array.from({ length: 6 }, (_, n) => has(from + n)) });
    const made = await school.ask("POST", "/v1/automations", {
      name: "A",
      when: [{ type: "user.signed_in" }],
      then: [mail(90_000)],
      only_if: all(0),
    });
    expect(made.status).toBe(201);
    const path = `/v1/automations/${made.body.id}`;
    const refused = await school.ask("PATCH", path, { exit_if: all(100) });
    expect(refused.status).toBe(413);
    expect(refused.body.detail).toContain("256 KiB");
    expect((await school.ask("GET", path)).body).toMatchObject({ version: 1, exit_if: null });
  });

  test("of more than 256 KiB in an import is a 422 that names it", async () => {
    const automation = {
      id: "aut_large",
      name: "A",
      when: [{ type: "user.signed_in" }],
      then: Array(4).fill(mail(90_000)),
    };
    const refused = await school.ask("PUT", "/v1/import", { automations: [automation] });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([{ path: "/automations/0", message: "a definition has at most 256 KiB" }]);
  });

  test("with tens of thousands of unknown products is warned of in some lines", async () => {
    const courses = (from: number) => Array.from({ length: 200 }, (_, n) => (from + n).toString(36));
    const then = Array.from({ length: 100 }, (_, n) => ({ type: "course.enroll", courses: courses(n * 200) }));
    const made = await school.ask("POST", "/v1/automations", { name: "A", when: [{ type: "user.signed_in" }], then });
    expect(made.status, made.text.slice(0, 500)).toBe(201);
    const warnings = made.body.warnings.filter(({ code }: { code: string }) => code === "unknown_product");
    expect(warnings).toHaveLength(51);
    expect(warnings.at(-1).message).toBe("No event or enrolment has named 19950 more of its products so far.");
  });
});

test("an import whose ids alone are more than a row is told of in the audit log, each by itself", async () => {
  const segments = Array.from({ length: 3_000 }, (_, n) => ({ id: `${n}-${"ж".repeat(120)}`, name: "S" }));
  const profile_fields = Array.from({ length: 1_500 }, (_, n) => ({
    key: `field${n}`,
    name: "ж".repeat(200),
    type: "text",
  }));
  const counts = countFor(school.id);
  const answer = await school.ask("PUT", "/v1/import", { segments, profile_fields });
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  expect(beyond(counts)).toEqual([]);
  const { results } = await env.DB.prepare(
    "select what, count(*) as n, max(octet_length(after)) < 300000 as fits from audit where school = ? group by what",
  )
    .bind(school.id)
    .all();
  expect(results).toEqual(
    expect.arrayContaining([
      { what: "segment.created", n: 3_000, fits: 1 },
      { what: "profile_field.created", n: 1_500, fits: 1 },
      { what: "definitions.imported", n: 1, fits: 1 },
    ]),
  );
});

describe("an event", () => {
  const large = { type: "custom.large", user: { id: "anna" }, data: { text: "x".repeat(70_000) } };
  const small = { type: "user.signed_in", user: { id: "anna" } };

  test("of more than 64 KiB in a batch is refused by itself with a 413", async () => {
    const { status, body } = await school.ask("POST", "/v1/events/batch", { events: [small, large, small] });
    expect(status).toBe(200);
    expect(body.results.map((one: { status?: number }) => one.status)).toEqual([undefined, 413, undefined]);
  });

  test("of 64 KiB in letters of three bytes is as large as one of so many bytes", async () => {
    const wide = { ...large, data: { text: "語".repeat(30_000) } };
    const { body } = await school.ask("POST", "/v1/events/batch", { events: [wide, small] });
    expect(body.results.map((one: { status?: number }) => one.status)).toEqual([413, undefined]);
  });
});

describe("an answer too long to be kept for its Idempotency-Key", () => {
  const fields = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`field${n}`, "x".repeat(9_000)]));
  const headers = { "idempotency-key": "key-1" };

  test("is made again for a copy, which changes nothing more", async () => {
    await school.event("user.updated", { id: "anna", fields });
    const events = Array.from({ length: 40 }, (_, n) => ({ type: "custom.told", user: { id: "anna" }, data: { n } }));
    const counts = countFor(school.id);
    const first = await school.ask("POST", "/v1/events/batch", { events }, headers);
    expect(first.text.length).toBeGreaterThan(2_000_000);
    expect(first.status).toBe(200);
    const copy = await school.ask("POST", "/v1/events/batch", { events }, headers);
    expect(beyond(counts)).toEqual([]);
    expect(copy.status).toBe(200);
    const ids = (answered: typeof first) => answered.body.results.map(({ id }: { id: string }) => id);
    expect(ids(copy)).toEqual(ids(first));
    expect(copy.body.results.every(({ duplicate }: { duplicate: boolean }) => duplicate)).toBe(true);
    const other = await school.ask("POST", "/v1/events/batch", { events: events.slice(1) }, headers);
    expect(other.status).toBe(409);
  });
});
