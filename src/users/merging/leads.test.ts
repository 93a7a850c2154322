import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool, makeSchool, setNow, stubOf } from "../../../test/workers/live";
import { userObject } from "../../calls/reaching/stub";
import { leadId } from "../../catalogue/facts/facts";
import { database } from "../../db/client";
import { users } from "../../db/schema";
import { forgetSchool } from "../../world/snapshot";

const { school, queues } = liveSchool("live");

const ADDRESS = "Eve@Acme.com";
const LEAD = leadId(ADDRESS);
const form = (email = ADDRESS, id?: string) => school.event("form.submitted", { email }, { form: "demo" }, id);
const signUp = (user: string, email = ADDRESS) => school.event("user.signed_up", { id: user, email }, {});
/** Which user an answer is about. */
const of = (answer: { user: { id: string } }) => answer.user.id;
const exported = async (user: string) => (await school.ask("GET", `/v1/users/${encodeURIComponent(user)}/export`)).text;
const remove = async (user: string) => (await school.ask("DELETE", `/v1/users/${encodeURIComponent(user)}`)).status;

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

  test("is not the user's who has just given the address up, whatever the directory still says", async () => {
    await signUp("eve");
    await flushLog(school.id, "eve");
    await school.ask("PUT", "/v1/users/eve", { email: "new@acme.com" });
    expect(of(await form())).toBe(LEAD);
    expect((await school.ask("GET", "/v1/users/eve")).body.email).toBe("new@acme.com");
    await signUp("next");
    expect(of(await form())).toBe("next");
  });

  test("is the first registered user's of several, whoever was known first", async () => {
    await signUp("known");
    await school.ask("PUT", "/v1/users/early", { email: ADDRESS, registered_at: "2020-01-01T00:00:00.000Z" });
    expect(of(await form())).toBe("early");
    await school.ask("PUT", "/v1/users/known", { registered_at: "2019-01-01T00:00:00.000Z" });
    expect(of(await form())).toBe("known");
  });

  test("finds the users whom only the directory knows, from before their objects told", async () => {
    await signUp("old");
    await flushLog(school.id, "old");
    // As it was before: the address's object has been told nothing, and one of those listed has it no more.
    await runInDurableObject(stubOf(school.id, LEAD), (_, { storage }) => storage.deleteAll());
    await evictDurableObject(stubOf(school.id, LEAD));
    const gone = { school: school.id, id: "gone", createdAt: 1, registeredAt: -1, email: ADDRESS, search: "", seq: 1 };
    await database(env.DB)
      .insert(users)
      .values({ ...gone, emailKey: "eve@acme.com" });
    expect(of(await form())).toBe("old");
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

  test("that does not answer stops no other event of its batch", async () => {
    const getByName = env.USERS.getByName.bind(env.USERS);
    const spy = vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
      if (name === JSON.stringify([school.id, LEAD])) throw new Error("planted");
      return getByName(name);
    });
    const of = (email: string) => ({ type: "form.submitted", user: { email }, data: { form: "demo" } });
    const { body } = await school.ask("POST", "/v1/events/batch", { events: [of(ADDRESS), of("ben@acme.com")] });
    spy.mockRestore();
    expect(body.results).toMatchObject([{ status: 503 }, { user: { id: leadId("ben@acme.com") } }]);
  });

  test.each([
    [{ overloaded: true }, "Too much at once. Try again later."],
    [{ retryable: true }, "It did not work this time. Try again."],
  ])("whose object sheds it (%o) has that said in its event's place alone", async (how, detail) => {
    const getByName = env.USERS.getByName.bind(env.USERS);
    const spy = vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
      if (name === JSON.stringify([school.id, LEAD])) throw Object.assign(new Error("planted"), how);
      return getByName(name);
    });
    const of = (email: string) => ({ type: "form.submitted", user: { email }, data: { form: "demo" } });
    const { body } = await school.ask("POST", "/v1/events/batch", { events: [of(ADDRESS), of("ben@acme.com")] });
    spy.mockRestore();
    expect(body.results).toMatchObject([{ status: 503, detail }, { user: { id: leadId("ben@acme.com") } }]);
  });

  test("names an address in one way, however its domain is written", async () => {
    expect(leadId(" Eve@Bücher.example")).toBe("lead:eve@xn--bcher-kva.example");
    expect(leadId("jose\u0301@acme.com")).toBe(leadId("jos\u00e9@acme.com"));
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

describe("a lead", () => {
  test("stays where a sign-up is a copy, or refused for its id", async () => {
    const event = { id: "su", type: "user.signed_up", user: { id: "eve", email: ADDRESS }, data: {} };
    await school.ask("POST", "/v1/events", event);
    expect((await school.ask("DELETE", "/v1/users/eve")).status).toBe(204);
    expect(of(await form())).toBe(LEAD);
    expect((await school.ask("POST", "/v1/events", event)).body).toMatchObject({ duplicate: true, user: null });
    const other = { ...event, user: { ...event.user, username: "other" } };
    expect((await school.ask("POST", "/v1/events", other)).status).toBe(409);
    expect((await school.ask("GET", "/v1/users/eve")).status).toBe(404);
    expect(await isLeadGone(LEAD)).toBe(false);
  });

  /** A sign-up whose taking over is cut off once the lead's object is closed. */
  async function cutOff(user: string, email = ADDRESS): Promise<void> {
    const { object } = await school.object(leadId(email));
    expect(await object.handOver(user)).not.toBeNull();
  }

  test("whose taking over was cut off is the user's with whatever comes next of either", async () => {
    await signUp("eve", "before@acme.com");
    await form();
    await cutOff("eve");
    expect(of(await form())).toBe("eve");
    expect(await isLeadGone(LEAD)).toBe(true);
  });

  test("whose taking over was cut off is finished by its alarm, if nothing comes", async () => {
    await signUp("eve", "before@acme.com");
    await form();
    await cutOff("eve");
    setNow(Date.now() + 61_000);
    expect(await school.ring(LEAD)).toBe(true);
    const told = queues.actions.filter(({ kind }) => kind === "lead");
    expect(told).toHaveLength(1);
    await consume("schoolbell-actions", told);
    expect(await isLeadGone(LEAD)).toBe(true);
    expect(await exported("eve")).toContain("demo");
  });

  test("is taken over once, however many others were since", async () => {
    await form("a@acme.com");
    const { object: lead } = await school.object(leadId("a@acme.com"));
    const given = await lead.handOver("eve");
    await form("b@acme.com");
    await signUp("eve", "a@acme.com");
    await signUp("eve", "b@acme.com");
    const { object, reference } = await school.object("eve");
    const before = await object.state();
    if (given) await object.takeOver(reference, given.lead, leadId("a@acme.com"));
    expect(await object.state()).toEqual(before);
  });

  test("goes to a sign-up that names no address where the user has just been given it", async () => {
    await form();
    await school.ask("PUT", "/v1/users/eve", { email: ADDRESS });
    await school.event("user.signed_up", "eve");
    expect(await isLeadGone(LEAD)).toBe(true);
  });

  test("goes to a user whom an import has sign up", async () => {
    await form();
    const csv = { "content-type": "text/csv" };
    const line = `id,email\neve,${ADDRESS}\n`;
    expect((await school.ask("POST", "/v1/users/import?fire=true", line, csv)).status).toBe(202);
    for (const job of queues.actions.filter(({ kind }) => kind === "job")) await consume("schoolbell-jobs", [job]);
    expect(await isLeadGone(LEAD)).toBe(true);
  });
});

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
