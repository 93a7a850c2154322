import { beforeEach, describe, expect, test, vi } from "vitest";
import { FakeMoodle, STUDENT, TOKEN } from "../../test/fakes/moodle";
import { onlyTo } from "../../test/fakes/only";
import { readAll } from "../../test/workers/changes";
import { consume, env, flushLog, liveSchool, makeSchool, setNow, type TestSchool } from "../../test/workers/live";
import { forgetEverything } from "../base/cache";
import { schoolObject } from "../calls/reaching/stub";

const LMS = { type: "moodle", url: "https://moodle.acme.com", token: TOKEN };
const COURSE = 7;
/** Ahead of the runtime's own clock, by which alarms ring by themselves. */
const START = Date.UTC(2100, 0, 1);
const MINUTE_MS = 60_000;

const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });
let moodle: FakeMoodle;

/** The network itself is the only thing that is stood in for. */
beforeEach(() => {
  forgetEverything();
  moodle = new FakeMoodle(() => Date.now());
  moodle.state.addCourse({ id: COURSE, fullname: "Databases" });
  // Real time goes on by itself; what the LMS says is older than nothing that happens here later.
  setNow(START);
  vi.spyOn(globalThis, "fetch").mockImplementation(onlyTo(LMS.url, (url, init) => moodle.fetch(url, init)));
});

const enrol = (id: number, more: { suspended?: boolean; roleid?: number; timeend?: number } = {}, course = COURSE) => {
  if (!moodle.state.users.has(id)) moodle.state.addUser({ id });
  const enrolment = { roleid: STUDENT, timestart: 0, timeend: 0, suspended: false, ...more };
  moodle.state.courses.get(course)?.enrolments.set(id, enrolment);
};
const isThere = (id: number) => moodle.state.courses.get(COURSE)?.enrolments.get(id) ?? null;

const work = async (): Promise<void> => {
  for (let rounds = 0; queues.actions.length && rounds < 200; rounds++) {
    const [first] = queues.actions.splice(0, 1);
    await consume(first?.kind === "job" ? "schoolbell-jobs" : "schoolbell-actions", [first]);
  }
};
/** Time passes, so that what happened before is older than what is read next. */
const pass = () => setNow(Date.now() + MINUTE_MS);

const jobOf = async (answer: { status: number; body: { job_id: string } }, of: TestSchool = school) => {
  expect(answer.status).toBe(202);
  await work();
  return (await of.ask("GET", `/v1/jobs/${answer.body.job_id}`)).body;
};
/** Told by the LMS itself. */
const here = async (id: number, data: Record<string, unknown> = {}, type = "course.enrolled") => {
  await school.event(type, String(id), { course: String(COURSE), ...data });
  await flushLog(school.id, String(id));
};
const enrolmentHere = async (id: number, of: TestSchool = school) => {
  const { status, body } = await of.ask("GET", `/v1/users/${id}`);
  return status === 200 ? (body.enrolments[0] ?? null) : "nobody";
};
const drift = async (of: TestSchool = school) => (await of.ask("GET", `/v1/lms/drift?course=${COURSE}`)).body.data[0];
const reconcile = (body: Record<string, unknown>, of: TestSchool = school) =>
  of.ask("POST", "/v1/lms/reconcile", { course: String(COURSE), ...body });
const changes = async (of: TestSchool = school) =>
  (await readAll(schoolObject(env, { id: of.id, epoch: 1 }))).map(({ type, user, cause }) => [type, user, cause.type]);

test("a segment that nobody there knows becomes a cohort by the name that it has here", async () => {
  moodle.state.addUser({ id: 41 });
  await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales people" });
  await school.event("user.signed_up", "41");
  await school.ask("PUT", "/v1/segments/sales/members/41");
  await work();
  expect([...moodle.state.cohorts.values()]).toMatchObject([
    { idnumber: "sales", name: "Sales people", members: new Set([41]) },
  ]);
});

