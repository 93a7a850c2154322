import { beforeEach, describe, expect, test, vi } from "vitest";
import { env, flushLog, liveSchool } from "../../../test/workers/live";
import { forgetEverything } from "../../base/cache";
import { makeId } from "../../engine/identity";
import { getRun } from "./find";
import { untilHeard } from "./unheard";

const { school } = liveSchool();

const onSignIn = (then: unknown[], synchronous: boolean) => ({ when: [{ type: "user.signed_in" }], then, synchronous });

describe("what an answer has named is read at once in a live school", () => {
  test.each([true, false])("a run (synchronous: %s), before D1 has heard of anything", async (synchronous) => {
    await school.automation(onSignIn([{ type: "tags.add", tags: ["vip"] }], synchronous));
    const { runs } = await school.event("user.signed_in", "anna");
    const { status, body } = await school.ask("GET", `/v1/runs/${runs[0].id}`);
    expect([status, body.id, body.user_id]).toEqual([200, runs[0].id, "anna"]);
    expect((await school.ask("GET", "/v1/users/anna")).status).toBe(200);
    expect((await school.ask("GET", "/v1/runs?user=anna")).body.data).toHaveLength(1);
  });

  test("a delivery of a run", async () => {
    await school.automation(onSignIn([{ type: "webhook.send", url: "https://hooks.acme.com/in" }], true));
    await school.event("user.signed_in", "anna");
    const [delivery] = (await school.ask("GET", "/v1/deliveries?user=anna")).body.data;
    expect((await school.ask("GET", `/v1/deliveries/${delivery.id}`)).body).toEqual(delivery);
  });

  test("not one of another school", async () => {
    await school.automation(onSignIn([{ type: "exit" }], true));
    const { runs } = await school.event("user.signed_in", "anna");
    await expect(getRun(env, "sch_other", runs[0].id)).rejects.toMatchObject({ kind: "not_found" });
  });
});

describe("where another isolate had to do with the user", () => {
  beforeEach(() => forgetEverything());

  test("the log is waited for while it may be on its way", async () => {
    const at = Date.now();
    const inLog = vi.fn(async () => (inLog.mock.calls.length < 3 ? null : "there"));
    const clock = { now: () => at, sleep: async () => {} };
    const search = { what: "run", inLog, ofUser: async () => null } as const;
    expect(await untilHeard(env, school.id, makeId("run", at, 1, "x"), search, clock)).toBe("there");
  });

  test("what is older, or no id of ours, is refused at the first look", async () => {
    for (const id of [makeId("run", Date.now() - 60_000, 1, "x"), "run_nothing", "x"]) {
      const inLog = vi.fn(async () => null);
      const sleep = vi.fn(async () => {});
      const search = { what: "run", inLog, ofUser: async () => null } as const;
      await expect(untilHeard(env, school.id, id, search, { now: Date.now, sleep })).rejects.toMatchObject({
        kind: "not_found",
      });
      expect([inLog.mock.calls.length, sleep.mock.calls.length], id).toEqual([1, 0]);
    }
  });
});

describe("a change that the LMS has taken", () => {
  test("is a delivery that is found by its id, though the log never has it", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response());
    const lms = { type: "webhook", url: "https://lms.acme.com/in" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms } } });
    await school.automation(onSignIn([{ type: "tags.add", tags: ["vip"] }], true));
    const { runs } = await school.event("user.signed_in", "anna");
    const [receipt] = runs[0].receipts;
    expect(receipt.status).toBe("done");
    await flushLog(school.id, "anna");
    forgetEverything();
    const { status, body } = await school.ask("GET", `/v1/deliveries/${receipt.delivery_id}`);
    expect([status, body.channel, body.status, body.user_id]).toEqual([200, "lms", "sent", "anna"]);
    vi.restoreAllMocks();
  });
});
