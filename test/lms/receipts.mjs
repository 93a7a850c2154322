// What the answer to an event says of the LMS: under one that is fast, slow, dead for a while, or refuses for good.
import { setTimeout as sleep } from "node:timers/promises";
import { FakeMoodle, serve, TOKEN } from "./fakes.mjs";
import { liveSchool, until, withWorker } from "./scene.mjs";

const [COURSE, UNKNOWN] = ["7", "99"];
/** More than stop an automation, where its own steps fail. */
const USERS = 25;
const ids = Array.from({ length: USERS }, (_, n) => String(101 + n));
/** A slow one takes far longer than its caller waits. */
const [WAIT_S, SLOW_MS] = [1, 3_000];
/** A second try is made after 10 s, a third after 30 s more. */
const LATER_MS = 120_000;

export const receipts = () =>
  withWorker(async ({ client }) => {
    const faults = [];
    const figures = {};
    for (const [mood, test] of Object.entries({ fast, slow, dead, refusing })) {
      const scene = await sceneOf(client);
      const fail = (what) => faults.push(`${mood}: ${what}`);
      try {
        figures[mood] = await test(scene, fail);
        const { active, stopped_by: by } = await scene.school.call("GET", `/v1/automations/${scene.automation}`);
        if (!active || by) fail("the automation was stopped");
        for (const wrong of scene.lms.wrongs) fail(`no client may ask: ${wrong}`);
      } finally {
        await scene.close();
      }
    }
    return { figures, faults };
  });

/** A school with a Moodle, and an automation that changes two things which that knows, and one that it does not. */
async function sceneOf(client) {
  const lms = new FakeMoodle(Date.now);
  lms.state.addCourse({ id: Number(COURSE) });
  for (const id of ids) lms.state.addUser({ id: Number(id) });
  const mood = { before: async () => true, course: COURSE };
  const served = await serve(async (request) => ((await mood.before()) ? lms.handle(request) : null));
  const school = await liveSchool(client, { type: "moodle", url: served.base, token: TOKEN });
  const automate = async (course) => {
    const then = [
      { type: "course.enroll", courses: [course] },
      { type: "tags.add", tags: ["bought"] },
      { type: "message.user", body: "Welcome" },
    ];
    const when = [{ type: "custom", name: "bought" }];
    return (await school.call("POST", "/v1/automations", { name: "A", active: true, synchronous: true, when, then }))
      .id;
  };
  return {
    lms,
    mood,
    school,
    automate,
    automation: await automate(COURSE),
    /** The event of a user, its run and what its receipts say. Sent again, it is a copy. */
    async buy(id, waitS = 5) {
      const event = { id: `bought-${id}`, type: "custom.bought", user: { id } };
      const answer = await school.call("POST", "/v1/events", event, { prefer: `wait=${waitS}` });
      const [run] = answer.runs;
      const said = run.receipts.map(({ step_id, change, status }) => `${step_id} ${change} ${status}`).join(", ");
      return { said, run: run.id, receipts: run.receipts, duplicate: answer.duplicate };
    },
    close: () => served.close(),
  };
}

const saying = (enrolled, messaged = enrolled) =>
  `s1 course.enrolled ${enrolled}, s2 tag.added unsupported, s3 message.sent ${messaged}`;
const has = ({ state }, id) => ({
  course: state.courses.get(Number(COURSE)).enrolments.has(Number(id)),
  messages: state.messages.filter(({ to }) => to === Number(id)).length,
});

/** What is said to be done is there when the answer comes. */
async function fast({ lms, buy }, fail) {
  for (const id of ids) {
    const { said, receipts } = await buy(id);
    const { course, messages } = has(lms, id);
    if (said !== saying("done")) fail(said);
    if (!course || messages !== 1) fail("said to be done, and not there");
    if (!receipts.every(({ delivery_id: of }) => of?.startsWith("dlv_"))) fail("a receipt without its delivery");
  }
  const { said, duplicate } = await buy(ids[0]);
  if (!duplicate || said !== saying("done")) fail(`a copy says ${said}`);
  if (has(lms, ids[0]).messages !== 1) fail("a copy was told once more");
  return { answers: ids.length };
}

/** What takes longer than the caller waits goes on behind the answer, once. */
async function slow({ lms, mood, buy }, fail) {
  mood.before = () => sleep(SLOW_MS, true);
  const few = ids.slice(0, 5);
  const answers = await Promise.all(few.map((id) => buy(id, WAIT_S)));
  for (const { said } of answers) if (said !== saying("late")) fail(said);
  await allDone(few, buy, fail);
  for (const id of few) if (has(lms, id).messages !== 1) fail(`${has(lms, id).messages} messages`);
  return { answers: few.length };
}

/** What finds nobody comes later, once there is somebody; nothing of it stops the automation. */
async function dead({ lms, mood, buy }, fail) {
  mood.before = async () => false;
  for (const id of ids) {
    const { said } = await buy(id, WAIT_S);
    if (said !== saying("late")) fail(said);
  }
  mood.before = async () => true;
  await allDone(ids, buy, fail);
  for (const id of ids) {
    const { course, messages } = has(lms, id);
    if (!course || messages !== 1) fail("said to be done, and not there, or twice");
  }
  return { answers: ids.length };
}

async function allDone(users, buy, fail) {
  const left = new Map(users.map((id) => [id, ""]));
  await until(async () => {
    for (const id of left.keys()) {
      const { said, duplicate } = await buy(id, 0);
      if (!duplicate) fail("the event was not known any more");
      if (said === saying("done")) left.delete(id);
      else left.set(id, said);
    }
    return left.size === 0;
  }, LATER_MS);
  for (const said of left.values()) fail(`still ${said}`);
}

/** What is refused for good is said at once and noted in its step; what comes after it is told. */
async function refusing(scene, fail) {
  const { lms, school, buy } = scene;
  await school.call("PATCH", `/v1/automations/${scene.automation}`, { active: false });
  scene.automation = await scene.automate(UNKNOWN);
  for (const id of ids) {
    const { said } = await buy(id);
    if (said !== saying("failed", "done")) fail(said);
    if (has(lms, id).messages !== 1) fail("what came after it was not told");
  }
  const { run } = await buy(ids[0]);
  const { data } = await school.call("GET", `/v1/runs?user=${ids[0]}`);
  const { status, steps } = data.find(({ id }) => id === run);
  const [noted] = steps[0].detail?.lms ?? [];
  if (status !== "completed") fail(`the run is ${status}`);
  if (noted?.status !== "failed" || !noted.error?.includes(UNKNOWN))
    fail(`noted is ${JSON.stringify(steps[0].detail)}`);
  return { answers: ids.length, noted: noted?.error };
}
