import { beforeAll, expect, test } from "vitest";
import { createApp } from "./app";
import { routes } from "./routes";
import { call, newSchool, PLATFORM } from "./test-client";

/* Whatever is wrong with a body is told at once: what its schema says, and what it names that is not there. */

const app = createApp(routes);
let key = "";
let automation = "";

beforeAll(async () => {
  ({ key } = await newSchool(app));
  const post = (path: string, body: unknown) => call(app, "POST", path, body, { token: key });
  const made = { name: "A", when: [{ type: "user.signed_up" }], then: [{ type: "tags.add", tags: ["new"] }] };
  automation = (await post("/v1/automations", made)).body.id;
  await post("/v1/profile-fields", { key: "vip", name: "VIP", type: "boolean" });
  await post("/v1/segments", { id: "seg", name: "Seg", managed: true });
  await post("/v1/users/anna", {});
  await call(app, "PUT", "/v1/users/anna", { email: "anna@acme.com" }, { token: key });
});

const always = { type: "no.such.step" };
const ahead = { from: "2999-01-01T00:00:00Z", to: "2999-02-01T00:00:00Z" };

const CASES: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["POST /v1/events", {}, ["/type", "/user"]],
  ["POST /v1/events", { type: "nope", user: {}, extra: 1 }, ["/extra", "/type", "/user/id"]],
  ["POST /v1/events", { type: 7, user: { email: "anna" } }, ["/type", "/user/email", "/user/id"]],
  [
    "POST /v1/events",
    { type: "tag.added", user: { id: "", fields: { vip: "perhaps" } }, occurred_at: "2999-01-01T00:00:00Z" },
    ["/user/id", "/data/tag", "/occurred_at", "/user/fields/vip"],
  ],
  ["PUT /v1/users/anna", { email: "anna", fields: { vip: "perhaps" } }, ["/email", "/fields/vip"]],
  [
    "POST /v1/segment-rules",
    {
      segment: "none",
      match: "some",
      where: [
        { field: "nope", op: "is", value: 1 },
        { field: "vip", op: "no" },
        { field: "none", op: "no" },
      ],
    },
    ["/match", "/segment", "/where/0/field", "/where/1/op", "/where/2/field", "/where/2/op"],
  ],
  [
    "POST /v1/segment-rules",
    { segment: "none", match: "all", where: [{ field: "nope", op: "is", value: 1 }] },
    ["/segment", "/where/0/field"],
  ],
  ["POST /v1/segment-syncs", { name: "", segment: "none", course: "c", enrol: false }, ["/name", "/segment", "/group"]],
  ["POST /v1/segment-syncs", { name: "s", segment: "none", course: "c", enrol: false }, ["/segment", "/group"]],
  ["POST /v1/auto-groups", { course: "", field: "nope" }, ["/course", "/field"]],
  ["POST /v1/profile-fields", { key: "email", name: "", type: "choice" }, ["/name", "/key", "/choices"]],
  ["POST /v1/profile-fields", { key: "email", name: "e", type: "choice" }, ["/key", "/choices"]],
  [
    "POST /v1/users/anna/mails",
    { subject: "Hi {{ user.nope }}", body: "Your {{ event.course }}", topic: "none" },
    ["/topic", "/subject", "/body"],
  ],
  ["POST /v1/users/anna/mails", { subject: 1, body: "x", topic: "none" }, ["/subject", "/topic"]],
  ["POST /v1/messages/test", { to: "eva@acme.com", subject: "", body: 1 }, ["/subject", "/body", "/to"]],
  ["POST /v1/messages/test", { to: "eva@acme.com", subject: "Hi", body: " " }, ["/to", "/body"]],
  [
    "POST /v1/automations/simulate",
    {
      automation: { when: [{ type: "user.signed_up" }], then: [always] },
      user: { id: "x", fields: { vip: "perhaps" } },
      fact: { type: "nope" },
      assume: [{ after: "P1D", event: { type: "nope" } }],
    },
    ["/automation/then/0/type", "/fact/type", "/assume/0/event/type", "/user/fields/vip"],
  ],
  [
    "POST /v1/automations/simulate",
    {
      automation: { when: [{ type: "user.signed_up" }], then: [always] },
      user: 7,
      fact: { type: "nope" },
      assume: [
        { after: "P1D", event: { type: "nope" } },
        { after: "soon", event: { type: "user.signed_up" } },
      ],
    },
    ["/user", "/assume/1/after", "/automation/then/0/type", "/fact/type", "/assume/0/event/type"],
  ],
  ["POST /v1/automations/simulate", { user: 7 }, ["/user", "/automation"]],
  [
    "POST /v1/automations/simulate",
    { user: "none", automation_id: "none", for: 1 },
    ["/for", "/automation_id", "/user"],
  ],
  ["POST /v1/automations/backtest", { automation_id: "none", days: 7 }, ["/automation_id"]],
  [
    "POST /v1/automations/backtest",
    { automation_id: "none", automation: { when: [], then: [always] }, days: 0 },
    ["/days", "/automation_id", "/automation/when", "/automation/then/0/type"],
  ],
  ["POST /v1/messages/preview", { body: "Hi", user: "none" }, ["/user"]],
  ["POST /v1/messages/preview", { body: 1, user: "none" }, ["/body", "/user"]],
  ["POST /v1/messages/test", { to: "eva@acme.com", subject: "Hi", body: " ", user: "none" }, ["/to", "/body", "/user"]],
  [
    "POST /v1/messages/test",
    { to: "eva@acme.com", subject: 1, body: "Hi", user: "none" },
    ["/subject", "/to", "/user"],
  ],
  ["POST /v1/automations/:id/enrol", { segment: "none" }, ["/segment"]],
  ["POST /v1/automations/:id/enrol", { users: ["anna", "none", "ben"], dry_run: true }, ["/users/1", "/users/2"]],
  ["POST /v1/automations/:id/enrol", { users: ["anna", "none"], nonsense: 1 }, ["/nonsense", "/users/1"]],
  ["POST /v1/automations/:id/enrol", { users: ["anna"], segment: "seg" }, ["/segment"]],
  ["POST /v1/automations/:id/enrol", {}, ["/users"]],
  ["POST /v1/automations", { when: [], live: 1, note: "\0" }, ["/live", "/name", "/note", "/then", "/when"]],
  ["PATCH /v1/automations/:id", { live_runs: "exit", when: [] }, ["/live_runs", "/when"]],
  [
    "PUT /v1/import?prune=true",
    {
      segments: [{ id: "seg", name: "Seg", managed: true }],
      segment_rules: [
        { id: "r1", segment: "seg", match: "some", where: [] },
        { id: "r2", segment: "none", match: "all", where: [{ field: "nope", op: "is", value: 1 }] },
      ],
      automations: [{ id: "?" }, { id: "a2", name: "A", when: [], then: [always] }],
    },
    [
      ...["/plan", "/segment_rules/0/match", "/segment_rules/0/where", "/automations/0/id"],
      ...["/segment_rules/1/segment", "/segment_rules/1/where/0/field", "/automations/1/when"],
      "/automations/1/then/0/type",
    ],
  ],
  ["POST /v1/automations/backtest", { days: 0 }, ["/days", "/automation"]],
  ["POST /v1/evidence", { ...ahead, course: "a", segment: "b" }, ["/course", "/to"]],
  ["POST /v1/evidence", { ...ahead, course: "" }, ["/course", "/to"]],
  ["POST /v1/automations/bulk", { ids: [], do: "label" }, ["/ids", "/label"]],
  ["POST /v1/templates/tag-on-signup/use", { name: 7, params: { nope: 1 } }, ["/name", "/params/nope", "/params/tags"]],
  ["PATCH /v1/school", { name: "", held: "exit" }, ["/name", "/held"]],
];

