import type { Furnished } from "./furnished";
import { env, flushLog, type HeldQueues } from "./live";
import { settle } from "./shedding";

/* For tests: of each call that writes, what is there before, and what it is called with where all is well. */

export type Given = [method: string, path: string, body?: unknown];

export interface Case {
  /** What is there before; answers with what the call needs of it. */
  before?: (school: Furnished, queues: HeldQueues) => Promise<unknown>;
  /** `made`: what came of `before`. */
  call: (school: Furnished, made: never) => Given;
  by?: "platform" | "hand";
}

const STEPS = [
  { type: "wait", for: "P2D" },
  { type: "tags.add", tags: ["x"] },
];
const GO = { name: "Go", active: true, when: [{ type: "custom", name: "go" }], then: STEPS };

/** A run that waits, and its automation. */
async function waiting(school: Furnished, queues: HeldQueues) {
  const automation = await school.automation(GO);
  await school.event("custom.go", "anna");
  await settle(queues);
  await flushLog(school.id, "anna");
  const [run] = (await school.ask("GET", `/v1/runs?automation=${automation}`)).body.data;
  return { automation, run: run.id as string };
}

/** A mail that was not sent, for there is no way. */
async function notSent(school: Furnished, queues: HeldQueues) {
  await school.ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
  await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: null } } });
  await school.automation({ ...GO, then: [{ type: "email.user", subject: "Hi", body: "<p>Hi</p>" }] });
  await school.event("custom.go", "anna");
  await settle(queues);
  await flushLog(school.id, "anna");
  const { body } = await school.ask("GET", "/v1/deliveries?user=anna");
  return { delivery: body.data[0].id as string };
}

const mail = { subject: "Hi", body: "<p>Hi</p>" };
const made = (kind: Parameters<Furnished["at"]>[0]) => (school: Furnished) => school.at(kind);
const held = (kind: Parameters<Furnished["at"]>[0]): Case => ({
  before: (school) => school.hold(kind),
  call: (school) => ["POST", `${school.at(kind)}/restore`],
});
const changed = (kind: Parameters<Furnished["at"]>[0], body: unknown): Case => ({
  call: (school) => ["PATCH", made(kind)(school), body],
});
const gone = (kind: Parameters<Furnished["at"]>[0]): Case => ({ call: (school) => ["DELETE", school.at(kind)] });
const simple = (method: string, path: string, body?: unknown): Case => ({ call: () => [method, path, body] });
const byHand = (one: Case): Case => ({ ...one, by: "hand" });

