import { beforeEach, describe, expect, test } from "vitest";
import { TOKEN } from "../../../../test/fakes/moodle";
import { COURSE, type MoodleSchool, moodleSchool, PAGE } from "../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../base/cache";
import { moodle } from "../moodle";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
});

const given = { course: String(COURSE), role: "student", expires_at: null, source: "event" };
const enrol = () => school.tell("course.enrolled", given);
/** What the school is told, and whether it is tried again. */
const down = { ok: false, retry: true, broken: true };
const lacking = { ok: false, retry: false, broken: true };

function answering(answer: () => Response | Promise<Response>): void {
  school.tools.fetch = async () => answer();
}
const exception = (errorcode: string | undefined, message = "") =>
  answering(() => Response.json({ exception: "moodle_exception", ...(errorcode ? { errorcode } : {}), message }));

describe("nothing gets through, and is kept until the school has mended it, where", () => {
  test("the token is none", async () => {
    school.settings.token = "other";
    expect(await enrol()).toMatchObject({ ...down, error: expect.stringContaining("does not know the token") });
  });

  test("the token has expired, for which Moodle has no word of its own", async () => {
    school.state.addToken(TOKEN, { expired: true });
    expect(await enrol()).toMatchObject({ ...down, error: expect.stringContaining("refuses the token") });
  });

  test("REST is switched off", async () => {
    school.state.rest = false;
    expect(await enrol()).toMatchObject({ ...down, code: 403, error: expect.stringContaining("switched off") });
  });

  test.each([
    [404, "there is no Moodle at this address"],
    [301, "redirects"],
    [401, "password"],
  ])("the address answers %i", async (status, words) => {
    answering(() => new Response(null, { status, headers: { location: "https://elsewhere.com/" } }));
    expect(await enrol()).toMatchObject({ ...down, code: status, error: expect.stringContaining(words) });
  });

  test("something else answers there", async () => {
    answering(() => new Response("<html>Welcome</html>"));
    expect(await enrol()).toMatchObject({ ...down, error: expect.stringContaining("not Moodle") });
  });

  test.each(["wsaccessusersuspended", "wsaccessuserdeleted", "sitepolicynotagreed"])(
    "the service user may not in: %s",
    async (errorcode) => {
      exception(errorcode);
      expect(await enrol()).toMatchObject(down);
    },
  );
});

describe("one change fails for good, the others go on, and the school is told, where", () => {
  test("a function is not in the service", async () => {
    school.state.addToken(TOKEN, { outside: ["enrol_manual_enrol_users"] });
    expect(await enrol()).toMatchObject({ ...lacking, error: expect.stringContaining("enrol_manual_enrol_users") });
  });

  test("a function is not in this Moodle at all", async () => {
    exception("invalidrecord", "Can't find data record in database table external_functions.");
    expect(await enrol()).toMatchObject({ ...lacking, error: expect.stringContaining("enrol_manual_enrol_users") });
  });

  const activity = { course: String(COURSE), activity: String(PAGE) };
  test.each([
    ["moodle/course:view", () => enrol()],
    ["enrol/manual:enrol", () => enrol()],
    ["moodle/role:assign", () => enrol()],
    ["enrol/manual:unenrol", () => school.tell("course.unenrolled", given)],
    ["moodle/course:managegroups", () => school.tell("group.joined", { group: "7:A" })],
    ["moodle/cohort:manage", () => school.tell("segment.joined", { segment: "seg_1" })],
    ["moodle/site:sendmessage", () => school.tell("message.sent", { body: "x" })],
    ["report/progress:view", () => school.tell("activity.completed", activity)],
    ["moodle/course:overridecompletion", () => school.tell("activity.completed", activity)],
    ["moodle/user:update", () => school.tell("user.updated", { changed: ["email"], values: { email: "x@y.co" } })],
  ])("the service user lacks %s", async (capability, tell) => {
    school.enrol();
    school.state.addToken(TOKEN, { without: [capability] });
    expect(await tell()).toMatchObject(lacking);
    expect(school.lms.wrongs).toEqual([]);
  });
});

