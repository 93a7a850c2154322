import { beforeEach, describe, expect, test } from "vitest";
import { MOST_OF_A_SCHOOL } from "../../../src/base/size";
import { beyond, countFor } from "../counting";
import { env, liveSchool } from "../live";

/*
 * An isolate of 128 MB holds all automations of a school, and an import those it brings beside them. The local runtime
 * has no such bound: how much that may be was measured, and is refused beforehand.
 */

const { school } = liveSchool();

const MIB = 1024 * 1024;
const mail = (characters: number) => ({ type: "email.user", subject: "S", body: "m".repeat(characters) });
const definition = (then: unknown[], more = {}) => ({ name: "A", when: [{ type: "user.signed_in" }], then, ...more });
/** Nearly as large as a definition may be. */
const large = (more = {}) => definition([mail(90_000), mail(90_000), mail(70_000)], more);
const largeOnes = (count: number, mark = "") =>
  Array.from({ length: count }, (_, n) => ({ id: `aut_${mark}${n}`, ...large({ active: false }) }));

/** How many automations there are, and versions and audit entries of them. */
const kept = async () =>
  env.DB.prepare(
    `select (select count(*) from automations where school = ?1) as automations,
       (select count(*) from automation_versions where school = ?1) as versions,
       (select count(*) from audit where school = ?1) as audit`,
  )
    .bind(school.id)
    .first();

describe("a school that has as much of automations as it may", () => {
  // 33 of 250,000 characters are 8 MiB.
  const most = 33;

  beforeEach(async () => {
    const counts = countFor(school.id);
    const made = await school.ask("PUT", "/v1/import", { automations: largeOnes(most) });
    expect(made.status, made.text.slice(0, 300)).toBe(200);
    expect(beyond(counts)).toEqual([]);
  });

  test("gets no other, however it is asked for", async () => {
    const before = await kept();
    const refusals = [
      await school.ask("POST", "/v1/automations", large()),
      await school.ask("POST", "/v1/automations/aut_0/duplicate"),
      await school.ask("PUT", "/v1/import", { automations: largeOnes(1, "new") }),
      await school.ask("PUT", "/v1/import?dry_run=true", { automations: largeOnes(1, "new") }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([413, 413, 413, 413]);
    expect(refusals[0]?.body.detail).toMatch(/automations would be 8\.\d MiB; 8 are the most/);
    expect(await kept()).toEqual(before);
  });

  test("has them changed, switched and made smaller, and then there is room again", async () => {
    const path = "/v1/automations/aut_0";
    expect((await school.ask("PATCH", path, { active: true })).status).toBe(200);
    expect((await school.ask("PATCH", path, { then: [mail(90_000), mail(69_000), mail(90_000)] })).status).toBe(200);
    expect((await school.ask("POST", "/v1/automations", definition([mail(90_000), mail(60_000)]))).status).toBe(413);
    expect((await school.ask("PATCH", path, { then: [mail(100)] })).status).toBe(200);
    expect((await school.ask("POST", "/v1/automations", definition([mail(90_000), mail(60_000)]))).status).toBe(201);
    expect((await school.ask("PATCH", path, large())).status).toBe(413);
  });

  test("exports them, and takes all of them changed in two bodies", async () => {
    const exported = await school.ask("GET", "/v1/export");
    expect(exported.text.length).toBeGreaterThan(7.8 * MIB);
    const renamed = largeOnes(most).map((one) => ({ ...one, name: "B" }));
    for (const automations of [renamed.slice(0, 20), renamed.slice(20)])
      expect((await school.ask("PUT", "/v1/import", { automations })).status).toBe(200);
    expect((await school.ask("GET", "/v1/automations/aut_32")).body).toMatchObject({ name: "B", version: 1 });
  });
});

test("values count beside their text: short steps by the ten thousand are as large as long mails", async () => {
  const steps = Array.from({ length: 100 }, (_, n) => ({ type: "tags.add", tags: [`t${n}`] }));
  const automations = Array.from({ length: 500 }, (_, n) => ({ id: `aut_${n}`, ...definition(steps) }));
  expect(JSON.stringify(automations).length).toBeLessThan(2.5 * MIB);
  const refused = await school.ask("PUT", "/v1/import", { automations });
  expect(refused).toMatchObject({ status: 413, body: { detail: expect.stringContaining("8 are the most") } });
  const half = automations.slice(0, 250);
  expect((await school.ask("PUT", "/v1/import", { automations: half })).status).toBe(200);
  const others = automations.slice(250).map((one) => ({ ...one, id: `${one.id}_more` }));
  expect((await school.ask("PUT", "/v1/import", { automations: others })).status).toBe(413);
  expect(await kept()).toMatchObject({ automations: 250 });
});

test("a body larger than all that a school may have is refused unread", async () => {
  const body = { automations: [{ id: "aut_1", ...definition([mail(MOST_OF_A_SCHOOL)]) }] };
  expect((await school.ask("PUT", "/v1/import", body)).status).toBe(413);
});

test("a page of automations reads no others: what it warns of is known of what is compiled anyway", async () => {
  const tagging = (on: string, add: string, more = {}) => ({
    name: "A",
    when: [{ type: "tag.added", tags: [on] }],
    then: [
      { type: "tags.remove", tags: [on] },
      { type: "tags.add", tags: [add] },
    ],
    ...more,
  });
  const automations = Array.from({ length: 200 }, (_, n) => ({
    id: `aut_${String(n).padStart(3, "0")}`,
    ...tagging(`t${n}`, `t${n + 1}`),
  }));
  await school.ask("PUT", "/v1/import", { automations });
  await school.event("user.signed_in", "anna");
  const counts = countFor(school.id);
  const page = await school.ask("GET", "/v1/automations?limit=5");
  expect(page.body.data.map(({ warnings }: { warnings: unknown[] }) => warnings)).toEqual([[], [], [], [], []]);
  const reading = counts.statements.filter((sql) => sql.includes('"definition"') && sql.includes('from "automations"'));
  expect(reading).toHaveLength(1);
  expect(reading[0]).toContain("limit");
  const closing = await school.ask("PUT", "/v1/automations/aut_199", tagging("t199", "t0"));
  expect(closing.body.warnings).toMatchObject([{ code: "cycle" }]);
  expect((await school.ask("GET", "/v1/automations?limit=1")).body.data[0].warnings).toMatchObject([
    { code: "cycle", automations: automations.map(({ id }) => id) },
  ]);
});
