// An event of a learner with all that one may have, beside a small one's, by turns: with the learner in the answer and without.
import { startWorker } from "../../scripts/started.mjs";
import { median, runtimeMs } from "../targets.mjs";

const GOAL = 2;
const EVENTS = 20_000;
const TAGS = 1_000;
const COURSES = 2_000;
const RUNS = 500;
/** As many as a batch takes. */
const BATCH = 250;
/** Before they are measured, for the engines to compile what is hot; and of a round. */
const WARM = 60;
const ROUND = 50;
/** Of each kind, for every round of others: one takes a tenth of a second. */
const ROUNDS = 5;

/** Resolves to what is shown: how many times as long the runtime works for the large one's event. */
export async function largeBesideSmall({ rounds }) {
  const worker = await startWorker();
  try {
    const send = await prepared(worker);
    const kinds = ["return=minimal", "return=representation"].flatMap((prefer) =>
      ["small", "large"].map((user) => ({ prefer, user, took: [], length: 0 })),
    );
    const round = async (kind, count) => {
      const before = runtimeMs(worker.pid);
      for (let n = 0; n < count; n++) kind.length = await send("/v1/events", note({ id: kind.user }, n), kind.prefer);
      return (runtimeMs(worker.pid) - before) / count;
    };
    for (const kind of kinds) await round(kind, WARM);
    for (let n = 0; n < rounds * ROUNDS; n++)
      for (const kind of n % 2 ? kinds.toReversed() : kinds) kind.took.push(await round(kind, ROUND));
    return [shownOf("without the learner in the answer", kinds[0], kinds[1]), shownOf("with it", kinds[2], kinds[3])];
  } finally {
    await worker.stop();
  }
}

const note = (user, n, id = {}) => ({ ...id, type: "custom.note", user, data: { n } });
const list = (count, make) => Array.from({ length: count }, (_, n) => make(n));

/** A live school with the large learner; resolves to what sends there, and tells how long the answer is. */
async function prepared({ url, adminToken }) {
  const ask = async (token, path, body, prefer) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", prefer };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
    return text;
  };
  const made = await ask(adminToken, "/v1/schools", { id: "large", name: "Large", mode: "live" }, "");
  const { api_key: key } = JSON.parse(made);
  const when = [{ type: "custom", name: "wait" }];
  const waits = { name: "Wait", active: true, synchronous: true, when, then: [{ type: "wait", for: "P30D" }] };
  await ask(key, "/v1/automations", waits, "");
  const user = { id: "large" };
  const events = [
    ...list(EVENTS, (n) => note(user, n, { id: `note-${n}` })),
    ...list(TAGS, (n) => ({ type: "tag.added", user, data: { tag: `tag number ${n}` } })),
    ...list(COURSES, (n) => ({ type: "course.enrolled", user, data: { course: `course-${n}` } })),
    ...list(RUNS, () => ({ type: "custom.wait", user })),
  ];
  for (let from = 0; from < events.length; from += BATCH)
    await ask(key, "/v1/events/batch", { events: events.slice(from, from + BATCH) }, "return=minimal");
  return async (path, body, prefer) => (await ask(key, path, body, prefer)).length;
}

function shownOf(how, small, large) {
  const times = large.took.map((took, n) => took / small.took[n]);
  const [mine, theirs] = [large, small].map(({ took }) => median(took).toFixed(2));
  return {
    what: `an event of a learner with ${EVENTS} events, ${TAGS} tags, ${COURSES} courses and ${RUNS} live runs, beside a small one's, ${how}`,
    value: median(large.took) / median(small.took),
    unit: "×",
    goal: GOAL,
    note: `${mine} and ${theirs} ms of the runtime, answers of ${large.length} and ${small.length} characters, ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} of a round`,
  };
}
