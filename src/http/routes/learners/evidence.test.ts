import { unzipSync } from "fflate";
import { beforeEach, describe, expect, test } from "vitest";
import { consume, env, flushLog, liveSchool, setNow } from "../../../../test/workers/live";
import { retain } from "../../../../test/workers/retaining";
import { keepParts, rowsOf } from "../../../evidence/parts";
import { createApp } from "../../app";
import { call } from "../../test-client";
import { routes } from "..";

/* Evidence packs, as who asks for one meets them. */

const { school, queues } = liveSchool("test");

const DAY_MS = 86_400_000;
let from: string;

const nowOf = async (): Promise<number> => Date.parse((await school.ask("GET", "/v1/school")).body.now);
const advance = (text: string) => school.ask("POST", "/v1/test-clock", { advance: text });
/** What is asked for is what was until now. */
async function until(): Promise<string> {
  await advance("PT1S");
  return new Date(await nowOf()).toISOString();
}

beforeEach(async () => {
  from = new Date((await nowOf()) - DAY_MS).toISOString();
});

const goOn = async () => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};

async function make(about: Record<string, string>, times: Record<string, string> = {}): Promise<string> {
  const answer = await school.ask("POST", "/v1/evidence", { ...about, from, to: await until(), ...times });
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  await goOn();
  const job = await school.ask("GET", `/v1/jobs/${answer.body.job_id}`);
  expect(job.body).toMatchObject({ kind: "evidence", status: "done", errors: [] });
  return answer.body.job_id;
}

async function zipOf(job: string): Promise<Record<string, string>> {
  const { default: worker } = await import("../../../index");
  const request = new Request(`http://x/v1/evidence/${job}`, { headers: { authorization: `Bearer ${school.key}` } });
  const { createExecutionContext, waitOnExecutionContext } = await import("cloudflare:test");
  const context = createExecutionContext();
  const answer = await worker.fetch(request as never, env as never, context);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/zip"]);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  await waitOnExecutionContext(context);
  const files = unzipSync(bytes);
  await check(files);
  return Object.fromEntries(Object.entries(files).map(([name, one]) => [name, new TextDecoder().decode(one)]));
}

