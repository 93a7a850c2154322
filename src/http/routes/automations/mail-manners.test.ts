import { describe, expect, test, vi } from "vitest";
import { consume, flushLog, liveSchool, makeSchool, setNow, type TestSchool } from "../../../../test/workers/live";
import { call, PLATFORM, testApp } from "../../test-client";

/* Quiet hours and the cap, in a live school by its alarms and in a test school by its clock. */

type DeliveryAnswer = { content: { subject: string }; status: string; reason: string | null };

const QUIET = { quiet_hours: { from: "21:00", to: "08:00" } };
const mail = (kind: string, n = 1) => ({ type: "email.user", subject: `A ${kind} mail ${n}`, body: "Hello.", kind });
const WHEN = [{ type: "custom", name: "go" }];
const ANNA = { id: "anna", email: "anna@acme.com", marketing_consent: true };

const setMail = (school: TestSchool, settings: Record<string, unknown> | null) =>
  school.ask("PATCH", "/v1/school", { settings: { mail: settings } });
const deliveries = async (school: TestSchool, user = "anna") =>
  (await school.ask("GET", `/v1/deliveries?user=${user}`)).body.data;

test("a cap per what is no duration, or too long a one, is refused at its field", async () => {
  const school = await makeSchool();
  for (const per of ["x", "", "1D", "P-1D", "2026-13-01T00:00:00Z", "P1000Y", "P32D"]) {
    const settings = { mail: { at_most: { count: 1, per } } };
    const changed = await school.ask("PATCH", "/v1/school", { settings });
    const made = await call(
      testApp(),
      "POST",
      "/v1/schools",
      { name: "A", mode: "test", settings },
      { token: PLATFORM },
    );
    for (const { status, body } of [changed, made])
      expect([per, status, body.errors]).toMatchObject([per, 422, [{ path: "/settings/mail/at_most/per" }]]);
  }
});

