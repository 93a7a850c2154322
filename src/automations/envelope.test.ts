import { beforeEach, describe, expect, test } from "vitest";
import { makeSchool, type TestSchool } from "../../test/workers/live";

let school: TestSchool;

const DRIP = {
  name: "Drip",
  when: [{ type: "course.enrolled" }],
  then: [{ type: "tags.add", tags: ["welcomed"] }],
};
const GOAL = { type: "course.completed", courses: ["$trigger"] };

beforeEach(async () => {
  school = await makeSchool();
});

const make = async (more: object = {}) => {
  const { status, body } = await school.ask("POST", "/v1/automations", { ...DRIP, ...more });
  expect(status).toBe(201);
  return body;
};

describe("labels, a note and a goal", () => {
  test("are kept as they were given, and none by itself makes a version", async () => {
    const made = await make({ labels: [" Onboarding ", "Q3"], note: "Ask Ann", goal: GOAL });
    expect(made).toMatchObject({ labels: ["Onboarding", "Q3"], note: "Ask Ann", goal: GOAL, version: 1 });
    const path = `/v1/automations/${made.id}`;
    const changed = await school.ask("PATCH", path, { labels: ["Q4"], note: "", goal: null });
    expect(changed.body).toMatchObject({ labels: ["Q4"], note: "", goal: null, version: 1 });
    expect(changed.headers.get("etag")).not.toBe('"1"');
    expect((await school.ask("PUT", path, { ...DRIP, name: "Other" })).body).toMatchObject({ labels: [], note: "" });
  });

  test("go along with a copy, and with an export", async () => {
    const said = { labels: ["Q3"], note: "Ask Ann", goal: GOAL };
    const made = await make(said);
    expect((await school.ask("POST", `/v1/automations/${made.id}/duplicate`)).body).toMatchObject(said);
    const exported = (await school.ask("GET", "/v1/export")).body;
    expect(exported.automations[0]).toMatchObject(said);
    expect((await school.ask("PUT", "/v1/import?dry_run=true", exported)).body.change.automations).toEqual([]);
    exported.automations[0].goal = null;
    exported.automations[0].labels = ["Q4"];
    await school.ask("PUT", "/v1/import", exported);
    expect((await school.ask("GET", `/v1/automations/${made.id}`)).body).toMatchObject({ labels: ["Q4"], goal: null });
  });

  test.each([
    ["labels", { labels: ["a", "A"] }, "/labels"],
    ["a label of nothing", { labels: ["\u200b"] }, "/labels/0"],
    ["a label too long", { labels: ["x".repeat(65)] }, "/labels/0"],
    ["too many labels", { labels: Array.from({ length: 21 }, (_, n) => `l${n}`) }, "/labels"],
    ["a note that is no text", { note: 7 }, "/note"],
    ["a goal that is none", { goal: { type: "course.eaten" } }, "/goal/type"],
    ["a goal's option", { goal: { type: "course.completed", courses: [7] } }, "/goal/courses/0"],
    ["a list of goals", { goal: [GOAL] }, "/goal"],
  ])("%s are refused, with their place", async (_, more, path) => {
    const { status, body } = await school.ask("POST", "/v1/automations", { ...DRIP, ...more });
    expect(status).toBe(422);
    expect(body.errors.map((one: { path: string }) => one.path.replace(/\/type$/, "/type"))).toContain(path);
  });

  test("a list is narrowed by a label in any case", async () => {
    const one = await make({ labels: ["Ενημέρωση", "Q3"] });
    await make({ labels: ["Q4"] });
    for (const label of ["ενημέρωση", "q3", "Q3"]) {
      const { body } = await school.ask("GET", `/v1/automations?label=${encodeURIComponent(label)}`);
      expect(body.data.map(({ id }: { id: string }) => id)).toEqual([one.id]);
    }
    expect((await school.ask("GET", "/v1/automations?label=Q")).body.data).toEqual([]);
  });

  test("is found by its label and its name as they are written, whatever letters they have", async () => {
    for (const name of ["Ünal’s Kurs", "Прощай Мир", "İstanbul"]) {
      const document = { name, labels: [name], when: [{ type: "user.signed_in" }], then: [] };
      expect((await school.ask("POST", "/v1/automations", document)).status).toBe(201);
      for (const by of ["label", "q"]) {
        const { body } = await school.ask("GET", `/v1/automations?${new URLSearchParams({ [by]: name })}`);
        expect(body.data, by).toMatchObject([{ name }]);
      }
    }
  });

  test("a goal that names a segment which is gone is warned of: it can never be reached", async () => {
    await school.ask("POST", "/v1/segments", { id: "s1", name: "S" });
    const made = await make({ goal: { type: "segment.joined", segments: ["s1"] } });
    const unknown = (warnings: { code: string }[]) => warnings.filter(({ code }) => code === "unknown_reference");
    expect(unknown(made.warnings)).toEqual([]);
    expect((await school.ask("DELETE", "/v1/segments/s1")).status).toBe(409);
    await school.ask("PATCH", `/v1/automations/${made.id}`, { active: false });
    expect((await school.ask("DELETE", "/v1/segments/s1")).status).toBeLessThan(300);
    const { body } = await school.ask("GET", `/v1/automations/${made.id}`);
    expect(unknown(body.warnings)).toEqual([{ code: "unknown_reference", message: 'There is no segment "s1".' }]);
  });
});
