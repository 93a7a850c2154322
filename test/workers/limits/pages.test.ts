import { afterEach, expect, test, vi } from "vitest";
import { addressIn, outside } from "../../../src/admin/address";
import { OPERATOR } from "../../../src/admin/door/session";
import { app, headersOf, pagesWith, schoolWithAll } from "../../../src/admin/pages/test-school";
import { MOST_IN_TROUBLE } from "../../../src/admin/visit";
import { MOST_COUNTED } from "../../../src/base/counted";
import { call, env } from "../../../src/http/test-client";
import { startSession } from "../../../src/schools/sign-in/sessions";
import { holdQueuesAnew } from "../live";
import { meterOfD1 } from "../metered";
import { emptySchool, fillPlenty, fillSchools } from "../plenty";

/* What each page of the UI reads of a school that has thousands of everything, and the operator's of many schools. */

let school = "";
afterEach(() => emptySchool(school));

/** What each page reads beside what it shows: who is signed in, the school, and what does not get through, counted twice. */
const HEAD = 2 * MOST_IN_TROUBLE + 100;
const STATEMENTS = 30;

/** What else a page reads, and why. It is no more in a larger school but where that is said. */
const MORE: Readonly<Record<string, { most: number; why: string }>> = {};

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
    const most = 3 * shownIn(text) + HEAD + (MORE[pattern]?.most ?? 0);
    if (status >= 400) found.push(`${pattern}: ${status}`);
    if (rows > most) found.push(`${pattern}: ${rows} rows, ${shownIn(text)} shown${mostly}`);
    if (statements > STATEMENTS) found.push(`${pattern}: ${statements} statements`);
  }
  expect(found).toEqual([]);
});

test("the operator's page reads what it shows of hundreds of schools", async () => {
  await fillSchools();
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, OPERATOR)}` };
  const { status, text, rows, mostly } = await opened(outside("/operator"), headers);
  expect(status).toBe(200);
  expect(rows, mostly).toBeLessThan(6 * shownIn(text) + HEAD);
});
