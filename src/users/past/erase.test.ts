import { runInDurableObject } from "cloudflare:test";
import { and, eq } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { changesOf, readAll, schoolStub } from "../../../test/workers/changes";
import { env, flushLog, heldBy, liveSchool } from "../../../test/workers/live";
import { schoolObject, userObject } from "../../calls/reaching/stub";
import { leadId } from "../../catalogue/facts/facts";
import { database } from "../../db/client";
import { idempotency, users } from "../../db/schema";
import { clearSchool } from "../../schools/life/clear";
import { deleteSchool } from "../../schools/life/delete";

const { school, queues } = liveSchool("live");

const ADDRESS = "Eve@Acme.com";
const LEAD = leadId(ADDRESS);
const form = (email = ADDRESS) => school.event("form.submitted", { email }, { form: "demo" });
const signUp = (user: string, email = ADDRESS) => school.event("user.signed_up", { id: user, email }, {});
/** Which user an answer is about. */
const of = (answer: { user: { id: string } }) => answer.user.id;
const remove = async (user: string) => (await school.ask("DELETE", `/v1/users/${encodeURIComponent(user)}`)).status;
const isEmpty = async (user: string) => Object.values((await heldBy(school.id, user)).tables).flat().length === 0;
const isLeadGone = async (lead: string) => (await userObject(env, await school.school(), lead).state()) === null;

