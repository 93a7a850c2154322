// P26 and P8: more than the Worker can take, at once. Answers are 200, 429 or 503; what was answered 200 is there; the
// backlog drains; and a poisoned user and automation slow nobody else down.
import { hasAny } from "../e2e-node/client.mjs";
import { eventsKept, load, told, until } from "./load.mjs";
import { newSchool } from "./school.mjs";

const SECONDS = { short: 6, long: 30 };
const CLIENTS = 96;
const USERS = 200;
const DRAIN_MS = 240_000;
/** Others may be slowed by what poisoned users cost, not by waiting for them: a whole retry or lease is far longer. */
const SLOWER_MAX = 4;
const SLOWER_MS = 250;

/** @returns `figures` {events, refused, lost, drainMs, p99, poisonedP99 …} and `faults` */
export async function overload({ client, short }) {
  const faults = [];
  const school = await newSchool(client, { mode: "live" });
  const when = [{ type: "custom", name: "step" }];
  await school.call("POST", "/v1/automations", {
    name: "At once",
    active: true,
    synchronous: true,
    when,
    then: [{ type: "tags.add", tags: ["seen"] }],
  });
  const { id: queued } = await school.call("POST", "/v1/automations", {
    name: "Mail",
    active: true,
    when,
    then: [{ type: "email.user", subject: "S", body: "B" }],
  });
  const flood = await load(
    client,
    school,
    (n) => ({
      id: `f-${n}`,
      type: "custom.step",
      user: { id: `u${n % USERS}`, email: `u${n % USERS}@acme.com` },
      data: { n },
    }),
    (short ? SECONDS.short : SECONDS.long) * 1_000,
    CLIENTS,
  );
  const odd = [...flood.statuses.keys()].filter((status) => ![200, 429, 503].includes(status));
  if (odd.length) faults.push(`answers of ${odd.join(", ")}`);
  if (flood.unannounced) faults.push(`${flood.unannounced} refusals without Retry-After`);

  const begun = Date.now();
  const drained = await until(async () => {
    const [runs, mails] = await Promise.all([
      hasAny(school.call, "/v1/runs?status=queued"),
      hasAny(school.call, "/v1/deliveries?status=queued"),
    ]);
    const { run_count: count } = await school.call("GET", `/v1/automations/${queued}`);
    return !runs && !mails && count >= flood.taken.size;
  }, DRAIN_MS);
  const drainMs = Date.now() - begun;
  if (!drained) faults.push(`not drained after ${DRAIN_MS} ms`);
  let lost = 0;
  const users = Array.from({ length: USERS }, (_, n) => `u${n}`);
  const kept = await eventsKept(client, school.key, users, "custom.step");
  for (const id of flood.taken) if (!kept.has(id)) lost++;
  if (lost) faults.push(`${lost} acknowledged events are not there`);

  const poison = await poisoned(client, short, faults);
  return {
    figures: {
      events: flood.taken.size,
      refused: flood.sent - flood.taken.size,
      lost,
      drainMs,
      p99: flood.p99,
      ...poison,
    },
    faults,
    notes: [`answers: ${told(flood)}`],
  };
}

/** A user whose every step fails and an automation that always does, beside others who are timed with and without. */
async function poisoned(client, short, faults) {
  const school = await newSchool(client, { mode: "live" });
  const make = (name, type, then) =>
    school.call("POST", "/v1/automations", { name, active: true, when: [{ type: "custom", name: type }], then });
  const { id: good } = await make("Good", "good", [{ type: "tags.add", tags: ["good"] }]);
  await make(
    "Bad",
    "bad",
    Array.from({ length: 20 }, () => ({ type: "email.user", subject: "{{ user.username }}", body: "B" })),
  );
  const ms = short ? 2_500 : 10_000;
  const goods = (prefix) => (n) => ({ id: `${prefix}-${n}`, type: "custom.good", user: { id: `${prefix}${n % 50}` } });
  const alone = await load(client, school, goods("a"), ms, 8);
  const bad = load(
    client,
    school,
    (n) => ({ id: `bad-${n}`, type: "custom.bad", user: { id: "poisoned", email: "p@acme.com", username: "  " } }),
    ms,
    1,
  );
  const beside = await load(client, school, goods("b"), ms, 8);
  const { taken } = await bad;
  const all = alone.taken.size + beside.taken.size;
  const done = await until(
    async () => (await school.call("GET", `/v1/automations/${good}`)).run_count >= all,
    DRAIN_MS,
  );
  if (!done) faults.push("others' runs are not done beside a poisoned user");
  const failed = await until(
    async () => (await school.call("GET", "/v1/runs?user=poisoned&limit=1")).data.length > 0,
    DRAIN_MS,
  );
  if (!failed) faults.push("the poisoned user's runs are not in the log");
  if (beside.p99 > Math.max(SLOWER_MAX * alone.p99, alone.p99 + SLOWER_MS))
    faults.push(`others' p99 is ${beside.p99} ms beside a poisoned user, ${alone.p99} ms without`);
  return { poisoned: taken.size, aloneP99: alone.p99, besideP99: beside.p99 };
}