test.each(CASES)("%s names all that is wrong with %j", async (route, body, paths) => {
  const [method = "", path = ""] = route.replace(":id", automation).split(" ");
  const answer = await call(app, method, path, body, { token: key });
  expect(answer.status, answer.text).toBe(422);
  expect(answer.body.errors.map((fault: { path: string }) => fault.path).toSorted()).toEqual(paths.toSorted());
});

/** One message stands at a place, the one that says most. */
const TOLD: readonly (readonly [string, unknown, Readonly<Record<string, string>>])[] = [
  [
    "POST /v1/segment-syncs",
    { name: "s", segment: "seg", course: "c", role: [] },
    { "/role": "must be a text, not a list" },
  ],
  [
    "POST /v1/automations",
    { name: "A", when: [{ type: "user.signed_up" }], then: [{ type: "branch", if: 5, yes: 5 }] },
    { "/then/0/yes": "a list of steps", "/then/0/if": "a condition is an object with a type, or all, any or not" },
  ],
  ["PATCH /v1/school", { held: "no" }, { "/held": '"exit", together with paused: false' }],
  ["PUT /v1/users/anna", { "e\0": 1 }, { "/e\0": "text may not hold NUL" }],
  [
    "POST /v1/automations/:id/enrol",
    { users: ["anna"], segment: "seg", nonsense: 1 },
    { "/segment": "one of users and segment, not more than one", "/nonsense": "there is no such field" },
  ],
  [
    "POST /v1/test-clock",
    { advance: "P1D", to: "2999-01-01T00:00:00Z" },
    { "/to": "one of advance and to, not more than one" },
  ],
  ["POST /v1/test-clock", {}, { "/advance": "one of advance and to is needed" }],
  [
    "POST /v1/segment-rules",
    { segment: "seg", match: "all", where: [{ field: "email_domain", op: "in", value: ["acme.com", "a b"] }] },
    { "/where/0/value/1": "not a domain, such as acme.com, or *.acme.com for it and all below it" },
  ],
  [
    "POST /v1/segment-rules",
    { segment: "seg", match: "all", where: [{ field: "email", op: "matches", value: "(?=a)" }] },
    { "/where/0/value": '"(?=" cannot be used: a pattern looks neither ahead nor back' },
  ],
  [
    "POST /v1/automations",
    {
      ...{ name: "A", when: [{ type: "user.signed_up" }] },
      then: [{ type: "push.user", title: "{{ user.x | nope }}", url: "javascript:x" }],
    },
    {
      "/then/0/title": 'there is no filter "nope" (line 1, column 1)',
      "/then/0/body": "is missing: it must be a text",
      "/then/0/url": "an address of this kind opens nothing: take https:// or one of your app",
    },
  ],
];