describe("lms/sync", () => {
  test("learns what courses and groups are called, as the LMS says", async () => {
    moodle.state.groups.set(9, { id: 9, courseid: COURSE, name: "Evening", idnumber: "", members: new Set() });
    expect(await jobOf(await school.ask("POST", "/v1/lms/sync", { what: "courses" }))).toMatchObject({
      kind: "lms_sync",
      status: "done",
      done: 1,
      errors: [],
    });
    await jobOf(await school.ask("POST", "/v1/lms/sync", { what: "groups" }));
    expect((await school.ask("GET", "/v1/products/course/7")).body).toMatchObject({
      name: "Databases",
      told: { name: "lms" },
    });
    expect((await school.ask("GET", "/v1/products/group/9")).body).toMatchObject({ name: "Evening", parent: "7" });
  });

  test("makes users of people, all pages of them, in quiet, and tells the LMS nothing", async () => {
    await school.automation({ when: [{ type: "user.signed_up" }], then: [{ type: "tags.add", tags: ["x"] }] });
    for (let id = 1_000; id < 1_250; id += 1) moodle.state.addUser({ id });
    const job = await jobOf(await school.ask("POST", "/v1/lms/sync", { what: "users" }));
    expect(job).toMatchObject({ status: "done", done: 252 });
    const { body } = await school.ask("GET", "/v1/users/1249");
    expect(body).toMatchObject({ email: "learner1249@school.example.com", username: "Learner No1249", tags: [] });
    expect((await school.ask("GET", "/v1/users?q=learner1100")).body.data).toHaveLength(1);
    expect(await changes()).toEqual([]);
  });

  test("enrols who is in a course there and not here; who is here otherwise, or suspended there, stays", async () => {
    moodle.state.addCourse({ id: 8, fullname: "Empty" });
    await here(41, { role: "tutor" });
    enrol(40);
    enrol(41);
    enrol(42, { suspended: true });
    enrol(43, { roleid: 4 });
    await jobOf(await school.ask("POST", "/v1/lms/sync", { what: "enrolments" }));
    expect(await enrolmentHere(40)).toMatchObject({ product: "7", role: "student", sources: ["event"] });
    expect(await enrolmentHere(41)).toMatchObject({ role: "tutor" });
    expect(await enrolmentHere(42)).toBe("nobody");
    expect(await enrolmentHere(43)).toMatchObject({ role: "4" });
    expect(await changes()).toEqual([]);
  });

  test("stops with the LMS's own words where it is not let in, and goes on where it was only busy", async () => {
    moodle.trouble = { refuseEvery: 1 };
    const answer = await school.ask("POST", "/v1/lms/sync", { what: "courses" });
    await consume("schoolbell-jobs", queues.actions.splice(0));
    expect((await school.ask("GET", `/v1/jobs/${answer.body.job_id}`)).body).toMatchObject({
      status: "running",
      done: 0,
    });
    moodle.trouble = {};
    expect(await jobOf(answer)).toMatchObject({ status: "done", done: 1 });
    moodle.state.tokens.clear();
    const failed = await jobOf(await school.ask("POST", "/v1/lms/sync", { what: "courses" }));
    expect(failed).toMatchObject({
      status: "failed",
      errors: [{ message: expect.stringMatching(/^Moodle: .*token/) }],
    });
  });

  test("ends in words where the LMS is taken away meanwhile", async () => {
    const answer = await school.ask("POST", "/v1/lms/sync", { what: "courses" });
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: null } } });
    expect(await jobOf(answer)).toMatchObject({
      status: "failed",
      errors: [{ message: expect.stringMatching(/no LMS is connected/) }],
    });
  });

  test.each([{}, { connectors: { lms: { type: "webhook", url: "https://lms.acme.com/hook" } } }])(
    "is refused in words where there is no LMS to read: %j",
    async (settings) => {
      const other = await makeSchool("live", settings);
      for (const [path, body] of [
        ["/v1/lms/sync", { what: "courses" }],
        ["/v1/lms/reconcile", { dry_run: true }],
      ] as const)
        expect(await other.ask("POST", path, body)).toMatchObject({
          status: 409,
          body: { detail: expect.stringMatching(/Moodle or LearnWorlds/) },
        });
      expect((await other.ask("GET", "/v1/lms/drift")).status).toBe(409);
    },
  );
});

/** Somebody of every kind. */
async function apart() {
  moodle.state.addUser({ id: 41 });
  await here(40); // both
  await here(41); // here alone
  await here(42); // suspended there
  await here(43, { role: "4" }); // another role there
  await here(44, {}, "course.unenrolled"); // known, there alone
  enrol(40);
  enrol(42, { suspended: true });
  enrol(43);
  enrol(44);
  enrol(45); // nobody here
  enrol(46, { suspended: true }); // nobody here, and none there to speak of
  pass();
}

