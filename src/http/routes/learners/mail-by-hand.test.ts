import { describe, expect, test, vi } from "vitest";
import { consume, flushLog, liveSchool, makeSchool, setNow, type TestSchool } from "../../../../test/workers/live";

/* A mail that somebody of the school writes to one learner. */

const ANNA = { email: "anna@acme.com", username: "Anna", marketing_consent: true };
const MAIL = { subject: "Hi {{ user.username }}", body: "Dear {{ user.username }},\n\nsee you." };

const write = (school: TestSchool, more: Record<string, unknown> = {}, user = "anna") =>
  school.ask("POST", `/v1/users/${user}/mails`, { ...MAIL, ...more });

async function begin(settings: Record<string, unknown> = {}, mode: "test" | "live" = "test") {
  const school = await makeSchool(mode, { timezone: "UTC", ...settings });
  expect((await school.ask("PUT", "/v1/users/anna", ANNA)).status).toBe(200);
  return school;
}

describe("a mail by hand", () => {
  test("is rendered for the learner in the school's frame, and stands in deliveries, timeline and audit", async () => {
    const school = await begin({ mail: { footer: "Acme, Main Street" } });
    const { status, body } = await write(school, { kind: "marketing" });
    expect([status, body]).toMatchObject([
      201,
      { status: "captured", run_id: null, automation_id: null, to: [ANNA.email], content: { subject: "Hi Anna" } },
    ]);
    expect(body.content.html).toContain("<p>Dear Anna,</p>");
    expect(body.content.html).toMatch(/Acme, Main Street[\s\S]*\/unsubscribe\//);
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toMatchObject([{ id: body.id, status: "captured" }]);
    const timeline = (await school.ask("GET", "/v1/users/anna/timeline")).body.data;
    expect(timeline.at(-1)).toMatchObject({
      type: "mail.by_hand",
      data: { delivery: body.id, subject: "Hi Anna" },
      by: { by: "hand" },
    });
    const audit = (await school.ask("GET", "/v1/audit?what=user.written_to")).body.data;
    expect(audit).toMatchObject([{ subject: "anna", changed: ["subject", "body", "kind"] }]);
    expect(JSON.stringify(audit)).not.toContain("Dear");
    const links = (await school.ask("GET", `/v1/deliveries/${body.id}`)).body.content.html;
    expect(links).toContain("/preferences/");
  });

  test("is one however often its id comes, and no other mail by that id", async () => {
    const school = await begin();
    const first = await write(school, { id: "m1" });
    const again = await write(school, { id: "m1" });
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    expect((await write(school, { id: "m1", subject: "Other" })).status).toBe(409);
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toHaveLength(1);
  });

  test("keeps the manners of mail: consent, kinds, quiet hours and suppressed addresses", async () => {
    setNow(Date.parse("2026-01-05T22:00:00.000Z"));
    const topics = [{ id: "news", name: "News" }];
    const school = await begin({ mail: { topics, quiet_hours: { from: "21:00", to: "08:00" } } });
    const became = async (more: Record<string, unknown>) => {
      const { body } = await write(school, more);
      return [body.status, body.reason];
    };
    expect(await became({ kind: "marketing" })).toEqual(["queued", "quiet_hours"]);
    await school.ask("POST", "/v1/test-clock", { advance: "PT10H" });
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toMatchObject([{ status: "captured" }]);
    await school.ask("PUT", "/v1/users/anna", { marketing_consent: false });
    expect(await became({ kind: "marketing" })).toEqual(["suppressed", "no_consent"]);
    await school.ask("POST", "/v1/suppressions", { address: ANNA.email });
    expect(await became({})).toEqual(["suppressed", "by_hand"]);
  });

  test("stays queued while a test school is paused, and is captured when the pause ends", async () => {
    const school = await begin();
    const pause = (paused: boolean, query = "") => school.ask("PATCH", `/v1/school${query}`, { paused });
    const listed = async () => (await school.ask("GET", "/v1/deliveries")).body.data;
    await pause(true);
    const { status, body } = await write(school);
    expect([status, body.status, body.reason]).toEqual([201, "queued", null]);
    await school.ask("POST", "/v1/test-clock", { advance: "P8D" });
    await school.ask("PUT", "/v1/users/anna", { username: "Anne" });
    expect(await listed()).toMatchObject([{ id: body.id, status: "queued", attempts: [] }]);
    expect((await pause(false, "?dry_run=true")).body).toEqual({ runs: 0, mails: 1 });
    await pause(false);
    expect(await listed()).toMatchObject([{ id: body.id, status: "captured", reason: null }]);
  });

  test("meets its manners when a pause ends, as if it were to leave then", async () => {
    setNow(Date.parse("2026-01-05T12:00:00.000Z"));
    const school = await begin({ mail: { quiet_hours: { from: "21:00", to: "08:00" } } });
    const listed = async () => (await school.ask("GET", "/v1/deliveries")).body.data;
    await school.ask("PATCH", "/v1/school", { paused: true });
    expect((await write(school, { kind: "marketing" })).body.status).toBe("queued");
    await school.ask("POST", "/v1/test-clock", { advance: "P8DT10H" });
    await school.ask("PUT", "/v1/users/anna", { username: "Anne" });
    await school.ask("PATCH", "/v1/school", { paused: false });
    expect(await listed()).toMatchObject([{ status: "queued", reason: "quiet_hours" }]);
    await school.ask("POST", "/v1/test-clock", { advance: "PT10H" });
    expect(await listed()).toMatchObject([{ status: "captured", reason: null }]);
  });

  test("is refused where it names what nothing gives a value, at its field and by name", async () => {
    const school = await begin({ mail_pieces: [{ id: "bye", name: "Bye", body: "About {{ event.course }}" }] });
    await school.ask("POST", "/v1/profile-fields", { key: "phone", name: "Phone", type: "text" });
    const said = async (more: Record<string, unknown>) => (await write(school, more)).body.errors ?? "sent";
    const ofEvent = "no event starts this mail, so nothing is known of";
    expect(await said({ subject: "{{ event.foo }} and {{ course.name }}" })).toEqual([
      { path: "/subject", message: `${ofEvent} {{ event.foo }}, {{ course.name }}` },
    ]);
    expect(await said({ body: "Hi {% if course.percent %}you{% endif %}" })).toEqual([
      { path: "/body", message: `${ofEvent} {{ course.percent }}` },
    ]);
    expect(await said({ text: "{{ event['foo'] }}" })).toEqual([
      { path: "/text", message: `${ofEvent} {{ event.foo }}` },
    ]);
    expect(await said({ body: "Hi {{ pieces.bye }}" })).toEqual([
      { path: "/body", message: `${ofEvent} {{ event.course }}` },
    ]);
    expect(await said({ body: "Hi {{ user.usernme }}" })).toEqual([
      { path: "/body", message: "nobody has declared {{ user.usernme }}" },
    ]);
    expect(await said({ text: "{{ event }}" })).toEqual([{ path: "/text", message: `${ofEvent} {{ event }}` }]);
    expect(await said({ body: "Hi {{ user }}, {{ user.fields }} of {{ school }}" })).toEqual([
      { path: "/body", message: "name what of it is meant: {{ user }}, {{ user.fields }}, {{ school }}" },
    ]);
    expect(await said({ text: "{{ user.username " })).toMatchObject([{ path: "/text" }]);
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toEqual([]);
    // What is declared may be empty, and what a text makes itself is its own.
    expect(await said({ body: "Hi {{ user.fields.phone }}" })).toBe("sent");
    expect(await said({ body: "{% assign course = user.username %}Hi {{ course }} {{ school.name }}" })).toBe("sent");
  });

  test("is refused where it is of a kind that the school has not", async () => {
    const school = await begin({ mail: { topics: [{ id: "news", name: "News" }] } });
    const { status, body } = await write(school, { topic: "nope" });
    expect([status, body.errors]).toEqual([422, [{ path: "/topic", message: 'there is no kind of mail "nope"' }]]);
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toEqual([]);
    // What was written while there was one is known again.
    expect((await write(school, { id: "m1", topic: "news" })).status).toBe(201);
    await school.ask("PATCH", "/v1/school", { settings: { mail: null } });
    expect((await write(school, { id: "m1", topic: "news" })).status).toBe(200);
  });

  test("is refused where it cannot be a mail, and nothing of it is kept", async () => {
    const school = await begin();
    const faults = async (more: Record<string, unknown>) => {
      const { status, body } = await write(school, more);
      return [status, ...(body.errors ?? []).map(({ path }: { path: string }) => path)];
    };
    expect(await faults({ subject: "" })).toEqual([422, "/subject"]);
    expect(await faults({ subject: "{{ user.fields.none }}" })).toEqual([422, "/subject"]);
    expect(await faults({ body: "{{ user.fields.none }}" })).toEqual([422, "/body"]);
    expect(await faults({ body: "{{ user.username " })).toEqual([422, "/body"]);
    expect(await faults({ subject: "{{ nonsense }}" })).toEqual([422, "/subject"]);
    const endless = "{% for i in (1..999999999) %}x{% endfor %}";
    expect(await faults({ subject: endless })).toEqual([422, "/subject"]);
    expect(await faults({ body: endless })).toEqual([422, "/body"]);
    expect(await faults({ loud: true })).toEqual([422, "/loud"]);
    expect((await write(school, {}, "nobody")).status).toBe(404);
    await school.ask("PUT", "/v1/users/ben", { username: "Ben" });
    expect((await write(school, { id: "m1" }, "ben")).status).toBe(409);
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toEqual([]);
    expect((await school.ask("GET", "/v1/users/ben/timeline")).body.data).toEqual([]);
    await school.ask("PUT", "/v1/users/ben", { email: "ben@acme.com" });
    expect((await write(school, { id: "m1" }, "ben")).status).toBe(201);
  });
});

describe("in a live school", () => {
  const { school, queues } = liveSchool("live", {
    connectors: { email: { type: "resend", api_key: "re_1", from: "hi@acme.com" } },
  });

  const leave = async (): Promise<void> => {
    await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, "anna");
  };

  test("it leaves by the connector, with its own key", async () => {
    const fetches = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ id: "1" }));
    await school.ask("PUT", "/v1/users/anna", ANNA);
    const { status, body } = await write(school);
    expect([status, body.status]).toEqual([201, "queued"]);
    await leave();
    expect((await school.ask("GET", `/v1/deliveries/${body.id}`)).body).toMatchObject({ status: "sent", reason: null });
    expect(fetches).toHaveBeenCalledOnce();
    expect(JSON.stringify(fetches.mock.calls[0])).toContain(body.idempotency_key);
  });

  test("without a connector it is kept, not sent", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: null } } });
    await school.ask("PUT", "/v1/users/anna", ANNA);
    const { body } = await write(school);
    await leave();
    expect((await school.ask("GET", `/v1/deliveries/${body.id}`)).body.status).toBe("not_sent");
  });
});
