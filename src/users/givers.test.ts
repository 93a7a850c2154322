import { beforeEach, describe, expect, test } from "vitest";
import { env, flushLog, liveSchool, setNow } from "../../test/workers/live";
import { runJobPage } from "../jobs/start";

/* What the API tells of who gave what a user holds. */

const NOW = Date.UTC(2031, 4, 5, 9);
const AT = new Date(NOW).toISOString();

const { school } = liveSchool();
beforeEach(() => void setNow(NOW));

const get = async (path: string) => (await school.ask("GET", path)).body;
const giversOf = async (user = "anna") => (await get(`/v1/users/${user}`)).givers;

describe("GET /v1/users/:id", () => {
  test("tells of everything held who gave it, and when", async () => {
    const run = { when: [{ type: "user.signed_in" }], synchronous: true };
    await school.automation({ ...run, then: [{ type: "space.add", spaces: ["club"] }] });
    const field = { key: "team", name: "Team", type: "text" };
    await school.ask("POST", "/v1/profile-fields", field);
    await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales", managed: true });
    const rule = { segment: "sales", match: "all", where: [{ field: "team", op: "is", value: "sales" }] };
    const { id: ruleId } = (await school.ask("POST", "/v1/segment-rules", rule)).body;
    const sync = { name: "Pitching", segment: "sales", course: "pitching", role: "student", group: "sellers" };
    const { id: syncId } = (await school.ask("POST", "/v1/segment-syncs", sync)).body;
    await school.event("tag.added", "anna", { tag: ["VIP", "__proto__"] }, "e1");
    await school.event("seat.added", "anna", { seat: "desk" }, "e2");
    const { runs } = await school.event("user.signed_in", "anna", {}, "e3");
    await school.ask("PUT", "/v1/users/anna", { fields: { team: "sales" } });
    const by = (by: string, id: string | null) => ({ by, id, at: AT });
    expect(await giversOf()).toEqual({
      tags: Object.fromEntries([
        ["VIP", by("event", "e1")],
        ["__proto__", by("event", "e1")],
      ]),
      fields: { team: by("event", null) },
      seats: { desk: by("event", "e2") },
      spaces: { club: by("run", runs[0].id) },
      segments: { sales: by("rule", ruleId) },
      groups: { sellers: { [`sync:${syncId}`]: by("sync", syncId) } },
      enrolments: [
        {
          product_type: "course",
          product: "pitching",
          sources: [{ source: `sync:${syncId}`, ...by("sync", syncId) }],
        },
      ],
    });
  });

  test("is the only one to: answers stay as small as they were", async () => {
    const { user } = await school.event("tag.added", "anna", { tag: "vip" });
    const put = (await school.ask("PUT", "/v1/users/anna", { username: "Anna" })).body;
    const [listed] = (await get("/v1/users?q=anna")).data;
    for (const shown of [user, put, listed]) expect(shown?.givers).toBeUndefined();
  });

  test("and lists by a mark say of that mark alone who gave it, of a course by source", async () => {
    const by = (id: string) => ({ by: "event", id, at: AT });
    await school.ask("POST", "/v1/segments", { id: "friends", name: "Friends" });
    await school.event("tag.added", "anna", { tag: "VIP" }, "e1");
    await school.event("course.enrolled", "anna", { course: "js" }, "e2");
    await school.ask("PUT", "/v1/segments/friends/members/anna");
    await flushLog(school.id, "anna");
    const given = async (path: string) => (await get(path)).data.map((one: { given?: object }) => one.given);
    expect(await given("/v1/users?tag=vip")).toEqual([{ tag: [by("e1")] }]);
    expect(await given("/v1/users?course=js")).toEqual([{ course: [{ source: "event", ...by("e2") }] }]);
    expect(await given("/v1/users?course=js&tag=VIP")).toEqual([
      { tag: [by("e1")], course: [{ source: "event", ...by("e2") }] },
    ]);
    const [key] = (await get("/v1/api-keys")).data;
    expect(await given("/v1/segments/friends/members")).toEqual([{ segment: [{ by: "hand", id: key.id, at: AT }] }]);
    expect(await given("/v1/users?q=anna")).toEqual([undefined]);
  });

  test("can be handed to simulate as it is", async () => {
    await school.event("tag.added", "anna", { tag: "vip" });
    const automation = { name: "A", when: [{ type: "user.signed_in" }], then: [] };
    const { push_tokens: _, ...user } = await get("/v1/users/anna");
    const asked = await school.ask("POST", "/v1/automations/simulate", { automation, user, for: "P1D" });
    expect([asked.status, asked.body.matched]).toEqual([200, true]);
  });
});

test("what a key does by hand is the key's, what a list does its job's", async () => {
  await school.ask("POST", "/v1/segments", { id: "friends", name: "Friends" });
  await school.ask("PUT", "/v1/users/anna", {});
  await school.ask("PUT", "/v1/segments/friends/members/anna");
  const [key] = (await get("/v1/api-keys")).data;
  expect((await giversOf()).segments).toEqual({ friends: { by: "hand", id: key.id, at: AT } });
  const enrolled = await school.automation({ when: [{ type: "user.signed_in" }], then: [] });
  const { body } = await school.ask("POST", `/v1/automations/${enrolled}/enrol`, { users: ["anna"] });
  await runJobPage(env, school.id, body.job_id);
  const facts = (await get("/v1/users/anna/timeline")).data;
  expect(facts.find(({ type }: { type?: string }) => type === "automation.enrolled")).toMatchObject({
    by: { by: "hand", id: key.id },
  });
  const csv = { "content-type": "text/csv" };
  const tags = await school.ask("POST", "/v1/users/import", "id,tags,fields.team\nben,vip,sales\n", csv);
  const members = await school.ask(
    "POST",
    "/v1/segments/members/import",
    "user,segment,action\nben,friends,add\n",
    csv,
  );
  const listed = (id: string) => ({ by: "import", id, at: AT });
  expect(await giversOf("ben")).toMatchObject({
    tags: { vip: listed(tags.body.job_id) },
    fields: { team: listed(tags.body.job_id) },
    segments: { friends: listed(members.body.job_id) },
  });
});

test("the timeline tells which run made a fact, or what else, and leaves out what the event says", async () => {
  const { id } = (await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales", managed: true })).body;
  await school.automation({
    when: [{ type: "user.signed_in" }],
    synchronous: true,
    then: [{ type: "tags.add", tags: ["seen"] }],
  });
  const where = [{ field: "source", op: "is", value: "ads" }];
  const rule = (await school.ask("POST", "/v1/segment-rules", { segment: id, match: "all", where })).body;
  const { runs } = await school.event("user.signed_in", { id: "anna", source: "ads" }, {}, "e1");
  await school.ask("PUT", "/v1/users/anna", { source: "friends" });
  const entries = (await get("/v1/users/anna/timeline")).data.filter((one: { kind: string }) => one.kind === "fact");
  const told = entries.map(({ type, event_id, run_id, by }: Record<string, unknown>) => [type, event_id, run_id ?? by]);
  expect(told).toEqual([
    ["user.signed_in", "e1", undefined],
    ["segment.joined", "e1", { by: "rule", id: rule.id }],
    ["tag.added", "e1", runs[0].id],
    ["user.updated", null, { by: "event", id: null }],
    ["segment.left", null, { by: "rule", id: null }],
  ]);
});