describe("drift", () => {
  test("of a course says who differs, and how", async () => {
    await apart();
    expect(await drift()).toMatchObject({
      course: "7",
      here: 4,
      there: 4,
      missing_here: 1,
      missing_there: 1,
      differing: 2,
      unknown: 1,
      on_its_way: 0,
      problem: null,
      people: [
        { user: "43", kind: "differing", what: ["role"], here: { role: "4" }, there: { role: "student" } },
        { user: "44", kind: "missing_here", here: null, there: { role: "student", suspended: false } },
        { user: "45", kind: "unknown" },
        { user: "42", kind: "differing", what: ["suspended"] },
        { user: "41", kind: "missing_there", here: { role: "student", suspended: false }, there: null },
      ],
    });
  });

  test("of a course names who gave what is here, by each source; of what is not here nobody", async () => {
    const go = { when: [{ type: "custom", name: "go" }], then: [{ type: "course.enroll", courses: ["7"] }] };
    await school.automation({ ...go, synchronous: true });
    for (const id of [41, 42]) moodle.state.addUser({ id });
    await school.event("course.enrolled", "41", { course: "7" }, "e1");
    const { runs } = await school.event("custom.go", "42");
    await school.event("user.signed_up", "44");
    enrol(44);
    await work();
    moodle.state.courses.get(COURSE)?.enrolments.delete(42);
    await flushLog(school.id, "41", "42", "44");
    pass();
    const at = new Date(START).toISOString();
    const people: { user: string; givers: unknown }[] = (await drift()).people;
    expect(Object.fromEntries(people.map(({ user, givers }) => [user, givers]))).toEqual({
      41: [{ source: "event", by: "event", id: "e1", at }],
      42: [{ source: "run", by: "run", id: runs[0].id, at }],
      44: [],
    });
    const preview = await reconcile({ missing_there: "theirs", dry_run: true });
    expect(preview.body.people).toEqual(people);
  });

  test("is none where a change has yet to reach the LMS, or came after it was read", async () => {
    await school.automation({
      when: [{ type: "custom", name: "go" }],
      then: [{ type: "course.enroll", courses: ["7"] }],
    });
    moodle.state.addUser({ id: 40 });
    await school.event("custom.go", "40");
    await work();
    // It has arrived; that it did is newer than what is read now.
    moodle.state.courses.get(COURSE)?.enrolments.clear();
    await flushLog(school.id, "40");
    expect(await drift()).toMatchObject({ missing_there: 0, on_its_way: 1 });
    pass();
    expect(await drift()).toMatchObject({ missing_there: 1, on_its_way: 0 });
    moodle.trouble = { refuseEvery: 1 };
    await school.event("course.unenrolled", "40", { course: "7" });
    await school.event("custom.go", "40");
    await work();
    moodle.trouble = {};
    pass();
    await flushLog(school.id, "40");
    expect(await drift()).toMatchObject({ missing_there: 0, on_its_way: 1 });
  });

  test("of all courses is kept by a job: those of the LMS, and those that we alone have", async () => {
    await apart();
    moodle.state.addCourse({ id: 8, fullname: "Quiet" });
    await school.event("course.enrolled", "40", { course: "gone" });
    await flushLog(school.id, "40");
    pass();
    await jobOf(await school.ask("POST", "/v1/lms/sync", { what: "courses" }));
    const job = await jobOf(await school.ask("POST", "/v1/lms/reconcile", { dry_run: true }));
    expect(job).toMatchObject({ kind: "lms_reconcile", status: "done", count: 5 });
    expect(job.users.toSorted()).toEqual(["41", "42", "43", "44", "45"]);
    expect(job.errors).toEqual([{ message: expect.stringMatching(/^gone: Moodle: .*neither the number/) }]);
    const rows = (await school.ask("GET", "/v1/lms/drift")).body.data;
    expect(rows).toMatchObject([
      { course: "7", name: "Databases", missing_here: 1, missing_there: 1, differing: 2, unknown: 1 },
      { course: "8", name: "Quiet", here: 0, there: 0, missing_here: 0 },
      { course: "gone", here: 1, problem: expect.stringMatching(/neither/) },
    ]);
    const differing = (await school.ask("GET", "/v1/lms/drift?differs=true&limit=1")).body;
    expect(differing).toMatchObject({ data: [{ course: "7" }], next_cursor: null });
    const first = (await school.ask("GET", "/v1/lms/drift?limit=1")).body;
    expect((await school.ask("GET", `/v1/lms/drift?cursor=${first.next_cursor}`)).body.data).toHaveLength(2);
  });

  test("of a small school is answered at once where nothing was ever compared", async () => {
    await apart();
    expect((await school.ask("GET", "/v1/lms/drift")).body.data).toMatchObject([{ course: "7", missing_there: 1 }]);
  });

  test("is a problem in words where the LMS fails", async () => {
    moodle.state.tokens.clear();
    expect(await school.ask("GET", "/v1/lms/drift?course=7")).toMatchObject({
      status: 502,
      body: { type: "https://schoolbell.dev/problems/lms_failed", detail: expect.stringMatching(/^Moodle: /) },
    });
  });
});

