import { expect, type Page, test } from "@playwright/test";
import { FakeMoodle, STUDENT, TOKEN } from "../fakes/moodle";
import { type Served, serve } from "../fakes/serve";
import { expectAccessible } from "./accessible";
import { expectLanguage, inLanguage, LANGUAGES } from "./languages";
import { call, newSchool, signIn, type TestSchool } from "./school";
import { tabTo } from "./tab";

/* What differs between a school and its LMS, and between a segment and its rules: shown, previewed, mended. */

/** What was changed just before a look is not counted by it. */
const SEEN_MS = 120_000;
const MENDED_MS = 60_000;
/** More than one page of a job, so that it can be cancelled on its way. */
const STAFF = 400;

const HERE_ONLY = 1_001;
const THERE_ONLY = 1_002;
const SUSPENDED = 1_003;
const UNKNOWN = 1_004;

let moodle: FakeMoodle;
let served: Served;
let school: TestSchool;
const api = <T = unknown>(method: string, path: string, body?: unknown) =>
  call<T>(school.key, method, `/v1${path}`, body);
const enrolled = () => moodle.state.courses.get(7)?.enrolments ?? new Map();

interface Drift {
  data: { missing_here: number; missing_there: number; differing: number; unknown: number }[];
}
interface SegmentDrift {
  missing: string[];
  surplus: string[];
}
const segmentDrift = () => api<SegmentDrift>("GET", "/segments/staff/drift");

test.beforeAll(async () => {
  test.setTimeout(300_000);
  moodle = new FakeMoodle(Date.now);
  served = await serve((request) => moodle.handle(request));
  moodle.state.addCourse({ id: 7, fullname: "Databases for beginners" });
  school = await newSchool({}, { mode: "live" });
  await api("PATCH", "/school", {
    settings: { connectors: { lms: { type: "moodle", url: served.base, token: TOKEN } } },
  });
  for (const id of [HERE_ONLY, THERE_ONLY, SUSPENDED, UNKNOWN]) {
    moodle.state.addUser({ id });
    if (id !== HERE_ONLY)
      enrolled().set(id, { roleid: STUDENT, timestart: 0, timeend: 0, suspended: id === SUSPENDED });
    if (id === UNKNOWN) continue;
    await api("PUT", `/users/${id}`, { username: `Learner ${id}` });
    if (id === THERE_ONLY) continue;
    await api("POST", "/events", { type: "course.enrolled", user: { id: String(id) }, data: { course: "7" } });
  }
  await done(await api("POST", "/lms/sync", { what: "courses" }));
  await drifted();
  await expect
    .poll(async () => (await api<Drift>("GET", "/lms/drift?course=7")).data[0], {
      timeout: SEEN_MS,
      intervals: [3_000],
    })
    .toMatchObject({ missing_here: 1, missing_there: 1, differing: 1, unknown: 1 });
});

test.afterAll(() => served.close());

/** Has a segment differ: its rule is another, and the job that would have brought all in line was stopped. */
async function drifted(): Promise<void> {
  const events = Array.from({ length: STAFF }, (_, n) => ({
    type: "user.updated",
    user: { id: `s${String(n).padStart(3, "0")}`, source: "staff" },
  }));
  await api("POST", "/events/batch", { events });
  // A job goes through whom the directory has.
  await expect.poll(async () => (await api<{ data: unknown[] }>("GET", "/users?q=s399")).data.length, SLOW).toBe(1);
  await api("POST", "/segments", { id: "staff", name: "Staff", managed: true });
  const source = (is: string) => [{ field: "source", op: "is", value: is }];
  const body = { segment: "staff", match: "all", where: source("none") };
  const rule = await api<{ id: string; job_id: string }>("POST", "/segment-rules", body);
  await done(rule);
  const job = await api<{ job_id: string }>("PATCH", `/segment-rules/${rule.id}`, { where: source("staff") });
  await api("POST", `/jobs/${job.job_id}/cancel`);
  await expect.poll(async () => (await segmentDrift()).missing.length, SLOW).toBeGreaterThan(0);
}