export const CASES: Readonly<Record<string, Case>> = {
  "PATCH /v1/school": simple("PATCH", "/v1/school", { settings: { support_email: "help@acme.com" } }),
  "PATCH /v1/schools/:id": { by: "platform", call: ({ id }) => ["PATCH", `/v1/schools/${id}`, { name: "N" }] },
  "POST /v1/api-keys": simple("POST", "/v1/api-keys", { name: "For the LMS", scopes: ["events"] }),
  "DELETE /v1/api-keys/:id": {
    before: async ({ ask }) => (await ask("POST", "/v1/api-keys", { name: "K", scopes: ["read"] })).body.id,
    call: (_, id) => ["DELETE", `/v1/api-keys/${id}`],
  },
  "POST /v1/signing-secret": simple("POST", "/v1/signing-secret"),
  "POST /v1/webhook-secret": simple("POST", "/v1/webhook-secret"),
  "POST /v1/automations": simple("POST", "/v1/automations", GO),
  "PUT /v1/automations/:id": { call: (school) => ["PUT", made("automation")(school), GO] },
  "PATCH /v1/automations/:id": changed("automation", { name: "Renamed" }),
  "DELETE /v1/automations/:id": gone("automation"),
  "POST /v1/automations/:id/restore": held("automation"),
  "POST /v1/automations/:id/duplicate": { call: (school) => ["POST", `${school.at("automation")}/duplicate`] },
  "POST /v1/automations/:id/dismiss": {
    before: (school) =>
      env.DB.prepare("update automations set active = 0, stopped_by = 'failures' where school = ?")
        .bind(school.id)
        .run(),
    call: (school) => ["POST", `${school.at("automation")}/dismiss`],
  },
  "POST /v1/automations/:id/enrol": {
    before: async (school) => school.patch(school.ids.automation, { active: true }),
    call: (school) => ["POST", `${school.at("automation")}/enrol`, { users: ["anna"] }],
  },
  "POST /v1/automations/:id/missed": {
    before: async (school) => school.patch(school.ids.automation, { active: true }),
    call: (school) => ["POST", `${school.at("automation")}/missed?enrol=true&count=0`, { days: 1 }],
  },
  "POST /v1/automations/:id/undo": {
    before: waiting,
    call: (_, { automation }: { automation: string }) => [
      "POST",
      `/v1/automations/${automation}/undo`,
      { since: new Date(Date.now() - 3_600_000).toISOString() },
    ],
  },
  "POST /v1/automations/bulk": {
    call: (school) => ["POST", "/v1/automations/bulk", { ids: [school.ids.automation], do: "activate" }],
  },
  "POST /v1/templates/:id/use": {
    before: async ({ ask }) => (await ask("GET", "/v1/templates")).body.data[0].id,
    call: (_, id) => ["POST", `/v1/templates/${id}/use`, { name: "T", params: { courses: ["c1"] } }],
  },
  "PUT /v1/import": simple("PUT", "/v1/import", {
    segments: [{ id: "imported", name: "I" }],
    automations: [{ id: "imported", ...GO }],
  }),
  "POST /v1/segments": simple("POST", "/v1/segments", { id: "s", name: "S" }),
  "PATCH /v1/segments/:id": changed("segment", { name: "N" }),
  "DELETE /v1/segments/:id": gone("segment"),
  "POST /v1/segments/:id/restore": held("segment"),
  "PUT /v1/segments/:id/members/:user": byHand(simple("PUT", "/v1/segments/chosen/members/ben")),
  "DELETE /v1/segments/:id/members/:user": byHand(simple("DELETE", "/v1/segments/chosen/members/anna")),
  "POST /v1/segments/:id/reconcile": simple("POST", "/v1/segments/sellers/reconcile"),
  "POST /v1/segment-rules": simple("POST", "/v1/segment-rules", {
    ...{ segment: "sellers", match: "all" },
    where: [{ field: "department", op: "is", value: "IT" }],
  }),
  "PATCH /v1/segment-rules/:id": changed("segment_rule", { match: "any" }),
  "DELETE /v1/segment-rules/:id": gone("segment_rule"),
  "POST /v1/segment-rules/:id/restore": held("segment_rule"),
  "POST /v1/segment-syncs": simple("POST", "/v1/segment-syncs", { name: "N", segment: "chosen", course: "c2" }),
  "PATCH /v1/segment-syncs/:id": changed("segment_sync", { name: "N" }),
  "DELETE /v1/segment-syncs/:id": gone("segment_sync"),
  "POST /v1/segment-syncs/:id/restore": held("segment_sync"),
  "POST /v1/auto-groups": simple("POST", "/v1/auto-groups", { course: "c9", field: "department" }),
  "PATCH /v1/auto-groups/:id": changed("auto_group", { active: false }),
  "DELETE /v1/auto-groups/:id": gone("auto_group"),
  "POST /v1/auto-groups/:id/restore": held("auto_group"),
  "POST /v1/profile-fields": simple("POST", "/v1/profile-fields", { key: "team", name: "T", type: "text" }),
  "PATCH /v1/profile-fields/:key": changed("profile_field", { name: "N" }),
  "DELETE /v1/profile-fields/:key": gone("profile_field"),
  "POST /v1/profile-fields/:key/restore": held("profile_field"),
  "PUT /v1/products/:type/:id": simple("PUT", "/v1/products/course/c1", { name: "One" }),
  "DELETE /v1/products/:type/:id": {
    before: ({ ask }) => ask("PUT", "/v1/products/course/c7", { name: "Seven" }),
    call: () => ["DELETE", "/v1/products/course/c7"],
  },
  "POST /v1/courses/:id/enrolment-methods": simple("POST", "/v1/courses/c1/enrolment-methods", { key: "sesame" }),
  "PATCH /v1/courses/:id/enrolment-methods/:method": {
    before: async ({ ask }) => (await ask("POST", "/v1/courses/c1/enrolment-methods", { key: "sesame" })).body.id,
    call: (_, id) => ["PATCH", `/v1/courses/c1/enrolment-methods/${id}`, { active: false }],
  },
  "DELETE /v1/courses/:id/enrolment-methods/:method": {
    before: async ({ ask }) => (await ask("POST", "/v1/courses/c1/enrolment-methods", { key: "sesame" })).body.id,
    call: (_, id) => ["DELETE", `/v1/courses/c1/enrolment-methods/${id}`],
  },
  "POST /v1/suppressions": simple("POST", "/v1/suppressions", { address: "no@acme.com" }),
  "DELETE /v1/suppressions/:id": {
    before: async ({ ask }) => (await ask("POST", "/v1/suppressions", { address: "no@acme.com" })).body.id,
    call: (_, id) => ["DELETE", `/v1/suppressions/${id}`],
  },
  "PUT /v1/users/:id": byHand(simple("PUT", "/v1/users/anna", { username: "Anna" })),
  "POST /v1/users/:id/events": simple("POST", "/v1/users/anna/events", { type: "tag.added", data: { tag: "by-hand" } }),
  "POST /v1/users/:id/mails": {
    before: ({ ask }) => ask("PUT", "/v1/users/anna", { email: "anna@acme.com" }),
    call: () => ["POST", "/v1/users/anna/mails", { id: "m1", ...mail }],
  },
  "POST /v1/users/:id/merge": simple("POST", "/v1/users/anna/merge", { from: "ben" }),
  "DELETE /v1/users/:id": simple("DELETE", "/v1/users/anna"),
  "POST /v1/runs/:id/cancel": {
    before: waiting,
    call: (_, { run }: { run: string }) => ["POST", `/v1/runs/${run}/cancel`],
  },
  "POST /v1/runs/:id/skip": {
    before: waiting,
    call: (_, { run }: { run: string }) => ["POST", `/v1/runs/${run}/skip`],
  },
  "POST /v1/runs/:id/undo": {
    before: waiting,
    call: (_, { run }: { run: string }) => ["POST", `/v1/runs/${run}/undo`, { chain: false }],
  },
  "POST /v1/deliveries/:id/retry": {
    before: notSent,
    call: (_, { delivery }: { delivery: string }) => ["POST", `/v1/deliveries/${delivery}/retry`],
  },
  "POST /v1/deliveries/retry": {
    before: notSent,
    call: () => ["POST", "/v1/deliveries/retry", { status: "not_sent", count: 1 }],
  },
  "POST /v1/jobs/:id/cancel": {
    before: async ({ ask }) => (await ask("POST", "/v1/segments/sellers/reconcile")).body.job_id,
    call: (_, id) => ["POST", `/v1/jobs/${id}/cancel`],
  },
  "POST /v1/evidence": simple("POST", "/v1/evidence", {
    ...{ course: "c1", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" },
  }),
  "POST /v1/unmapped/:id/replay": {
    before: async ({ ask }) => {
      await ask("POST", "/v1/track", { userId: "anna", event: "", messageId: "m" });
      return (await ask("GET", "/v1/unmapped")).body.data[0].id;
    },
    call: (_, id) => ["POST", `/v1/unmapped/${id}/replay`],
  },
};
