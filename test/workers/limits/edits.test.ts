import { expect, test, vi } from "vitest";
import { loadSchool } from "../../../src/world/snapshot";
import { loadWorld } from "../../../src/world/world";
import { define, idOf } from "../defined";
import { env, liveSchool } from "../live";

/* What an edit costs in a school that has defined much: what was edited, not what there is. */

const { school } = liveSchool();

const AUTOMATIONS = 5_000;
const fill = () => define(school.id, AUTOMATIONS);

/** Rows that batches of D1 read from now on, and how many statements. */
function countReads() {
  const reads = { rows: 0, statements: 0 };
  const batch = env.DB.batch.bind(env.DB);
  vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
    const results = await batch(statements);
    reads.statements += results.length;
    for (const { meta } of results) reads.rows += meta.rows_read;
    // As it came, whatever rows the caller expects.
    return results as never;
  });
  return reads;
}

const standing = async () => {
  const found = await loadSchool(env, school.id, { minStamp: Number.MAX_SAFE_INTEGER });
  if (!found) throw new Error("no school");
  return found;
};

test("the event after an edit reads what was edited, of thousands of automations, rules and tags", async () => {
  await fill();
  const before = await loadWorld(env, await standing());
  expect([before.automations.length, before.segments.size]).toEqual([AUTOMATIONS, 500]);
  await school.patch(idOf(7), { then: [{ type: "tags.add", tags: ["tag 9"] }] });
  const reads = countReads();
  const began = performance.now();
  const after = await loadWorld(env, await standing());
  const tookMs = performance.now() - began;
  expect(after.byId.get(idOf(7))?.program.version).toBe(2);
  expect(after.automations.filter((one, n) => one === before.automations[n])).toHaveLength(AUTOMATIONS - 1);
  // What a kind has no edit of is the very thing that it was.
  expect([after.syncs === before.syncs, after.school.fields === before.school.fields]).toEqual([true, true]);
  expect(reads.rows).toBeLessThan(100);
  expect(tookMs).toBeLessThan(200);
  // A tag that an automation gives is spelled as the school has it, and looked up for that.
  const answer = await school.event("course.enrolled", "anna", { course: "course-7" });
  expect(answer.user.tags).toEqual(["TAG 9"]);
});

test("what is deleted and made is seen as well, and in its place", async () => {
  await fill();
  await loadWorld(env, await standing());
  await school.ask("DELETE", `/v1/automations/${idOf(3)}`);
  const made = await school.automation({
    name: "New",
    when: [{ type: "user.signed_in" }],
    then: [{ type: "exit" }],
  });
  const { automations, byId } = await loadWorld(env, await standing());
  const ids = automations.map(({ id }) => id);
  expect([ids.length, ids.includes(idOf(3)), byId.has(idOf(3)), ids.at(-1)]).toEqual([AUTOMATIONS, false, false, made]);
  expect(ids).toEqual(ids.toSorted());
});

test("to write an automation reads no other, and its warnings those that its facts may start", async () => {
  await fill();
  await loadWorld(env, await standing());
  const reads = countReads();
  const answer = await school.ask("POST", "/v1/automations", {
    name: "New",
    synchronous: true,
    when: [{ type: "tag.added", tags: ["Tag 8"] }],
    then: [
      { type: "tags.remove", tags: ["Tag 8"] },
      { type: "course.unenroll", courses: ["course-8"] },
      { type: "course.enroll", courses: ["course-8"] },
    ],
  });
  expect(answer.status).toBe(201);
  const { id, warnings } = answer.body;
  expect(warnings).toContainEqual(expect.objectContaining({ code: "cycle", automations: [id, idOf(8)] }));
  expect(reads.rows).toBeLessThan(200);
});
