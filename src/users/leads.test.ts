import { runDurableObjectAlarm } from "cloudflare:test";
import { and, eq } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { env, flushLog, heldBy, liveSchool, makeSchool, setNow, stubOf } from "../../test/workers/live";
import { userObject } from "../calls/stub";
import { leadId } from "../catalogue/facts";
import { database } from "../db/client";
import { users } from "../db/schema";
import { clearSchool } from "../schools/clear";
import { deleteSchool } from "../schools/delete";
import { forgetSchool } from "../world/snapshot";

const { school, queues } = liveSchool("live");

const ADDRESS = "Eve@Acme.com";
const LEAD = leadId(ADDRESS);
const form = (email = ADDRESS, id?: string) => school.event("form.submitted", { email }, { form: "demo" }, id);
const signUp = (user: string, email = ADDRESS) => school.event("user.signed_up", { id: user, email }, {});
/** Which user an answer is about. */
const of = (answer: { user: { id: string } }) => answer.user.id;
const exported = async (user: string) => (await school.ask("GET", `/v1/users/${encodeURIComponent(user)}/export`)).text;
const remove = async (user: string) => (await school.ask("DELETE", `/v1/users/${encodeURIComponent(user)}`)).status;
const isEmpty = async (user: string) => Object.values((await heldBy(school.id, user)).tables).flat().length === 0;

describe("a form by address", () => {
  test("is the user's who has just signed up with it, though the directory does not know yet", async () => {
    await signUp("eve");
    expect(of(await form())).toBe("eve");
    expect(await exported("eve")).toContain("demo");
    expect((await school.ask("GET", `/v1/users/${encodeURIComponent(LEAD)}`)).status).toBe(404);
  });

  test("is the user's whatever brought the address: a PUT, a change, an import", async () => {
    await school.ask("PUT", "/v1/users/eve", { email: ADDRESS });
    expect(of(await form())).toBe("eve");
    await school.event("user.signed_in", { id: "eve", email: "new@acme.com" });
    expect(of(await form("new@acme.com"))).toBe("eve");
    expect(of(await form())).toBe(LEAD);
  });

  test("is that user's of several who has been known longest, and the next one's once that one is gone", async () => {
    await signUp("zoe");
    setNow(Date.now() + 60_000);
    await signUp("adam");
    expect(of(await form())).toBe("zoe");
    expect(await remove("zoe")).toBe(204);
    expect(of(await form())).toBe("adam");
  });

  test("is nobody's else in another school", async () => {
    const other = await makeSchool("live");
    await signUp("eve");
    expect(of(await other.event("form.submitted", { email: ADDRESS }, { form: "demo" }))).toBe(LEAD);
  });

  test("finds the users whom only the directory knows, from before their objects told", async () => {
    await database(env.DB)
      .insert(users)
      .values([
        {
          school: school.id,
          id: "old",
          createdAt: 2,
          registeredAt: 2,
          email: ADDRESS,
          emailKey: "eve@acme.com",
          search: "",
          seq: 1,
        },
        {
          school: school.id,
          id: "older",
          createdAt: 1,
          registeredAt: 1,
          email: ADDRESS,
          emailKey: "eve@acme.com",
          search: "",
          seq: 1,
        },
      ]);
    expect(of(await form())).toBe("older");
  });

  test("keeps its place among the events of a batch", async () => {
    const events = [
      { type: "user.signed_up", user: { id: "eve", email: ADDRESS }, data: {} },
      { type: "form.submitted", user: { email: ADDRESS }, data: { form: "demo" } },
    ];
    expect((await school.ask("POST", "/v1/events/batch", { events })).status).toBe(200);
    await form();
    expect(await exported("eve")).toContain("demo");
    expect(of(await form())).toBe("eve");
  });

  test("names an address in one way, however its domain is written", async () => {
    expect(leadId(" Eve@Bücher.example")).toBe("lead:eve@xn--bcher-kva.example");
    await signUp("eve", "eve@bücher.example");
    expect(of(await form("eve@xn--bcher-kva.example"))).toBe("eve");
  });

  test("made a lead that a sign-up takes over in an isolate, too, that does not know yet of leads", async () => {
    await form();
    await env.DB.prepare("update schools set has_leads = 0 where id = ?").bind(school.id).run();
    forgetSchool(school.id);
    await signUp("eve");
    expect(await isLeadGone(LEAD)).toBe(true);
    expect(await exported("eve")).toContain("demo");
  });

  test("and a sign-up at once end with one person, in whichever order they come", async () => {
    for (let n = 0; n < 10; n++) {
      const [email, user] = [`p${n}@acme.com`, `p${n}`];
      await Promise.all([form(email), signUp(user, email), form(email)]);
      expect(of(await form(email))).toBe(user);
      expect(await isLeadGone(leadId(email))).toBe(true);
    }
  });
});

const isLeadGone = async (lead: string) => (await userObject(env, await school.school(), lead).state()) === null;

describe("what a user's object tells its address", () => {
  test("costs a call where the address is new to the user, and none afterwards", async () => {
    const getByName = vi.spyOn(env.USERS, "getByName");
    await signUp("eve");
    const told = () => getByName.mock.calls.filter(([name]) => name === JSON.stringify([school.id, LEAD])).length;
    const once = told();
    expect(once).toBe(1);
    for (let n = 0; n < 3; n++) await school.event("user.signed_in", { id: "eve", email: ADDRESS });
    expect(told()).toBe(once);
  });

  test("is told by its alarm where it could not be told at once; the event is done all the same", async () => {
    const getByName = env.USERS.getByName.bind(env.USERS);
    const spy = vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
      if (name === JSON.stringify([school.id, LEAD])) throw new Error("planted");
      return getByName(name);
    });
    expect(of(await signUp("eve"))).toBe("eve");
    spy.mockRestore();
    setNow(Date.now() + 61_000);
    await runDurableObjectAlarm(stubOf(school.id, "eve"));
    expect(of(await form())).toBe("eve");
  });
});

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
    await clearSchool(env, school.id);
    await flushLog(school.id, "late");
    expect([await isEmpty(LEAD), await isEmpty(leadId("late@acme.com"))]).toEqual([true, true]);
    expect(queues.actions).toContainEqual({ kind: "clear_school", school: school.id });
  });
});
