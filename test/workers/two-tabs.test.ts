import { getTableConfig } from "drizzle-orm/sqlite-core";
import { expect, test, vi } from "vitest";
import { addressIn, schoolIn } from "../../src/admin/address";
import * as schema from "../../src/db/schema";
import { type Browser, browserOf, type DrawnForm, type DrawnPage } from "./browser";
import { filled, pick, type Random, randomOf } from "./filled";
import { call, consume, env, type HeldQueues, holdQueues, PLATFORM } from "./live";

/*
 * One person, two schools, a tab on each, and all that can be pressed: whatever is done in one tab, nothing of the
 * other's school changes. Both schools hold things of the same ids, so that a write that went astray would find its way.
 */

const ACTIONS = 500;
/** Some seconds on a machine of its own. */
const TIMEOUT_MS = 120_000;
const MIA = "mia@both.example";

/** One of some addresses, each kind of page as likely as the others, however many rows a list has. */
function pickByKind<T>(random: Random, all: readonly T[], addressOf: (one: T) => string): T | undefined {
  const kindOf = (one: T) => kindOfAddress(addressOf(one));
  const kind = pick(random, [...new Set(all.map(kindOf))]);
  return pick(
    random,
    all.filter((one) => kindOf(one) === kind),
  );
}

/** What a page is, whatever it is of: `/automations/a1/edit?x` as `/automations/…/edit`. */
const kindOfAddress = (address: string): string =>
  address
    .replace(/^\/admin\/s\/[^/]+/, "")
    .replace(/\?.*/s, "")
    .replaceAll(/(?<=\w\/)(?![a-z-]+(?:$|\/))[^/]+/g, "…");

// ---- Schools ----

interface Tab {
  school: string;
  key: string;
  page: DrawnPage | null;
}

const DEFINITIONS = {
  profile_fields: [{ key: "department", name: "Department", type: "text" }],
  segments: [
    { id: "s1", name: "Sales", managed: false },
    { id: "s2", name: "Teachers", managed: true },
  ],
  segment_rules: [
    { id: "r1", segment: "s2", match: "all", where: [{ field: "department", op: "is", value: "Teaching" }] },
  ],
  segment_syncs: [{ id: "y1", name: "To js", segment: "s1", course: "js-101" }],
  automations: [
    {
      id: "a1",
      name: "Welcome",
      active: true,
      when: [{ type: "course.enrolled" }],
      then: [
        { id: "mail", type: "email.user", subject: "Hello", body: "<p>Hello</p>" },
        { id: "wait", type: "wait", for: "P1D" },
      ],
    },
  ],
};

const letIn = (school: string) => {
  const settings = { collaborators: [{ email: MIA, role: "owner" }] };
  return call("PATCH", `/v1/schools/${school}`, { settings }, PLATFORM);
};

async function newTab(name: string): Promise<Tab> {
  const made = await call("POST", "/v1/schools", { name, mode: "test", now: "2026-01-05T09:00:00Z" }, PLATFORM);
  const { school, api_key: key } = made.body;
  await letIn(school.id);
  const put = await call("PUT", "/v1/import", DEFINITIONS, key);
  expect(put.status, put.text).toBe(200);
  const user = { id: "anna", email: "anna@school.com", fields: { department: "Teaching" } };
  await call("POST", "/v1/events", { type: "course.enrolled", user, data: { course: "js-101" } }, key);
  return { school: school.id, key, page: null };
}

/** All of D1's tables, but for those that hold nothing of a school; and by what a row is of one. */
const TABLES = Object.values(schema).flatMap((table) => {
  const { name, columns } = getTableConfig(table);
  const by = name === "schools" ? "id" : "school";
  return columns.some((column) => column.name === by) ? [{ name, by }] : [];
});

/** All that D1 holds of a school, as text by table. */
type Held = ReadonlyMap<string, string>;

async function heldOf(school: string): Promise<Held> {
  const rows = await env.DB.batch(
    TABLES.map(({ name, by }) => env.DB.prepare(`select * from "${name}" where ${by} = ?`).bind(school)),
  );
  return new Map(TABLES.map(({ name }, n) => [name, JSON.stringify(rows[n]?.results)]));
}

const differing = (before: Held | undefined, after: Held): string[] =>
  [...after].flatMap(([table, rows]) => (before?.get(table) === rows ? [] : [table]));

/** Lets happen what was queued, and what follows from it. */
async function settle(queues: HeldQueues): Promise<void> {
  for (let turn = 0; turn < 20 && queues.actions.length + queues.log.length > 0; turn++) {
    const [actions, log] = [queues.actions.splice(0), queues.log.splice(0)];
    if (actions.length) await consume("schoolbell-actions", actions);
    if (log.length) await consume("schoolbell-log", log);
  }
}

// ---- What is done ----

interface Walk {
  /** What the numbers come from, to be told with a fault. */
  seed: number;
  browser: Browser;
  random: Random;
  /** The tab that something is done in, and the other. */
  tab: Tab;
  other: Tab;
}

