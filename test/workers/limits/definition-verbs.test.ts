import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { schoolWithAll } from "../../../src/admin/pages/test-school";
import { call, env, holdQueuesAnew } from "../live";
import { meterOfD1, readOfWhoCalls } from "../metered";
import { emptySchool, fillPlenty, SOME } from "../plenty";

/* What changing and taking away definitions reads where a school has thousands of each. */

let school = "";
let key = "";
beforeEach(async () => {
  await holdQueuesAnew();
  ({ key } = await schoolWithAll(async (id) => {
    school = id;
    await fillPlenty(id);
  }));
});
afterEach(() => emptySchool(school));

const ask = (method: string, path: string, body?: unknown) => call(method, `/v1/${path}`, body, key);

/** Who calls, and what is called. */
const FREE = 10;
/** A write notes the stamp, the history, the words and the entry of the audit log. */
const WRITTEN = 60;
/** What of a school any save of an automation reads: the fields it may name, and what its words replace. */
const OF_A_SAVE = SOME + 350;
/** The counters, the words and the texts of the school's learners that a job goes over are counted elsewhere. */
const CASES: readonly [method: string, path: string, body: unknown, status: number, most: number][] = [
  // Four rules of as many segments, and four auto groups use it.
  ["DELETE", "profile-fields/field_7?dry_run=true", undefined, 409, 3 * 8 + FREE],
  // A sync does.
  ["DELETE", "segments/seg_z7?dry_run=true", undefined, 409, 3 + FREE],
  ["DELETE", "segment-rules/rul_z7?dry_run=true", undefined, 200, FREE],
  ["DELETE", "segment-syncs/syn_z7?dry_run=true", undefined, 200, FREE],
  ["DELETE", "auto-groups/agr_z7?dry_run=true", undefined, 200, FREE],
  ["DELETE", "automations/aut_z7?dry_run=true", undefined, 200, FREE],
  // Two automations that are on name it, and one that is off.
  ["DELETE", "segments/chosen?dry_run=true", undefined, 409, 3 * 3 + FREE],
  ["DELETE", "segments/by-one-off?dry_run=true", undefined, 200, 3 + FREE],
  ["DELETE", "profile-fields/spare?dry_run=true", undefined, 409, 3 + FREE],
  ["DELETE", "profile-fields/spare_of_none", undefined, 204, WRITTEN],
  ["PATCH", "segments/seg_z8", { name: "Other" }, 200, WRITTEN],
  ["PATCH", "profile-fields/field_7", { name: "Other" }, 200, WRITTEN],
  ["PATCH", "automations/aut_z8", { name: "Other" }, 200, OF_A_SAVE],
  ["PUT", "products/course/course-8", { name: "Eight", starts_at: "2026-01-01T00:00:00Z" }, 200, WRITTEN],
  ["DELETE", "products/course/course-8", undefined, 204, WRITTEN],
  // Twelve runs may go on; five hundred messages wait.
  ["PATCH", "school?dry_run=true", { paused: true }, 200, 2 * SOME + 12 + FREE],
];

test("taking something away, changing it or pausing reads what that is about", async () => {
  const names = (more: object, active = true) =>
    ask("POST", "automations", { name: "N", when: [{ type: "user.signed_up" }], then: [], active, ...more });
  const joins = (segment: string) => ({ when: [{ type: "segment.joined", segments: [segment] }] });
  for (const id of ["chosen", "by-one-off"]) await ask("POST", "segments", { id, name: id });
  for (const key of ["spare", "spare_of_none"]) await ask("POST", "profile-fields", { key, name: key, type: "text" });
  await names(joins("chosen"));
  await names(joins("chosen"));
  await names(joins("chosen"), false);
  await names(joins("by-one-off"), false);
  await names({ only_if: { type: "user.field_is", field: "spare", op: "is_not_empty" } });
  await env.DB.prepare(
    `insert into run_counts (school, automation, step, status, n)
     select ?1, 'aut_z' || value, '', 'waiting', 1 from json_each('[1,2,3,4,5,6,7,8,9,10,11,12]')`,
  )
    .bind(school)
    .run();
  await ask("GET", "automations?limit=1");
  const found: string[] = [];
  for (const [method, path, body, expected, limit] of CASES) {
    const meter = meterOfD1();
    const { status } = await ask(method, path, body);
    vi.restoreAllMocks();
    const [mostly] = [...meter.readBy].sort(([, one], [, other]) => other - one);
    const rows = meter.rowsRead - readOfWhoCalls(meter);
    if (status !== expected || rows > limit)
      found.push(`${method} ${path}: ${status}, ${rows} rows, not ${limit}; ${mostly?.[1]}: ${mostly?.[0]}`);
  }
  expect(found).toEqual([]);
});
