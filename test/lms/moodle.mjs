// A segment's rule changes for 1,000 users, a sync puts them into a course and a group, and a Moodle on a bad day is
// told, while the server is killed and the rule changes again. In the end it has what we have, and heard of each user's
// changes in their order.
import { FakeMoodle, serve, TOKEN } from "./fakes.mjs";
import { asked, BACK_MS, byUser, feedOf, liveSchool, sendAll, until, usersOf, withWorker } from "./scene.mjs";
import { onABadDay } from "./trouble.mjs";

const USERS = 1_000;
const FIRST_ID = 1_001;
const [COURSE, SEGMENT] = ["7", "staff"];
const GROUP = `${COURSE}:Bell`;
const FAILING = 0.05;
/** What a call takes: more wait for their turn than may be under way. */
const CALL_MS = 50;
/** A delivery whose consumer died is another's after a minute; one that failed twice is tried again after 40 s. */
const SETTLED_MS = 240_000;
const KILL_AFTER = 300;
/** So many calls are under way at once at most: what was done is told again where the kill came before it was noted. */
const UNDER_WAY = 50;

const ids = Array.from({ length: USERS }, (_, n) => String(FIRST_ID + n));
const isSales = (id) => Number(id) % 2 === 0;

export const moodle = () =>
  withWorker(async ({ worker, client }) => {
    const lms = new FakeMoodle(Date.now);
    lms.state.addCourse({ id: Number(COURSE), idnumber: "course-7" });
    for (const id of ids) lms.state.addUser({ id: Number(id) });
    lms.trouble = { delayMs: CALL_MS };
    const day = onABadDay(lms, { share: FAILING, seed: 7 });
    const served = await serve(day.handle);
    try {
      const school = await liveSchool(client, { type: "moodle", url: served.base, token: TOKEN });
      const rule = await segmentWithSync(school);
      await change(school, rule, { op: "in", value: ["sales", "support"] });
      const begun = await until(() => day.heard.length >= KILL_AFTER, SETTLED_MS);
      worker.kill("process");
      await worker.back(BACK_MS);
      const first = new Set(day.heard.map(({ user }) => user)).size;
      await asked(() => change(school, rule, { op: "is", value: "sales" }));
      const settled = await until(() => isAsWanted(lms.state) && isQuiet(day), SETTLED_MS);
      // What died with the announcement of a user is told with the user's next event.
      await sendAll(
        school,
        ids.map((id) => ({ id: `last-${id}`, type: "custom.last", user: { id } })),
      );
      const judged = await judge(school, lms, day);
      const faults = [
        ...(begun && first < USERS ? [] : [`killed after ${first} users, not on the way`]),
        ...(settled ? [] : ["Moodle does not have what it is to have"]),
        ...judged.faults,
      ];
      const { calls, failed } = day;
      return { figures: { users: USERS, kills: 1, calls, failed, ...judged.figures }, faults };
    } finally {
      await served.close();
    }
  });

async function segmentWithSync(school) {
  const user = (id) => ({ id, source: isSales(id) ? "sales" : "support" });
  await sendAll(
    school,
    ids.map((id) => ({ id: `first-${id}`, type: "custom.first", user: user(id) })),
  );
  await school.call("POST", "/v1/segments", { id: SEGMENT, name: "Staff", managed: true });
  const where = [{ field: "source", op: "is", value: "nobody" }];
  const rule = await school.call("POST", "/v1/segment-rules", { segment: SEGMENT, match: "all", where });
  const sync = { name: "Staff", segment: SEGMENT, course: COURSE, group: GROUP };
  await school.call("POST", "/v1/segment-syncs", sync);
  await until(async () => (await usersOf(school)).length === USERS, SETTLED_MS);
  return rule.id;
}

const change = (school, rule, clause) =>
  school.call("PATCH", `/v1/segment-rules/${rule}`, { where: [{ field: "source", ...clause }] });

