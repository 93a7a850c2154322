import { expect, test } from "vitest";
import { createApp } from "./app";
import { routes } from "./routes";
import { call, newSchool } from "./test-client";

/* Whoever asks for one thing several times at once, without a key of idempotency, has it once; the audit too. */

const app = createApp(routes);
const AT_ONCE = 8;

const clause = [{ field: "vip", op: "is", value: true }];

/** A request, its statuses in order, and what the audit has one entry of; null: nothing. */
const CASES: readonly (readonly [string, object, readonly number[], string | null])[] = [
  ["POST /v1/suppressions", { address: "anna@acme.com" }, [200, 201], "suppression.created"],
  ["POST /v1/segments", { id: "seg", name: "Seg" }, [201, 409], "segment.created"],
  ["POST /v1/profile-fields", { key: "team", name: "Team", type: "text" }, [201, 409], "profile_field.created"],
  ["POST /v1/segment-syncs", { name: "s", segment: "all", course: "c" }, [201, 409], "segment_sync.created"],
  ["POST /v1/auto-groups", { course: "c", field: "vip" }, [201, 409], "auto_group.created"],
  ["POST /v1/courses/c/enrolment-methods", { key: "open-sesame" }, [201, 409], "enrolment_method.created"],
  ["POST /v1/users/ben/mails", { id: "m-1", subject: "Hi", body: "<p>Hi</p>" }, [200, 201], "user.written_to"],
  ["POST /v1/users/ben/merge", { from: "old-ben" }, [200], "user.merged"],
  ["POST /v1/events", { id: "e-1", type: "tag.added", user: { id: "cid" }, data: { tag: "new" } }, [200], null],
];

test.each(CASES)("%s with %j", async (route, body, statuses, what) => {
  const { key } = await newSchool(app);
  const api = (method: string, path: string, sent?: unknown) => call(app, method, path, sent, { token: key });
  await api("POST", "/v1/profile-fields", { key: "vip", name: "V", type: "boolean" });
  await api("POST", "/v1/segments", { id: "all", name: "All", managed: true });
  await api("POST", "/v1/segment-rules", { segment: "all", match: "all", where: clause });
  await api("PUT", "/v1/users/ben", { email: "ben@acme.com" });
  await api("PUT", "/v1/users/old-ben", { email: "old-ben@acme.com" });
  const [method = "", path = ""] = route.split(" ");
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => api(method, path, body)));
  const told = answers.map(({ status }) => status);
  expect([...new Set(told)].toSorted(), JSON.stringify(answers.map(({ text }) => text))).toEqual(statuses);
  if (statuses.includes(201)) expect(told.filter((status) => status === 201)).toHaveLength(1);
  if (what === null) return;
  const audit = await api("GET", `/v1/audit?what=${what}`);
  // What stood there before it was asked for has an entry too.
  const mine = audit.body.data.filter((one: { subject: string }) => !["all", "vip"].includes(one.subject));
  expect(mine, JSON.stringify(mine)).toHaveLength(1);
});

test("lifting a suppression that several lift at once is one deed", async () => {
  const { key } = await newSchool(app);
  const api = (method: string, path: string, sent?: unknown) => call(app, method, path, sent, { token: key });
  await api("POST", "/v1/suppressions", { address: "anna@acme.com" });
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, () => api("DELETE", "/v1/suppressions/anna@acme.com")),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(AT_ONCE - 1).fill(404)]);
  expect((await api("GET", "/v1/audit?what=suppression.lifted")).body.data).toHaveLength(1);
});
