// A Moodle on a bad day: a share of its calls goes wrong, each in one of the ways that calls do.
import { chance } from "./scene.mjs";

const EXCEPTION = {
  exception: "dml_write_exception",
  errorcode: "dmlwriteexception",
  message: "Error writing to database",
};

/** Not done, in three ways; and done, with the answer lost, in two. */
const WAYS = [
  async () => null,
  async () => new Response("Internal Server Error", { status: 500 }),
  async () => Response.json(EXCEPTION),
  async (answer) => {
    await answer();
    return null;
  },
  async (answer) => {
    await answer();
    return new Response("Internal Server Error", { status: 500 });
  },
];
/** So often in a row the same thing goes wrong at most: tries lie further and further apart, and a test has no day. */
const MOST_IN_A_ROW = 2;

/** What we call for changes, by their types, and where the user stands in the form. */
const CALLS = {
  core_cohort_add_cohort_members: ["segment.joined", "members[0][usertype][value]"],
  core_cohort_delete_cohort_members: ["segment.left", "members[0][userid]"],
  enrol_manual_enrol_users: ["course.enrolled", "enrolments[0][userid]"],
  enrol_manual_unenrol_users: ["course.unenrolled", "enrolments[0][userid]"],
  core_group_add_group_members: ["group.joined", "members[0][userid]"],
  core_group_delete_group_members: ["group.left", "members[0][userid]"],
};

/** What a call asks for: the user and the type of change; null: it only looks something up. */
export function changeIn(form) {
  const known = CALLS[form.get("wsfunction")];
  return known ? { type: known[0], user: form.get(known[1]) } : null;
}

/**
 * A handler of requests in the place of the Moodle's own.
 * @returns `heard`: what was asked, in order: {user, type, went: "well"|"wrong"}, of changes alone; `failed`: how many of
 *   all calls went wrong
 */
export function onABadDay(moodle, { share, seed }) {
  const random = chance(seed);
  const heard = [];
  const inARow = new Map();
  const day = { heard, calls: 0, failed: 0, handle };
  async function handle(request) {
    const text = await request.clone().text();
    const change = changeIn(new URLSearchParams(text));
    const key = change ? `${change.type} ${change.user}` : "";
    day.calls++;
    const isBad = random() < share && (inARow.get(key) ?? 0) < MOST_IN_A_ROW;
    inARow.set(key, isBad ? (inARow.get(key) ?? 0) + 1 : 0);
    if (change) heard.push({ ...change, went: isBad ? "wrong" : "well" });
    if (!isBad) return moodle.handle(request);
    day.failed++;
    return WAYS[day.failed % WAYS.length](() => moodle.handle(request));
  }
  return day;
}
