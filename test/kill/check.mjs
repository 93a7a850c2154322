// Compares what clients were told with what the Worker has, through its own interface.
import { setTimeout as sleep } from "node:timers/promises";
import { all, hasAny } from "../e2e-node/client.mjs";

const LIVE = ["queued", "running", "waiting", "held"];

/** Waits until nothing is under way and the log has as many runs as there must be; resolves to the ms that took, or null. */
export async function rest(call, runs, limitMs) {
  const begun = Date.now();
  for (; Date.now() - begun < limitMs; await sleep(250)) {
    const under = await Promise.all([
      ...LIVE.map((status) => hasAny(call, `/v1/runs?status=${status}`)),
      hasAny(call, "/v1/deliveries?status=queued"),
    ]).catch(() => ["no answer"]);
    if (under.some(Boolean)) continue;
    const automations = await call("GET", "/v1/automations");
    if (automations.data.reduce((sum, one) => sum + one.run_count, 0) >= runs) return Date.now() - begun;
  }
  return null;
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const at = (numbers, share) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? 0;

/**
 * @returns `faults`: how many of each kind (all must be 0), and `figures`
 */
export async function check({ call, automations }, { told }) {
  const faults = {
    lost: 0,
    doubled: 0,
    "never sent": 0,
    "out of order": 0,
    "runs missing": 0,
    "runs doubled": 0,
    "runs unfinished": 0,
    "steps wrong": 0,
    "waits early": 0,
    "waits unfired": 0,
    "mails missing": 0,
    "mails doubled": 0,
    "counts wrong": 0,
    "tags missing": 0,
  };
  const users = new Map();
  for (const [id, { user, n }] of told) users.set(user, [...(users.get(user) ?? []), { id, n }]);

  for (const [user, events] of users) {
    const timeline = await all(call, `/v1/users/${user}/timeline`);
    const steps = timeline.filter((one) => one.type === "custom.step");
    const seen = new Set(steps.map((one) => one.event_id));
    faults.lost += events.filter(({ id }) => !seen.has(id)).length;
    faults.doubled += steps.length - seen.size;
    faults["never sent"] += [...seen].filter((id) => !told.has(id)).length;
    faults["out of order"] += steps.filter((one, index) => index > 0 && one.data.n <= steps[index - 1].data.n).length;
    const { tags } = await call("GET", `/v1/users/${user}`);
    faults["tags missing"] += ["seen", "late"].filter((tag) => !tags.includes(tag)).length;
  }

  const runs = await all(call, "/v1/runs");
  const byId = new Map(runs.map((run) => [run.id, run]));
  for (const { runs: promised } of told.values())
    faults["runs missing"] += promised.filter(({ id }) => !byId.has(id)).length;
  const late = [];
  for (const [name, automation] of Object.entries(automations)) {
    const own = runs.filter((run) => run.automation_id === automation);
    const events = new Set(own.map((run) => run.event_id));
    faults["runs missing"] += [...told.keys()].filter((id) => !events.has(id)).length;
    faults["runs doubled"] += own.length - events.size;
    faults["runs unfinished"] += own.filter((run) => run.status !== "completed").length;
    const count = { synchronous: 1, first: 2, chained: 1, waiting: 2 }[name];
    faults["steps wrong"] += own.filter(
      ({ steps }) => steps.length !== count || steps.some(({ status }) => status !== "done" && status !== "skipped"),
    ).length;
    const { run_count: counted } = await call("GET", `/v1/automations/${automation}`);
    faults["counts wrong"] += Math.abs(counted - own.length);
    if (name !== "waiting") continue;
    for (const { steps } of own) {
      const [wait, then] = steps;
      if (!then) faults["waits unfired"]++;
      else late.push(Date.parse(then.at) - Date.parse(wait.detail.until));
    }
  }
  faults["waits early"] = late.filter((ms) => ms < 0).length;

  const mails = await all(call, "/v1/deliveries");
  const byRun = new Map(mails.map((mail) => [mail.run_id, mail]));
  const chained = runs.filter((run) => run.automation_id === automations.chained);
  faults["mails missing"] = chained.filter((run) => byRun.get(run.id)?.status !== "captured").length;
  faults["mails doubled"] = mails.length - new Set(mails.map((mail) => mail.idempotency_key)).size;

  return {
    faults,
    figures: {
      users: users.size,
      runs: runs.length,
      mails: mails.length,
      waits: late.length,
      late: { p50: at(late, 0.5), p99: at(late, 0.99), max: at(late, 1) },
    },
  };
}
