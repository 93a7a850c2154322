import { afterEach, expect, test, vi } from "vitest";
import { schoolWithAll } from "../../../src/admin/pages/test-school";
import { LOOKED_AT } from "../../../src/db/lists/look";
import { call, holdQueuesAnew, PLATFORM } from "../live";
import { meterOfD1 } from "../metered";
import { emptySchool, fillPlenty, fillSchools } from "../plenty";

/* What the lists of definitions, and of what else a school has, read where there are thousands of each. */

let school = "";
afterEach(() => emptySchool(school));

const PAGE = 50;
/** Who calls, the school, and the row behind the page. */
const FREE = 10;
/** Of an automation its row, a counter and the course that it names are read: `warnings` says whether there is one. */
const OF_AN_AUTOMATION = 3;
/** The same where it is found by its marks. */
const BY_MARK = 6;

interface Case {
  path: string;
  shows: number;
  /** Rows for each that is shown; three where it is left out. */
  each?: number;
  /** What else. */
  more?: number;
}

const CASES: readonly Case[] = [
  ...["", "order=desc", "sort=updated&order=desc", "active=true"].map((query) => ({
    path: `automations?${query}`,
    shows: PAGE,
    each: OF_AN_AUTOMATION,
  })),
  // A fifth are to be deleted, and lie among the others.
  { path: "automations?sort=name", shows: PAGE, each: OF_AN_AUTOMATION, more: PAGE / 4 },
  { path: "automations?active=false", shows: PAGE, each: OF_AN_AUTOMATION + 3 },
  { path: "automations?label=LABEL-3", shows: PAGE, each: BY_MARK },
  { path: "automations?label=seldom", shows: 2, each: BY_MARK + 2 },
  { path: "automations?trigger=tag.added", shows: 2, each: BY_MARK + 2 },
  { path: "automations?trigger=tag.added&label=seldom", shows: 2, each: BY_MARK + 4 },
  { path: "automations?label=none", shows: 0 },
  { path: "automations?trigger=form.answered", shows: 0 },
  { path: "automations?deleted=true", shows: PAGE, each: OF_AN_AUTOMATION },
  { path: "automations?q=automation&limit=50", shows: PAGE, each: OF_AN_AUTOMATION + 3 },
  // A text that none has, in the school's own order too, and those of which a word begins so.
  { path: "automations?q=nobody-says-so", shows: 0 },
  { path: "automations?q=nobody-says-so&sort=name", shows: 0 },
  { path: "automations?q=automation-nobody", shows: 0, more: 30 },
  { path: "automations?q=AUTOMATION%201999", shows: 1, each: OF_AN_AUTOMATION + 3, more: 50 },
  { path: "automations?q=automation%202000", shows: 0, more: 50 },
  { path: "automations?q=tag-199&sort=updated&order=desc", shows: 9, each: OF_AN_AUTOMATION + 6, more: 50 },
  // In the middle of a word, behind those: so many are looked at, and the cursor goes on.
  { path: "automations?q=utomatio", shows: 0 },
  { path: "automations?sort=name&label=none", shows: 0, more: 2 * LOOKED_AT },
  ...["segments", "segment-rules", "segment-syncs", "auto-groups", "profile-fields"].flatMap((path) => [
    { path, shows: PAGE },
    { path: `${path}?deleted=true`, shows: PAGE },
  ]),
  { path: "segment-rules?segment=seg_z7", shows: 1 },
  { path: "segment-syncs?segment=seg_z7", shows: 1 },
  { path: "segment-syncs?segment=nobody", shows: 0 },
  { path: "products", shows: PAGE },
  { path: "products?type=bundle", shows: PAGE },
  { path: "products?type=form", shows: 0 },
  { path: "products?q=course", shows: PAGE, more: 50 },
  // Of each kind of product its words.
  { path: "products?q=nobody-says-so", shows: 0, more: 15 },
  { path: "products?q=COURSE%201998", shows: 1, more: 50 },
  // What ends in an s may go on as one with ß.
  { path: "products?q=ours", shows: 0, more: 35 },
  { path: "products?q=course-199&type=course", shows: 9, more: 65 },
  { path: "courses/js-101/enrolment-methods", shows: 1, each: 5 },
  { path: "api-keys", shows: PAGE },
  { path: "suppressions", shows: PAGE },
  { path: "suppressions/k7", shows: 1 },
  { path: "jobs", shows: PAGE },
  { path: "audit", shows: PAGE },
  { path: "audit?order=desc", shows: PAGE },
  { path: "templates?limit=5", shows: 5 },
  { path: "evidence", shows: 0 },
  // By powers of two of how often each came; its row is read beside the index.
  { path: "unmapped", shows: PAGE },
];

test("each list of a school that has thousands of everything reads what it shows", async () => {
  await holdQueuesAnew();
  const { key } = await schoolWithAll(async (id) => {
    school = id;
    await fillPlenty(id);
  });
  const ask = (method: string, path: string, body?: unknown) => call(method, `/v1/${path}`, body, key);
  for (const name of ["One", "Other"])
    expect(
      await ask("POST", "automations", {
        name,
        labels: ["Seldom"],
        when: [{ type: "tag.added", tags: ["vip"] }],
        then: [],
      }),
    ).toMatchObject({ status: 201 });
  await ask("GET", "automations?limit=1");
  // What an isolate keeps of a school it reads once: that its lists are long.
  for (const path of ["automations", "products"]) await ask("GET", `${path}?q=nobody`);
  const found: string[] = [];
  for (const { path, shows, each = 3, more = 0 } of CASES) {
    const meter = meterOfD1();
    const { status, body } = await ask("GET", path);
    vi.restoreAllMocks();
    const count = body.data?.length ?? 1;
    if (status !== 200 || count !== shows) found.push(`${path}: ${status}, ${count} of ${shows}`);
    const most = each * shows + FREE + more;
    const [mostly] = [...meter.readBy].sort(([, one], [, other]) => other - one);
    if (meter.rowsRead > most)
      found.push(`${path}: ${meter.rowsRead} rows, not ${most}; ${mostly?.[1]}: ${mostly?.[0]}`);
  }
  expect(found).toEqual([]);
});

test("schools are listed, and found by their names and whose they are, by what is shown of hundreds", async () => {
  await fillSchools();
  const found: string[] = [];
  for (const [path, most] of [
    ["schools?limit=20", 3 * 20 + FREE],
    ["schools?name=school%2049&limit=20", 3 * 20 + FREE],
  ] as const) {
    const meter = meterOfD1();
    const { status } = await call("GET", `/v1/${path}`, undefined, PLATFORM);
    vi.restoreAllMocks();
    if (status !== 200 || meter.rowsRead > most) found.push(`${path}: ${status}, ${meter.rowsRead} rows`);
  }
  expect(found).toEqual([]);
});
