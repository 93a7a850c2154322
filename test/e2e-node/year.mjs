// npm run test:year -- [--learners 1000] [--days 365] [--step 1]
//
// Lets the demo school live for a year of its test clock, some days at a time, events coming in all the while; then
// recounts through the interface what must have happened, from nothing but the plan of events and the calendar. Prints
// counts and seconds; whatever is early, late, lost or doubled fails it.
import { cpus, loadavg } from "node:os";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Temporal } from "temporal-polyfill";
import { automations, fields, history, settings } from "../../scripts/demo.mjs";
import { startWorker } from "../../scripts/started.mjs";
import { all, makeSchool } from "./client.mjs";

const BATCH = 500;
const ZONE = settings.timezone;
const AWAY_DAYS = 10;

/** Makes the demo school with its clock so many days ago; resolves to a way to call it. */
async function makeDemo(worker, days) {
  const now = new Date(Date.now() - days * 86_400_000);
  now.setUTCHours(7, 0, 0, 0);
  // The log of the whole year is recounted.
  const kept = { ...settings, log_retention_days: 730 };
  const school = { id: "year", name: "Year", mode: "test", now: now.toISOString(), settings: kept };
  const { call } = await makeSchool(worker, school);
  for (const field of fields) await call("POST", "/v1/profile-fields", field);
  await call("POST", "/v1/segments", { id: "sales", name: "Sales people", managed: true });
  const where = [{ field: "department", op: "is", value: "Sales" }];
  await call("POST", "/v1/segment-rules", { segment: "sales", match: "all", where });
  const sync = { name: "Sales training", active: true, segment: "sales", course: "sales-training", role: "student" };
  await call("POST", "/v1/segment-syncs", sync);
  for (const automation of automations) await call("POST", "/v1/automations", { active: true, ...automation });
  return call;
}

/** Sends each day's events and moves the clock, `step` days at a time; resolves to the ms both took. */
async function live(call, plan, step) {
  const took = { events: 0, clock: 0 };
  for (let day = 0; day < plan.length; day += step) {
    let begun = performance.now();
    const events = plan.slice(day, day + step).flat();
    for (let from = 0; from < events.length; from += BATCH) {
      const { results } = await call("POST", "/v1/events/batch", { events: events.slice(from, from + BATCH) });
      const refused = results.find((result) => !result.id);
      if (refused) throw new Error(`An event was refused: ${JSON.stringify(refused)}`);
    }
    took.events += performance.now() - begun;
    begun = performance.now();
    const days = Math.min(step, plan.length - day);
    let moved = await call("POST", "/v1/test-clock", { advance: `P${days}D` });
    while (moved.more) moved = await call("POST", "/v1/test-clock", { to: moved.to });
    took.clock += performance.now() - begun;
  }
  return took;
}

/** How many runs each automation must have, by a plain look at the events of each day and when they are sent. */
function expectedRuns(plan, step) {
  const events = plan.flatMap((list, day) => list.map((event) => ({ ...event, day: day - (day % step) })));
  const count = (type, course) =>
    events.filter((event) => event.type === type && (!course || event.data.course === course)).length;
  const visits = new Map();
  for (const { type, user, day } of events) {
    if (type !== "user.signed_up" && type !== "course.visited") continue;
    visits.set(user.id, [...(visits.get(user.id) ?? []), day]);
  }
  const absences = [...visits.values()].map(
    (days) => days.filter((day, index) => (days[index + 1] ?? plan.length) - day >= AWAY_DAYS).length,
  );
  const learners = count("user.signed_up");
  return {
    "Tag newcomers": learners,
    "Welcome course": learners,
    "Onboarding drip": count("course.enrolled", "js-101"),
    "Win back": absences.reduce((sum, one) => sum + one, 0),
    "After the course": count("course.completed", "js-101"),
    Customers: count("payment.made"),
    "Sales club": 0,
    "Certificate renewal": count("certificate.awarded"),
  };
}

/** When a wait that began at a moment is over, by the calendar of the school. */
function untilOf({ for: length, window, until_field: field, offset, at }, began, user) {
  if (field) {
    const [, key] = /^(?:fields\.)?(.+)$/.exec(field) ?? [];
    const day = Temporal.PlainDate.from(user.fields[key]);
    return day.add(offset).toZonedDateTime({ timeZone: ZONE, plainTime: at }).epochMilliseconds;
  }
  let time = Temporal.Instant.from(began).toZonedDateTimeISO(ZONE).add(length);
  if (window) {
    const [from, to] = [window.from, window.to].map((text) => Temporal.PlainTime.from(text));
    const isBefore = (one, other) => Temporal.PlainTime.compare(one, other) < 0;
    if (isBefore(time.toPlainTime(), from)) time = time.withPlainTime(from);
    const names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    while (!window.days.includes(names[time.dayOfWeek - 1]) || !isBefore(time.toPlainTime(), to)) {
      time = time.add({ days: 1 }).withPlainTime(from);
    }
  }
  return time.epochMilliseconds;
}

/** The steps of a definition by id, branches and all. */
const stepsById = (steps) =>
  steps.flatMap((step) => [[step.id, step], ...stepsById(step.yes ?? []), ...stepsById(step.no ?? [])]);

