import { expect, test, vi } from "vitest";
import { type JobFault, saveProgress } from "../../src/jobs/store";
import { env, liveSchool } from "./live";

/*
 * What the platform refuses and the local runtime lets pass is counted here: a row or parameter of 2 MB, 1,000 queries
 * an invocation.
 */

const ROW_BYTES = 2_000_000;

const { school } = liveSchool();

/** Every statement prepared for D1, and what is bound to it, in bytes. */
function watchD1(): { statements: string[]; largest: () => number } {
  const statements: string[] = [];
  let largest = 0;
  const prepare = env.DB.prepare.bind(env.DB);
  vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
    statements.push(sql);
    const statement = prepare(sql);
    const bind = statement.bind.bind(statement);
    statement.bind = (...values) => {
      for (const value of values)
        if (typeof value === "string") largest = Math.max(largest, new TextEncoder().encode(value).length);
      return bind(...values);
    };
    return statement;
  });
  return { statements, largest: () => largest };
}

test("the words of a batch are learned in two statements a text, however many there are", async () => {
  const watched = watchD1();
  const events = Array.from({ length: 40 }, (_, user) => ({
    type: "tag.added",
    user: { id: `u${user}` },
    data: { tag: Array.from({ length: 200 }, (_, n) => `${"t".repeat(100)}-${user}-${n}`) },
  }));
  const answer = await school.ask("POST", "/v1/events/batch", { events });
  expect(answer.status).toBe(200);
  const learning = watched.statements.filter((sql) => sql.includes('"vocabulary"'));
  // 8,000 tags of 105 characters, twice as they are and as keys: some 1.7 MB, in texts of half a megabyte.
  expect(learning.length).toBeLessThanOrEqual(2 * 4 + 1);
  expect(watched.largest()).toBeLessThan(ROW_BYTES);
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
  const watched = watchD1();
  // Of a row the columns that are asked for have one name in D1 and in code.
  const known = { ...row, touchedAt: 1, createdAt: 1 } as unknown as Parameters<typeof saveProgress>[1];
  const position = { after: null, tries: 0, late: false };
  expect(await saveProgress(env, known, { status: "queued", position, done: 1_000, faults })).toBe(true);
  expect(watched.largest()).toBeLessThan(ROW_BYTES);
  const kept = await env.DB.prepare("select errors from jobs where school = ? and id = 'job_1'")
    .bind(school.id)
    .first<{ errors: string }>();
  const told: JobFault[] = JSON.parse(kept?.errors ?? "[]");
  expect(told.length).toBeGreaterThan(100);
  expect(told[0]?.message).toHaveLength(501);
});
