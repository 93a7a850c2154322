// An undo reaches the LMS: what runs gave there goes, what others gave too stays, whatever the LMS did meanwhile.
import { FakeMoodle, serve, TOKEN } from "./fakes.mjs";
import { liveSchool, until, withWorker } from "./scene.mjs";

const COURSE = "7";
const GROUP = `${COURSE}:Newcomers`;
const ids = Array.from({ length: 12 }, (_, n) => String(101 + n));
/** The LMS itself enrolled every third before. */
const isTheirs = (id) => Number(id) % 3 === 0;
/** A second try is made after 10 s, a third after 30 s more. */
const LATER_MS = 120_000;

export const undo = () =>
  withWorker(async ({ client }) => {
    const faults = [];
    const lms = new FakeMoodle(Date.now);
    lms.state.addCourse({ id: Number(COURSE) });
    for (const id of ids) lms.state.addUser({ id: Number(id) });
    let isUp = true;
    const served = await serve(async (request) => (isUp ? lms.handle(request) : null));
    try {
      const school = await liveSchool(client, { type: "moodle", url: served.base, token: TOKEN });
      const since = new Date().toISOString();
      for (const id of ids.filter(isTheirs)) {
        lms.state.courses.get(Number(COURSE)).enrolments.set(Number(id), enrolment());
        await school.event("course.enrolled", id, { course: COURSE });
      }
      const { id: automation } = await school.call("POST", "/v1/automations", {
        name: "A",
        active: true,
        synchronous: true,
        when: [{ type: "custom", name: "bought" }],
        then: [
          { type: "course.enroll", courses: [COURSE] },
          { type: "group.add", groups: [GROUP] },
        ],
      });
      const runs = [];
      for (const id of ids) runs.push((await school.event("custom.bought", id)).runs[0].id);
      if (!(await until(() => ids.every((id) => isIn(lms, id) && isGrouped(lms, id)), LATER_MS)))
        faults.push("it did not reach the LMS that they are in");

      // One by itself, the rest as the automation's, while the LMS is not there: it is told once it is.
      isUp = false;
      await done(school, await school.call("POST", `/v1/runs/${runs[0]}/undo`));
      const path = `/v1/automations/${automation}/undo`;
      const { result } = await done(school, await school.call("POST", path, { since }));
      if (result.users !== ids.length) faults.push(`it was undone of ${result.users}`);
      isUp = true;
      const stands = () => ids.every((id) => isIn(lms, id) === isTheirs(id) && !isGrouped(lms, id));
      if (!(await until(stands, LATER_MS)))
        faults.push(
          `the LMS has ${ids.filter((id) => isIn(lms, id))}, and in the group ${ids.filter((id) => isGrouped(lms, id))}`,
        );
      for (const id of ids) {
        const { enrolments, groups } = await school.call("GET", `/v1/users/${id}`);
        if (enrolments.length > 0 !== isTheirs(id) || groups.length) faults.push(`${id} is otherwise here`);
      }
      for (const wrong of lms.wrongs) faults.push(`no client may ask: ${wrong}`);
      return { figures: { learners: ids.length, taken: result.takes }, faults };
    } finally {
      await served.close();
    }
  });

const enrolment = () => ({ roleid: 5, timestart: 0, timeend: 0, suspended: false });
const isIn = ({ state }, id) => state.courses.get(Number(COURSE)).enrolments.has(Number(id));
const isGrouped = ({ state }, id) => [...state.groups.values()].some(({ members }) => members.has(Number(id)));

async function done(school, { job_id: id }) {
  let job;
  const isDone = async () => {
    job = await school.call("GET", `/v1/jobs/${id}`);
    return !["queued", "running"].includes(job.status);
  };
  await until(isDone, LATER_MS);
  if (job.status !== "done") throw new Error(`the job is ${JSON.stringify(job)}`);
  return job;
}