const ALL_THEIRS = { missing_here: "theirs", missing_there: "theirs", differing: "theirs", unknown: "theirs" };
const ALL_OURS = { missing_here: "ours", missing_there: "ours", differing: "ours" };

describe("reconcile", () => {
  test("by their word makes us as the LMS is, in quiet, and tells it nothing", async () => {
    await apart();
    for (const type of ["course.enrolled", "course.unenrolled", "course.suspended"])
      await school.automation({ when: [{ type }], then: [{ type: "tags.add", tags: ["ran"] }] });
    await work();
    const job = await jobOf(await reconcile(ALL_THEIRS));
    expect(job).toMatchObject({ status: "done", count: 5, errors: [] });
    expect(await enrolmentHere(41)).toBeNull();
    expect(await enrolmentHere(42)).toMatchObject({ suspended: true });
    expect(await enrolmentHere(43)).toMatchObject({ role: "student" });
    expect(await enrolmentHere(44)).toMatchObject({ role: "student" });
    expect(await enrolmentHere(45)).toMatchObject({ role: "student" });
    expect(await enrolmentHere(46)).toBe("nobody");
    for (const id of [41, 42, 44, 45]) expect((await school.ask("GET", `/v1/users/${id}`)).body.tags).toEqual([]);
    await flushLog(school.id, "41", "42", "43", "44", "45");
    expect(await changes()).toEqual([]);
    pass();
    expect(await drift()).toMatchObject({ missing_here: 0, missing_there: 0, differing: 0, unknown: 0, people: [] });
  });

  test("by our word tells the LMS what we have, as reconcile, and changes nothing here", async () => {
    await apart();
    // For Moodle to take role 4.
    moodle.state.assignable.add(4);
    const before = await Promise.all([41, 42, 43, 44].map((id) => enrolmentHere(id)));
    expect(await reconcile({ ...ALL_OURS, dry_run: true })).toMatchObject({
      status: 200,
      body: { would_change_here: 0, would_change_there: 4, confirm: 1 },
    });
    const job = await jobOf(await reconcile({ ...ALL_OURS, confirm: 1 }));
    expect(job).toMatchObject({ status: "done", count: 4, errors: [] });
    expect(isThere(41)).toMatchObject({ suspended: false });
    expect(isThere(42)).toMatchObject({ suspended: false });
    expect(isThere(43)).toMatchObject({ roleid: 4 });
    expect(isThere(44)).toBeNull();
    expect(isThere(45)).not.toBeNull();
    expect(await Promise.all([41, 42, 43, 44].map((id) => enrolmentHere(id)))).toEqual(before);
    expect((await changes()).toSorted()).toEqual([
      ["course.enrolled", "41", "reconcile"],
      ["course.enrolled", "43", "reconcile"],
      ["course.resumed", "42", "reconcile"],
      ["course.unenrolled", "44", "reconcile"],
    ]);
    pass();
    expect(await drift()).toMatchObject({ missing_here: 0, missing_there: 0, differing: 0, unknown: 1 });
    expect(moodle.wrongs).toEqual([]);
    const { results } = await env.DB.prepare("select what, subject from audit where school = ? and what like 'lms.%'")
      .bind(school.id)
      .all();
    expect(results).toEqual([{ what: "lms.reconciled", subject: "7" }]);
  });

  test("un-enrols over a tenth of a course there only when it is told how many", async () => {
    for (let id = 40; id < 60; id += 1) {
      enrol(id);
      await here(id, {}, id < 43 ? "course.unenrolled" : "course.enrolled");
    }
    pass();
    const refused = await reconcile({ missing_here: "ours" });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/un-enrol 3 of 20.*"confirm": 3/) },
    });
    expect((await reconcile({ missing_here: "ours", confirm: 2 })).status).toBe(409);
    // A job over all courses passes it over, and says why.
    const all = await jobOf(await school.ask("POST", "/v1/lms/reconcile", { missing_here: "ours" }));
    expect(all.errors).toEqual([{ message: expect.stringMatching(/^7: It would un-enrol 3 of 20/) }]);
    expect(await changes()).toEqual([]);
    await jobOf(await reconcile({ missing_here: "ours", confirm: 3 }));
    expect([isThere(40), isThere(41), isThere(42)]).toEqual([null, null, null]);
    expect(moodle.state.courses.get(COURSE)?.enrolments.size).toBe(17);
  });

  test("changes nothing by an empty answer of the LMS", async () => {
    await here(40);
    await here(41);
    pass();
    for (const missing_there of ["theirs", "ours"]) {
      expect(await reconcile({ missing_there })).toMatchObject({
        status: 409,
        body: { detail: expect.stringMatching(/named nobody/) },
      });
      const job = await jobOf(await school.ask("POST", "/v1/lms/reconcile", { missing_there }));
      expect(job.errors).toEqual([{ message: expect.stringMatching(/^7: The LMS named nobody/) }]);
    }
    expect(await enrolmentHere(40)).toMatchObject({ role: "student" });
    expect([isThere(40), await changes()]).toEqual([null, []]);
  });

  test("changes nothing by an answer that is cut off", async () => {
    await here(40);
    for (let id = 500; id < 750; id += 1) enrol(id);
    pass();
    let pages = 0;
    vi.mocked(globalThis.fetch).mockImplementation(async (url, init) => {
      const answer = await moodle.fetch(String(url), init as RequestInit);
      const isPeople = String(init?.body).includes("core_enrol_get_enrolled_users");
      if (!isPeople || ++pages < 3) return answer;
      return new Response((await answer.text()).slice(0, -9), { headers: answer.headers });
    });
    expect((await reconcile({ missing_there: "theirs" })).status).toBe(502);
    const all = await school.ask("POST", "/v1/lms/reconcile", { missing_there: "theirs" });
    for (let rounds = 0; rounds < 30; rounds++) await consume("schoolbell-jobs", queues.actions.splice(0));
    expect((await school.ask("GET", `/v1/jobs/${all.body.job_id}`)).body).toMatchObject({ status: "failed" });
    expect(await enrolmentHere(40)).toMatchObject({ role: "student" });
  });

  test("goes over a large course by a job, page by page", async () => {
    for (let id = 1_000; id < 1_620; id += 1) enrol(id);
    await here(40);
    pass();
    expect((await school.ask("GET", `/v1/lms/drift?course=${COURSE}`)).status).toBe(409);
    const job = await jobOf(await reconcile({ ...ALL_THEIRS, unknown: undefined }));
    expect(job).toMatchObject({ status: "done", done: 621, count: 1 });
    expect(await enrolmentHere(40)).toBeNull();
    const row = await drift();
    expect(row.people).toBeUndefined();
    expect(row).toMatchObject({ there: 620, unknown: 620, missing_there: 0 });
  });

  test("of who left the LMS's list while it was read believes it only when it is read again", async () => {
    for (let id = 1_000; id < 1_250; id += 1) {
      enrol(id);
      await school.event("course.enrolled", String(id), { course: "7" });
    }
    await flushLog(school.id, ...Array.from({ length: 250 }, (_, n) => String(1_000 + n)));
    pass();
    let pages = 0;
    const answer = await school.ask("POST", "/v1/lms/reconcile", { missing_there: "theirs" });
    vi.mocked(globalThis.fetch).mockImplementation(async (url, init) => {
      const isPeople = String(init?.body).includes("core_enrol_get_enrolled_users");
      // Who stood on the first page goes: what follows moves up, and one is on no page.
      if (isPeople && ++pages === 2) moodle.state.courses.get(COURSE)?.enrolments.delete(1_000);
      return moodle.fetch(String(url), init as RequestInit);
    });
    const job = await jobOf(answer);
    expect(job).toMatchObject({ status: "done", count: 0 });
    expect(await enrolmentHere(1_100)).toMatchObject({ role: "student" });
  });

  test("of an LMS that names nobody when it is asked again believes nothing", async () => {
    await here(40);
    enrol(41);
    pass();
    const answer = await reconcile({ missing_there: "theirs" });
    let pages = 0;
    vi.mocked(globalThis.fetch).mockImplementation((url, init) => {
      const isPeople = String(init?.body).includes("core_enrol_get_enrolled_users");
      // Three pages are one reading: who is active, none more, nobody suspended.
      if (isPeople && ++pages === 4) moodle.state.courses.get(COURSE)?.enrolments.clear();
      return moodle.fetch(String(url), init as RequestInit);
    });
    expect(await jobOf(answer)).toMatchObject({ errors: [{ message: expect.stringMatching(/named nobody/) }] });
    expect(await enrolmentHere(40)).toMatchObject({ role: "student" });
  });

  test.each([
    [{}, ""],
    [{ missing_here: "mine" }, "/missing_here"],
    [{ unknown: "ours" }, "/unknown"],
    [{ course: undefined, missing_here: "ours", confirm: 3 }, "/confirm"],
  ])("refuses %j, and says where", async (body, path) => {
    expect(await reconcile(body)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });
});

