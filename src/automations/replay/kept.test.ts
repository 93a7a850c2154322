import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { consume, env, flushLog, liveSchool, setNow } from "../../../test/workers/live";
import { retain } from "../../../test/workers/retaining";

/* What is asked of the past once the log keeps some of it no longer: all say from when on they hold, and none guesses. */

const DAY_MS = 86_400_000;
const BEGAN = "2026-03-02T09:00:00.000Z";
const { school, queues } = liveSchool("test", { log_retention_days: 30 }, { now: BEGAN });

const pass = async (advance: string) =>
  expect((await school.ask("POST", "/v1/test-clock", { advance })).status).toBe(200);
const settle = async () => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};
const nowOf = async (): Promise<string> => (await school.ask("GET", "/v1/school")).body.now;

/** What the log keeps no longer goes: first what cron sees to, then what learners' objects do, some days later. */
async function forget(...users: string[]): Promise<void> {
  await flushLog(school.id, ...users);
  setNow(Date.now() + 2 * DAY_MS);
  await retain(env);
  for (const user of users) await (await school.object(user)).object.forgetOld();
}
const resultOf = async ({ status, body }: { status: number; body: { job_id: string } }) => {
  expect(status).toBe(202);
  await settle();
  return (await school.ask("GET", `/v1/jobs/${body.job_id}`)).body.result;
};
const backtest = async (draft: object) =>
  (await school.ask("POST", "/v1/automations/backtest", { automation: { name: "D", ...draft }, days: 90 })).body;
const missed = async (automation: string) =>
  resultOf(await school.ask("POST", `/v1/automations/${automation}/missed`, { days: 90 }));
const why = async (automation: string, user = "anna") =>
  (await school.ask("GET", `/v1/automations/${automation}/why?user=${user}`)).body;

const goGives = (tag: string) => ({
  when: [{ type: "custom", name: "go" }],
  then: [{ type: "tags.add", tags: [tag] }],
});
const onLate = { when: [{ type: "custom", name: "late" }], then: [] };

describe("what was forgotten is told by the world of its time", () => {
  test("also days after the log gave it up: what an automation gave that is gone since still counts", async () => {
    const gave = await school.automation({ ...goGives("old"), synchronous: true });
    await school.event("custom.go", "anna");
    await pass("P3D");
    expect((await school.ask("DELETE", `/v1/automations/${gave}`)).status).toBe(204);
    await pass("P32D");
    await school.event("custom.late", "anna");
    // Whoever comes every day is looked at every eighth.
    await pass("P3D");
    await forget("anna");
    expect((await school.ask("GET", "/v1/users/anna")).body.tags).toEqual(["old"]);
    const has = (tag: string) => ({ ...onLate, only_if: { type: "tags.has", tags: [tag] } });
    expect(await backtest(has("old"))).toMatchObject({ count: 1, since: BEGAN });
    expect(await backtest(has("new"))).toMatchObject({ count: 0 });
  });
});

