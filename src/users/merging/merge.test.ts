import { strToU8, zipSync } from "fflate";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { call, env, flushLog, heldBy, liveSchool, makeSchool, PLATFORM, stubOf } from "../../../test/workers/live";
import { signingKey } from "../../connectors/secrets/keys";
import { UNSUBSCRIBE, unsubscribeToken } from "../../connectors/vendors/unsubscribe";
import { clearSchool } from "../../schools/life/clear";

const { school } = liveSchool("live");

const merge = (id: string, from: unknown) => school.ask("POST", `/v1/users/${id}/merge`, { from });
const user = async (id: string) => school.ask("GET", `/v1/users/${encodeURIComponent(id)}`);
const runsOf = async (id: string) => (await school.ask("GET", `/v1/runs?user=${id}`)).body.data;
const tokenOf = (sub: string, secret: string): Promise<string> =>
  new SignJWT({ school: school.id })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setAudience("schoolbell")
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
const WAITS = {
  when: [{ type: "tag.added", tags: ["vip"] }],
  then: [{ type: "wait", for: "P1D" }],
};

describe("a merge answers", () => {
  test("200 with the user, who has what both had, and again the same", async () => {
    await school.event("user.signed_in", { id: "anna", email: "anna@acme.com" });
    await school.event("tag.added", { id: "old", username: "Anna", fields: { team: "sales" } }, { tag: "vip" });
    const first = await merge("anna", "old");
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      ...{ id: "anna", email: "anna@acme.com", username: "Anna", fields: { team: "sales" }, tags: ["vip"] },
    });
    expect((await merge("anna", "old")).body).toEqual(first.body);
  });

  test("422 for the user itself and for a lead, 404 for who is not known, 403 for a key that only reads", async () => {
    await school.event("user.signed_in", "anna");
    await school.event("form.submitted", { email: "eve@acme.com" }, { form: "f" });
    expect((await merge("anna", "anna")).body.errors).toMatchObject([{ path: "/from" }]);
    expect((await merge("anna", "lead:eve@acme.com")).status).toBe(422);
    expect((await merge("lead:eve@acme.com", "anna")).status).toBe(422);
    expect((await merge("anna", undefined)).status).toBe(422);
    expect((await merge("anna", "nobody")).status).toBe(404);
    expect((await merge("nobody", "anna")).status).toBe(404);
    expect((await user("anna")).status).toBe(200);
    const { body } = await school.ask("POST", "/v1/api-keys", { name: "R", scopes: ["read"] });
    const headers = { authorization: `Bearer ${body.key}` };
    expect((await school.ask("POST", "/v1/users/anna/merge", { from: "x" }, headers)).status).toBe(403);
  });

  test("404 for who was merged into another, and for a target that was", async () => {
    for (const id of ["a", "b", "c"]) await school.event("user.signed_in", id);
    await merge("b", "a");
    expect([(await merge("c", "a")).status, (await merge("a", "c")).status]).toEqual([404, 404]);
    expect([(await user("b")).status, (await user("c")).status]).toEqual([200, 200]);
  });

  test("422 where both have more than one may have, and leaves both as they were", async () => {
    for (const id of ["a", "b"]) {
      for (let part = 0; part < 3; part++) {
        const tag = Array.from({ length: 200 }, (_, index) => `${id}-${part}-${index}`);
        await school.event("tag.added", id, { tag });
      }
    }
    const refused = await merge("a", "b");
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ path: "/from" }]]);
    expect((await user("a")).body.tags).toHaveLength(600);
    expect((await user("b")).body.tags).toHaveLength(600);
    await school.event("tag.added", "b", { tag: "one more" });
    expect((await user("b")).body.tags).toHaveLength(601);
  });

  test("404 in another school", async () => {
    const other = await makeSchool("live");
    await school.event("user.signed_in", "a");
    await school.event("user.signed_in", "b");
    expect((await other.ask("POST", "/v1/users/a/merge", { from: "b" })).status).toBe(404);
  });

  test("once for an Idempotency-Key, and a conflict for another body by it", async () => {
    for (const id of ["a", "b", "c"]) await school.event("user.signed_in", id);
    const key = { "idempotency-key": "m1" };
    const first = await school.ask("POST", "/v1/users/a/merge", { from: "b" }, key);
    expect((await school.ask("POST", "/v1/users/a/merge", { from: "b" }, key)).body).toEqual(first.body);
    expect((await school.ask("POST", "/v1/users/a/merge", { from: "c" }, key)).status).toBe(409);
  });
});

