import { expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, newSchool } from "../http/test-client";

/* What a condition or rule means is told by what its field is declared as. */

const app = createApp(routes);

async function school() {
  const { id, key } = await newSchool(app);
  const api = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
  await api("POST", "/v1/profile-fields", { key: "vip", name: "V", type: "boolean" });
  await api("POST", "/v1/profile-fields", { key: "team", name: "T", type: "choice", choices: ["red", "blue"] });
  await api("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  const tag = { type: "tags.add", tags: ["hit"] };
  const automation = (more: object) => ({
    ...{ name: "a", synchronous: true, when: [{ type: "custom", name: "go" }], then: [tag], ...more },
  });
  const hit = async (user: string) => {
    await api("POST", "/v1/events", { type: "custom.go", user: { id: user } });
    return (await api("GET", `/v1/users/${user}`)).body.tags.includes("hit");
  };
  return { id, api, tag, automation, hit };
}

const vipIs = (value: unknown) => ({ type: "user.field_is", field: "fields.vip", value });
const teamIs = (value: unknown) => ({ type: "user.field_is", field: "team", value });
const faultsOf = ({ body }: { body: { errors?: { path: string }[] } }) => body.errors?.map(({ path }) => path);

test("conditions are kept as they are meant, wherever they stand", async () => {
  const { api, automation, tag, hit } = await school();
  const made = await api(
    "POST",
    "/v1/automations",
    automation({
      only_if: { all: [{ not: vipIs("no") }, { any: [vipIs("yes")] }] },
      then: [
        { type: "branch", if: vipIs("ja"), yes: [{ type: "repeat", times: 1, until: vipIs("no"), steps: [tag] }] },
        { type: "match", on: "fields.vip", cases: [{ is: ["yes"], steps: [] }] },
      ],
      exit_if: vipIs("0"),
    }),
  );
  expect(made.status, made.text).toBe(201);
  const is = (value: boolean) => ({ type: "user.field_is", field: "vip", value });
  expect(made.body).toMatchObject({
    only_if: { all: [{ not: is(false) }, { any: [is(true)] }] },
    then: [
      { if: is(true), yes: [{ until: is(false), steps: [tag] }] },
      { on: "fields.vip", cases: [{ is: [true] }] },
    ],
    exit_if: is(false),
  });
  await api("PUT", "/v1/users/anna", { fields: { vip: true } });
  await api("PUT", "/v1/users/ben", { fields: { vip: false } });
  expect([await hit("anna"), await hit("ben")]).toEqual([true, false]);
});

test("what can hold for nobody is refused at its place, by every way in", async () => {
  const { api, automation, tag } = await school();
  const bad = automation({
    only_if: { all: [teamIs("green")] },
    then: [
      {
        type: "branch",
        if: { not: vipIs("maybe") },
        yes: [{ type: "match", on: "fields.team", cases: [{ is: ["red", "x"], steps: [tag] }] }],
      },
    ],
  });
  const paths = ["/only_if/all/0/value", "/then/0/if/not/value", "/then/0/yes/0/cases/0/is/1"];
  const refused = await api("POST", "/v1/automations", bad);
  expect([refused.status, faultsOf(refused)]).toEqual([422, paths]);
  expect(refused.text).toContain('one of \\"red\\", \\"blue\\"');
  const rehearsal = { automation: bad, user: {}, for: "P1D" };
  expect(faultsOf(await api("POST", "/v1/automations/simulate", rehearsal))).toEqual(
    paths.map((path) => `/automation${path}`),
  );
  const clause = { field: "fields.team", op: "is", value: "green" };
  const document = {
    automations: [{ id: "aut_1", ...bad }],
    segment_rules: [{ id: "rul_1", segment: "seg", match: "all", where: [clause] }],
  };
  expect(faultsOf(await api("PUT", "/v1/import", document))).toEqual([
    "/segment_rules/0/where/0/value",
    ...paths.map((path) => `/automations/0${path}`),
  ]);
  const rule = await api("POST", "/v1/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ ...clause, value: "RED" }, clause],
  });
  expect([rule.status, faultsOf(rule)]).toEqual([422, ["/where/1/value"]]);
});