const formOf = ({ tab, random }: Walk): DrawnForm | undefined =>
  pickByKind(
    random,
    (tab.page?.forms ?? []).filter(({ method, action }) => method === "POST" && schoolIn(action) === tab.school),
    ({ action }) => action,
  );

/** Does one thing, and says what; null where the page has nothing for it. */
type Doing = (walk: Walk) => Promise<string | null>;

const open: Doing = async ({ browser, random, tab }) => {
  const links = (tab.page?.links ?? []).filter((to) => schoolIn(to) === tab.school);
  const to = pickByKind(random, links, (link) => link);
  if (to === undefined) return null;
  tab.page = await browser.get(to);
  return to;
};

const SECTIONS = ["automations", "segments", "syncs", "auto-groups", "learners", "settings", "templates", "jobs"];

const home = async ({ browser, random, tab }: Walk): Promise<string> => {
  tab.page = await browser.get(addressIn(tab.school, `/${pick(random, SECTIONS)}`));
  return tab.page.address;
};

const submit: Doing = async (walk) => {
  const form = formOf(walk);
  if (!form) return null;
  walk.tab.page = await walk.browser.post(form.action, filled(walk.random, form));
  return form.action;
};

/** The form of a page, sent to the same place in the other school. */
const stray: Doing = async (walk) => {
  const form = formOf(walk);
  if (!form) return null;
  const to = form.action.replace(addressIn(walk.tab.school, ""), addressIn(walk.other.school, ""));
  const { status, text } = await walk.browser.post(to, filled(walk.random, form));
  expect([status, text], `seed ${walk.seed}: ${to}`).toEqual([409, expect.stringContaining("Nothing was changed.")]);
  return to;
};

/** What the editor and other islands ask for. */
const callRoute: Doing = async ({ browser, random, tab }) => {
  const n = random(1_000_000);
  const automation = { name: `Made ${n}`, when: [{ type: "user.signed_up" }], then: [{ type: "exit" }] };
  const calls: readonly (readonly [method: string, path: string, body?: unknown])[] = [
    ["GET", "/vocabulary?kind=course&q="],
    ["GET", "/users?limit=20&q=anna"],
    ["POST", "/automations", automation],
    ["PUT", "/automations/a1", automation],
    ["PATCH", "/automations/a1", { active: n % 2 === 0 }],
    ["POST", "/segments", { id: `made-${n}`, name: `Made ${n}` }],
    ["PATCH", "/segments/s1", { name: `Sales ${n}` }],
    ["PUT", "/users/anna", { fields: { department: `Department ${n}` } }],
    ["PATCH", "/school", { settings: { company_name: `Company ${n}` } }],
    ["POST", "/simulate", { automation, user: { id: "anna" } }],
  ];
  const [method, path, body] = pick(random, calls) ?? ["GET", "/school"];
  await browser.call(method, addressIn(tab.school, `/api${path}`), body);
  return `${method} /api${path}`;
};

const WANTED: readonly Doing[] = [open, open, open, home, submit, submit, submit, submit, callRoute, callRoute, stray];

test(`two tabs on two schools never write to each other, over ${ACTIONS} things done at random`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = randomOf(seed);
  // Jobs keep a pace, and tests wait for nothing.
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  const queues = holdQueues();
  const tabs = [await newTab("Demo School"), await newTab("Acme Academy")] as const;
  await settle(queues);
  const browser = await browserOf(MIA);
  const held = new Map<Tab, Held>();
  for (const tab of tabs) held.set(tab, await heldOf(tab.school));
  const changed = new Set<string>();
  const done = new Set<string>();

  for (let n = 0; n < ACTIONS; n++) {
    const [tab, other] = random(2) === 0 ? tabs : [tabs[1], tabs[0]];
    const walk = { seed, browser, random, tab, other };
    const wanted = pick(random, WANTED) ?? home;
    const what = (await wanted(walk)) ?? (await home(walk));
    await settle(queues);
    const said = `seed ${seed}, ${n}: ${what} from the tab of ${tab.school}`;
    expect(tab.page?.status ?? 200, said).toBeLessThan(500);
    if (tab.page) expect(schoolIn(tab.page.address), said).toBe(tab.school);
    const differs = new Map<Tab, string[]>();
    for (const one of tabs) {
      const now = await heldOf(one.school);
      differs.set(one, differing(held.get(one), now));
      held.set(one, now);
    }
    expect(differs.get(other), said).toEqual([]);
    if (wanted === stray) expect(differs.get(tab), said).toEqual([]);
    for (const table of differs.get(tab) ?? []) changed.add(table);
    if (differs.get(tab)?.length) done.add(kindOfAddress(what));
    // Whoever takes themselves off the list is let in again.
    if (tab.page?.status === 404) {
      await letIn(tab.school);
      held.set(tab, await heldOf(tab.school));
      tab.page = null;
    }
  }
  // A walk that changes little would prove little.
  expect(done.size).toBeGreaterThan(12);
  expect([...changed]).toEqual(expect.arrayContaining(["automations", "segments", "schools", "audit", "users"]));
});