describe("of a merge", () => {
  test("nothing starts, and what was under way goes on for the target", async () => {
    const automation = await school.automation(WAITS);
    await school.event("user.signed_in", "anna");
    await school.event("tag.added", "old", { tag: "vip" });
    const { object, reference } = await school.object("old");
    await object.advance(reference, null, 100);
    await merge("anna", "old");
    const [run, ...more] = await runsOf("anna");
    expect(more).toEqual([]);
    expect(run).toMatchObject({ automation_id: automation, user_id: "anna", status: "waiting" });
    await flushLog(school.id, "anna", "old");
    expect((await school.ask("GET", `/v1/runs/${run.id}`)).body).toMatchObject({ user_id: "anna", status: "waiting" });
    expect((await school.ask("GET", `/v1/automations/${automation}`)).body).toMatchObject({
      run_count: 1,
      waiting_count: 1,
    });
    expect(await runsOf("old")).toEqual([]);
    expect((await school.ask("POST", `/v1/runs/${run.id}/skip`)).status).toBe(200);
    await flushLog(school.id, "anna");
    expect((await school.ask("GET", `/v1/runs/${run.id}`)).body).toMatchObject({ status: "completed" });
    expect((await school.ask("GET", `/v1/automations/${automation}`)).body).toMatchObject({
      run_count: 1,
      waiting_count: 0,
    });
  });

  test.each(["once", "one_at_a_time"])("a run that both have under %s exits, the target's stays", async (reentry) => {
    await school.automation({ ...WAITS, reentry });
    for (const id of ["anna", "old"]) {
      await school.event("tag.added", id, { tag: "vip" });
      const { object, reference } = await school.object(id);
      await object.advance(reference, null, 100);
    }
    const [own] = await runsOf("anna");
    await merge("anna", "old");
    const runs = await runsOf("anna");
    expect(runs).toHaveLength(2);
    for (const run of runs)
      expect(run).toMatchObject(
        run.id === own.id ? { status: "waiting" } : { status: "exited", reason: "merged", user_id: "anna" },
      );
    await flushLog(school.id, "anna", "old");
    const { body } = await school.ask("GET", "/v1/automations");
    expect(body.data).toMatchObject([{ run_count: 2, waiting_count: 1 }]);
  });

  test("an event id that both had is a duplicate for either body, and for no other", async () => {
    const send = (id: string, tag: string) =>
      school.ask("POST", "/v1/events", { id: "e1", type: "tag.added", user: { id }, data: { tag } });
    await send("anna", "mine");
    await send("old", "theirs");
    await merge("anna", "old");
    const answers = { anna: "mine", old: "theirs" };
    for (const [id, tag] of Object.entries(answers)) {
      const { body } = await send(id, tag);
      expect(body).toMatchObject({ duplicate: true, facts: [{ data: { tag } }], user: { id: "anna" } });
    }
    expect((await send("anna", "other")).status).toBe(409);
    expect((await user("anna")).body.tags.sort()).toEqual(["mine", "theirs"]);
  });

  test("payments of both stay known, and are the target's", async () => {
    const pay = (id: string, payment: string) =>
      school.event("payment.made", id, { product_type: "course", product: "c1", amount: 5, payment });
    await pay("anna", "p1");
    await pay("old", "p2");
    await merge("anna", "old");
    expect((await pay("anna", "p2")).facts).toEqual([]);
    const { body } = await school.ask("GET", "/v1/payments?user=anna");
    expect(body.data.map(({ payment }: { payment: string }) => payment).sort()).toEqual(["p1", "p2"]);
    expect((await user("anna")).body.paying).toBe(true);
  });

  test("consent is true only if neither said false, and givers tell of it", async () => {
    await school.event("tag.added", { id: "anna", marketing_consent: true }, { tag: "mine" });
    await school.event("tag.added", { id: "old", marketing_consent: false, cookies_accepted: true }, { tag: "theirs" });
    const { body } = await merge("anna", "old");
    expect(body).toMatchObject({ marketing_consent: false, cookies_accepted: true });
    const { givers } = (await user("anna")).body;
    expect(givers.tags).toMatchObject({ mine: { by: "event" }, theirs: { by: "merge", id: "old" } });
  });

  test("the timeline and the export of the target show all, quietly what came by it", async () => {
    await school.event("tag.added", "anna", { tag: "mine" });
    await school.event("nps.submitted", "old", { score: 9 });
    await school.event("tag.added", "old", { tag: "theirs" });
    await merge("anna", "old");
    const { body } = await school.ask("GET", "/v1/users/anna/timeline");
    const told = body.data.map(({ type, data, quiet, by }: Record<string, unknown>) => ({ type, data, quiet, by }));
    expect(told).toEqual([
      { type: "tag.added", data: { tag: "mine" } },
      { type: "nps.submitted", data: { score: 9 } },
      { type: "tag.added", data: { tag: "theirs" } },
      { type: "tag.added", data: { tag: "theirs" }, quiet: true, by: { by: "merge", id: "old" } },
    ]);
    const { text } = await school.ask("GET", "/v1/users/anna/export");
    expect(text).toContain("nps.submitted");
    expect(JSON.parse(text).changes).toEqual([]);
  });

  test("why and backtest answer as before", async () => {
    const automation = await school.automation({ ...WAITS, then: [] });
    await school.event("tag.added", "old", { tag: "vip" });
    await school.event("user.signed_in", "anna");
    await merge("anna", "old");
    await school.event("tag.added", "anna", { tag: "other" });
    const why = await school.ask("GET", `/v1/automations/${automation}/why?user=anna`);
    expect(why.body.data.map(({ fired, stopped_by }: Record<string, unknown>) => [fired, stopped_by])).toEqual(
      expect.arrayContaining([
        [true, undefined],
        [false, "quiet"],
      ]),
    );
    await flushLog(school.id, "anna", "old");
    expect((await school.ask("POST", `/v1/automations/${automation}/backtest`, { days: 7 })).status).toBe(200);
  });
});