test("a document declares the fields by which its rules are meant", async () => {
  const { api } = await school();
  const document = {
    profile_fields: [{ key: "adult", name: "A", type: "boolean" }],
    segment_rules: [
      { id: "rul_1", segment: "seg", match: "all", where: [{ field: "fields.adult", op: "is", value: "yes" }] },
    ],
  };
  expect((await api("PUT", "/v1/import", document)).status).toBe(200);
  const rule = await api("GET", "/v1/segment-rules/rul_1");
  expect(rule.body.where).toEqual([{ field: "adult", op: "is", value: true }]);
  expect((await api("PUT", "/v1/import", document)).body.same.segment_rules).toBe(1);
});

test("what stood there when the field became another is left as it is, and changed only as a whole", async () => {
  const { api, automation, hit } = await school();
  const { body } = await api("POST", "/v1/automations", automation({ only_if: teamIs("blue") }));
  const where = [{ field: "team", op: "is", value: "blue" }];
  const rule = (await api("POST", "/v1/segment-rules", { segment: "seg", match: "all", where })).body;
  await api("PUT", "/v1/users/anna", { fields: { team: "blue" } });
  await api("PATCH", "/v1/profile-fields/team", { choices: ["red"] });
  expect((await api("PATCH", `/v1/automations/${body.id}`, { name: "b" })).status).toBe(200);
  expect((await api("PATCH", `/v1/segment-rules/${rule.id}`, { match: "any" })).status).toBe(200);
  const standing = (await api("GET", "/v1/export")).body;
  expect((await api("PUT", "/v1/import", standing)).status).toBe(200);
  expect(await hit("anna")).toBe(true);
  expect(faultsOf(await api("PATCH", `/v1/automations/${body.id}`, { only_if: teamIs("BLUE") }))).toEqual([
    "/only_if/value",
  ]);
  expect(
    faultsOf(await api("PATCH", `/v1/segment-rules/${rule.id}`, { where: [...where, { ...where[0], value: "x" }] })),
  ).toEqual(["/where/1/value"]);
});

test("a school without the field takes what it is given", async () => {
  const { api, automation } = await school();
  const other = { type: "user.field_is", field: "fields.shoe", value: "yes" };
  const made = await api("POST", "/v1/automations", automation({ only_if: other }));
  expect(made.body.only_if).toEqual({ ...other, field: "shoe" });
});

test.each(["team", "fields.team", "user.fields.team", "user.team"])(
  "an auto group's field, a template's and one whose date is waited for are taken as they are meant, in a file too: %s",
  async (field) => {
    const { api } = await school();
    const made = await api("POST", "/v1/auto-groups", { course: "js", field });
    expect([made.status, made.body.field]).toEqual([201, "team"]);
    const [group] = (await api("GET", "/v1/auto-groups")).body.data;
    const file = { auto_groups: [{ id: group.id, course: "js", field, active: true }] };
    const same = await api("PUT", "/v1/import?dry_run=true", file);
    expect([same.status, same.body.same.auto_groups]).toEqual([200, 1]);
    const other = { auto_groups: [{ id: "agr_css", course: "css", field, active: true }] };
    expect((await api("PUT", "/v1/import", other)).status).toBe(200);
    const { data } = (await api("GET", "/v1/auto-groups")).body;
    expect(data.map((one: { field: string }) => one.field)).toEqual(["team", "team"]);
    const wait = { type: "wait", until_field: field };
    const when = [{ type: "date.reached", field }];
    const dated = await api("POST", "/v1/automations", { name: "a", when, then: [wait] });
    expect([dated.status, dated.body.when?.[0]?.field, dated.body.then?.[0]?.until_field]).toEqual([
      201,
      "team",
      "team",
    ]);
    const params = { courses: ["js"], refresher: ["css"], field };
    const used = await api("POST", "/v1/templates/certification-renewal/use", { params });
    expect([used.status, used.body.then?.[0]]).toMatchObject([201, { type: "wait", until_field: "team" }]);
  },
);

test("a field that nobody declared is refused in an auto group and in a template, however it is written", async () => {
  const { api } = await school();
  const auto = await api("POST", "/v1/auto-groups", { course: "js", field: "user.nothing" });
  const params = { courses: ["js"], refresher: ["css"], field: "user.nothing" };
  const used = await api("POST", "/v1/templates/certification-renewal/use", { params });
  expect([auto.status, faultsOf(auto), used.status, faultsOf(used)]).toEqual([422, ["/field"], 422, ["/params/field"]]);
});
