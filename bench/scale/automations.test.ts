import { runInDurableObject } from "cloudflare:test";
import { test, vi } from "vitest";
import { define, idOf } from "../../test/workers/defined";
import { holdQueuesAnew, makeSchool, stubOf, type TestSchool } from "../../test/workers/live";
import { median, middling, show, timed } from "./shown";

/* What an event costs in a school that has defined much, and what an edit there costs the next event. */

const FEW = 10;
const MANY = 10_000;
const EDITED = 5_000;
const LEARNERS = 40;
const ROUNDS = 20;
const EDITS = 40;

/** Each learner completes the course of automation 7, which gives a tag. */
const happen = (school: TestSchool, learner: number) =>
  school.event("course.enrolled", `learner-${learner}`, { course: "course-7" });

async function allHappen(school: TestSchool): Promise<void> {
  for (let learner = 0; learner < LEARNERS; learner++) await happen(school, learner);
}

async function schoolWith(automations: number): Promise<TestSchool> {
  const school = await makeSchool();
  await define(school.id, automations);
  for (let round = 0; round < 2; round++) await allHappen(school);
  return school;
}

const sizeOf = (value: unknown): number =>
  typeof value === "string" ? value.length : value instanceof ArrayBuffer ? value.byteLength : 8;

/** Bytes and rows that objects write, from now on. */
async function countWritten() {
  const written = { bytes: 0, rows: 0 };
  const sql = await runInDurableObject(
    stubOf("nobody", "nobody"),
    (_, state) => Object.getPrototypeOf(state.storage.sql) as SqlStorage,
  );
  const { exec } = sql;
  vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
    const cursor = exec.apply(this, args);
    written.rows += cursor.rowsWritten;
    if (cursor.rowsWritten > 0) for (const value of args.slice(1)) written.bytes += sizeOf(value);
    return cursor;
  } as typeof exec);
  return written;
}

test("one event against few and many automations", async (context) => {
  await holdQueuesAnew();
  const schools = { few: await schoolWith(FEW), many: await schoolWith(MANY) };
  const took = { few: [] as number[], many: [] as number[] };
  // In turns, so that what else the machine does hits both; many together, as the runtime's clock ticks by the millisecond.
  for (let round = 0; round < ROUNDS; round++)
    for (const which of ["few", "many"] as const)
      took[which].push((await timed(() => allHappen(schools[which]))) / LEARNERS);
  const written = await countWritten();
  const each: { bytes: number; rows: number }[] = [];
  for (const which of ["few", "many"] as const) {
    const before = { ...written };
    await allHappen(schools[which]);
    each.push({ bytes: (written.bytes - before.bytes) / LEARNERS, rows: (written.rows - before.rows) / LEARNERS });
  }
  const [few = { bytes: 0, rows: 0 }, many = few] = each;
  const [fewMs, manyMs] = [median(took.few), median(took.many)];
  show(context, [
    {
      what: "an event's time, 10 to 10,000 automations",
      value: manyMs / fewMs,
      unit: "×",
      goal: 1.2,
      note: `${fewMs.toFixed(2)} and ${manyMs.toFixed(2)} ms`,
    },
    {
      what: "bytes an event writes, 10 to 10,000 automations",
      value: many.bytes / few.bytes,
      unit: "×",
      goal: 1.2,
      note: `${few.bytes.toFixed(0)} and ${many.bytes.toFixed(0)} bytes`,
    },
    { what: "rows an event writes, 10 to 10,000 automations", value: many.rows / few.rows, unit: "×", goal: 1.2 },
  ]);
});

test("an edit", async (context) => {
  await holdQueuesAnew();
  const school = await schoolWith(EDITED);
  const plain: number[] = [];
  const edited: number[] = [];
  for (let n = 0; n < EDITS; n++) {
    plain.push(await timed(() => happen(school, 5)));
    await school.patch(idOf(100 + n), { then: [{ type: "tags.add", tags: [`tag ${n}`] }] });
    edited.push(await timed(() => happen(school, 5)));
  }
  const [before, after] = [middling(plain), middling(edited)];
  show(context, [
    {
      what: "what an edit costs the next event, of 5,000 automations",
      value: Math.max(0, after - before),
      unit: "ms",
      goal: 10,
      note: `${before.toFixed(2)} and ${after.toFixed(2)} ms`,
    },
  ]);
});
