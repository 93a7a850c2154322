import { beforeEach, describe, expect, test } from "vitest";
import { makeSchool, type TestSchool } from "../../test/workers/live";

let school: TestSchool;
let ids: string[];

beforeEach(async () => {
  school = await makeSchool();
  ids = [];
  for (const name of ["One", "Two", "Three"])
    ids.push(await school.automation({ name, when: [{ type: "custom", name: "go" }], then: [] }));
});

const bulk = (body: object, query = "") => school.ask("POST", `/v1/automations/bulk${query}`, body);
const of = async (id: string) => (await school.ask("GET", `/v1/automations/${id}`)).body;

describe("one verb on many automations", () => {
  test("switches off and on those that are not so yet, and says which", async () => {
    await school.patch(ids[0] ?? "", { active: false });
    const { body } = await bulk({ ids, do: "deactivate" });
    expect(body.results).toEqual(ids.map((id, n) => ({ id, ok: true, changes: n > 0 })));
    for (const id of ids) expect((await of(id)).active).toBe(false);
    await bulk({ ids, do: "activate" });
    for (const id of ids) expect(await of(id)).toMatchObject({ active: true, version: 1 });
  });

  test("gives and takes a label, in any case", async () => {
    await bulk({ ids, do: "label", label: "Q3" });
    expect((await bulk({ ids, do: "label", label: "q3" })).body.results[0]).toMatchObject({ changes: false });
    expect((await school.ask("GET", "/v1/automations?label=q3")).body.data).toHaveLength(3);
    await bulk({ ids: ids.slice(1), do: "unlabel", label: "q3" });
    expect((await of(ids[0] ?? "")).labels).toEqual(["Q3"]);
    expect((await of(ids[1] ?? "")).labels).toEqual([]);
  });

  test("deletes at once, or holds, and tells what follows", async () => {
    const [one = "", two = "", three = ""] = ids;
    const held = await bulk({ ids: [one, two], do: "delete", hold: "PT1H" });
    expect(held.body.results).toMatchObject([
      { id: one, ok: true, deletes: { runs: 0 } },
      { id: two, ok: true, deletes: { runs: 0 } },
    ]);
    expect((await school.ask("GET", "/v1/automations?deleted=true")).body.data).toHaveLength(2);
    expect((await bulk({ ids: [three], do: "delete" })).body.results).toEqual([{ id: three, ok: true, changes: true }]);
    expect((await school.ask("GET", `/v1/automations/${three}`)).status).toBe(404);
  });

  test("has back what is held, whole, and says of what stands that it does", async () => {
    await bulk({ ids: ids.slice(0, 2), do: "delete", hold: "PT1H" });
    const results = ids.map((id, n) => ({ id, ok: true, changes: n < 2 }));
    expect((await bulk({ ids, do: "restore" }, "?dry_run=true")).body.results).toEqual(results);
    expect((await school.ask("GET", "/v1/automations?deleted=true")).body.data).toHaveLength(2);
    expect((await bulk({ ids, do: "restore" })).body.results).toEqual(results);
    expect((await school.ask("GET", "/v1/automations?deleted=true")).body.data).toEqual([]);
    for (const id of ids) expect((await of(id)).active).toBe(true);
  });

  test("one that cannot be done stops no other, and a dry run changes nothing", async () => {
    const [one = "", two = ""] = ids;
    const dry = await bulk({ ids: [one, "aut_none", two], do: "deactivate" }, "?dry_run=true");
    expect(dry.body.results).toMatchObject([
      { id: one, ok: true, changes: true },
      { id: "aut_none", ok: false, error: expect.stringMatching(/automation/i) },
      { id: two, ok: true, changes: true },
    ]);
    expect((await bulk({ ids, do: "delete", hold: "PT1H" }, "?dry_run=true")).body.results).toHaveLength(3);
    for (const id of ids) expect((await of(id)).active).toBe(true);
    await bulk({ ids: [one, "aut_none", two], do: "deactivate" });
    expect((await of(two)).active).toBe(false);
  });

  test("a dry run refuses what the call itself would: one that is being deleted, that has labels enough or names what goes", async () => {
    const [held = "", full = ""] = ids;
    const segment = (await school.ask("POST", "/v1/segments", { name: "Going" })).body.id;
    const naming = await school.automation({
      ...{ name: "Naming", active: false, when: [{ type: "custom", name: "go" }], then: [] },
      only_if: { type: "segment.is_member", segments: [segment] },
    });
    const gone = await school.automation({
      ...{ name: "Going too", active: false, when: [{ type: "custom", name: "go" }], then: [] },
      only_if: { type: "segment.is_member", segments: [segment] },
    });
    await school.ask("DELETE", `/v1/automations/${held}?hold=PT1H`);
    await school.ask("DELETE", `/v1/automations/${gone}?hold=PT1H`);
    await school.ask("DELETE", `/v1/segments/${segment}?hold=PT1H`);
    await school.patch(full, { labels: Array.from({ length: 20 }, (_, n) => `l${n}`) });
    const asked = [
      { ids: [held, full], do: "label", label: "Q3" },
      { ids: [held, full], do: "delete", hold: "PT1H" },
      { ids: [held, naming], do: "activate" },
      { ids: ["aut_none", gone], do: "restore" },
    ];
    for (const body of asked) {
      const dry = (await bulk(body, "?dry_run=true")).body.results;
      expect(dry.map(({ ok }: { ok: boolean }) => ok)).toContain(false);
      const said = (await bulk(body)).body.results;
      const short = (all: { id: string; ok: boolean; error?: string }[]) =>
        all.map(({ id, ok, error }) => [id, ok, error]);
      expect(short(dry)).toEqual(short(said));
    }
  });

  test.each(["activate", "deactivate", "label", "unlabel"])(
    "%s is refused of what is held, even where it is so already",
    async (verb) => {
      const id = ids[0] ?? "";
      await school.ask("DELETE", `/v1/automations/${id}?hold=PT1H`);
      const body = { ids: [id], do: verb, ...(verb.endsWith("label") ? { label: "Q3" } : {}) };
      for (const query of ["?dry_run=true", ""]) {
        const { results } = (await bulk(body, query)).body;
        expect(results).toEqual([{ id, ok: false, error: expect.stringContaining("restore it first") }]);
      }
    },
  );

  test.each([
    ["a hold that is too long", { ids: ["a"], do: "delete", hold: "P8D" }, "/hold"],
    ["a hold of nothing", { ids: ["a"], do: "delete", hold: "PT0S" }, "/hold"],
    ["no ids", { ids: [], do: "activate" }, "/ids"],
    ["an unknown verb", { ids: ["a"], do: "eat" }, "/do"],
    ["a label that is missing", { ids: ["a"], do: "label" }, "/label"],
    ["a label with another verb", { ids: ["a"], do: "activate", label: "x" }, "/label"],
    ["a hold with another verb", { ids: ["a"], do: "activate", hold: "PT1H" }, "/hold"],
    ["too many", { ids: Array.from({ length: 51 }, (_, n) => `a${n}`), do: "activate" }, "/ids"],
  ])("refuses %s, with its place", async (_, body, path) => {
    const refused = await bulk(body);
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([422, path]);
  });
});
