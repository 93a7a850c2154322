// What we hold and what an LMS has drift apart; it is found, and mended to either side, beside each LMS that can be read.
import { CLIENT, FakeLearnworlds, FakeMoodle, serve, TOKEN } from "./fakes.mjs";
import { feedOf, liveSchool, sendAll, until, withWorker } from "./scene.mjs";

/** Enrolled here and there, but for those who are on one side alone. */
const USERS = 20;
const MENDED_MS = 60_000;
/** Each look reads the LMS, which lets only so much through. */
const LOOK_MS = 3_000;
const THEIRS = { missing_here: "theirs", missing_there: "theirs", differing: "theirs", unknown: "theirs" };
const OURS = { missing_here: "ours", missing_there: "ours", differing: "ours" };

export const drift = () =>
  withWorker(async ({ client }) => {
    const faults = [];
    const figures = {};
    for (const [name, make] of Object.entries({ moodle, learnworlds })) {
      const lms = make();
      const served = await serve(lms.handle);
      try {
        const school = await liveSchool(client, { ...lms.settings, url: served.base });
        figures[name] = await mend(school, lms, (fault) => faults.push(`${name}: ${fault}`));
        for (const wrong of lms.wrongs()) faults.push(`${name}: no client may ask: ${wrong}`);
      } finally {
        await served.close();
      }
    }
    return { figures, faults };
  });

/** A Moodle as `mend` knows an LMS: `has` names who is in the course, `put` and `take` change that behind our back. */
function moodle() {
  const fake = new FakeMoodle(Date.now);
  const { enrolments } = fake.state.addCourse({ id: 7, fullname: "Databases" });
  const ids = Array.from({ length: USERS + 5 }, (_, n) => String(1_001 + n));
  for (const id of ids) fake.state.addUser({ id: Number(id) });
  return {
    settings: { type: "moodle", token: TOKEN },
    handle: (request) => fake.handle(request),
    course: "7",
    name: "Databases",
    ids,
    has: (id) => enrolments.has(Number(id)),
    put: (id) => enrolments.set(Number(id), { roleid: 5, timestart: 0, timeend: 0, suspended: false }),
    take: (id) => enrolments.delete(Number(id)),
    writes: () => fake.called.filter((called) => called.startsWith("enrol_")).length,
    wrongs: () => fake.wrongs,
  };
}

function learnworlds() {
  const fake = new FakeLearnworlds({ now: Date.now });
  fake.addProduct("course", "js-101", { title: "Databases" });
  const ids = Array.from({ length: USERS + 5 }, (_, n) => (0xa0 + n).toString(16).padStart(24, "0"));
  for (const id of ids) fake.addUser(id);
  const productsOf = (id) => fake.users.get(id).products;
  return {
    settings: { type: "learnworlds", ...CLIENT },
    handle: (request) => fake.fetch(request),
    course: "js-101",
    name: "Databases",
    ids,
    has: (id) => productsOf(id).has("course js-101"),
    put: (id) => productsOf(id).set("course js-101", 0),
    take: (id) => productsOf(id).delete("course js-101"),
    writes: () => fake.requests.filter(({ path }) => path.endsWith("/enrollment")).length,
    wrongs: () => fake.mistakes,
  };
}

async function mend(school, lms, fail) {
  const job = async (path, body) => {
    const { job_id: id } = await school.call("POST", path, body);
    let found = {};
    await until(async () => {
      found = await school.call("GET", `/v1/jobs/${id}`);
      return found.status === "done" || found.status === "failed";
    }, MENDED_MS);
    if (found.status !== "done" || found.errors?.length)
      fail(`${path} ${JSON.stringify(body)}: ${JSON.stringify(found)}`);
    return found;
  };
  const driftNow = async () => (await school.call("GET", `/v1/lms/drift?course=${lms.course}`)).data[0];
  /** What was changed just before a look is not counted by it: it is looked again. */
  const differs = async (wanted) => {
    let seen;
    const found = await until(
      async () => {
        seen = await driftNow();
        return Object.entries(wanted).every(([kind, count]) => seen?.[kind] === count);
      },
      MENDED_MS,
      LOOK_MS,
    );
    if (!found) fail(`drift is ${JSON.stringify(seen)} in the place of ${JSON.stringify(wanted)}`);
  };
  const enrolledHere = async (id) => {
    const { enrolments } = await school.call("GET", `/v1/users/${id}`);
    return enrolments.some(({ product }) => product === lms.course);
  };
  const unequal = async () => {
    let count = 0;
    for (const id of lms.ids) if ((await enrolledHere(id)) !== lms.has(id)) count++;
    return count;
  };
  const tell = (type, ids) =>
    sendAll(
      school,
      ids.map((id) => ({ type: `course.${type}`, user: { id }, data: { course: lms.course } })),
    );

  await job("/v1/lms/sync", { what: "courses" });
  const { name } = await school.call("GET", `/v1/products/course/${lms.course}`);
  if (name !== lms.name) fail(`the course is called ${name}`);
  await job("/v1/lms/sync", { what: "users" });

  // Both have all but five; then two are in the course here alone, and two there alone.
  const [both, rest] = [lms.ids.slice(0, USERS), lms.ids.slice(USERS)];
  for (const id of both) lms.put(id);
  await tell("enrolled", both);
  const apart = async (here, there) => {
    for (const id of here) lms.take(id);
    for (const id of there) lms.put(id);
    await differs({ missing_here: there.length, missing_there: here.length, differing: 0, problem: null });
  };

  await apart(both.slice(0, 2), rest.slice(0, 2));
  const before = lms.writes();
  const dry = await school.call("POST", "/v1/lms/reconcile", { course: lms.course, ...THEIRS, dry_run: true });
  if (dry.would_change_here !== 4) fail(`a dry run says ${JSON.stringify(dry)}`);
  await job("/v1/lms/reconcile", { course: lms.course, ...THEIRS });
  const theirs = await unequal();
  if (theirs) fail(`after "theirs" ${theirs} differ`);
  if (lms.writes() !== before || (await feedOf(school)).length) fail('the LMS was told of its own word ("theirs")');
  await differs({ missing_here: 0, missing_there: 0, differing: 0 });

  await apart(both.slice(2, 5), rest.slice(2, 5));
  const held = await Promise.all(lms.ids.map(enrolledHere));
  const refused = await school.call("POST", "/v1/lms/reconcile", { course: lms.course, ...OURS }).catch(String);
  if (!/409/.test(refused)) fail(`un-enrolling 3 of ${USERS} was not asked for twice`);
  await job("/v1/lms/reconcile", { course: lms.course, ...OURS, confirm: 3 });
  if (!(await until(async () => (await unequal()) === 0, MENDED_MS))) fail(`after "ours" ${await unequal()} differ`);
  const after = await Promise.all(lms.ids.map(enrolledHere));
  if (after.join() !== held.join()) fail('something changed here by our own word ("ours")');
  await until(async () => (await feedOf(school)).length === 6, MENDED_MS);
  const causes = new Set((await feedOf(school)).map(({ cause }) => cause.type));
  if ([...causes].join() !== "reconcile") fail(`the changes have the causes ${[...causes]}`);
  await differs({ missing_here: 0, missing_there: 0, differing: 0 });
  return { people: lms.ids.length, mendedHere: 4, mendedThere: 6 };
}
