// Users change at once in a school of LearnWorlds, which lets 30 requests in 10 s through: in no stretch of 10 s are there
// more, also where the server is killed on the way and one call in twenty goes wrong; and all changes arrive, each user's
// in their order. LMS_USERS=1000 has it take some half an hour.
import { CLIENT, FakeLearnworlds, serve } from "./fakes.mjs";
import { BACK_MS, chance, liveSchool, sendAll, until, withWorker } from "./scene.mjs";

const USERS = Number(process.env.LMS_USERS ?? 50);
const [COURSE, GROUP, TAG] = ["js-101", "g1", "bought"];
const LIMIT = { requests: 30, withinMs: 10_000 };
const KILL_AFTER = 40;
const WRONG = { share: 0.05, seed: 7 };
/** A user's changes take a second, a delivery whose consumer died a minute, and one that is tried again some more. */
const ARRIVED_MS = 300_000 + 2_000 * USERS;

/** As LearnWorlds makes them. */
const ids = Array.from({ length: USERS }, (_, n) => (0xa0 + n).toString(16).padStart(24, "0"));

export const learnworlds = () =>
  withWorker(async ({ worker, client }) => {
    const lms = new FakeLearnworlds({ now: Date.now });
    lms.addProduct("course", COURSE);
    lms.groups.set(GROUP, { title: "Group", members: new Set() });
    for (const id of ids) lms.addUser(id);
    const day = onABadDay(lms);
    const served = await serve(day.handle);
    try {
      const school = await liveSchool(client, { type: "learnworlds", url: served.base, ...CLIENT });
      const then = [
        { type: "course.enroll", courses: [COURSE] },
        { type: "tags.add", tags: [TAG] },
        { type: "group.add", groups: [GROUP] },
      ];
      const when = [{ type: "custom", name: "bought" }];
      await school.call("POST", "/v1/automations", { name: "Bought", active: true, when, then });
      await sendAll(
        school,
        ids.map((id) => ({ id: `bought-${id}`, type: "custom.bought", user: { id } })),
      );
      await until(() => lms.requests.length >= KILL_AFTER, ARRIVED_MS);
      worker.kill("process");
      await worker.back(BACK_MS);
      const before = lms.requests.length;
      const has = (id) => {
        const { tags, products } = lms.users.get(id);
        return products.has(`course ${COURSE}`) && tags.has(TAG) && lms.groups.get(GROUP).members.has(id);
      };
      await until(() => ids.every(has), ARRIVED_MS);
      const missing = ids.filter((id) => !has(id)).length;
      const most = mostWithin(lms.requests.map(({ at }) => at));
      const disordered = ids.filter((id) => !isInOrder(lms.requests, id)).length;
      const refused = lms.requests.filter(({ status }) => status === 429).length;
      const faults = [
        ...(before < 3 * USERS ? [] : ["killed after all had arrived"]),
        ...(most > LIMIT.requests ? [`${most} requests within 10 s`] : []),
        ...(missing ? [`of ${missing} users something has not arrived`] : []),
        ...(disordered ? [`of ${disordered} users something came before its turn`] : []),
        ...lms.mistakes.map((mistake) => `no client may ask: ${mistake}`),
      ];
      const figures = { users: USERS, kills: 1, requests: lms.requests.length, failed: day.failed };
      return { figures: { ...figures, most, refused, missing, disordered }, faults };
    } finally {
      await served.close();
    }
  });

/** A handler in the place of the LMS's own: some calls are answered with 500, half of them after they were done. */
function onABadDay(lms) {
  const random = chance(WRONG.seed);
  const day = { failed: 0, handle };
  async function handle(request) {
    if (random() >= WRONG.share) return lms.fetch(request);
    day.failed++;
    if (random() < 0.5) await lms.fetch(request);
    return new Response("Internal Server Error", { status: 500 });
  }
  return day;
}

/** The most requests in any stretch of 10 s. */
function mostWithin(times) {
  const sorted = times.toSorted((one, other) => one - other);
  let [most, from] = [0, 0];
  for (const [to, at] of sorted.entries()) {
    while (sorted[from] <= at - LIMIT.withinMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

const STEPS = [/\/enrollment$/, /\/tags$/, /\/user_groups\//];

/** Whether the requests for a user were made in the order of their changes; one may be made again. */
function isInOrder(requests, id) {
  const steps = requests.flatMap(({ path }) => (path.includes(id) ? [STEPS.findIndex((step) => step.test(path))] : []));
  return steps.every((step, at) => step >= (steps[at - 1] ?? 0));
}