const groupIn = ({ groups }) => [...groups.values()].find(({ idnumber }) => idnumber === GROUP);
const cohortIn = ({ cohorts }) => [...cohorts.values()].find(({ idnumber }) => idnumber === SEGMENT);

/** What a Moodle has of a user. */
function heldBy(state, id) {
  const number = Number(id);
  const enrolment = state.courses.get(Number(COURSE)).enrolments.get(number);
  return JSON.stringify({
    segment: cohortIn(state)?.members.has(number) ?? false,
    course: enrolment !== undefined && !enrolment.suspended && enrolment.timeend === 0,
    group: groupIn(state)?.members.has(number) ?? false,
  });
}

const all = (is) => JSON.stringify({ segment: is, course: is, group: is });
const isAsWanted = (state) => ids.every((id) => heldBy(state, id) === all(isSales(id)));

/** Whether nothing has come for some seconds. */
function isQuiet(day) {
  if (day.lookedAt !== day.calls) Object.assign(day, { lookedAt: day.calls, since: Date.now() });
  return Date.now() - day.since > 3_000;
}

async function judge(school, lms, day) {
  const faults = lms.wrongs.map((wrong) => `no client may ask: ${wrong}`);
  const figures = { lost: 0, unequal: 0, disordered: 0, changes: 0, cancelled: 0, again: againIn(day.heard) };
  for (const user of await usersOf(school)) {
    const ours = JSON.stringify({
      segment: user.segments.includes(SEGMENT),
      course: user.enrolments.some(({ product }) => product === COURSE),
      group: user.groups.includes(GROUP),
    });
    if (ours !== heldBy(lms.state, user.id)) figures.unequal++;
  }
  let read = byUser([]);
  await until(async () => {
    read = byUser(await feedOf(school));
    return ids.every((id) => held(read.users.get(id) ?? []) === heldBy(lms.state, id));
  }, 30_000);
  faults.push(...read.faults);
  for (const id of ids) {
    const changes = read.users.get(id) ?? [];
    figures.changes += changes.length;
    if (held(changes) !== heldBy(lms.state, id)) figures.lost++;
    const told = heardOf(day.heard, id);
    const left = leftOut(
      changes.map(({ type }) => type),
      told,
    );
    if (left === null) {
      figures.disordered++;
      if (figures.disordered < 4)
        faults.push(`${id}: the feed has ${changes.map(({ type }) => type)}, Moodle heard ${told}`);
    } else figures.cancelled += left.length;
  }
  for (const what of ["lost", "unequal", "disordered"])
    if (figures[what]) faults.push(`${what}: ${figures[what]} users`);
  if (figures.again > UNDER_WAY) faults.push(`${figures.again} changes were made again that had gone well`);
  return { faults, figures };
}

/** How many changes were told once more after they had gone well: of that nobody may have heard who was killed. */
function againIn(heard) {
  const last = new Map();
  let again = 0;
  for (const { user, type, went } of heard) {
    if (last.get(user) === type) again++;
    last.set(user, went === "well" ? type : "");
  }
  return again;
}

/** What a user's changes come to. */
function held(changes) {
  const holds = { segment: false, course: false, group: false };
  for (const { type } of changes) holds[type.split(".")[0]] = /joined|enrolled$/.test(type) && !/unenrolled/.test(type);
  return JSON.stringify(holds);
}

/** What was heard of a user, each change once: the same again right behind is another try. */
const heardOf = (heard, id) =>
  heard.flatMap(({ user, type }) => (user === id ? [type] : [])).filter((type, at, types) => type !== types[at - 1]);

/**
 * What of a user's changes was never heard, where the rest was in its order, nothing twice: only what was taken back
 * before it left may be. Null: there is more to it.
 */
function leftOut(types, told) {
  const left = [...types];
  let from = 0;
  for (const type of told) {
    const at = left.indexOf(type, from);
    if (at < 0) return null;
    left.splice(at, 1);
    from = at;
  }
  const undone = (name) => left.filter((type) => type.startsWith(`${name}.`));
  return ["segment", "course", "group"].every((name) => undone(name).length % 2 === 0) ? left : null;
}