describe("it is tried again, and nobody is told, where", () => {
  test.each([429, 500, 502, 503, 504, 521])("the server answers %i", async (status) => {
    answering(() => new Response("busy", { status, headers: { "retry-after": "7" } }));
    const answer = await enrol();
    expect(answer).toMatchObject({ ok: false, retry: true, code: status, retryAfterMs: 7_000 });
    expect(answer).not.toHaveProperty("broken");
  });

  test("Moodle is in maintenance", async () => {
    school.state.maintenance = true;
    expect(await enrol()).toMatchObject({ ok: false, retry: true });
  });

  test.each(["dmlwriteexception", "dbconnectionfailed", "upgraderunning"])("it says %s", async (errorcode) => {
    exception(errorcode);
    expect(await enrol()).toMatchObject({ ok: false, retry: true });
  });

  test("nobody is there", async () => {
    answering(() => Promise.reject(new TypeError("connection refused")));
    expect(await enrol()).toMatchObject({ ok: false, retry: true });
  });

  test("it takes longer than there is time", async () => {
    school.lms.trouble = { delayMs: 200 };
    school.tools.timeoutMs = 20;
    expect(await enrol()).toMatchObject({ ok: false, retry: true, error: expect.stringContaining("20 ms") });
  });
});

describe("what Moodle says", () => {
  test("is told in our words: its own may show paths of the server", async () => {
    const answer = await school.tell("course.enrolled", given, "999999");
    expect(answer).toMatchObject({ ok: false, retry: false });
    expect(JSON.stringify(answer)).not.toMatch(/enrollib|\/var\/www|stdClass/);
  });

  test("in a code that is not known is final, and told by that code", async () => {
    exception("someplugincode", "in /var/www/moodle");
    const answer = await enrol();
    expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("someplugincode") });
    expect(JSON.stringify(answer)).not.toContain("/var/www");
  });

  test("in what is no code is not repeated", async () => {
    exception("<b>/var/www/moodle</b>");
    expect(JSON.stringify(await enrol())).not.toContain("/var/www");
  });

  test("in another form than it should is not taken for a yes", async () => {
    answering(() => Response.json({ warnings: [] }));
    expect(await enrol()).toMatchObject({ ok: false, retry: false });
  });
});

test("a course without manual enrolment is named as such", async () => {
  school.state.addCourse({ id: 8, manual: false });
  const answer = await school.tell("course.enrolled", { ...given, course: "8" });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("no manual enrolment") });
});

test("what goes out is a form, at the web service of whatever address was set", async () => {
  for (const url of [
    "https://acme.com/moodle",
    "https://acme.com/moodle/",
    "https://acme.com/moodle/webservice/rest/server.php",
  ]) {
    school.settings.url = url;
    const { fetch } = school.tools;
    let called = "";
    school.tools.fetch = (to, init) => {
      called = to;
      return fetch(to, init);
    };
    expect(await enrol()).toMatchObject({ ok: true });
    expect(called).toBe("https://acme.com/moodle/webservice/rest/server.php");
    expect(school.lms.wrongs).toEqual([]);
  }
});

test("an address that leads into a private network is not called", async () => {
  school.tools.resolve = async () => ["10.0.0.1"];
  expect(await enrol()).toMatchObject({ ok: false, retry: true, broken: true });
  expect(school.lms.called).toEqual([]);
});

test.each(["bundle.enrolled", "seat.added", "space.added", "tag.added", "payment.recorded"] as const)(
  "%s is none of Moodle's",
  async (type) => {
    expect(moodle.lms.supports(type)).toBe(false);
  },
);

test("a change that Moodle knows nothing of is answered as not supported, without a call", async () => {
  expect(await school.tell("space.added", { space: "s1" })).toMatchObject({ ok: false, unsupported: true });
  expect(school.lms.called).toEqual([]);
});
