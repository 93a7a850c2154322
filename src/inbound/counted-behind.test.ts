import { expect, test, vi } from "vitest";
import { call, env, liveSchool } from "../../test/workers/live";
import { anna, zipOf } from "../../test/workers/oneroster";

/*
 * D1 has too much to do for what is written beside an event: who sends is refused only where nothing was done, as what
 * has no id would be done twice.
 */

const { school } = liveSchool("live");

/** Has D1 refuse statements that begin so, until it is told otherwise. */
function shedding(statement: RegExp): () => void {
  const { prepare } = env.DB;
  const spy = vi.spyOn(env.DB, "prepare").mockImplementation(function (this: D1Database, sql) {
    if (statement.test(sql)) throw new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long.");
    return prepare.call(this, sql);
  });
  return () => spy.mockRestore();
}

const UNMAPPED = /^insert into unmapped/;
const facts = async (user: string): Promise<number> =>
  (await school.ask("GET", `/v1/users/${encodeURIComponent(user)}/timeline`)).body.data?.length ?? 0;
const unmapped = async (): Promise<string[]> =>
  (await school.ask("GET", "/v1/unmapped")).body.data.map(({ name }: { name: string }) => name);

test.each([
  ["an event", (event: object) => school.ask("POST", "/v1/events", event)],
  ["a batch", (event: object) => school.ask("POST", "/v1/events/batch", { events: [event] })],
])("%s that makes the school’s first lead is refused before it is done", async (_, send) => {
  const event = { type: "form.submitted", user: { email: "eve@acme.com" }, data: { form: "demo" } };
  const well = shedding(/^update "schools" set "has_leads"/);
  expect((await send(event)).status).toBe(503);
  well();
  expect(await facts("lead:eve@acme.com")).toBe(0);
  expect((await send(event)).status).toBe(200);
  expect(await facts("lead:eve@acme.com")).toBe(1);
});

test("CloudEvents, of which one says nothing to us, are refused before the others are done", async () => {
  const event = { specversion: "1.0", source: "https://school.example", subject: "anna" };
  const events = [
    { ...event, id: "1", type: "com.school.user.signed_in" },
    { ...event, id: "2", type: "com.school.unknown" },
  ];
  const send = () =>
    call("POST", "/v1/events", JSON.stringify(events), school.key, {
      "content-type": "application/cloudevents-batch+json",
    });
  const well = shedding(UNMAPPED);
  expect((await send()).status).toBe(503);
  well();
  expect((await school.ask("GET", "/v1/users/anna")).status).toBe(404);
  expect((await send()).status).toBe(200);
  expect(await unmapped()).toEqual(["com.school.unknown"]);
});

test("messages of which one was taken are answered well; of which none was, they are asked for again", async () => {
  const said = { type: "track", userId: "anna", event: "Signed In" };
  const nothing = { type: "identify", anonymousId: "somebody", traits: {} };
  const batch = (...messages: object[]) => school.ask("POST", "/v1/batch", { batch: messages });
  const well = shedding(UNMAPPED);
  expect((await batch(said, nothing)).status).toBe(200);
  const refused = await batch(nothing);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  well();
  expect(await facts("anna")).toBeGreaterThan(0);
});

test("a OneRoster set whose job goes on is answered with it", async () => {
  const well = shedding(UNMAPPED);
  const set = zipOf({ "users.csv": [{ ...anna, email: "none" }] });
  const { status, body } = await call("POST", "/v1/users/import", set, school.key, {
    "content-type": "application/zip",
  });
  well();
  expect(status).toBe(202);
  expect((await school.ask("GET", `/v1/jobs/${body.job_id}`)).status).toBe(200);
});
