import { beforeEach, describe, expect, test, vi } from "vitest";
import { FakeMoodle, TOKEN } from "../../test/fakes/moodle";
import { onlyTo } from "../../test/fakes/only";
import { consume, env, flushLog, liveSchool, setNow } from "../../test/workers/live";
import { anna, enrolment, zipOf } from "../../test/workers/oneroster";
import { forgetEverything } from "../base/cache";

const LMS = { type: "moodle", url: "https://moodle.acme.com", token: TOKEN };
const COURSE = 7;

const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });
let moodle: FakeMoodle;
let numbers = 0;
let idNumber: string;
let course: number;

beforeEach(() => {
  forgetEverything();
  setNow(Date.UTC(2090, 0, 1));
  moodle = new FakeMoodle(() => Date.now());
  numbers += 1;
  idNumber = `MATH-${numbers}`;
  course = COURSE + numbers;
  moodle.state.addCourse({ id: course, fullname: "Mathematics", idnumber: idNumber });
  vi.spyOn(globalThis, "fetch").mockImplementation(onlyTo(LMS.url, (url, init) => moodle.fetch(url, init)));
});

const work = async (): Promise<void> => {
  for (let rounds = 0; queues.actions.length && rounds < 200; rounds++) {
    const [first] = queues.actions.splice(0, 1);
    await consume(first?.kind === "job" ? "schoolbell-jobs" : "schoolbell-actions", [first]);
  }
};
const jobOf = async (answer: { status: number; body: { job_id: string } }) => {
  expect(answer.status).toBe(202);
  await work();
  return (await school.ask("GET", `/v1/jobs/${answer.body.job_id}`)).body;
};
const sync = async (what = "courses") => jobOf(await school.ask("POST", "/v1/lms/sync", { what }));
const coursesOf = async (user: string): Promise<string[]> =>
  (await school.ask("GET", `/v1/users/${user}`)).body.enrolments.map(({ product }: { product: string }) => product);

const webhook = async (user: string, eventname = "user_enrolment_created") => {
  const key = (await school.ask("GET", "/v1/school")).body.hook_key;
  const body = {
    ...{ eventname: `\\core\\event\\${eventname}`, objectid: "31", contextinstanceid: 7, userid: "2" },
    ...{ relateduserid: user, courseid: String(course), anonymous: 0, other: { userenrolment: { lastenrol: "1" } } },
    ...{ timecreated: Date.now() / 1_000, host: "127.0.0.1" },
  };
  expect((await school.ask("POST", `/hooks/moodle/${key}`, body)).status).toBe(200);
};
const classList = async (user: string, status = "") =>
  jobOf(
    await school.ask(
      "POST",
      "/v1/users/import",
      zipOf({
        "users.csv": [{ ...anna, sourcedId: user }],
        "classes.csv": [{ sourcedId: idNumber, title: "Mathematics, mornings" }],
        "enrollments.csv": [enrolment(user, { classSourcedId: idNumber, status })],
      }),
      { "content-type": "application/zip" },
    ),
  );
const statement = (user: string) => ({
  actor: { account: { homePage: "https://moodle.acme.com", name: user } },
  verb: { id: "http://adlnet.gov/expapi/verbs/registered" },
  object: {
    id: `https://moodle.acme.com/course/view.php?id=${course}`,
    definition: { type: "http://id.tincanapi.com/activitytype/lms/course" },
  },
});