describe("an id that was merged", () => {
  const merged = async () => {
    await school.event("user.signed_in", { id: "anna", email: "anna@acme.com" });
    await school.event("user.signed_in", { id: "old", email: "old@acme.com" });
    await flushLog(school.id, "anna", "old");
    await merge("anna", "old");
  };

  test("is nobody's to read or erase, and in no list", async () => {
    await merged();
    for (const path of ["", "/timeline", "/export", "/messages"])
      expect((await school.ask("GET", `/v1/users/old${path}`)).status).toBe(404);
    expect((await school.ask("DELETE", "/v1/users/old")).status).toBe(404);
    await flushLog(school.id, "anna", "old");
    const { body } = await school.ask("GET", "/v1/users");
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(["anna"]);
    for (const table of ["users", "user_marks", "roster_records", "activity", "live_runs", "runs", "deliveries"]) {
      const column = table === "users" ? "id" : "user";
      const { results } = await env.DB.prepare(`select 1 from ${table} where school = ? and ${column} = 'old'`)
        .bind(school.id)
        .all();
      expect([table, results]).toEqual([table, []]);
    }
  });

  test("sends its events, PUT, imports and members to the target", async () => {
    await merged();
    expect((await school.event("tag.added", "old", { tag: "late" })).user).toMatchObject({
      id: "anna",
      tags: ["late"],
    });
    const put = await school.ask("PUT", "/v1/users/old", { username: "Anna" });
    expect(put.body).toMatchObject({ id: "anna", username: "Anna" });
    const segment = (await school.ask("POST", "/v1/segments", { id: "s1", name: "S", managed: false })).status;
    expect(segment).toBe(201);
    expect((await school.ask("PUT", "/v1/segments/s1/members/old")).status).toBeLessThan(300);
    expect((await user("anna")).body.segments).toEqual(["s1"]);
    const batch = { events: ["anna", "old"].map((id) => ({ type: "user.signed_in", user: { id }, data: {} })) };
    const { body } = await school.ask("POST", "/v1/events/batch", batch);
    expect(body.results.map((one: { user: { id: string } }) => one.user.id)).toEqual(["anna", "anna"]);
    expect((await user("old")).status).toBe(404);
  });

  test("sends its tokens to the target", async () => {
    await merged();
    const { body } = await school.ask("POST", "/v1/signing-secret");
    const headers = { authorization: `Bearer ${await tokenOf("old", body.secret)}` };
    expect((await school.ask("GET", "/v1/me", undefined, headers)).body).toMatchObject({ id: "anna" });
    const event = { type: "nps.submitted", data: { score: 7 } };
    expect((await school.ask("POST", "/v1/events", event, headers)).body.user).toMatchObject({ id: "anna" });
    for (const path of ["messages", "data-layer"])
      expect((await school.ask("GET", `/v1/me/${path}`, undefined, headers)).status).toBe(200);
  });

  test("has what is imported of it go to the target: lines of CSV, records of a roster, members of a segment", async () => {
    await merged();
    const authorization = `Bearer ${school.key}`;
    const imported = async (path: string, body: string | Uint8Array, type: string) => {
      const { body: answer } = await call("POST", path, body, undefined, { authorization, "content-type": type });
      const job = (await school.ask("GET", `/v1/jobs/${answer.job_id}`)).body;
      expect(job).toMatchObject({ status: "done", errors: [] });
    };
    await imported("/v1/users/import", "id,fields.size,tags\nold,XL,late\n", "text/csv");
    const files = {
      "manifest.csv": "propertyName,value\noneroster.version,1.1\nfile.users,delta\nfile.enrollments,delta\n",
      "users.csv": "sourcedId,givenName\nold,Olga\n",
      "enrollments.csv": "sourcedId,classSourcedId,userSourcedId,role\ne1,math-1,old,student\n",
    };
    const zip = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
    await imported("/v1/users/import", zip, "application/zip");
    await school.ask("POST", "/v1/segments", { id: "s2", name: "S", managed: false });
    await imported("/v1/segments/members/import", "user,segment\nold,s2\n", "text/csv");
    expect((await user("anna")).body).toMatchObject({
      ...{ username: "Olga", fields: { size: "XL" }, tags: ["late"], segments: ["s2"] },
      enrolments: [{ product: "math-1", sources: ["oneroster:e1"] }],
    });
    expect((await user("old")).status).toBe(404);
  });

  test("has its links in mails withdraw the target's consent, and its token take a place for the target", async () => {
    await merged();
    await school.ask("PUT", "/v1/users/anna", { marketing_consent: true });
    const link = await unsubscribeToken(await signingKey(String(env.SECRET_KEY), UNSUBSCRIBE), {
      school: school.id,
      epoch: 1,
      user: "old",
    });
    expect((await call("POST", `/unsubscribe/${link}`)).status).toBe(200);
    expect((await user("anna")).body.marketing_consent).toBe(false);
    const methods = "/v1/courses/c2/enrolment-methods";
    const { id } = (await school.ask("POST", methods, { key: "open" })).body;
    const { secret } = (await school.ask("POST", "/v1/signing-secret")).body;
    const headers = { authorization: `Bearer ${await tokenOf("old", secret)}` };
    const taking = () => school.ask("POST", "/v1/courses/c2/self-enrolments", { key: "open" }, headers);
    expect([(await taking()).status, (await taking()).status]).toEqual([201, 200]);
    expect((await user("anna")).body.enrolments).toMatchObject([{ product: "c2", sources: [`self:${id}`] }]);
    expect((await school.ask("GET", methods)).body.data[0].taken).toBe(1);
  });

  test("gives a place by a key up that the target has too", async () => {
    for (const id of ["anna", "old", "ben"]) await school.event("user.signed_in", id);
    const methods = "/v1/courses/c1/enrolment-methods";
    const { id } = (await school.ask("POST", methods, { key: "open" })).body;
    const take = (of: string) =>
      env.DB.prepare("insert into self_enrolments (school, user, method, at) values (?, ?, ?, 1)")
        .bind(school.id, of, id)
        .run();
    for (const of of ["anna", "old", "ben"]) await take(of);
    const taken = async () => (await school.ask("GET", methods)).body.data[0].taken;
    expect(await taken()).toBe(3);
    await merge("anna", "old");
    expect(await taken()).toBe(2);
    await school.event("user.signed_in", "new");
    await merge("new", "ben");
    expect(await taken()).toBe(2);
    expect((await school.ask("DELETE", "/v1/users/new")).status).toBe(204);
    expect(await taken()).toBe(1);
  });

  test("leaves nothing where the school is deleted", async () => {
    await merged();
    expect((await call("DELETE", `/v1/schools/${school.id}`, undefined, PLATFORM)).status).toBeLessThan(300);
    await clearSchool(env, school.id);
    for (const id of ["anna", "old"]) expect((await heldBy(school.id, id)).tables).toEqual({});
  });

  test("gives its address up where the target keeps another, and to it where it has none", async () => {
    await merged();
    const form = (email: string) => school.event("form.submitted", { email }, { form: "f" });
    expect((await form("old@acme.com")).user.id).toBe("lead:old@acme.com");
    await school.event("user.signed_in", "bare");
    await school.event("user.signed_in", { id: "mail", email: "mail@acme.com" });
    await merge("bare", "mail");
    expect((await form("mail@acme.com")).user).toMatchObject({ id: "bare", email: "mail@acme.com" });
  });

  test("leads to whom the target was merged into since, and is free once that one is deleted", async () => {
    await merged();
    await school.event("user.signed_in", "last");
    await merge("last", "anna");
    expect((await merge("last", "old")).status).toBe(200);
    expect((await school.event("tag.added", "old", { tag: "t" })).user.id).toBe("last");
    expect((await school.ask("DELETE", "/v1/users/last")).status).toBe(204);
    for (const id of ["old", "anna", "last"])
      expect(Object.keys((await heldBy(school.id, id)).tables)).not.toContain("state");
    expect((await school.event("user.signed_in", "old")).user.id).toBe("old");
    expect((await user("anna")).status).toBe(404);
    const { results } = await env.DB.prepare("select answer from idempotency where school = ?").bind(school.id).all();
    expect(JSON.stringify(results)).not.toContain("anna@acme.com");
  });

  test("is kept when the hashes of its events are not", async () => {
    await merged();
    const { runInDurableObject } = await import("cloudflare:test");
    await runInDurableObject(stubOf(school.id, "old"), (_, { storage }) => {
      storage.sql.exec("update erased_ids set at = 0");
    });
    await school.ring("old");
    expect((await school.event("user.signed_in", "old")).user.id).toBe("anna");
  });
});