/** As the verifier does: the sums, and the signature by a key that is told to everybody. */
async function check(files: Record<string, Uint8Array>): Promise<void> {
  const json = (name: string) => JSON.parse(new TextDecoder().decode(files[name]));
  const { default: worker } = await import("../../../index");
  const { body } = await call(worker, "GET", "/.well-known/schoolbell-keys.json");
  const { kid, signature } = json("manifest.sig.json");
  const known = body.keys.find((one: { kid: string }) => one.kid === kid);
  const key = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: known.x }, "Ed25519", false, [
    "verify",
  ]);
  const bytes = Uint8Array.from(atob(signature.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  expect(await crypto.subtle.verify("Ed25519", key, bytes, files["manifest.json"] ?? new Uint8Array())).toBe(true);
  const { files: listed } = json("manifest.json");
  expect([...Object.keys(listed), "manifest.json", "manifest.sig.json"].sort()).toEqual(Object.keys(files).sort());
  for (const [name, one] of Object.entries(files)) {
    if (name.startsWith("manifest")) continue;
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", one));
    expect(listed[name].sha256, name).toBe(Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
}

/** Lines of a CSV by the names of its head; no cell here has a comma. */
function rowsIn(text: string | undefined): Record<string, string>[] {
  const [head = "", ...lines] = (text ?? "").trim().split("\r\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, n) => [names[n] ?? "", cell])));
}

const welcome = {
  name: "Welcome",
  synchronous: true,
  when: [{ type: "course.enrolled", courses: ["js"] }],
  then: [
    { type: "email.user", subject: "Hello {{ user.username }}", body: "Secret text" },
    { type: "tags.add", tags: ["in-js"] },
  ],
};
const person = (id: string) => ({ id, username: `Name of ${id}`, email: `${id}@school.test` });

test("a pack tells who was enrolled, mailed, completed and certified, when and by what, and who left", async () => {
  const automation = await school.automation(welcome);
  await school.event("course.enrolled", person("anna"), { course: "js" }, "evt-enrol");
  await advance("P1D");
  await school.event("course.completed", "anna", { course: "js" }, "evt-done");
  await school.event("certificate.awarded", "anna", {
    course: "js",
    certificate: "c-1",
    expires_at: "2099-01-01T00:00:00Z",
  });
  await school.event("course.enrolled", person("ben"), { course: "js" });
  for (const user of ["anna", "ben"]) await flushLog(school.id, user);
  await school.event("course.unenrolled", "ben", { course: "js" });
  await school.event("course.enrolled", person("other"), { course: "go" });
  for (const user of ["ben", "other"]) await flushLog(school.id, user);
  const files = await zipOf(await make({ course: "js" }));
  const [anna, ben, ...more] = rowsIn(files["people.csv"]);
  expect(more).toEqual([]);
  expect(anna).toMatchObject({
    ...{ learner: "anna", name: "Name of anna", email: "anna@school.test", course: "js", certificate: "c-1" },
    ...{ enrolled_by: "event", enrolled_by_id: "evt-enrol", completed_by: "event", completed_by_id: "evt-done" },
    ...{ certificate_expires_at: "2099-01-01T00:00:00.000Z", messages: "1", left_at: "" },
  });
  expect(Date.parse(anna?.completed_at ?? "") - Date.parse(anna?.enrolled_at ?? "")).toBe(DAY_MS);
  expect(ben).toMatchObject({ learner: "ben", completed_at: "", messages: "1" });
  expect(ben?.left_at).not.toBe("");
  expect(rowsIn(files["events.csv"]).map(({ learner, what }) => `${learner} ${what}`)).toEqual([
    ...["anna enrolled", "anna completed", "anna certified", "ben enrolled", "ben unenrolled"],
  ]);
  expect(rowsIn(files["messages.csv"])).toMatchObject([
    { learner: "anna", channel: "email", status: "captured", automation, step: "s1" },
    { learner: "ben", automation },
  ]);
  const { automations } = JSON.parse(files["definitions.json"] ?? "");
  expect(automations).toMatchObject([
    { id: automation, name: "Welcome", version: 1, definition: { synchronous: true } },
  ]);
  expect(files["index.html"]).toContain("Name of anna");
  expect(files["index.html"]).not.toMatch(/<script|https?:\/\//);
  expect(JSON.stringify(Object.entries(files).filter(([name]) => name !== "definitions.json"))).not.toContain(
    "Secret text",
  );
});

test("what an automation enrolled says by which run, and a pack of the automation has its runs", async () => {
  const automation = await school.automation({
    synchronous: true,
    when: [{ type: "tag.added", tags: ["vip"] }],
    then: [{ type: "course.enroll", courses: ["js"] }],
  });
  await school.event("tag.added", person("anna"), { tag: "vip" });
  await flushLog(school.id, "anna");
  const { data } = (await school.ask("GET", "/v1/runs?user=anna")).body;
  const ofCourse = await zipOf(await make({ course: "js" }));
  const by = { enrolled_by: "run", enrolled_by_id: data[0].id };
  expect(rowsIn(ofCourse["people.csv"])).toMatchObject([by]);
  const files = await zipOf(await make({ automation }));
  expect(rowsIn(files["runs.csv"])).toMatchObject([{ learner: "anna", automation, version: "1", run: data[0].id }]);
  expect(rowsIn(files["people.csv"])).toMatchObject([{ learner: "anna", course: "js", ...by }]);
});

test("a pack of a segment has its members, also who left it", async () => {
  await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales" });
  for (const user of ["anna", "ben"]) {
    await school.ask("PUT", `/v1/users/${user}`, {});
    await school.ask("PUT", `/v1/segments/sales/members/${user}`);
    await flushLog(school.id, user);
  }
  await school.ask("DELETE", "/v1/segments/sales/members/ben");
  await flushLog(school.id, "ben");
  const files = await zipOf(await make({ segment: "sales" }));
  const [anna, ben] = rowsIn(files["people.csv"]);
  expect([anna?.member_from, ben?.member_from, ben?.member_until]).not.toContain("");
  expect(anna?.member_until).toBe("");
  expect(files["index.html"]).toMatch(/Learner<\/th><th scope="col">Member from<\/th><th scope="col">Member until</);
  expect(rowsIn(files["events.csv"]).map(({ learner, what, segment }) => [learner, what, segment])).toEqual([
    ["anna", "joined", "sales"],
    ["ben", "joined", "sales"],
    ["ben", "left", "sales"],
  ]);
});

test("a pack of a segment has what members were enrolled in before its time, and agrees once the log is gone", async () => {
  await school.ask("PATCH", "/v1/school", { settings: { log_retention_days: 30, evidence_retention_years: 3 } });
  await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales" });
  for (const course of ["js", "go"]) await school.event("course.enrolled", person("anna"), { course }, `evt-${course}`);
  await school.ask("PUT", "/v1/segments/sales/members/anna");
  await advance("P5D");
  const time = { from: await until(), to: (await advance("P3D")).body.now };
  await school.event("course.unenrolled", "anna", { course: "go" });
  await flushLog(school.id, "anna");
  const people = async () => (await zipOf(await make({ segment: "sales" }, time)))["people.csv"];
  const before = await people();
  expect(rowsIn(before)).toMatchObject(
    ["go", "js"].map((course) => ({ learner: "anna", course, enrolled_by_id: `evt-${course}`, left_at: "" })),
  );
  expect(rowsIn(before).map((row) => row.enrolled_at)).not.toContain("");
  await advance("P400D");
  await forget("anna");
  expect(await people()).toEqual(before);
});

test("who is erased goes out of the packs that are kept, and stands in later ones by a pseudonym alone", async () => {
  const ended = await school.automation(welcome);
  const live = await school.automation({ ...welcome, then: [...welcome.then, { type: "wait", for: "P9D" }] });
  const abouts = [{ course: "js" }, { automation: ended }, { automation: live }];
  const makeAll = async (): Promise<string[]> => {
    const jobs: string[] = [];
    for (const about of abouts) jobs.push(await make(about));
    return jobs;
  };
  for (const user of ["anna", "ben"]) {
    await school.event("course.enrolled", person(user), { course: "js" });
    await flushLog(school.id, user);
  }
  const before = await makeAll();
  for (const job of before) expect(JSON.stringify(await zipOf(job))).toContain("anna");
  expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
  for (const job of [...before, ...(await makeAll())]) {
    const files = await zipOf(job);
    expect(JSON.stringify(files)).not.toMatch(/anna/i);
    expect(rowsIn(files["people.csv"])).toMatchObject([{ learner: "ben" }]);
    expect(rowsIn(files["erased.csv"])).toEqual([
      { pseudonym: expect.stringMatching(/^erased-/), erased_at: expect.any(String) },
    ]);
  }
});

test("of who was erased a pack names those who were there in its time, however late it is made", async () => {
  const lives = async (user: string, ...what: (readonly [type: string, data: Record<string, unknown>])[]) => {
    for (const [type, data] of what) await school.event(type, person(user), data);
    await flushLog(school.id, user);
  };
  const enrolled = ["course.enrolled", { course: "js" }] as const;
  await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales" });
  const automation = await school.automation(welcome);
  await lives("gone", enrolled, ["course.unenrolled", { course: "js" }]);
  const to = await until();
  await advance("P2D");
  const since = { from: await until() };
  await lives("in", enrolled);
  await lives("elsewhere", ["course.enrolled", { course: "go" }]);
  const within = { ...since, to: await until() };
  const abouts = [{ course: "js" }, { automation }, { segment: "sales" }];
  const kept = [];
  for (const about of abouts) kept.push(await make(about, within));
  await lives("after", ["course.enrolled", { course: "go" }], enrolled);
  for (const user of ["after", "elsewhere"]) {
    await school.ask("PUT", `/v1/segments/sales/members/${user}`);
    await flushLog(school.id, user);
  }
  for (const user of ["gone", "in", "elsewhere", "after"])
    expect((await school.ask("DELETE", `/v1/users/${user}`)).status).toBe(204);
  for (const [n, about] of abouts.entries()) {
    const [before, now] = [await zipOf(kept[n] ?? ""), await zipOf(await make(about, within))];
    expect([about, rowsIn(now["erased.csv"])]).toEqual([about, rowsIn(before["erased.csv"])]);
    expect(rowsIn(now["erased.csv"])).toHaveLength("segment" in about ? 0 : 1);
  }
  expect(rowsIn((await zipOf(await make({ course: "js" }, { to })))["erased.csv"])).toHaveLength(1);
});

test("who joins a segment, or is enrolled, after the time is in no later pack of it", async () => {
  await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales" });
  await school.event("course.enrolled", person("anna"), { course: "go" });
  await school.event("course.completed", "anna", { course: "js" });
  const to = await until();
  await school.ask("PUT", "/v1/segments/sales/members/anna");
  await school.event("course.enrolled", "anna", { course: "js" });
  await flushLog(school.id, "anna");
  for (const about of [{ segment: "sales" }, { course: "js" }]) {
    expect(rowsIn((await zipOf(await make(about, { to })))["people.csv"])).toEqual([]);
    expect(rowsIn((await zipOf(await make(about)))["people.csv"])[0]).toMatchObject({ learner: "anna" });
  }
});

test("figures of a pack go along with an erasure, in the list and of its job", async () => {
  await school.automation(welcome);
  for (const user of ["anna", "ben"]) {
    await school.event("course.enrolled", person(user), { course: "js" });
    await flushLog(school.id, user);
  }
  const job = await make({ course: "js" });
  const told = async () => {
    const { result } = (await school.ask("GET", `/v1/jobs/${job}`)).body;
    expect((await school.ask("GET", "/v1/evidence")).body.data).toMatchObject([{ job_id: job, result }]);
    return result;
  };
  expect(await told()).toEqual({ learners: 2, erased: 0, events: 2, messages: 2 });
  await school.ask("DELETE", "/v1/users/anna");
  expect(await told()).toEqual({ learners: 1, erased: 1, events: 1, messages: 1 });
  // Who has the id now, and is erased too, was not in it.
  await school.event("user.signed_up", person("anna"), {});
  await school.ask("DELETE", "/v1/users/anna");
  expect(await told()).toEqual({ learners: 1, erased: 1, events: 1, messages: 1 });
});

test("the cover is in the school's language, and says of when the names in it are", async () => {
  await school.event("course.enrolled", person("anna"), { course: "js" });
  await flushLog(school.id, "anna");
  const job = await make({ course: "js" });
  const cover = async () => (await zipOf(job))["index.html"] ?? "";
  expect(await cover()).toMatch(/<html lang="en">.*Evidence: the course js.*Names and addresses are those of when/s);
  await school.ask("PATCH", "/v1/school", { settings: { locale: "de-AT" } });
  expect(await cover()).toMatch(
    /<html lang="de">.*Nachweis: der Kurs js.*Vom <b>\d+\. .* bis vor dem <b>.*ein Ereignis/s,
  );
  expect(await cover()).not.toMatch(/Learners|Enrolled|undefined/);
});

test("the cover tells times as they are at the school, and who left", async () => {
  const year = new Date(await nowOf()).getUTCFullYear() + 1;
  await school.ask("POST", "/v1/test-clock", { to: `${year}-01-10T23:30:00Z` });
  await school.ask("PATCH", "/v1/school", { settings: { timezone: "Europe/Vienna" } });
  for (const user of ["anna", "ben"]) await school.event("course.enrolled", person(user), { course: "js" });
  await advance("P1D");
  await school.event("course.unenrolled", "ben", { course: "js" });
  for (const user of ["anna", "ben"]) await flushLog(school.id, user);
  await advance("PT1H");
  const job = await make({ course: "js" }, { from: `${year - 1}-12-31T23:00:00Z`, to: `${year}-01-11T23:45:30Z` });
  const cover = async () => (await zipOf(job))["index.html"] ?? "";
  expect(await cover()).toContain(
    `From <b>1 January ${year} at 00:00</b> until before <b>12 January ${year} at 00:45:30</b>`,
  );
  expect(await cover()).toMatch(
    new RegExp(`Left<.*Name of anna</td><td>js</td><td>11 Jan ${year}</td><td>an event</td><td></td>`, "s"),
  );
  expect(await cover()).toMatch(
    new RegExp(`Name of ben</td><td>js</td><td>11 Jan ${year}</td><td>an event</td><td>12 Jan ${year}<`),
  );
  await school.ask("PATCH", "/v1/school", { settings: { locale: "de" } });
  expect(await cover()).toContain(
    `Vom <b>1. Januar ${year} um 00:00</b> bis vor dem <b>12. Januar ${year} um 00:45:30</b>`,
  );
  expect(await cover()).toMatch(new RegExp(String.raw`Verlassen<.*Name of ben</td>.*12\. Jan\. ${year}`, "s"));
});

test("who was merged into another stands in it as the other, with what was before", async () => {
  for (const user of ["old", "new"]) await school.ask("PUT", `/v1/users/${user}`, {});
  await school.event("course.enrolled", "old", { course: "js" }, "evt-old");
  await school.event("course.unenrolled", "old", { course: "js" });
  for (const user of ["old", "new"]) await flushLog(school.id, user);
  expect((await school.ask("POST", "/v1/users/new/merge", { from: "old" })).status).toBeLessThan(300);
  await flushLog(school.id, "new");
  const files = await zipOf(await make({ course: "js" }));
  expect(rowsIn(files["people.csv"])).toMatchObject([{ learner: "new", course: "js", enrolled_by_id: "evt-old" }]);
});

/** What the school keeps no longer is forgotten, by the learners' objects and by the log. */
async function forget(user: string): Promise<void> {
  setNow(Date.now() + 2 * DAY_MS);
  const { object } = await school.object(user);
  await object.forgetOld();
  await retain(env);
}

test("what evidence needs is kept beyond the log where the school says so, and goes with who is erased", async () => {
  await school.automation(welcome);
  await school.ask("PATCH", "/v1/school", { settings: { log_retention_days: 30, evidence_retention_years: 3 } });
  for (const user of ["anna", "ben"]) {
    await school.event("course.enrolled", person(user), { course: "js" }, `evt-${user}`);
    await flushLog(school.id, user);
  }
  await school.event("course.unenrolled", "ben", { course: "js" });
  await flushLog(school.id, "ben");
  await advance("P400D");
  for (const user of ["anna", "ben"]) await forget(user);
  const { object } = await school.object("anna");
  expect((await object.journal({})).items).toEqual([]);
  const files = await zipOf(await make({ course: "js" }));
  expect(rowsIn(files["people.csv"])).toMatchObject([
    { learner: "anna", enrolled_by_id: "evt-anna", messages: "1", left_at: "" },
    { learner: "ben", enrolled_by_id: "evt-ben", messages: "1" },
  ]);
  expect(rowsIn(files["events.csv"]).map(({ learner, what }) => `${learner} ${what}`)).toEqual([
    ...["anna enrolled", "ben enrolled", "ben unenrolled"],
  ]);
  expect((await school.ask("DELETE", "/v1/users/ben")).status).toBe(204);
  const after = await zipOf(await make({ course: "js" }));
  expect(rowsIn(after["people.csv"])).toMatchObject([{ learner: "anna" }]);
  expect(rowsIn(after["erased.csv"])).toHaveLength(1);
});

test("whose runs of an automation are kept no more is found all the same, where the school keeps evidence", async () => {
  const automation = await school.automation(welcome);
  await school.ask("PATCH", "/v1/school", { settings: { log_retention_days: 30, evidence_retention_years: 3 } });
  await school.event("course.enrolled", person("anna"), { course: "js" });
  await flushLog(school.id, "anna");
  await advance("P400D");
  await forget("anna");
  expect((await school.ask("GET", `/v1/runs?automation=${automation}`)).body.data).toEqual([]);
  const files = await zipOf(await make({ automation }));
  expect(rowsIn(files["runs.csv"])).toMatchObject([{ learner: "anna", automation, status: "completed" }]);
});

test("without that setting a pack says nothing of what the log keeps no longer", async () => {
  await school.automation(welcome);
  await school.event("course.enrolled", person("anna"), { course: "js" });
  await school.event("course.unenrolled", "anna", { course: "js" });
  await flushLog(school.id, "anna");
  await advance("P400D");
  await forget("anna");
  expect(rowsIn((await zipOf(await make({ course: "js" })))["people.csv"])).toEqual([]);
});

test("who is erased while a pack is being made is not in it", async () => {
  for (const user of ["anna", "ben"]) {
    await school.event("course.enrolled", person(user), { course: "js" });
    await flushLog(school.id, user);
  }
  const row = rowsOf("anna", Date.now(), { people: [["anna"]], events: [], messages: [], runs: [] });
  const job = await make({ course: "js" });
  expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
  // What was read before comes to be written after.
  await keepParts(env, school.id, job, { rows: row, erased: [] });
  expect(JSON.stringify(await zipOf(job))).not.toMatch(/anna/i);
});

test("of more learners than a page holds each is in it once", async () => {
  const ids = Array.from({ length: 130 }, (_, n) => `u${String(n).padStart(3, "0")}`);
  const events = ids.map((id) => ({ id: `e-${id}`, type: "course.enrolled", user: { id }, data: { course: "js" } }));
  await school.ask("POST", "/v1/events/batch", { events });
  for (const id of ids) await flushLog(school.id, id);
  const job = await make({ course: "js" });
  const { result, done } = (await school.ask("GET", `/v1/jobs/${job}`)).body;
  expect({ result, done }).toMatchObject({ result: { learners: 130 }, done: 130 });
  const files = await zipOf(job);
  expect(rowsIn(files["people.csv"]).map(({ learner }) => learner)).toEqual(ids);
});

describe("what is asked for wrongly is told", () => {
  const ask = (body: unknown) => school.ask("POST", "/v1/evidence", body);

  test("of none or several things, of a time ahead or turned round: 422; of what never was: 404", async () => {
    const to = await until();
    for (const wrong of [
      ...[
        { from, to },
        { course: "js", segment: "s", from, to },
        { course: "..", from, to },
        { course: "js", from: to, to: from },
      ],
      { course: "js", from, to: "2100-01-01T00:00:00Z" },
    ])
      expect((await ask(wrong)).status, JSON.stringify(wrong)).toBe(422);
    for (const none of [{ segment: "none" }, { automation: "aut_none" }])
      expect((await ask({ ...none, from, to })).status).toBe(404);
  });

  test("a pack is not read before it is made, nor one of another kind of job", async () => {
    const { body } = await ask({ course: "js", from, to: await until() });
    await env.DB.prepare("update jobs set status = 'queued' where school = ? and id = ?")
      .bind(school.id, body.job_id)
      .run();
    const early = await school.ask("GET", `/v1/evidence/${body.job_id}`);
    expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining("still being made")]);
    await env.DB.prepare("update jobs set kind = 'align' where school = ? and id = ?")
      .bind(school.id, body.job_id)
      .run();
    expect((await school.ask("GET", `/v1/evidence/${body.job_id}`)).status).toBe(404);
  });

  test("where no key is set a 503 says so, and nothing else is refused", async () => {
    const { EVIDENCE_KEY: _, ...without } = env as unknown as Record<string, unknown>;
    const app = createApp(routes);
    const options = { token: school.key, env: without as never };
    const answer = await call(app, "POST", "/v1/evidence", { course: "js", from, to: await until() }, options);
    expect([answer.status, answer.body.detail]).toEqual([503, expect.stringContaining("EVIDENCE_KEY")]);
    expect((await call(app, "GET", "/health", undefined, { env: without as never })).body.warnings).toEqual(
      expect.arrayContaining([expect.stringContaining("EVIDENCE_KEY")]),
    );
    expect((await call(app, "GET", "/v1/school", undefined, options)).status).toBe(200);
  });
});

test("another key signs what is read from then on, and the one before stays listed", async () => {
  const { default: worker } = await import("../../../index");
  await make({ course: "js" });
  const keysOf = async (of: unknown) =>
    (await call(worker, "GET", "/.well-known/schoolbell-keys.json", undefined, { env: of as never })).body.keys;
  const [first] = await keysOf(env);
  const rotated = { ...(env as object), EVIDENCE_KEY: btoa("another-key-of-thirty-two-bytes!") };
  const [now, ...before] = await keysOf(rotated);
  expect(now).toMatchObject({ kty: "OKP", crv: "Ed25519", current: true });
  expect(now.kid).not.toBe(first.kid);
  expect(before).toContainEqual({ ...first, current: false });
});

test("packs are listed with what they are about", async () => {
  const job = await make({ course: "js" });
  const { data } = (await school.ask("GET", "/v1/evidence")).body;
  expect(data).toMatchObject([{ job_id: job, about: { course: "js" }, status: "done", result: { learners: 0 } }]);
});