describe("a course that Moodle knows by a number and an ID number", () => {
  test("is one here by every way in, once the courses were read", async () => {
    expect(await sync()).toMatchObject({ status: "done", errors: [] });
    const [one, two, three] = [`9${numbers}1`, `9${numbers}2`, `9${numbers}3`];
    await webhook(one);
    expect((await classList(two)).errors).toEqual([]);
    const { status } = await school.ask("POST", "/xapi/statements", statement(three), {
      "x-experience-api-version": "1.0.3",
    });
    expect(status).toBe(200);
    for (const user of [one, two, three]) expect(await coursesOf(user)).toEqual([String(course)]);
  });

  test("goes by the id under which people are in it, and so do webhooks, comparisons and names", async () => {
    const [one, two, three] = [`9${numbers}1`, `9${numbers}2`, `9${numbers}3`];
    await classList(one);
    await flushLog(school.id, one);
    expect(await sync()).toMatchObject({ errors: [] });
    await webhook(two);
    expect(await coursesOf(two)).toEqual([idNumber]);
    await webhook(two, "user_enrolment_deleted");
    expect(await coursesOf(two)).toEqual([]);
    expect((await school.ask("GET", `/v1/products/course/${idNumber}`)).body.name).toBe("Mathematics");
    expect((await school.ask("GET", `/v1/products/course/${course}`)).body.id).toBe(idNumber);
    const user = moodle.state.addUser({ id: Number(three) });
    moodle.state.courses.get(course)?.enrolments.set(user.id, {
      ...{ roleid: 5, timestart: 0, timeend: 0, suspended: false },
    });
    await sync("enrolments");
    expect(await coursesOf(three)).toEqual([idNumber]);
  });

  test("brings together who is in it by both ids, in quiet, and tells the LMS nothing", async () => {
    await school.automation({
      when: [{ type: "course.enrolled" }, { type: "course.unenrolled" }, { type: "course.completed" }],
      then: [{ type: "tags.add", tags: ["moved"] }],
    });
    const [one, two, both] = [`9${numbers}1`, `9${numbers}2`, `9${numbers}3`];
    for (const user of [one, both]) await classList(user);
    for (const user of [two, both]) await webhook(user);
    await school.event("course.completed", both, { course: idNumber });
    await work();
    for (const user of [one, two, both]) await flushLog(school.id, user);
    const tagged = async (user: string) => (await school.ask("GET", `/v1/users/${user}`)).body.tags;
    const before = await Promise.all([one, two, both].map(tagged));
    const told = (await school.ask("GET", "/v1/changes")).body.data.length;
    expect(await sync()).toMatchObject({ status: "done", errors: [] });
    for (const user of [one, two, both]) expect(await coursesOf(user)).toEqual([String(course)]);
    expect((await school.ask("GET", `/v1/users/${both}`)).body.enrolments[0].sources).toEqual([
      "event",
      expect.stringContaining("oneroster:"),
    ]);
    expect((await school.ask("GET", `/v1/users/${both}`)).body.courses[course].completed_at).toBeTruthy();
    expect(await Promise.all([one, two, both].map(tagged))).toEqual(before);
    expect((await school.ask("GET", "/v1/changes")).body.data).toHaveLength(told);
    for (const user of [one, two, both]) await flushLog(school.id, user);
    const marked = "select count(*) as n from user_marks where school = ? and kind = 'course' and value = ?";
    const byOther = await env.DB.prepare(marked).bind(school.id, idNumber).first();
    expect(byOther).toEqual({ n: 0 });
    for (const named of [String(course), idNumber, `${LMS.url}/course/view.php?id=${course}`])
      expect((await school.ask("GET", `/v1/users?course=${encodeURIComponent(named)}`)).body.data).toHaveLength(3);
    expect((await school.ask("GET", `/v1/lms/drift?course=${idNumber}`)).body.data[0]).toMatchObject({
      course: String(course),
      here: 3,
    });
  });

  test("finds who was enrolled by its ID number when word of it comes only after it was learned", async () => {
    const late = `9${numbers}1`;
    await webhook(`9${numbers}2`);
    await flushLog(school.id, `9${numbers}2`);
    await classList(late);
    await sync();
    await flushLog(school.id, late);
    await sync();
    expect(await coursesOf(late)).toEqual([String(course)]);
  });

  test("is one in what the school has defined and sends itself, by whichever id or address it is named", async () => {
    await sync();
    const [number, address] = [String(course), `${LMS.url}/course/view.php?id=${course}`];
    const group = { type: "group.joined" };
    await school.automation({
      when: [{ ...group, groups: ["by-automation"] }],
      then: [{ type: "course.enroll", courses: [idNumber, address] }],
    });
    await school.automation({
      when: [{ type: "course.enrolled", courses: [idNumber] }],
      only_if: { type: "course.is_enrolled", courses: [address] },
      then: [{ type: "tags.add", tags: ["greeted"] }],
    });
    await school.ask("POST", "/v1/segments", { id: "s", name: "S" });
    const made = await school.ask("POST", "/v1/segment-syncs", { name: "S", segment: "s", course: idNumber });
    expect(made.status).toBe(201);
    await school.ask("PUT", "/v1/products/bundle/b", { name: "B", courses: [address] });
    await school.ask("POST", "/v1/segments", { id: "inside", name: "Inside", managed: true });
    const rule = { segment: "inside", match: "all", where: [{ field: "enrolled", op: "is", value: idNumber }] };
    expect((await school.ask("POST", "/v1/segment-rules", rule)).status).toBe(201);
    await work();
    const [a, b, c, d, e] = [1, 2, 3, 4, 5].map((n) => `9${numbers}${n}`) as [string, string, string, string, string];
    await school.event("group.joined", a, { group: "by-automation" });
    await school.ask("PUT", `/v1/segments/s/members/${b}`);
    await school.event("bundle.enrolled", c, { bundle: "b" });
    await school.event("course.enrolled", d, { course: idNumber });
    await school.event("course.enrolled", e, { course: address });
    await work();
    // Moodle's own word of each comes after.
    for (const user of [a, b, c, d, e]) await webhook(user);
    await work();
    for (const user of [a, b, c, d, e]) {
      const { body } = await school.ask("GET", `/v1/users/${user}`);
      const courses = body.enrolments.flatMap((one: Record<string, string>) =>
        one.product_type === "course" || one.type === "course" ? [one.product] : [],
      );
      expect(courses).toEqual([number]);
      expect(body).toMatchObject({ tags: ["greeted"], segments: expect.arrayContaining(["inside"]) });
    }
  });

  test("leaves its ID number to the course that has it after Moodle deleted the first", async () => {
    const [one, two] = [`9${numbers}1`, `9${numbers}2`];
    await classList(one);
    await flushLog(school.id, one);
    await sync();
    expect(await coursesOf(one)).toEqual([idNumber]);
    const next = course + 3_000;
    moodle.state.courses.delete(course);
    moodle.state.addCourse({ id: next, fullname: "Anew", idnumber: idNumber });
    expect((await sync()).errors).toEqual([{ message: expect.stringContaining(`"${next}" and "${idNumber}"`) }]);
    expect(await coursesOf(one)).toEqual([String(course)]);
    await flushLog(school.id, one);
    expect((await sync()).errors).toEqual([]);
    await classList(two);
    expect(await coursesOf(two)).toEqual([String(next)]);
    expect(await coursesOf(one)).toEqual([String(course)]);
  });

  test("keeps both ids while Moodle does not tell one of them any more", async () => {
    await sync();
    moodle.state.addToken(TOKEN, { without: ["moodle/course:update"] });
    await sync();
    await classList(`9${numbers}1`);
    expect(await coursesOf(`9${numbers}1`)).toEqual([String(course)]);
  });

  test("is called by another ID number once Moodle calls it so", async () => {
    await sync();
    const [before, user] = [idNumber, `9${numbers}1`];
    idNumber = `${before}-new`;
    moodle.state.addCourse({ id: course, fullname: "Mathematics", idnumber: idNumber });
    await sync();
    await classList(user);
    expect(await coursesOf(user)).toEqual([String(course)]);
    idNumber = before;
    await classList(user);
    // It is another course now, and the record has moved to it.
    expect(await coursesOf(user)).toEqual([before]);
  });

  test("takes no other course along when its ID number is given to that one", async () => {
    const user = `9${numbers}1`;
    await classList(user);
    await flushLog(school.id, user);
    await sync();
    const later = course + 1_000;
    moodle.state.addCourse({ id: course, fullname: "Mathematics", idnumber: "" });
    moodle.state.addCourse({ id: later, fullname: "Later", idnumber: idNumber });
    const { errors } = await sync();
    expect(errors).toEqual([{ message: expect.stringContaining(`"${later}" and "${idNumber}"`) }]);
    expect((await school.ask("GET", `/v1/products/course/${later}`)).body.name).toBe("Later");
  });

  test("is found by its number alone where Moodle does not tell the other", async () => {
    moodle.state.addToken(TOKEN, { without: ["moodle/course:update"] });
    expect(await sync()).toMatchObject({ status: "done", errors: [] });
    await classList(`9${numbers}1`);
    expect(await coursesOf(`9${numbers}1`)).toEqual([idNumber]);
  });

  test("is changed there by its number, to whichever course its ID number was given since", async () => {
    const [held, enrolled] = [`9${numbers}1`, `9${numbers}2`];
    await classList(held);
    await flushLog(school.id, held);
    await sync();
    const other = course + 2_000;
    moodle.state.addCourse({ id: course, fullname: "Mathematics", idnumber: `${idNumber}-new` });
    moodle.state.addCourse({ id: other, fullname: "Another", idnumber: idNumber });
    await sync();
    // What was looked up when the roster's change went out is remembered for some minutes.
    forgetEverything();
    setNow(Date.now() + 3_600_000);
    moodle.state.addUser({ id: Number(enrolled) });
    await school.ask("PUT", `/v1/users/${enrolled}`, { username: "Two" });
    await school.ask("POST", `/v1/users/${enrolled}/events`, { type: "course.enrolled", data: { course: idNumber } });
    await work();
    for (const [id, has] of [
      [course, true],
      [other, false],
    ] as const)
      expect(moodle.state.courses.get(id)?.enrolments.has(Number(enrolled))).toBe(has);
  });
});