describe("in a test school", () => {
  /** At ten in the evening of a Monday, UTC. */
  const NOW = "2026-01-05T22:00:00.000Z";

  async function begin(settings: Record<string, unknown>, then: Record<string, unknown>[] = [mail("marketing")]) {
    setNow(Date.parse(NOW));
    const school = await makeSchool("test", { timezone: "UTC", mail: settings });
    const automation = await school.automation({ active: true, synchronous: true, when: WHEN, then });
    return { school, automation };
  }
  const advance = (school: TestSchool, by: string) => school.ask("POST", "/v1/test-clock", { advance: by });

  test("marketing waits for the morning, and says so; transactional mail is not kept waiting", async () => {
    const { school } = await begin(QUIET, [mail("marketing"), mail("transactional")]);
    await school.event("custom.go", ANNA);
    expect(await deliveries(school)).toMatchObject([
      { status: "queued", reason: "quiet_hours", next_attempt_at: "2026-01-06T08:00:00.000Z", attempts: [] },
      { status: "captured", reason: null },
    ]);
    const [{ id }] = await deliveries(school);
    expect((await school.ask("GET", `/v1/deliveries/${id}`)).body).toMatchObject({ reason: "quiet_hours" });
    expect((await school.ask("POST", `/v1/deliveries/${id}/retry`)).status).toBe(409);
    await advance(school, "PT9H59M");
    expect(await deliveries(school)).toMatchObject([{ status: "queued" }, {}]);
    await advance(school, "PT1M");
    const [left] = await deliveries(school);
    expect(left).toMatchObject({ status: "captured", reason: null, attempts: [{ at: "2026-01-06T08:00:00.000Z" }] });
    expect(left.next_attempt_at).toBeUndefined();
    // A clock that jumps far over it comes to it too, and D1 hears of it.
    expect((await school.ask("GET", `/v1/deliveries/${id}`)).body.status).toBe("captured");
  });

  test("the hours are the learner's", async () => {
    const { school } = await begin(QUIET);
    await school.event("custom.go", { ...ANNA, timezone: "America/New_York" });
    expect(await deliveries(school)).toMatchObject([{ status: "captured" }]);
  });

  test("no more than so many leave in the time; the others follow one by one", async () => {
    const then = [1, 2, 3].map((n) => mail("marketing", n));
    const { school } = await begin({ at_most: { count: 1, per: "P1D" } }, [...then, mail("transactional")]);
    await school.event("custom.go", ANNA);
    expect(await deliveries(school)).toMatchObject([
      { status: "captured" },
      { status: "queued", reason: "at_most", next_attempt_at: "2026-01-06T22:00:00.000Z" },
      { status: "queued", reason: "at_most" },
      { status: "captured" },
    ]);
    await advance(school, "P20D");
    const times = (await deliveries(school))
      .slice(0, 3)
      .map((one: { attempts: { at: string }[] }) => one.attempts[0]?.at);
    expect(times).toEqual(["2026-01-05T22:00:00.000Z", "2026-01-06T22:00:00.000Z", "2026-01-07T22:00:00.000Z"]);
  });

  test("what waited for seven days is suppressed, with why", async () => {
    const { school } = await begin({ at_most: { count: 1, per: "P30D" } }, [
      mail("marketing", 1),
      mail("marketing", 2),
    ]);
    await school.event("custom.go", ANNA);
    await advance(school, "P8D");
    expect((await deliveries(school))[1]).toMatchObject({ status: "suppressed", reason: "at_most" });
  });

  test("consent and exits are looked at as they are when it leaves", async () => {
    const { school } = await begin(QUIET);
    await school.event("custom.go", ANNA);
    await school.event("custom.go", { ...ANNA, id: "ben", email: "ben@acme.com" });
    await school.ask("PUT", "/v1/users/anna", { marketing_consent: false });
    await advance(school, "P1D");
    expect(await deliveries(school)).toMatchObject([{ status: "suppressed", reason: "no_consent" }]);
    expect(await deliveries(school, "ben")).toMatchObject([{ status: "captured" }]);
  });

  test("a run that exits on the way takes its held mail back; what comes after does not", async () => {
    const { school } = await begin(QUIET);
    const then = [mail("marketing", 2), { type: "wait", for: "PT3H" }, { type: "tags.add", tags: ["stop"] }];
    const exits = { when: [{ type: "tag.added", tags: ["stop"] }], then: [{ type: "tags.add", tags: ["seen"] }] };
    await school.automation({ active: true, ...exits });
    const run = [mail("marketing", 3), { type: "wait", for: "P30D" }];
    await school.automation({ active: true, when: WHEN, then, synchronous: true });
    await school.automation({
      ...{ active: true, when: WHEN, then: run, synchronous: true },
      exit_when: [{ type: "tag.added", tags: ["stop"] }],
    });
    await school.event("custom.go", ANNA);
    await advance(school, "P2D");
    const all = await deliveries(school);
    expect(all.map((one: DeliveryAnswer) => [one.content.subject, one.status, one.reason])).toEqual([
      ["A marketing mail 1", "captured", null],
      ["A marketing mail 2", "captured", null],
      ["A marketing mail 3", "suppressed", "exited"],
    ]);
  });

  test("a pause keeps it; the end of the pause lets it go", async () => {
    const { school } = await begin(QUIET);
    await school.event("custom.go", ANNA);
    await school.ask("PATCH", "/v1/school", { paused: true });
    await advance(school, "PT12H");
    expect(await deliveries(school)).toMatchObject([{ status: "queued" }]);
    await school.ask("PATCH", "/v1/school", { paused: false });
    await advance(school, "PT0S");
    expect(await deliveries(school)).toMatchObject([{ status: "captured" }]);
  });

  test("an automation that is off holds it, and seven days are enough", async () => {
    const { school, automation } = await begin(QUIET);
    await school.event("custom.go", ANNA);
    await school.patch(automation, { active: false });
    await advance(school, "P2D");
    expect(await deliveries(school)).toMatchObject([{ status: "queued" }]);
    await advance(school, "P6D");
    expect(await deliveries(school)).toMatchObject([{ status: "suppressed" }]);
  });

  test("a user erased meanwhile gets none, and the export shows what waits", async () => {
    const { school } = await begin(QUIET);
    await school.event("custom.go", ANNA);
    expect((await school.ask("GET", "/v1/users/anna/export")).text).toContain("quiet_hours");
    await school.ask("DELETE", "/v1/users/anna");
    await advance(school, "P2D");
    expect((await school.ask("GET", "/v1/deliveries")).body.data).toEqual([]);
  });
});