test("a test school writes to no LMS, not by a reconcile either", async () => {
  const other = await makeSchool("test", { connectors: { lms: LMS } });
  await other.event("course.enrolled", "41", { course: "7" });
  await other.event("course.unenrolled", "44", { course: "7" });
  enrol(44);
  for (let id = 50; id < 70; id += 1) enrol(id);
  expect(await drift(other)).toMatchObject({ missing_here: 1, missing_there: 1, unknown: 20 });
  moodle.calls.length = 0;
  await jobOf(await reconcile(ALL_OURS, other), other);
  expect(moodle.called.filter((name) => name.startsWith("enrol_"))).toEqual([]);
  expect([isThere(41), isThere(44) !== null]).toEqual([null, true]);
  const { data } = (await other.ask("GET", "/v1/deliveries?channel=lms")).body;
  expect(
    data.map(({ status, content }: { status: string; content: { type: string } }) => [content.type, status]),
  ).toEqual(
    expect.arrayContaining([
      ["course.enrolled", "captured"],
      ["course.unenrolled", "captured"],
    ]),
  );
  await jobOf(await reconcile({ ...ALL_THEIRS, unknown: undefined }, other), other);
  expect(await enrolmentHere(41, other)).toBeNull();
  expect(await enrolmentHere(44, other)).toMatchObject({ role: "student" });
});