test.each(TOLD)("%s says of %j what is wrong at each place, once", async (route, body, told) => {
  const [method = "", path = ""] = route.replace(":id", automation).split(" ");
  const answer = await call(app, method, path, body, { token: key });
  const found = answer.body.errors.map((fault: { path: string; message: string }) => [fault.path, fault.message]);
  expect(found.toSorted()).toEqual(Object.entries(told).toSorted());
});

test("a CloudEvent's envelope and what it holds are told together", async () => {
  const sent = { specversion: "2.0", id: "", source: "s", type: "course.enrolled", data: { role: 5 } };
  const headers = { "content-type": "application/cloudevents+json" };
  const { status, body } = await call(app, "POST", "/v1/events", JSON.stringify(sent), { token: key, headers });
  const paths = body.errors.map((fault: { path: string }) => fault.path);
  expect([status, ...paths.toSorted()]).toEqual([
    ...[422, "/data/course", "/data/role", "/id", "/specversion", "/subject"],
  ]);
});

test("a connector's secret that is to be written anew stands beside other faults", async () => {
  const email = {
    type: "smtp",
    host: "smtp.acme.com",
    port: 587,
    user: "u",
    pass: "p",
    from: "a@acme.com",
    tls: "starttls",
  };
  const patch = (body: unknown) => call(app, "PATCH", "/v1/school", body, { token: key });
  expect((await patch({ settings: { connectors: { email } } })).status).toBe(200);
  const { pass: _, ...moved } = { ...email, host: "smtp.evil.com" };
  const { status, body } = await patch({ name: "", settings: { connectors: { email: moved } } });
  const paths = body.errors.map((fault: { path: string }) => fault.path);
  expect([status, ...paths.toSorted()]).toEqual([422, "/name", "/settings/connectors/email/pass"]);
});

test("a new school's too", async () => {
  const body = { name: "", mode: "live", now: "2026-01-01T00:00:00Z", jurisdiction: "eu" };
  const { status, body: problem } = await call(app, "POST", "/v1/schools", body, { token: PLATFORM });
  const paths = new Set(problem.errors.map((fault: { path: string }) => fault.path));
  expect([status, ...paths]).toEqual([422, "/name", "/now", "/jurisdiction"]);
});

test("null is taken where the answer has it", async () => {
  const made = [
    await call(
      app,
      "POST",
      "/v1/profile-fields",
      { key: "town", name: "T", type: "text", choices: null },
      { token: key },
    ),
    await call(app, "POST", "/v1/suppressions", { address: "n@acme.com", detail: null }, { token: key }),
    await call(app, "POST", "/v1/schools", { name: "L", mode: "live", now: null }, { token: PLATFORM }),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
});
