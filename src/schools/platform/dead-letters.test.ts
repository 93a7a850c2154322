import { describe, expect, test, vi } from "vitest";
import { call, consume, env, liveSchool, makeSchool, PLATFORM, setNow } from "../../../test/workers/live";
import { retain } from "../../../test/workers/retaining";
import { TRIES } from "../../calls/messages";

/* What no queue got done is kept, can be tried again, and goes with its user. */

const { school, queues } = liveSchool();

const listed = async (of = school.id) =>
  (await call("GET", `/v1/dead-letters?school=${of}`, undefined, PLATFORM)).body.data;
const wake = (user: string) => ({ kind: "wake", school: school.id, user });
const die = (...bodies: unknown[]) => consume("schoolbell-actions-dead", bodies);

describe("a message that was given up", () => {
  test("is kept once, however often, by what it is about", async () => {
    await die(wake("anna"), wake("anna"), wake("ben"), { kind: "job", school: school.id, job: "job_1" });
    expect(await listed()).toMatchObject([
      { school_id: school.id, kind: "wake", user_id: "anna", subject: null, attempts: 2 * TRIES, reason: null },
      { kind: "wake", user_id: "ben", attempts: TRIES },
      { kind: "job", user_id: null, subject: "job_1" },
    ]);
    const { problems } = (await school.ask("GET", "/v1/health")).body;
    expect(problems).toMatchObject([{ code: "dead_letters", count: 3 }]);
  });

  test("is kept with its reason where its last try failed, and not before", async () => {
    const message = { kind: "failures", school: school.id, automation: "aut_1", at: 0 };
    const { prepare } = env.DB;
    vi.spyOn(env.DB, "prepare").mockImplementation(function (this: D1Database, sql) {
      if (/from "automations"/.test(sql)) throw new Error("the table is away");
      return prepare.call(this, sql);
    });
    expect(await consume("schoolbell-actions", [message], TRIES - 1)).toMatchObject({ explicitAcks: [] });
    expect(await listed()).toEqual([]);
    expect(await consume("schoolbell-actions", [message], TRIES)).toMatchObject({ explicitAcks: ["0"] });
    expect(await listed()).toMatchObject([{ kind: "failures", reason: "Error: the table is away" }]);
  });

  test("that speaks of many users is kept as one of each, without those of schools that are gone", async () => {
    const users = ["anna", "ben"].map((user) => ({ school: school.id, epoch: 1, user }));
    const gone = { school: "sch_gone", epoch: 1, user: "carl" };
    await die({ kind: "wake_users", school: "", users: [...users, gone] });
    await consume("schoolbell-log-dead", [{ users: [...users, gone] }]);
    const of = (await listed()).map(({ kind, user_id }: Record<string, string>) => `${kind} ${user_id}`);
    expect(of).toEqual(["wake_users anna", "wake_users ben", "log anna", "log ben"]);
    expect(await listed("sch_gone")).toEqual([]);
  });

  test("is tried again when asked, by its own queue, and leaves the list", async () => {
    await die(wake("anna"));
    await consume("schoolbell-log-dead", [{ users: [{ school: school.id, epoch: 1, user: "anna" }] }]);
    queues.log.length = 0;
    for (const { id } of await listed())
      expect((await call("POST", `/v1/dead-letters/${id}/retry`, {}, PLATFORM)).status).toBe(202);
    expect(queues.actions).toEqual([wake("anna")]);
    expect(queues.log).toEqual([{ users: [{ school: school.id, epoch: 1, user: "anna" }] }]);
    expect(await listed()).toEqual([]);
  });

  test("that cannot be read is counted, and nothing of it is kept", async () => {
    await die({ kind: "unheard-of", secret: "anna@acme.com" });
    const all = (await call("GET", "/v1/dead-letters?limit=100", undefined, PLATFORM)).body.data;
    const one = all.find(({ kind }: { kind: string }) => kind === "unreadable");
    expect(one).toMatchObject({ school_id: null, user_id: null, reason: "no release that was at work could read it" });
    expect(JSON.stringify(await env.DB.prepare("select * from dead_letters").all())).not.toContain("anna@acme.com");
    expect((await call("POST", `/v1/dead-letters/${one.id}/retry`, {}, PLATFORM)).status).toBe(409);
  });

  test("that says nothing to this release stays in its queue: the one that it is of may be at work beside it", async () => {
    for (const [queue, body] of [
      ["schoolbell-actions", { kind: "unheard-of" }],
      ["schoolbell-log", { unheard: "of" }],
    ] as const)
      expect(await consume(queue, [body, wake("anna")])).toMatchObject({
        retryMessages: expect.arrayContaining([{ msgId: "0" }]),
      });
  });

  test("that this release cannot read any more is kept, and not sent in vain", async () => {
    await die(wake("anna"));
    await env.DB.prepare("update dead_letters set body = ? where school = ?")
      .bind('{"kind":"of before"}', school.id)
      .run();
    const [{ id }] = await listed();
    expect((await call("POST", `/v1/dead-letters/${id}/retry`, {}, PLATFORM)).status).toBe(409);
    expect([await listed(), queues.actions]).toMatchObject([[{ id }], []]);
  });

  test("stays in its queue while it cannot be kept", async () => {
    const { prepare } = env.DB;
    vi.spyOn(env.DB, "prepare").mockImplementation(function (this: D1Database, sql) {
      if (sql.includes("dead_letters")) throw new Error("planted");
      return prepare.call(this, sql);
    });
    expect(await die(wake("anna"))).toMatchObject({ explicitAcks: [], retryMessages: [{ msgId: "0" }] });
  });

  test("goes with its user", async () => {
    await school.event("user.signed_in", "anna");
    await die(wake("anna"), wake("ben"));
    expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
    expect(await listed()).toMatchObject([{ user_id: "ben" }]);
  });

  test("is kept 30 days, and no longer than its school keeps its log", async () => {
    const brief = await makeSchool("live", { log_retention_days: 2 });
    await die(wake("anna"), { ...wake("ben"), school: brief.id });
    setNow(Date.now() + 3 * 86_400_000);
    await retain(env);
    expect([await listed(), await listed(brief.id)]).toMatchObject([[{ user_id: "anna" }], []]);
    setNow(Date.now() + 28 * 86_400_000);
    await retain(env);
    expect(await listed()).toEqual([]);
  });

  test("is the operator's to see, not a school's", async () => {
    expect((await school.ask("GET", "/v1/dead-letters")).status).toBe(403);
  });
});