describe("what Moodle tells in its webhooks and does not say whole", () => {
  const told = async (name: string, more: Record<string, unknown>) => {
    const { hook_key } = (await school.ask("GET", "/v1/school")).body;
    const timecreated = Math.floor(Date.now() / 1_000);
    const body = { eventname: `\\core\\event\\${name}`, userid: "2", courseid: COURSE, timecreated, ...more };
    expect((await school.ask("POST", `/hooks/moodle/${hook_key}`, body)).status).toBe(200);
    await work();
    pass();
  };

  test("an enrolment that is another now: Moodle is asked whether it is suspended", async () => {
    await here(40);
    enrol(40, { suspended: true });
    await told("user_enrolment_updated", { relateduserid: "40" });
    expect(await enrolmentHere(40)).toMatchObject({ suspended: true });
    enrol(40);
    await told("user_enrolment_updated", { relateduserid: "40" });
    expect(await enrolmentHere(40)).not.toHaveProperty("suspended");
    expect(await changes()).toEqual([]);
  });

  test("is counted where Moodle cannot be asked", async () => {
    await here(40);
    moodle.state.tokens.clear();
    await told("user_enrolment_updated", { relateduserid: "40" });
    expect((await school.ask("GET", "/v1/unmapped")).body.data).toMatchObject([
      { format: "moodle", name: "\\core\\event\\user_enrolment_updated" },
    ]);
  });

  test("a group or cohort that is gone: whoever was in it leaves, and the LMS is told of no group", async () => {
    await school.ask("POST", "/v1/segments", { id: "31", name: "Cohort" });
    for (const user of ["40", "41"]) {
      await school.event("group.joined", user, { group: "9" });
      await school.ask("PUT", `/v1/segments/31/members/${user}`);
      await flushLog(school.id, user);
    }
    await told("group_deleted", { objectid: 9 });
    await told("cohort_deleted", { objectid: 31 });
    for (const user of ["40", "41"])
      expect((await school.ask("GET", `/v1/users/${user}`)).body).toMatchObject({ groups: [], segments: [] });
    await flushLog(school.id, "40", "41");
    const types = (await changes()).map(([type]) => type);
    expect([types.includes("segment.left"), types.includes("group.left")]).toEqual([true, false]);
  });
});
