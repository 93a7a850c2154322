// Fills a local Worker with a demo school, once, over the same HTTP interface as everybody's.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { automations, courses, DEMO_OWNER, fields, history, settings } from "./demo.mjs";

const DAYS = 45;
const LEARNERS = 240;
const STEP_DAYS = 3;
const BATCH = 500;

/** The morning of a day of the history. */
function beginning(day) {
  const at = new Date(Date.now() - (DAYS - day) * 86_400_000);
  at.setUTCHours(7, 0, 0, 0);
  return at.toISOString();
}

/**
 * Makes the schools "demo" (test mode) and "live" and keeps their keys in the files `demo-key` and `live-key` of the
 * folder `state`; where they are, all is done already. Resolves to `rows` of [what, value], addresses at `shownUrl`,
 * and `fill()`, which lets the demo school live through its history up to today; resolves to whether there was anything
 * to do.
 */
export async function seed({ url, shownUrl = url, token, state }) {
  const demo = join(state, "demo-key");
  const live = join(state, "live-key");
  const filled = join(state, "demo-filled");
  if (!existsSync(demo)) writeFileSync(demo, await makeDemo(), { mode: 0o600 });
  if (!existsSync(live)) writeFileSync(live, await makeLive(), { mode: 0o600 });
  return {
    rows: [
      ["Demo school", `${shownUrl}/admin/s/demo`],
      ["  sign in as", DEMO_OWNER],
      ["  its key", readFileSync(demo, "utf8")],
      ["Live school", `${shownUrl}/admin/s/live`],
      ["  sign in as", DEMO_OWNER],
      ["  its key", readFileSync(live, "utf8")],
    ],
    async fill() {
      if (existsSync(filled)) return false;
      await liveThrough(readFileSync(demo, "utf8"));
      writeFileSync(filled, "");
      return true;
    },
  };

  async function makeSchool(school) {
    // Left half made by a start that was broken off.
    await call("DELETE", `/v1/schools/${school.id}`, undefined, token, [404]);
    const { api_key: key } = await call("POST", "/v1/schools", school, token);
    return key;
  }

  async function makeDemo() {
    const key = await makeSchool({ id: "demo", name: "Demo School", mode: "test", now: beginning(0), settings });
    for (const field of fields) await call("POST", "/v1/profile-fields", field, key);
    for (const [id, name] of Object.entries(courses)) await call("PUT", `/v1/products/course/${id}`, { name }, key);
    await call("POST", "/v1/segments", { id: "sales", name: "Sales people", managed: true }, key);
    await call(
      "POST",
      "/v1/segment-rules",
      { segment: "sales", match: "all", where: [{ field: "department", op: "is", value: "Sales" }] },
      key,
    );
    await call(
      "POST",
      "/v1/segment-syncs",
      { name: "Sales training", active: true, segment: "sales", course: "sales-training", role: "student" },
      key,
    );
    for (const automation of automations) await call("POST", "/v1/automations", { active: true, ...automation }, key);
    return key;
  }

  /** Some days at a time: each move of the clock has its price. Event ids let a start that was broken off go on. */
  async function liveThrough(key) {
    const plan = history({ days: DAYS, learners: LEARNERS }).map((events, day) =>
      events.map((event, n) => ({ id: `demo-${day}-${n}`, ...event })),
    );
    const { now } = await call("GET", "/v1/school", undefined, key);
    for (let day = 0; day < DAYS; day += STEP_DAYS) {
      const until = beginning(Math.min(day + STEP_DAYS, DAYS));
      if (until <= now) continue;
      const events = plan.slice(day, day + STEP_DAYS).flat();
      for (let from = 0; from < events.length; from += BATCH)
        await call("POST", "/v1/events/batch", { events: events.slice(from, from + BATCH) }, key);
      while ((await call("POST", "/v1/test-clock", { to: until }, key)).more);
    }
  }

  async function makeLive() {
    const key = await makeSchool({
      id: "live",
      name: "Live School",
      mode: "live",
      settings: { ...settings, url: "https://live.school.example" },
    });
    for (const automation of automations.slice(0, 2))
      await call("POST", "/v1/automations", { active: true, ...automation }, key);
    return key;
  }

  async function call(method, path, body, credential, alsoFine = []) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok && !alsoFine.includes(response.status))
      throw new Error(`The demo school cannot be made: ${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