const SLOW = { timeout: MENDED_MS } as const;
const done = ({ job_id: id }: { job_id: string }) =>
  expect.poll(async () => (await api<{ status: string }>("GET", `/jobs/${id}`)).status, SLOW).toBe("done");

for (const code of LANGUAGES)
  test(`the pages of the LMS and of a segment that differs are accessible and fit: ${code}`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, school.email);
    await inLanguage(context, code);
    const errors: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${page.url()}: ${message.text()}`);
    });
    const mending = "missing_here=ours&missing_there=theirs&differing=theirs&unknown=theirs";
    for (const path of [
      ...["/lms", "/lms?differs=true", "/lms/7", `/lms/7?${mending}`],
      ...["/catch-up", "/catch-up?segment=staff", "/segments/staff", "/settings/connectors/lms"],
    ]) {
      await page.goto(school.home + path);
      await expect(page.locator("h1")).toBeVisible();
      await expectLanguage(page, code);
      await expectAccessible(page);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

async function press(page: Page, name: string | RegExp, role: "button" | "link" = "button"): Promise<void> {
  await tabTo(page, page.getByRole(role, { name }));
  await page.keyboard.press("Enter");
}

test("a segment is compared, and brought in line with its rules, by the keyboard", async ({ page }) => {
  await signIn(page, school.email);
  await page.goto(`${school.home}/catch-up`);
  await tabTo(page, page.getByLabel("Segment", { exact: true }));
  await press(page, "Compare with its rules");
  const { missing } = await segmentDrift();
  await expect(page.getByText(`${missing.length} learners would join`)).toBeVisible();
  expect((await segmentDrift()).missing).toEqual(missing);
  await press(page, "Bring its members in line");
  await expect(page).toHaveURL(/\/jobs\/job_/);
  await expect.poll(segmentDrift, SLOW).toMatchObject({ missing: [], surplus: [] });
  await page.goto(`${school.home}/catch-up?segment=staff`);
  await expect(page.getByText("Nobody differs")).toBeVisible();
});

test("a course is mended to either side, previewed first, by the keyboard", async ({ page }) => {
  test.setTimeout(300_000);
  await signIn(page, school.email);
  await page.goto(`${school.home}/catch-up`);
  await press(page, "Databases for beginners", "link");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Databases for beginners");
  const choose = async (kind: RegExp, side: RegExp): Promise<void> => {
    const field = page.getByLabel(kind);
    await tabTo(page, field);
    const options = await field.locator("option").allTextContents();
    for (let n = 0; n < options.findIndex((text) => side.test(text)); n++) await page.keyboard.press("ArrowDown");
  };
  await choose(/in Moodle only/, /un-enrol them in Moodle/);
  await choose(/here only/, /enrol them in Moodle/);
  await choose(/enrolled otherwise/, /make it so here/);
  await choose(/unknown here/, /make them learners/);
  await press(page, "Preview");
  await expect(page.getByText(/2 would change here, in quiet/)).toContainText("2 would change in Moodle");
  await expect(page.getByText(/2 would change here, in quiet/)).toContainText("Nothing is changed yet.");
  expect([...enrolled().keys()].sort()).toEqual([THERE_ONLY, SUSPENDED, UNKNOWN]);
  await tabTo(page, page.getByLabel("Type 1 to un-enrol so many"));
  await page.keyboard.type("1");
  await press(page, "Change 2 here and 2 in Moodle");
  await expect(page).toHaveURL(/\/jobs\/job_/);
  await expect.poll(() => [...enrolled().keys()].sort(), SLOW).toEqual([HERE_ONLY, SUSPENDED, UNKNOWN]);
  const inCourse = async (id: number) =>
    (await api<{ enrolments: { product: string; suspended?: boolean }[] }>("GET", `/users/${id}`)).enrolments;
  await expect.poll(() => inCourse(SUSPENDED), SLOW).toMatchObject([{ product: "7", suspended: true }]);
  await expect.poll(() => inCourse(UNKNOWN), SLOW).toMatchObject([{ product: "7" }]);
  await page.goto(`${school.home}/lms/7`);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Nothing differs")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: SEEN_MS, intervals: [3_000] });
  expect(moodle.wrongs).toEqual([]);
});
