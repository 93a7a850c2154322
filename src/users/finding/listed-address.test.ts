import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { flushLog, liveSchool, setNow, stubOf } from "../../../test/workers/live";
import { leadId } from "../../catalogue/facts/facts";

/* Whose an address is that an import brought: the directory is told of it at once, the address's object of nothing. */

const { school } = liveSchool("live");

const ADDRESS = "eve@acme.com";
const LEAD = leadId(ADDRESS);

async function imported(csv: string): Promise<void> {
  const { status, body } = await school.ask("POST", "/v1/users/import", csv, { "content-type": "text/csv" });
  expect(status, JSON.stringify(body)).toBe(202);
  const job = (await school.ask("GET", `/v1/jobs/${body.job_id}`)).body;
  expect([job.status, job.errors]).toEqual(["done", []]);
}
const form = async (email = ADDRESS): Promise<string> =>
  (await school.event("form.submitted", { email }, { form: "demo" })).user.id;
/** What lies in the address's object. */
const inObject = (lead = LEAD): Promise<string[]> =>
  runInDurableObject(stubOf(school.id, lead), (_, { storage }) =>
    storage.sql
      .exec<{ name: string }>(
        "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
      )
      .toArray()
      .map(({ name }) => name),
  );

describe("a form by the address of a learner who was imported", () => {
  test("is the learner's, though the address's own object was told nothing, and was not made", async () => {
    await imported(`id,email\neve,${ADDRESS}\n`);
    expect(await inObject()).toEqual([]);
    expect(await form()).toBe("eve");
    expect((await school.ask("GET", `/v1/users/${encodeURIComponent(LEAD)}`)).status).toBe(404);
  });

  test("is nobody's once the learner has another, whether anybody asked before or not", async () => {
    await imported(`id,email\neve,${ADDRESS}\nbo,bo@acme.com\n`);
    expect(await form()).toBe("eve");
    await school.ask("PUT", "/v1/users/eve", { email: "new@acme.com" });
    await school.ask("PUT", "/v1/users/bo", { email: "newer@acme.com" });
    expect([await form(), await form("bo@acme.com")]).toEqual([LEAD, leadId("bo@acme.com")]);
    expect([await form("new@acme.com"), await form("newer@acme.com")]).toEqual(["eve", "bo"]);
  });

  test("is the first registered one's of several: of one file, of two, of who came by themselves", async () => {
    const early = "2020-01-01T00:00:00.000Z";
    await imported(`id,email,registered_at\nlate,${ADDRESS},2021-01-01T00:00:00.000Z\nearly,${ADDRESS},${early}\n`);
    expect(await form()).toBe("early");
    await imported(`id,email,registered_at\nfirst,${ADDRESS},2019-01-01T00:00:00.000Z\n`);
    expect(await form()).toBe("first");
    await school.event("user.signed_up", { id: "self", email: "two@acme.com" }, {});
    expect(await form("two@acme.com")).toBe("self");
    await flushLog(school.id, "self");
    await imported(`id,email,registered_at\nbefore,two@acme.com,${early}\n`);
    expect(await form("two@acme.com")).toBe("before");
  });

  test.each([
    ["merged", () => school.ask("POST", "/v1/users/two/merge", { from: "seven" })],
    ["erased", () => school.ask("DELETE", "/v1/users/seven")],
  ])(
    "is the first registered one's too where who had it is %s, and the directory lists no other yet",
    async (how, goes) => {
      await imported(`id,email\ntwo,\nseven,${ADDRESS}\n`);
      expect(await form()).toBe("seven");
      if (how === "erased") await school.event("user.signed_up", { id: "two", email: ADDRESS }, {});
      expect((await goes()).status).toBeLessThan(300);
      expect(await form()).toBe("two");
      await imported(`id,email,registered_at\nthree,${ADDRESS},2018-01-01T00:00:00.000Z\n`);
      expect(await form()).toBe("three");
      await flushLog(school.id, "two", "three");
      expect(await form()).toBe("three");
    },
  );

  test("goes on to the next one once the learner is erased, and leaves nothing where there is none", async () => {
    await imported(`id,email\neve,${ADDRESS}\nzoe,${ADDRESS}\n`);
    expect(await form()).toBe("eve");
    expect((await school.ask("DELETE", "/v1/users/eve")).status).toBe(204);
    expect(await form()).toBe("zoe");
    expect((await school.ask("DELETE", "/v1/users/zoe")).status).toBe(204);
    expect(await form()).toBe(LEAD);
  });

  test.each([
    ["who has none", {}],
    ["who has one too", { email: "other@acme.com" }],
  ])("goes where it would had the object been told, once the learner is merged into another %s", async (_, other) => {
    await imported(`id,email\neve,${ADDRESS}\n`);
    await school.event("user.signed_up", { id: "told", email: "told@acme.com" }, {});
    for (const [into, from] of [
      ["one", "eve"],
      ["two", "told"],
    ]) {
      const own = "email" in other ? { email: `${into}-${other.email}` } : {};
      await school.event("user.signed_in", { id: into, ...own });
      expect((await school.ask("POST", `/v1/users/${into}/merge`, { from })).status).toBe(200);
    }
    const [imports, told] = [await form(), await form("told@acme.com")];
    expect(imports).toBe("email" in other ? LEAD : "one");
    expect(told).toBe("email" in other ? leadId("told@acme.com") : "two");
  });

  test("brings the learner what a lead of the address had, where the school has leads", async () => {
    expect(await form()).toBe(LEAD);
    setNow(Date.now() + 10_000);
    await imported(`id,email\neve,${ADDRESS}\n`);
    expect(await inObject()).toContain("holders");
    expect(await form()).toBe("eve");
    expect((await school.ask("GET", "/v1/users/eve/export")).text.match(/"form":"demo"/g)?.length).toBeGreaterThan(1);
  });
});

test("a learner who was imported tells no address's object with the events that follow", async () => {
  await imported(`id,email\neve,${ADDRESS}\n`);
  await school.event("user.signed_in", { id: "eve" });
  await vi.waitFor(() => evictDurableObject(stubOf(school.id, "eve")), { timeout: 30_000, interval: 500 });
  await school.event("user.signed_in", { id: "eve" });
  expect(await inObject()).toEqual([]);
});
