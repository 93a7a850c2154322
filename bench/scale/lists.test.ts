import { test, vi } from "vitest";
import { holdQueuesAnew, makeSchool } from "../../test/workers/live";
import { meterOfD1, readOfWhoCalls } from "../../test/workers/metered";
import { FEW_CASES, fillFew, fillSchool, fillSeldom, type ListCase, listCases } from "../../test/workers/reading";
import { type Shown, show, usersOfSize } from "./shown";

/* What every list and search reads of a large school, beside what it answers. */

const TIMES = 3;
/** An answer without rows is looked for all the same, and the page's edge: so many are nothing. */
const FREE = 10;

test("lists", async (context) => {
  await holdQueuesAnew();
  const school = await makeSchool();
  const fill = { users: 2 * usersOfSize(), runs: 4 * usersOfSize() };
  await fillSchool(school.id, fill);
  await fillSeldom(school.id, fill);
  // What an isolate keeps of a school it reads once.
  await school.ask("GET", "/v1/users?limit=1");
  await school.ask("GET", "/v1/users?q=that+it+has+many");
  const shown: Shown[] = [];
  const measure = async (asked: typeof school, { path, shows }: ListCase, where = "") => {
    const meter = meterOfD1();
    const { status, body, text } = await asked.ask("GET", `/v1/${path}`);
    vi.restoreAllMocks();
    if (status !== 200) throw new Error(`${path}: ${text}`);
    // The directory's users have nothing in their objects, which are asked what they show: they are found all the same.
    const answered: number = path.startsWith("users") ? shows : body.data.length;
    const goal = Math.max(TIMES * answered, FREE);
    const what = `GET /v1/${path}${where}`;
    // Whatever is called: an isolate asks who calls, and what their school is, once a second has passed.
    const ofWhoCalls = readOfWhoCalls(meter);
    if (ofWhoCalls > 3) throw new Error(`${what}: ${ofWhoCalls} rows of who calls`);
    const apart = ofWhoCalls ? `, and of who calls ${ofWhoCalls}` : "";
    shown.push({ what, value: meter.rowsRead - ofWhoCalls, unit: "rows", goal, note: `answers ${answered}${apart}` });
  };
  for (const one of listCases(fill)) await measure(school, one);
  const other = await makeSchool();
  await fillFew(other.id, fill);
  await other.ask("GET", "/v1/users?limit=1");
  for (const one of FEW_CASES) await measure(other, one, " (where few are)");
  show(context, shown);
});