/** Compares all that the school shows with what must be; resolves to faults (all must be 0) and figures. */
async function check(call, plan, step) {
  const faults = {
    "runs lost": 0,
    "runs doubled": 0,
    "runs unfinished": 0,
    "steps early": 0,
    "steps late": 0,
    "steps doubled": 0,
    "steps failed": 0,
    "wakes past": 0,
    "waits wrong": 0,
    "deliveries lost": 0,
    "deliveries doubled": 0,
    "deliveries unsettled": 0,
  };
  const now = Date.parse((await call("GET", "/v1/school")).now);
  const definitions = await all(call, "/v1/automations");
  const nameOf = new Map(definitions.map(({ id, name }) => [id, name]));
  const steps = new Map(definitions.map(({ id, then }) => [id, new Map(stepsById(then))]));
  const users = new Map((await all(call, "/v1/users")).map((user) => [user.id, user]));
  const runs = await all(call, "/v1/runs");
  const deliveries = await all(call, "/v1/deliveries");

  for (const [name, expected] of Object.entries(expectedRuns(plan, step))) {
    const own = runs.filter((run) => nameOf.get(run.automation_id) === name);
    const starts = new Set(own.map((run) => JSON.stringify([run.user_id, run.trigger])));
    faults["runs lost"] += Math.max(0, expected - starts.size);
    faults["runs doubled"] += Math.max(0, starts.size - expected) + own.length - starts.size;
  }

  const sent = new Map();
  let waits = 0;
  for (const run of runs) {
    const { status, ended_at: ended, wake_at: wake } = run;
    if (status === "waiting" ? Date.parse(wake) <= now : ended === null) faults["runs unfinished"]++;
    if (status === "waiting" && Date.parse(wake) <= now) faults["wakes past"]++;
    faults["steps doubled"] += run.steps.length - new Set(run.steps.map((step) => step.step_id)).size;
    for (const [index, step] of run.steps.entries()) {
      if (step.status === "failed") faults["steps failed"]++;
      if (/^(email|message)\./.test(step.type) && (step.status === "done" || step.detail?.reason === "no_consent"))
        sent.set(`${run.id}-${step.step_id}`, step);
      if (step.type !== "wait") continue;
      waits++;
      const next = run.steps[index + 1];
      const until = Date.parse(step.detail.until);
      const went = Date.parse(next?.at ?? ended ?? wake);
      if (step.status === "done" && went < until) faults["steps early"]++;
      if (step.status === "done" ? went > until : status !== "waiting" && went > until) faults["steps late"]++;
      const began = run.steps[index - 1]?.at ?? run.started_at;
      const due = untilOf(steps.get(run.automation_id).get(step.step_id), began, users.get(run.user_id));
      if (due !== until || (step.status === "waiting" && Date.parse(wake) !== until)) faults["waits wrong"]++;
    }
  }

  const keys = new Set(deliveries.map((one) => one.idempotency_key));
  faults["deliveries doubled"] = deliveries.length - keys.size;
  const stepsSent = new Set(deliveries.map((one) => `${one.run_id}-${one.step_id}`));
  faults["deliveries lost"] = [...sent.keys()].filter((key) => !stepsSent.has(key)).length;
  faults["deliveries doubled"] += [...stepsSent].filter((key) => !sent.has(key)).length;
  faults["deliveries unsettled"] = deliveries.filter((one) => !/captured|suppressed/.test(one.status)).length;

  const tally = (items, of) => {
    const found = {};
    for (const item of items) found[of(item)] = (found[of(item)] ?? 0) + 1;
    return found;
  };
  return {
    faults,
    figures: {
      runs: tally(runs, (run) => run.status),
      steps: runs.reduce((sum, run) => sum + run.steps.length, 0),
      waits,
      deliveries: tally(deliveries, (one) => `${one.channel} ${one.status}`),
    },
  };
}

/**
 * Lets a school live on a started Worker and recounts.
 * @returns `faults` of each kind, all of which must be 0, `figures` to print, and `seconds` by what took them
 */
export async function year(worker, { learners, days, step = 1 }) {
  const plan = history({ days, learners });
  const call = await makeDemo(worker, days);
  const took = await live(call, plan, step);
  const begun = performance.now();
  const { faults, figures } = await check(call, plan, step);
  const seconds = { ...took, check: performance.now() - begun };
  for (const [what, ms] of Object.entries(seconds)) seconds[what] = Math.round(ms / 100) / 10;
  return { faults, figures: { events: plan.flat().length, ...figures }, seconds };
}

async function main() {
  const { values } = parseArgs({
    options: {
      learners: { type: "string", default: "1000" },
      days: { type: "string", default: "365" },
      step: { type: "string", default: "1" },
    },
  });
  const [learners, days, step] = [values.learners, values.days, values.step].map(Number);
  const worker = await startWorker();
  try {
    const { faults, figures, seconds } = await year(worker, { learners, days, step });
    console.log(`${learners} learners, ${days} days: ${JSON.stringify(figures)}`);
    console.log(JSON.stringify(faults));
    const total = seconds.events + seconds.clock;
    console.log(
      `${total.toFixed(1)} s (events ${seconds.events} s, clock ${seconds.clock} s), recounted in ${seconds.check} s; load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`,
    );
    if (Object.values(faults).some((count) => count > 0)) {
      process.exitCode = 1;
      console.error(worker.said().trim().slice(-4_000));
    }
  } finally {
    await worker.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
