import { beforeEach, describe, expect, test, vi } from "vitest";
import { call as callWorker, consume, env, flushLog, liveSchool, PLATFORM, setNow } from "../../test/workers/live";
import { addressIn } from "../admin/address";
import { forgetEverything } from "../base/cache";
import { startSession } from "../schools/sign-in/sessions";
import { routes } from "./routes";

/* Who changed what: by key, by who is signed in, by the platform, by ourselves. */

const EMAIL = "mia@school.com";
const { school, queues } = liveSchool("live", { collaborators: [{ email: EMAIL, role: "owner" }] });

// What is asked for by time goes by ids, which never go back while an isolate lives: of earlier tests some were ahead.
beforeEach(forgetEverything);

const audit = async (query = "") => (await school.ask("GET", `/v1/audit?${query}`)).body.data;
const since = async (act: () => Promise<unknown>) => {
  const before = new Set((await audit("limit=100")).map(({ id }: { id: string }) => id));
  await act();
  return (await audit("limit=100")).filter(({ id }: { id: string }) => !before.has(id));
};

/** As somebody signed in does it. */
async function byHand(method: string, path: string, body?: unknown) {
  const headers = {
    cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}`,
    origin: "https://schoolbell.test",
    "sec-fetch-site": "same-origin",
  };
  return callWorker(method, addressIn(school.id, `/api${path.replace("/v1", "")}`), body, undefined, headers);
}

/** Routes that write nothing which stays, or whose verbs record what they write: such a verb has a test in this file. */
const BY_VERB = [
  ...[
    "POST /v1/schools",
    "PATCH /v1/schools/:id",
    "DELETE /v1/schools/:id",
    "POST /v1/schools/:id/log",
    "PATCH /v1/school",
  ],
  ...["POST /v1/api-keys", "DELETE /v1/api-keys/:id", "POST /v1/signing-secret", "POST /v1/webhook-secret"],
  ...["POST /v1/automations", "PUT /v1/automations/:id", "PATCH /v1/automations/:id", "DELETE /v1/automations/:id"],
  ...["POST /v1/automations/:id/duplicate", "POST /v1/templates/:id/use", "PUT /v1/import"],
  ...["POST /v1/segments", "PATCH /v1/segments/:id", "DELETE /v1/segments/:id"],
  ...["automations", "segments", "segment-rules", "segment-syncs", "auto-groups"].map(
    (one) => `POST /v1/${one}/:id/restore`,
  ),
  "POST /v1/profile-fields/:key/restore",
  ...["segment-rules", "segment-syncs", "auto-groups"].flatMap((one) => [
    ...[`POST /v1/${one}`, `PATCH /v1/${one}/:id`, `DELETE /v1/${one}/:id`],
  ]),
  ...["POST /v1/profile-fields", "PATCH /v1/profile-fields/:key", "DELETE /v1/profile-fields/:key"],
  ...["PUT /v1/products/:type/:id", "DELETE /v1/products/:type/:id", "POST /v1/lms/sync", "POST /v1/lms/reconcile"],
  ...["POST", "PATCH", "DELETE"].map(
    (method) => `${method} /v1/courses/:id/enrolment-methods${method === "POST" ? "" : "/:method"}`,
  ),
  ...["segments", "segments/members", "products", "users"].map((one) => `POST /v1/${one}/import`),
  ...["DELETE /v1/users/:id", "POST /v1/dead-letters/:id/retry"],
  "POST /v1/automations/:id/missed",
  ...["POST /v1/suppressions", "DELETE /v1/suppressions/:id"],
];
const UNRECORDED: Readonly<Record<string, string>> = {
  "POST /v1/test-clock": "a rehearsal's",
  "POST /v1/secret-key/rotation": "of no school: its row says when it was begun",
  ...Object.fromEntries(
    ["", "/users", "/object"].map((path) => [
      `POST /v1/restored${path}`,
      "it changes nothing, but has told what is so",
    ]),
  ),
  "POST /v1/webhooks/test": "it sends one call, and changes nothing",
  "POST /v1/automations/bulk": "each change is, by the verb that makes it",
  "POST /v1/messages/test": "it sends one mail to a collaborator, and changes nothing",
};

test("every write that a school's credential or the platform may make is recorded, or is known not to be", () => {
  const writes = routes.filter(
    ({ method, scopes }) =>
      method !== "GET" && scopes.some((scope) => scope === "write" || scope === "admin" || scope === "platform"),
  );
  const open = writes
    .filter(({ audits }) => !audits)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((name) => !BY_VERB.includes(name) && !(name in UNRECORDED));
  expect(open).toEqual([]);
  const names = new Set(writes.map(({ method, path }) => `${method} ${path}`));
  expect([...BY_VERB, ...Object.keys(UNRECORDED)].filter((name) => !names.has(name))).toEqual([]);
});

describe("the audit log", () => {
  test("says who changed which parts of what, by the name of the key, and no values", async () => {
    const made = await since(() =>
      school.ask("PATCH", "/v1/school", {
        settings: { support_email: "canary@acme.com", connectors: { webhook: { secret: `whsec_${"A".repeat(32)}` } } },
      }),
    );
    expect(made).toMatchObject([
      { what: "school.changed", subject: school.id, changed: expect.arrayContaining(["connectors", "support_email"]) },
    ]);
    expect(made[0].who).toMatch(/^key:key_/);
    expect(made[0].who_name).toEqual(expect.any(String));
    expect(JSON.stringify(made)).not.toMatch(/canary|whsec/);
    expect((await school.ask("GET", `/v1/audit/${made[0].id}`)).body).toEqual(made[0]);
  });

  test.each([
    ["POST", "/v1/segments", { id: "s", name: "S" }, "segment.created"],
    ["POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text" }, "profile_field.created"],
    ["POST", "/v1/api-keys", { name: "For the LMS", scopes: ["events"] }, "api_key.created"],
    ["POST", "/v1/signing-secret", undefined, "signing_secret.created"],
    ["POST", "/v1/webhook-secret", undefined, "webhook_secret.created"],
    ["PUT", "/v1/products/course/c1", { name: "One" }, "product.put"],
    ["POST", "/v1/suppressions", { address: "no@acme.com" }, "suppression.created"],
    ["POST", "/v1/courses/c1/enrolment-methods", { key: "open-sesame" }, "enrolment_method.created"],
  ])("%s %s is one entry", async (method, path, body, what) => {
    const entries = await since(() => school.ask(method, path, body));
    expect(entries.map((one: { what: string }) => one.what)).toEqual([what]);
  });

  test("says who has put a delete off, who took that back, and that it came about by itself", async () => {
    await school.ask("POST", "/v1/segments", { id: "s1", name: "S" });
    const entries = await since(async () => {
      await school.ask("DELETE", "/v1/segments/s1?hold=PT1H");
      await school.ask("DELETE", "/v1/segments/s1?dry_run=true");
      await school.ask("POST", "/v1/segments/s1/restore");
    });
    expect(entries).toMatchObject([
      { what: "segment.held", subject: "s1", who: expect.stringMatching(/^key:/), changed: ["delete_at"] },
      { what: "segment.restored", subject: "s1", who: expect.stringMatching(/^key:/), changed: ["delete_at"] },
    ]);
  });

  test("has what is done to runs, deliveries and jobs, and nothing of what was refused or only asked", async () => {
    const automation = await school.automation({
      when: [{ type: "custom", name: "go" }],
      then: [
        { type: "wait", for: "P2D" },
        { type: "tags.add", tags: ["x"] },
      ],
    });
    await school.event("custom.go", "anna");
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, "anna");
    const [run] = (await school.ask("GET", "/v1/runs")).body.data;
    const entries = await since(async () => {
      await school.ask("POST", `/v1/runs/${run.id}/skip`);
      await school.ask("POST", `/v1/runs/${run.id}/skip`);
      await school.ask("POST", `/v1/automations/${automation}/enrol`, { users: ["anna"], dry_run: true });
      await school.ask("POST", `/v1/automations/${automation}/enrol`, { users: ["anna"] });
    });
    expect(entries).toMatchObject([
      { what: "run.skipped", subject: run.id, changed: [] },
      { what: "automation.begun", subject: automation, changed: ["users"] },
    ]);
  });

  test("has a learner's changes where they were made by hand: names of fields, never what they say", async () => {
    await school.ask("POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text" });
    await school.ask("POST", "/v1/segments", { id: "vip", name: "VIP" });
    const entries = await since(async () => {
      await school.ask("PUT", "/v1/users/anna", { username: "By the LMS" });
      await byHand("PUT", "/v1/users/anna", { username: "Secret Name", fields: { team: "Secret Team" } });
      await byHand("PUT", "/v1/segments/vip/members/anna");
    });
    expect(entries).toMatchObject([
      { who: `admin:${EMAIL}`, who_name: EMAIL, what: "user.changed", subject: "anna" },
      { what: "user.joined_segment", subject: "anna", changed: ["vip"] },
    ]);
    expect(entries[0].changed).toEqual(["username", "fields.team"]);
    expect(JSON.stringify(await env.DB.prepare("select * from audit").all())).not.toMatch(/Secret (Name|Team)/);
  });

  test("keeps of a learner who was erased that somebody was, and by whom", async () => {
    await byHand("PUT", "/v1/users/anna", { username: "Anna" });
    await school.ask("DELETE", "/v1/users/anna");
    const entries = await audit("what=user");
    expect(entries).toMatchObject([{ what: "user.erased", who: expect.stringMatching(/^key:/) }]);
    expect(entries[0].subject).toMatch(/^erased-[\w-]{16}$/);
  });

  test("records a write once that is sent twice with its Idempotency-Key", async () => {
    await byHand("PUT", "/v1/users/anna", { username: "Anna" });
    const entries = await since(async () => {
      for (let n = 0; n < 2; n++)
        await school.ask("POST", "/v1/segments", { id: "once", name: "Once" }, { "idempotency-key": "k" });
    });
    expect(entries).toHaveLength(1);
  });

  test("is narrowed by who, what and since, a page at a time", async () => {
    for (let n = 0; n < 3; n++) await school.ask("POST", "/v1/segments", { id: `s${n}`, name: `S${n}` });
    await byHand("POST", "/v1/segments", { id: "hand", name: "By hand" });
    const subjects = async (query: string) => (await audit(query)).map(({ subject }: { subject: string }) => subject);
    expect(await subjects(`who=admin:${EMAIL}`)).toEqual(["hand"]);
    expect(await subjects("what=segment.created")).toEqual(["s0", "s1", "s2", "hand"]);
    expect(await subjects("what=segment&order=desc")).toEqual(["hand", "s2", "s1", "s0"]);
    expect(await subjects("what=seg")).toEqual([]);
    const first = (await school.ask("GET", "/v1/audit?what=segment.created&limit=2")).body;
    expect(first.data).toHaveLength(2);
    expect(await subjects(`what=segment.created&cursor=${first.next_cursor}`)).toEqual(["s2", "hand"]);
    setNow(Date.now() + 60_000);
    const then = new Date().toISOString();
    await school.ask("POST", "/v1/segments", { id: "late", name: "Late" });
    expect(await subjects(`since=${then}`)).toEqual(["late"]);
  });

  test("is for owners and keys of the scope admin, and has the platform's doing too", async () => {
    const { key } = (await school.ask("POST", "/v1/api-keys", { name: "K", scopes: ["read", "write"] })).body;
    expect((await callWorker("GET", "/v1/audit", undefined, key)).status).toBe(403);
    const entries = await since(() => callWorker("PATCH", `/v1/schools/${school.id}`, { name: "N" }, PLATFORM));
    expect(entries).toMatchObject([{ who: "platform", who_name: null, what: "school.changed", changed: ["name"] }]);
    vi.restoreAllMocks();
  });
});