describe("an erasure", () => {
  test("of a user clears the lead of the same address, and leaves nothing with the address", async () => {
    await form();
    await school.ask("PUT", "/v1/users/eve", { email: ADDRESS });
    expect(await isLeadGone(LEAD)).toBe(false);
    expect(await remove("eve")).toBe(204);
    expect([await isEmpty("eve"), await isLeadGone(LEAD)]).toEqual([true, true]);
    expect(JSON.stringify(await heldBy(school.id, LEAD))).not.toContain("demo");
    expect(of(await form())).toBe(LEAD);
  });

  test("right after a taking over that was cut off leaves nothing of the lead", async () => {
    await signUp("eve", "before@acme.com");
    await form();
    const { object } = await school.object(LEAD);
    await object.handOver("eve");
    await school.ask("PUT", "/v1/users/eve", { email: ADDRESS });
    await flushLog(school.id, "eve", LEAD);
    expect(await remove("eve")).toBe(204);
    expect(await isLeadGone(LEAD)).toBe(true);
    expect(of(await form())).toBe(LEAD);
  });

  test("of a user without a lead leaves nothing of the address's object", async () => {
    await signUp("eve");
    expect(await remove("eve")).toBe(204);
    expect(await isEmpty(LEAD)).toBe(true);
  });

  test("of a lead leaves the user who has the address", async () => {
    await form();
    await school.ask("PUT", "/v1/users/eve", { email: ADDRESS });
    await flushLog(school.id, LEAD);
    expect(await remove(LEAD)).toBe(204);
    expect(of(await form())).toBe("eve");
  });

  test("of one of two users with an address leaves the lead to the other", async () => {
    await form();
    for (const user of ["one", "two"]) await school.ask("PUT", `/v1/users/${user}`, { email: ADDRESS });
    expect(await remove("one")).toBe(204);
    expect(await isLeadGone(LEAD)).toBe(false);
    expect(of(await form())).toBe("two");
    expect(await isLeadGone(LEAD)).toBe(true);
  });

  test("takes kept answers along, however the address was written, and of the lead that the user was", async () => {
    const post = (email: string, key: string) => {
      const event = { type: "form.submitted", user: { email }, data: { form: "demo" } };
      return school.ask("POST", "/v1/events", event, { "idempotency-key": key });
    };
    expect((await post(ADDRESS, "as-lead")).status).toBe(200);
    await signUp("eve");
    await post(ADDRESS.toUpperCase(), "as-user");
    await school.ask("PUT", "/v1/users/eve", { email: "new@acme.com" });
    await flushLog(school.id, "eve");
    expect(await remove("eve")).toBe(204);
    const kept = await database(env.DB).select().from(idempotency).where(eq(idempotency.school, school.id));
    expect(JSON.stringify(kept).toLowerCase()).not.toContain("eve@acme.com");
  });

  test("leaves nobody who has the address to a form that comes in the middle of it", async () => {
    await signUp("eve");
    await flushLog(school.id, "eve");
    const batch = env.DB.batch.bind(env.DB);
    const between: string[] = [];
    const spy = vi.spyOn(env.DB, "batch").mockImplementation(async <T>(statements: D1PreparedStatement[]) => {
      spy.mockRestore();
      between.push(of(await form()));
      return batch<T>(statements);
    });
    expect(await remove("eve")).toBe(204);
    expect(between).toEqual([LEAD]);
    expect((await school.ask("GET", "/v1/users/eve")).status).toBe(404);
    expect(JSON.stringify((await heldBy(school.id, LEAD)).tables.holders ?? [])).not.toContain('"eve"');
  });

  test("that was cut off leaves that they went through automations to be proved, where the log lies too", async () => {
    const through = (...then: Record<string, unknown>[]) =>
      school.automation({ active: true, synchronous: true, when: [{ type: "user.signed_up" }], then });
    const [ended, live] = [
      await through({ type: "tags.add", tags: ["a"] }),
      await through({ type: "wait", for: "P1D" }),
    ];
    const at = Date.now();
    await signUp("eve");
    await flushLog(school.id, "eve");
    const { object } = await school.object("eve");
    await object.erase();
    // The second try is cut off too, between the log and the directory.
    const spy = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("cut off"));
    expect(await remove("eve")).toBe(500);
    spy.mockRestore();
    expect(await remove("eve")).toBe(204);
    const { results } = await env.DB.prepare("select * from past_members where school = ? and kind = 'automation'")
      .bind(school.id)
      .all<{ value: string; user: string; first_at: number; last_at: number }>();
    expect(results.map(({ value }) => value).sort()).toEqual([ended, live].sort());
    for (const one of results) {
      expect(one.user).toMatch(/^erased-/);
      expect([one.first_at >= at, one.last_at <= Date.now()]).toEqual([true, true]);
    }
  });

  test("takes the changes of the user, and of the lead, out of the feed, and nobody else's", async () => {
    await form();
    await signUp("eve");
    const ben = changesOf("ben", 2);
    const feed = schoolObject(env, await school.school());
    await feed.append([...changesOf("eve", 3), ...ben, ...changesOf(LEAD, 1)]);
    expect(await remove("eve")).toBe(204);
    expect(await readAll(feed)).toEqual(ben);
    const rows = await runInDurableObject(schoolStub(school.id), (_, { storage }) =>
      storage.sql.exec("select * from blocks").toArray(),
    );
    expect(JSON.stringify(rows)).not.toContain("eve");
  });

  test("that the feed did not hear of is finished when it is asked for again", async () => {
    await signUp("eve");
    await flushLog(school.id, "eve");
    const feed = schoolObject(env, await school.school());
    await feed.append(changesOf("eve", 3));
    const fails = vi.spyOn(env.SCHOOLS, "getByName").mockImplementation(() => {
      throw new Error("planted");
    });
    expect(await remove("eve")).toBe(500);
    fails.mockRestore();
    expect(await remove("eve")).toBe(204);
    expect(await readAll(feed)).toEqual([]);
  });

  test("that failed midway is finished when it is asked for again", async () => {
    await signUp("eve");
    await flushLog(school.id, "eve");
    const batch = vi.spyOn(env.DB, "batch").mockRejectedValueOnce(new Error("planted"));
    expect(await remove("eve")).toBe(500);
    batch.mockRestore();
    expect(await remove("eve")).toBe(204);
    const db = database(env.DB);
    expect(await db.$count(users, and(eq(users.school, school.id), eq(users.id, "eve")))).toBe(0);
  });

  test("of a school reaches the objects of its users' addresses", async () => {
    await signUp("eve");
    await flushLog(school.id, "eve");
    await school.event("user.signed_up", { id: "late", email: "late@acme.com" }, {});
    await deleteSchool(env, school.id, "platform");
    // An address that does not answer keeps the user's object from being cleared: what is left finds it again.
    const getByName = env.USERS.getByName.bind(env.USERS);
    const spy = vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
      if (name === JSON.stringify([school.id, LEAD])) throw new Error("planted");
      return getByName(name);
    });
    expect(await isEmpty("eve")).toBe(false);
    const clearing = clearSchool(env, school.id).catch((error: Error) => error.message);
    expect(await clearing).toContain("planted");
    spy.mockRestore();
    await clearSchool(env, school.id);
    await flushLog(school.id, "late");
    expect([await isEmpty(LEAD), await isEmpty(leadId("late@acme.com"))]).toEqual([true, true]);
    expect(queues.actions).toContainEqual({ kind: "clear_school", school: school.id });
  });
});
