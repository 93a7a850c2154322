import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parcelOf } from "../../../../test/connectors/harness";
import { TOKEN } from "../../../../test/fakes/moodle";
import { type MoodleSchool, moodleSchool } from "../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../base/cache";
import { moodle } from "../moodle";
import { functionNames } from "./functions";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

const faults = async () => (await school.check()).filter(({ ok }) => !ok);
const advice = async () => (await faults()).map((one) => one.advice);

describe("a connection that is whole", () => {
  test("is told with the release, and each right that was tried", async () => {
    const findings = await school.check();
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        "Moodle answers at https://moodle.acme.com, release 4.5.6 (Build: 20250811)",
        `All ${functionNames.length} functions are in the web service`,
        "The service user may enrol by hand",
        "The service user may complete activities for others",
      ]),
    );
  });

  test("is left as it was by looking", async () => {
    const before = JSON.stringify([...school.state.courses.values(), [...school.state.users]]);
    await school.check();
    expect(JSON.stringify([...school.state.courses.values(), [...school.state.users]])).toBe(before);
    expect([school.state.cohorts.size, school.state.messages.length]).toEqual([0, 0]);
    for (const { enrolments, activities } of school.state.courses.values()) {
      expect(enrolments.size).toBe(0);
      expect(activities.every(({ states }) => states.size === 0)).toBe(true);
    }
  });

  test("is told where there is no course yet to try rights with", async () => {
    school.state.courses.delete(7);
    const findings = await school.check();
    expect(findings.every(({ ok }) => ok)).toBe(true);
    expect(findings.map(({ what }) => what)).not.toContain("The service user may complete activities for others");
  });
});

test("each function that is missing is named, with what fails without it", async () => {
  school.state.addToken(TOKEN, { outside: ["core_cohort_add_cohort_members", "core_group_create_groups"] });
  const found = await faults();
  expect(found).toHaveLength(2);
  expect(found[0]).toMatchObject({ advice: expect.stringMatching(/core_group_create_groups.*groups that are not/) });
  expect(found[1]).toMatchObject({ advice: expect.stringMatching(/core_cohort_add_cohort_members.*segments/) });
});

test.each(functionNames.filter((name) => name !== "core_webservice_get_site_info"))(
  "without the function %s the rest is looked at all the same",
  async (name) => {
    school.state.addToken(TOKEN, { outside: [name] });
    const found = await faults();
    expect(found).toHaveLength(1);
    expect(found[0]?.advice).toContain(name);
  },
);

test.each([
  "moodle/site:viewparticipants",
  "moodle/user:viewdetails",
  "moodle/user:viewalldetails",
  "moodle/site:viewuseridentity",
  "moodle/course:view",
  "enrol/manual:enrol",
  "enrol/manual:unenrol",
  "moodle/role:assign",
  "moodle/cohort:manage",
  "moodle/course:managegroups",
  "moodle/course:enrolreview",
  "moodle/site:sendmessage",
  "moodle/user:update",
  "report/progress:view",
  "moodle/course:overridecompletion",
])("the right %s, where it is missing, is named", async (capability) => {
  school.state.addToken(TOKEN, { without: [capability] });
  expect((await advice()).join("\n")).toContain(capability);
});

test("a student role that may not be given, or is none, is told", async () => {
  school.settings.student_role = 99;
  expect(await advice()).toEqual([expect.stringContaining("student_role")]);
});

test.each([
  ["the token is wrong", () => void school.state.tokens.clear(), "does not know the token"],
  [
    "REST is switched off",
    () => {
      school.state.rest = false;
    },
    "switched off",
  ],
  [
    "nobody is there",
    () => {
      school.tools.fetch = () => Promise.reject(new TypeError("connection refused"));
    },
    "not reached",
  ],
  [
    "the address is private",
    () => {
      school.tools.resolve = async () => ["10.0.0.1"];
    },
    "private",
  ],
  ["the functions cannot be asked for", () => school.state.addToken(TOKEN, { outside: [...functionNames] }), "token"],
])("where %s there is one finding, that says so", async (_, spoil, words) => {
  spoil();
  const findings = await school.check();
  expect(findings).toEqual([{ ok: false, what: expect.any(String), advice: expect.stringContaining(words) }]);
});

test("an address without encryption is told: no live school calls it", async () => {
  school.settings.url = "http://moodle.acme.com";
  expect(await advice()).toEqual([expect.stringContaining("https")]);
});

test("one on this machine is called as it is, where that may be", async () => {
  school.settings.url = "http://localhost:8081";
  school.tools.loopback = { ownPort: "8787" };
  expect(await advice()).toEqual([]);
});

test("a test send is the check", async () => {
  const parcel = parcelOf({ channel: "lms", content: { type: "test", data: {} } });
  expect(await moodle.send(parcel, school.settings, school.tools)).toMatchObject({ ok: true });
  school.state.rest = false;
  expect(await moodle.send(parcel, school.settings, school.tools)).toMatchObject({
    ok: false,
    broken: true,
    error: expect.stringContaining("switched off"),
  });
});
