import { beforeEach, describe, expect, test, vi } from "vitest";
import { FakeMoodle, STUDENT, TOKEN } from "../../../../test/fakes/moodle";
import { consume, flushLog, liveSchool, makeSchool, setNow } from "../../../../test/workers/live";
import { forgetEverything } from "../../../base/cache";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call, env } from "../../../http/test-client";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";
import { formOf } from "../../test-forms";

const app = createApp(routes);
mountAdmin(app, routes);

const EMAIL = "editor@school.com";
const collaborators = [
  { email: EMAIL, role: "editor" },
  { email: "viewer@school.com", role: "viewer" },
];
const LMS = { type: "moodle", url: "https://moodle.acme.com", token: TOKEN };
const MINUTE_MS = 60_000;
const { school, queues } = liveSchool("live", { connectors: { lms: LMS }, collaborators });
let moodle: FakeMoodle;

beforeEach(() => {
  forgetEverything();
  setNow(Date.UTC(2100, 0, 1));
  moodle = new FakeMoodle(() => Date.now());
  moodle.state.addCourse({ id: 7, fullname: "Databases" });
  // The network itself is the only thing that is stood in for.
  vi.spyOn(globalThis, "fetch").mockImplementation((url, init) => moodle.fetch(String(url), init as RequestInit));
});

const as = async (email: string) => ({ cookie: `__Host-schoolbell=${await startSession(env, email)}` });
const page = async (path: string, { id = school.id, email = EMAIL } = {}) => {
  const { status, text } = await call(app, "GET", addressIn(id, path), undefined, { headers: await as(email) });
  return { status, text: text.replaceAll(/\s+/g, " ") };
};
const send = async (path: string, fields: Record<string, string>) => {
  const at = addressIn(school.id, path);
  const answer = await call(app, "POST", at, formOf(at, fields), {
    headers: {
      ...(await as(EMAIL)),
      origin: "https://schoolbell.test",
      "content-type": "application/x-www-form-urlencoded",
    },
  });
  return { status: answer.status, text: answer.text, to: answer.headers.get("location") ?? "" };
};
const work = async (): Promise<void> => {
  for (let rounds = 0; queues.actions.length && rounds < 100; rounds++) {
    const [first] = queues.actions.splice(0, 1);
    await consume(first?.kind === "job" ? "schoolbell-jobs" : "schoolbell-actions", [first]);
  }
};
const enrolThere = (id: number) => {
  moodle.state.addUser({ id });
  const enrolment = { roleid: STUDENT, timestart: 0, timeend: 0, suspended: false };
  moodle.state.courses.get(7)?.enrolments.set(id, enrolment);
};
/** One is here only, one in Moodle only. */
async function apart() {
  moodle.state.addUser({ id: 41 });
  await school.event("course.enrolled", "41", { course: "7" });
  await school.event("course.unenrolled", "44", { course: "7" });
  enrolThere(44);
  await flushLog(school.id, "41", "44");
  setNow(Date.now() + MINUTE_MS);
}

describe("the page of what differs", () => {
  test("says which courses are otherwise, and leads to each", async () => {
    await apart();
    const { text } = await page("/lms");
    expect(text).toContain("1 in Moodle only, 1 here only");
    expect(text).toContain(`href="${addressIn(school.id, "/lms/7")}"`);
    expect((await page("/lms", { email: "viewer@school.com" })).text).not.toContain("Compare all");
  });

  test("brings in what is asked for, and compares all, by jobs", async () => {
    expect((await send("/lms", { what: "courses" })).to).toMatch(/\/jobs\/job_\w+\?done=started$/);
    await work();
    expect((await page("/lms")).text).toContain("Databases");
    await apart();
    const { to } = await send("/lms", { what: "compare" });
    await work();
    expect(to).toMatch(/\/jobs\/job_/);
    expect((await page("/lms?differs=true")).text).toContain("1 in Moodle only, 1 here only");
  });

  test("of a school without an LMS says how to begin", async () => {
    const other = await makeSchool("live", { collaborators });
    const { status, text } = await page("/lms", { id: other.id });
    expect([status, text.includes("There is no LMS to compare with")]).toEqual([200, true]);
    expect(text).not.toContain("settings.connectors");
  });

  test("shows the LMS's words where it fails", async () => {
    moodle.state.tokens.clear();
    expect((await page("/lms")).text).toMatch(/<b>Moodle: /);
  });
});

describe("the page of a course", () => {
  test("shows who differs, and previews what mending changes, which changes nothing", async () => {
    await apart();
    const { text } = await page("/lms/7?missing_here=ours&missing_there=theirs");
    expect(text).toContain("Moodle is right: un-enrol them here");
    expect(text).toContain("1 would change here, in quiet");
    expect(text).toContain("Type 1 to un-enrol so many");
    expect(queues.actions).toEqual([]);
    const viewed = await page("/lms/7?missing_here=ours", { email: "viewer@school.com" });
    expect([viewed.text.includes("41"), viewed.text.includes("Who is right?")]).toEqual([true, false]);
  });

  test("names who gave what is here, and leads there", async () => {
    const go = { when: [{ type: "custom", name: "go" }], then: [{ type: "course.enroll", courses: ["7"] }] };
    await school.automation({ ...go, name: "Let them in", synchronous: true });
    moodle.state.addUser({ id: 42 });
    const { runs } = await school.event("custom.go", "42");
    await work();
    moodle.state.courses.get(7)?.enrolments.clear();
    await flushLog(school.id, "42");
    setNow(Date.now() + MINUTE_MS);
    const { text } = await page("/lms/7");
    expect(text).toContain(`by <a href="${addressIn(school.id, `/runs/${runs[0].id}`)}">Let them in</a>`);
  });

  test("mends only with the count that is asked for", async () => {
    await apart();
    const refused = await send("/lms/7", { missing_here: "ours", confirm: "5" });
    expect([refused.status, refused.text.includes("It would un-enrol 1 of 1")]).toEqual([409, true]);
    const { to } = await send("/lms/7", { missing_here: "ours", missing_there: "theirs", confirm: "1" });
    expect(to).toMatch(/\/jobs\/job_\w+\?done=started$/);
    await work();
    expect(moodle.state.courses.get(7)?.enrolments.size).toBe(0);
    expect((await school.ask("GET", "/v1/users/41")).body.enrolments).toEqual([]);
  });

  test("with too many people is compared by a job, and then mended by what that found", async () => {
    for (let id = 1_000; id < 1_510; id += 1) enrolThere(id);
    const { text } = await page("/lms/7");
    expect([text.includes("too many people"), text.includes("Compare it by a job")]).toEqual([true, true]);
    expect((await send("/lms/7", { dry_run: "true" })).to).toMatch(/\/jobs\/job_/);
    await work();
    const found = await page("/lms/7?unknown=theirs");
    expect(found.text).toContain("510 in Moodle and unknown here");
    expect(found.text).toContain("510 would change here, in quiet");
    expect(queues.actions).toEqual([]);
  });
});
