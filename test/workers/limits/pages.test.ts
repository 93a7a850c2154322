import { afterEach, expect, test, vi } from "vitest";
import { addressIn, outside } from "../../../src/admin/address";
import { OPERATOR } from "../../../src/admin/door/session";
import { app, headersOf, pagesWith, schoolWithAll } from "../../../src/admin/pages/test-school";
import { MOST_IN_TROUBLE } from "../../../src/admin/visit";
import { mostCounted } from "../../../src/base/counted";
import { call, env } from "../../../src/http/test-client";
import { startSession } from "../../../src/schools/sign-in/sessions";
import { holdQueuesAnew } from "../live";
import { meterOfD1 } from "../metered";
import { emptySchool, fillPlenty, fillSchools, MUCH, SOME } from "../plenty";

/* What each page of the UI reads of a school that has thousands of everything, and the operator's of many schools. */

let school = "";
afterEach(() => emptySchool(school));

/** What each page reads beside what it shows: who is signed in, the school, and what does not get through, counted twice. */
const HEAD = 2 * MOST_IN_TROUBLE + 100;
const STATEMENTS = 30;

/** How many there are, at the foot of a list: twice what a page shows are counted, and one more. */
const COUNTED = mostCounted(undefined) + 1;
/** How much waits and is late: a thousand are counted. */
const BACKLOG = 2 * 1_001;
/** What is kept as nobody has set mail up. */
const KEPT = 500;
/** What an automation's messages are up to: of the oldest thousand that have not left. */
const RETRYING = 1_001;
/** The fields that a school has declared, which people write by hand: forms and mails name each. */
const FIELDS = SOME + 10;
/** Of a hundred and more definitions what each names is looked up. */
const LISTED = 1_300;
/** Of each thing that may be chosen its names are looked up in two tables. */
const PICKER = 400;

/** What else a page reads. It is no more in a larger school, but for the last. */
const MORE: Readonly<Record<string, number>> = {
  "/auto-groups": LISTED + PICKER,
  "/automations": LISTED + COUNTED + KEPT + RETRYING,
  "/automations/:id": RETRYING,
  "/automations/:id/edit": FIELDS,
  "/automations/new": FIELDS,
  "/courses": PICKER,
  "/courses/:id": PICKER,
  "/deliveries": COUNTED + KEPT,
  "/executions": COUNTED,
  "/health": BACKLOG + KEPT + RETRYING,
  "/learners": COUNTED + PICKER,
  "/learners/:id": FIELDS,
  "/learners/:id/act": 3 * PICKER,
  "/learners/:id/change": FIELDS,
  "/learners/:id/write": FIELDS,
  "/products": PICKER,
  "/products/:type/:id": PICKER,
  "/segments/:id": FIELDS,
  "/settings/connectors/:way": KEPT,
  "/settings/fields/:key": FIELDS,
  "/settings/audit": LISTED,
  // Five hundred names of each format are kept, in no order of their own.
  "/settings/unused": 2 * SOME,
  "/syncs": 2 * PICKER,
  "/syncs/:id": PICKER,
  "/templates/:id": PICKER,
  // These go through all that a school has of something, and say so in docs/performance.md.
  "/map": 5 * MUCH,
  "/settings/fields/:key/delete": 5 * MUCH,
  "/settings/pause": 7 * MUCH,
};

interface Opened {
  status: number;
  text: string;
  rows: number;
  statements: number;
  /** What reads the most. */
  mostly: string;
}

async function opened(path: string, headers: Record<string, string>): Promise<Opened> {
  // What an isolate keeps of a school it reads once.
  await call(app, "GET", path, undefined, { headers });
  const meter = meterOfD1();
  const { status, text } = await call(app, "GET", path, undefined, { headers });
  vi.restoreAllMocks();
  const mostly = [...meter.readBy].sort(([, one], [, other]) => other - one).slice(0, 3);
  return {
    ...{ status, text, rows: meter.rowsRead, statements: meter.statements },
    mostly: mostly.map(([sql, rows]) => `\n  ${rows}: ${sql.replaceAll(/\s+/g, " ").slice(0, 160)}`).join(""),
  };
}

/** Rows of tables, entries of lists, choices, and lines of what is downloaded. */
const shownIn = (text: string): number =>
  text.startsWith("<!") ? [...text.matchAll(/<(?:tr|li|option)\b/g)].length : text.split("\n").length;

test("every page of a school that has thousands of everything reads three times what it shows, and no more", async () => {
  await holdQueuesAnew();
  const { ids } = await schoolWithAll(async (id) => {
    school = id;
    await fillPlenty(id);
  });
  const headers = await headersOf("owner");
  const found: string[] = [];
  for (const { path, pattern } of pagesWith(ids)) {
    const { status, text, rows, statements, mostly } = await opened(addressIn(school, path), headers);
    const most = 3 * shownIn(text) + HEAD + (MORE[pattern] ?? 0);
    if (status >= 400) found.push(`${pattern}: ${status}`);
    if (rows > most) found.push(`${pattern}: ${rows} rows, ${shownIn(text)} shown${mostly}`);
    if (statements > (pattern.endsWith(".csv") ? 5 * STATEMENTS : STATEMENTS))
      found.push(`${pattern}: ${statements} statements`);
  }
  expect(found).toEqual([]);
});

test("the operator's page, and whoever chooses a school, read what they show of hundreds of schools", async () => {
  await fillSchools();
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, OPERATOR)}` };
  const { status, text, rows, mostly } = await opened(outside("/operator"), headers);
  expect(status).toBe(200);
  expect(rows, mostly).toBeLessThan(6 * shownIn(text) + HEAD);
  await schoolWithAll(async (id) => {
    school = id;
  });
  const chosen = await opened(outside("/schools"), await headersOf("editor"));
  expect(chosen.rows, chosen.mostly).toBeLessThan(20);
});