describe("past what is kept", () => {
  test("why, backtest and missed say since when they know, and what they say of it is as it was", async () => {
    const automation = await school.automation({ ...goGives("met"), only_if: { type: "tags.has", tags: ["vip"] } });
    await school.event("custom.go", "anna", {}, "first");
    await pass("P10D");
    await school.event("custom.go", "anna", {}, "second");
    await school.event("tag.added", "anna", { tag: "vip" });
    expect((await why(automation)).since).toBeNull();
    await pass("P25D");
    await school.patch(automation, { only_if: null });
    await forget("anna");
    const told = await why(automation);
    const went = told.data.filter(({ fact }: { fact: { type: string } }) => fact.type.startsWith("custom"));
    expect(told.since).toBe(BEGAN);
    expect(went).toMatchObject([{ event_id: "second", stopped_by: "only_if", seen: [] }]);
    // The first is before what is known: nobody says that it would have fired, or that it was missed.
    expect(await backtest(goGives("met"))).toMatchObject({
      count: 1,
      since: BEGAN,
      note: expect.stringContaining(BEGAN),
    });
    expect(await missed(automation)).toMatchObject({
      ...{ count: 1, since: BEGAN, note: expect.stringContaining(BEGAN) },
      users: [{ event_id: "second", stopped_by: "only_if", seen: [] }],
    });
  });

  test("undo refuses what it cannot know, and takes back what it can, though others gave it before that", async () => {
    const gives = await school.automation({ ...goGives("met"), synchronous: true });
    const again = await school.automation({
      ...{ when: [{ type: "custom", name: "late" }], synchronous: true },
      then: [{ type: "tags.add", tags: ["met", "late"] }],
    });
    const first = (await school.event("custom.go", "anna")).runs[0].id;
    await pass("P20D");
    const late = (await school.event("custom.late", "anna")).runs[0].id;
    await pass("P18D");
    await forget("anna");
    const undo = (path: string, body?: object) => school.ask("POST", `/v1/${path}`, body);
    expect((await undo(`runs/${first}/undo`)).status).toBe(404);
    const since = await undo(`automations/${gives}/undo`, { since: BEGAN });
    expect([since.status, since.body.errors]).toMatchObject([422, [{ path: "/since" }]]);
    expect((await undo(`runs/${late}/undo?dry_run=true`)).body.takes).toMatchObject([{ kind: "tag", id: "late" }]);
    expect((await undo(`runs/${late}/undo`)).status).toBe(202);
    await settle();
    expect((await school.ask("GET", "/v1/users/anna")).body.tags).toEqual(["met"]);
    expect((await undo(`automations/${again}/undo?dry_run=true`, { since: await nowOf() })).status).toBe(200);
  });
});

describe("a pack", () => {
  const make = async (to: string) => {
    const asked = { course: "js", from: "2026-03-01T00:00:00.000Z", to };
    const answer = await school.ask("POST", "/v1/evidence", asked);
    const result = await resultOf(answer);
    const zip = await readZip(answer.body.job_id);
    return { result, zip, manifest: JSON.parse(zip["manifest.json"] ?? "{}") };
  };
  const readZip = async (job: string): Promise<Record<string, string>> => {
    const { default: worker } = await import("../../index");
    const { createExecutionContext, waitOnExecutionContext } = await import("cloudflare:test");
    const context = createExecutionContext();
    const headers = { authorization: `Bearer ${school.key}` };
    const answer = await worker.fetch(
      new Request(`http://x/v1/evidence/${job}`, { headers }) as never,
      env as never,
      context,
    );
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    await waitOnExecutionContext(context);
    return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
  };
  const PROVEN = ["people.csv", "events.csv", "messages.csv", "definitions.json"];
  const live = async () => {
    const enrolled = {
      when: [{ type: "course.enrolled" }],
      then: [{ type: "email.user", subject: "Hi", body: "You" }],
    };
    await school.automation({ ...enrolled, synchronous: true });
    await school.event("course.enrolled", { id: "anna", email: "anna@school.example" }, { course: "js" });
    await pass("P1D");
    const to = await nowOf();
    await pass("PT1H");
    return to;
  };

  test("of what is kept for evidence agrees with one made before, and is whole", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { evidence_retention_years: 3 } });
    const to = await live();
    const before = await make(to);
    expect(before.zip["people.csv"]).toContain("anna");
    await pass("P400D");
    await forget("anna");
    const after = await make(to);
    expect(after.manifest.holds_from).toBeNull();
    expect(after.result).toEqual(before.result);
    for (const file of PROVEN) expect([file, after.zip[file]]).toEqual([file, before.zip[file]]);
  });

  test("says from when on it is whole where the log is all that is kept, and also if the school kept less for a while", async () => {
    const to = await live();
    expect((await make(to)).manifest.holds_from).toBeNull();
    await pass("P59D");
    await forget("anna");
    const says = async () => {
      const { result, zip, manifest } = await make(to);
      expect([result.holds_from, JSON.parse(zip["definitions.json"] ?? "").holds_from]).toEqual(
        Array(2).fill(manifest.holds_from),
      );
      return [manifest.holds_from, zip["index.html"]?.match(/Whole from (.*?) on</)?.[1]];
    };
    expect(await says()).toEqual(["2026-04-01T10:00:00.000Z", "1 April 2026 at 10:00"]);
    await pass("P1D");
    await school.ask("PATCH", "/v1/school", { settings: { evidence_retention_years: 3 } });
    await pass("P100D");
    expect(await says()).toEqual(["2026-04-02T10:00:00.000Z", "2 April 2026 at 10:00"]);
  });
});
