import { beforeEach, expect, test, vi } from "vitest";
import { CLIENT, FakeLearnworlds } from "../../test/fakes/learnworlds";
import { onlyTo } from "../../test/fakes/only";
import { readAll } from "../../test/workers/changes";
import { consume, env, flushLog, liveSchool, setNow } from "../../test/workers/live";
import { forgetEverything } from "../base/cache";
import { schoolObject } from "../calls/reaching/stub";

const LMS = { type: "learnworlds", url: "https://school.acme.com", ...CLIENT };
const START = Date.UTC(2100, 0, 1);
const MINUTE_MS = 60_000;

const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });
let lms: FakeLearnworlds;

beforeEach(() => {
  forgetEverything();
  setNow(START);
  lms = new FakeLearnworlds({ now: () => Date.now() });
  lms.addProduct("course", "js", { title: "JavaScript 101", courseImage: "https://school.acme.com/js.png" });
  vi.spyOn(globalThis, "fetch").mockImplementation(onlyTo(LMS.url, (url, init) => lms.call(url, init)));
});

const enrol = (id: string) => (lms.users.get(id) ?? lms.addUser(id)).products.set("course js", 0);
const isThere = (id: string) => lms.users.get(id)?.products.has("course js") ?? false;
/** Time passes: an LMS that takes 30 requests in 10 s takes more. */
const pass = () => setNow(Date.now() + MINUTE_MS);
const work = async (): Promise<void> => {
  for (let rounds = 0; queues.actions.length && rounds < 100; rounds++) {
    const [first] = queues.actions.splice(0, 1);
    await consume(first?.kind === "job" ? "schoolbell-jobs" : "schoolbell-actions", [first]);
    pass();
  }
};
const jobOf = async (answer: { status: number; body: { job_id: string } }) => {
  expect(answer.status).toBe(202);
  await work();
  return (await school.ask("GET", `/v1/jobs/${answer.body.job_id}`)).body;
};
const here = async (id: string, type = "course.enrolled") => {
  await school.event(type, id, { course: "js" });
  await flushLog(school.id, id);
};

test("LearnWorlds' courses, people and enrolments are brought in", async () => {
  for (let n = 0; n < 70; n += 1) enrol(`learner-${n}`);
  for (const what of ["courses", "users", "enrolments"]) {
    expect(await jobOf(await school.ask("POST", "/v1/lms/sync", { what }))).toMatchObject({
      status: "done",
      errors: [],
      done: what === "courses" ? 1 : 70,
    });
  }
  expect((await school.ask("GET", "/v1/products/course/js")).body).toMatchObject({
    name: "JavaScript 101",
    image_url: "https://school.acme.com/js.png",
  });
  expect((await school.ask("GET", "/v1/users/learner-69")).body).toMatchObject({
    email: "learner-69@example.com",
    enrolments: [{ product: "js", sources: ["event"] }],
  });
  expect(lms.mistakes).toEqual([]);
});

test("what differs from LearnWorlds is mended both ways", async () => {
  lms.addUser("only-here");
  await here("only-here");
  await here("only-there", "course.unenrolled");
  for (let n = 0; n < 20; n += 1) {
    enrol(`both-${n}`);
    await here(`both-${n}`);
  }
  enrol("only-there");
  pass();
  const drift = async () => (await school.ask("GET", "/v1/lms/drift?course=js")).body.data[0];
  expect(await drift()).toMatchObject({ here: 21, there: 21, missing_here: 1, missing_there: 1, differing: 0 });
  // One of 21 is under a tenth: nobody has to confirm it.
  const ours = { course: "js", missing_here: "ours", missing_there: "ours" };
  expect(await jobOf(await school.ask("POST", "/v1/lms/reconcile", ours))).toMatchObject({ status: "done", count: 2 });
  expect([isThere("only-here"), isThere("only-there")]).toEqual([true, false]);
  const feed = await readAll(schoolObject(env, { id: school.id, epoch: 1 }));
  const told = feed.map(({ type, user, cause }) => [type, user, cause.type]);
  expect(told.toSorted()).toEqual([
    ["course.enrolled", "only-here", "reconcile"],
    ["course.unenrolled", "only-there", "reconcile"],
  ]);
  pass();
  expect(await drift()).toMatchObject({ missing_here: 0, missing_there: 0, people: [] });

  enrol("only-there");
  lms.users.get("only-here")?.products.clear();
  pass();
  const theirs = { course: "js", missing_here: "theirs", missing_there: "theirs" };
  expect(await jobOf(await school.ask("POST", "/v1/lms/reconcile", theirs))).toMatchObject({
    status: "done",
    count: 2,
  });
  expect((await school.ask("GET", "/v1/users/only-here")).body.enrolments).toEqual([]);
  expect((await school.ask("GET", "/v1/users/only-there")).body.enrolments).toHaveLength(1);
  expect(lms.mistakes).toEqual([]);
});