describe("in a live school", () => {
  const { school, queues } = liveSchool("live", { timezone: "UTC" });
  const EVENING = Date.parse("2026-01-05T22:00:00.000Z");
  const MORNING = Date.parse("2026-01-06T08:00:00.000Z");

  async function carry(): Promise<void> {
    for (let n = 0; n < 20 && queues.actions.length; n++) await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, "anna");
  }

  async function send(settings: Record<string, unknown>, then = [mail("marketing")], at = EVENING) {
    setNow(at);
    await setMail(school, settings);
    await school.automation({ active: true, when: WHEN, then });
    await school.event("custom.go", ANNA);
    await carry();
  }

  test("marketing leaves by the alarm, in the morning, and not before", async () => {
    await send(QUIET);
    expect(await deliveries(school)).toMatchObject([
      { status: "queued", reason: "quiet_hours", next_attempt_at: "2026-01-06T08:00:00.000Z" },
    ]);
    setNow(MORNING - 1_000);
    await school.ring("anna");
    await carry();
    expect(await deliveries(school)).toMatchObject([{ status: "queued" }]);
    setNow(MORNING);
    await school.ring("anna");
    await carry();
    expect(await deliveries(school)).toMatchObject([{ status: "captured", reason: null }]);
    expect((await school.ask("GET", "/v1/deliveries?status=captured")).body.data).toHaveLength(1);
  });

  test("of three at once one leaves a day, whatever the queue brings twice", async () => {
    await send(
      { at_most: { count: 1, per: "P1D" } },
      [1, 2, 3].map((n) => mail("marketing", n)),
    );
    const statuses = async () => (await deliveries(school)).map((one: { status: string }) => one.status).sort();
    expect(await statuses()).toEqual(["captured", "queued", "queued"]);
    const messages = (await deliveries(school)).map(({ id }: { id: string }) => ({
      ...{ kind: "deliver", school: school.id, user: "anna", delivery: id, to: "x" },
    }));
    await consume("schoolbell-deliveries", [...messages, ...messages]);
    expect(await statuses()).toEqual(["captured", "queued", "queued"]);
    for (const [day, left] of [
      [1, 2],
      [2, 3],
    ] as const) {
      setNow(EVENING + day * 86_400_000);
      await school.ring("anna");
      await carry();
      expect((await statuses()).filter((one: string) => one === "captured")).toHaveLength(left);
    }
  });

  test("what failed in the evening is tried again in the morning", async () => {
    vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("busy", { status: 503 }));
    await school.ask("PATCH", "/v1/school", {
      settings: { connectors: { email: { type: "resend", api_key: "re_1", from: "a@acme.com" } } },
    });
    await send(QUIET, [mail("marketing")], EVENING - 3_600_000 - 30_000);
    expect(await deliveries(school)).toMatchObject([{ status: "queued", attempts: [{ ok: false }] }]);
    setNow(EVENING);
    await school.ring("anna");
    await carry();
    expect(await deliveries(school)).toMatchObject([
      { status: "queued", reason: "quiet_hours", attempts: [{ ok: false }] },
    ]);
    vi.spyOn(globalThis, "fetch").mockResolvedValue(Response.json({ id: "1" }));
    setNow(MORNING);
    await school.ring("anna");
    await carry();
    expect(await deliveries(school)).toMatchObject([{ status: "sent", reason: null }]);
  });

  test("what nobody has set up is kept, and does not count", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: null } } });
    await send({ at_most: { count: 1, per: "P1D" } }, [mail("marketing", 1), mail("marketing", 2)]);
    await carry();
    const all = await deliveries(school);
    expect(all.filter((one: { status: string }) => one.status === "not_sent").length).toBeGreaterThan(0);
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: { type: "capture" } } } });
    const kept = all.find((one: { status: string }) => one.status === "not_sent");
    expect((await school.ask("POST", `/v1/deliveries/${kept.id}/retry`)).status).toBe(200);
    await carry();
    const now = (await deliveries(school)).map((one: { status: string }) => one.status);
    expect(now.filter((one: string) => one === "captured")).toHaveLength(1);
  });
});
