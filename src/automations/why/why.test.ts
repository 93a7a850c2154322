import { describe, expect, test } from "vitest";
import { liveSchool } from "../../../test/workers/live";

/* Why an automation ran for a user or did not, true for ever: whatever became of the user and of it since. */

const { school } = liveSchool("test", {}, { now: "2026-05-12T09:00:00.000Z" });

const pass = (advance: string) => school.ask("POST", "/v1/test-clock", { advance });
const why = async (automation: string, query = "") =>
  (await school.ask("GET", `/v1/automations/${automation}/why?user=anna${query}`)).body;

test("what a trigger did not mean is told by the version of its moment, with what it saw then", async () => {
  const automation = await school.automation({ when: [{ type: "course.enrolled", courses: ["js"] }], then: [] });
  await school.event("course.enrolled", "anna", { course: "css" }, "e1");
  await school.patch(automation, { when: [{ type: "tag.added", tags: ["a", "b"], match: "all" }] });
  await school.event("tag.added", "anna", { tag: "a" }, "e2");
  await school.event("tag.removed", "anna", { tag: "a" }, "e3");
  await school.event("tag.added", "anna", { tag: "b" }, "e4");
  await school.event("tag.added", "anna", { tag: "a" }, "e5");
  await school.patch(automation, { when: [{ type: "course.enrolled" }] });
  await pass("P5D");
  const said = async (event: string) => (await why(automation, `&event=${event}`)).data[0];
  expect(await said("e1")).toMatchObject({
    ...{ fired: false, stopped_by: "trigger", path: "/when/0", seen: "css" },
    expected: { type: "course.enrolled", courses: ["js"] },
  });
  expect(await said("e2")).toMatchObject({ stopped_by: "trigger", path: "/when/0", seen: ["a"] });
  const [third] = (await why(automation, "&event=e3")).data;
  expect(third).not.toHaveProperty("path");
  expect(await said("e4")).toMatchObject({ stopped_by: "trigger", expected: { tags: ["a", "b"] }, seen: ["b"] });
  expect(await said("e5")).toMatchObject({ fired: true });
});

test("of a time before there was the automation it says so, where it would have meant the fact", async () => {
  await school.event("course.enrolled", "anna", { course: "js" }, "e1");
  await school.event("course.enrolled", "anna", { course: "css" }, "e2");
  const automation = await school.automation({ when: [{ type: "course.enrolled", courses: ["js"] }], then: [] });
  expect((await why(automation)).data).toMatchObject([
    { event_id: "e2", stopped_by: "trigger", path: "/when/0", seen: "css" },
    { event_id: "e1", stopped_by: "not_there" },
  ]);
});

test("the value that a condition saw stays the value of then", async () => {
  const automation = await school.automation({
    when: [{ type: "course.enrolled" }],
    only_if: { all: [{ type: "tags.has", tags: ["vip"] }] },
    then: [],
  });
  await school.event("course.enrolled", "anna", { course: "js" }, "e1");
  await school.event("tag.added", "anna", { tag: "vip" });
  await pass("P1D");
  expect((await why(automation, "&event=e1")).data).toMatchObject([
    { stopped_by: "only_if", path: "/only_if/all/0", seen: [] },
  ]);
});

test("inactivity says since when it is counted, and when it would start", async () => {
  const automation = await school.automation({ when: [{ type: "inactivity.school", days: 10 }], then: [] });
  await pass("PT1H");
  await school.event("school.visited", "anna");
  const coming = async () => (await why(automation)).coming;
  expect(await coming()).toEqual([
    {
      path: "/when/0",
      type: "inactivity.school",
      from: "2026-05-12T10:00:00.000Z",
      counted: "visit",
      at: "2026-05-22T10:00:00.000Z",
      says: "last visit 2026-05-12; would start on 2026-05-22",
    },
  ]);
  await school.patch(automation, { active: false });
  expect(await coming()).toMatchObject([{ at: null, why: "inactive" }]);
  await school.patch(automation, { active: true });
  await pass("P11D");
  expect(await coming()).toMatchObject([
    { at: null, why: "told", says: "last visit 2026-05-12; would not start: it has started for this already" },
  ]);
  const late = await school.automation({ when: [{ type: "inactivity.school", days: 3 }], then: [] });
  expect((await why(late)).coming).toMatchObject([{ at: null, why: "before_active" }]);
});

test("so do trials and dates, by the moment that is remembered of each", async () => {
  const trial = await school.automation({ when: [{ type: "trial.ending", days: 3 }], then: [] });
  const due = await school.automation({ when: [{ type: "date.reached", field: "exam", offset: "-P1D" }], then: [] });
  await school.event("trial.started", "anna", { subscription: "pro", ends_at: "2026-06-10T00:00:00.000Z" });
  await school.ask("PUT", "/v1/users/anna", { fields: { exam: "2026-06-20" } });
  expect((await why(trial)).coming).toMatchObject([
    { about: "pro", counted: "trial", says: "the trial of pro ends 2026-06-10; would start on 2026-06-07" },
  ]);
  expect((await why(due)).coming).toMatchObject([{ counted: "date", at: "2026-06-19T00:00:00.000Z" }]);
});

test("a run that waits says for what, and until when", async () => {
  const event = { type: "certificate.awarded", courses: ["$trigger"] };
  const automation = await school.automation({
    when: [{ type: "course.completed" }],
    then: [{ id: "w", type: "wait_for", event, timeout: "P22D", on_event: [], on_timeout: [] }],
  });
  await school.event("course.completed", "anna", { course: "js" });
  await pass("PT0S");
  const { waiting } = await why(automation);
  expect(waiting).toMatchObject([
    {
      ...{ run_id: expect.stringMatching(/^run_/), step_id: "w", type: "wait_for" },
      ...{ until: "2026-06-03T09:00:00.000Z", event: { type: "certificate.awarded" } },
      says: "waits for certificate.awarded until 2026-06-03",
    },
  ]);
  await school.patch(automation, { active: false });
  const until = "waits for certificate.awarded until 2026-06-03";
  expect((await why(automation)).waiting).toMatchObject([
    { held: "inactive", says: `${until}; held from then on, as the automation is off` },
  ]);
  await pass("P30D");
  const held = "waits for certificate.awarded; held, as";
  expect((await why(automation)).waiting).toMatchObject([
    { until: null, held: "inactive", says: `${held} the automation is off` },
  ]);
  await school.ask("DELETE", `/v1/automations/${automation}?hold=P1D`);
  expect((await why(automation)).waiting).toMatchObject([
    { until: null, held: "deleted", says: `${held} the automation is to be deleted` },
  ]);
  await school.ask("POST", `/v1/automations/${automation}/restore`);
  await school.ask("PATCH", "/v1/school", { paused: true });
  await school.patch(automation, { active: true });
  expect((await why(automation)).waiting).toMatchObject([
    { until: null, held: "paused", says: `${held} the school is paused` },
  ]);
});

test("what time brought about is judged by the version of its moment too", async () => {
  const automation = await school.automation({ when: [{ type: "course.unenrolled", courses: ["js"] }], then: [] });
  await school.event("course.enrolled", "anna", { course: "css", expires_at: "2026-05-14T09:00:00.000Z" });
  await pass("P3D");
  await school.patch(automation, { when: [{ type: "course.unenrolled", courses: ["html"] }] });
  await school.event("school.visited", "anna");
  const [ended] = (await why(automation)).data;
  expect(ended).toMatchObject({
    fact: { type: "course.unenrolled" },
    ...{ stopped_by: "trigger", seen: "css", expected: { courses: ["js"] } },
  });
});

test("one that is deleted, or about to be, answers by the versions that are kept", async () => {
  const automation = await school.automation({ when: [{ type: "course.enrolled", courses: ["js"] }], then: [] });
  await school.event("course.enrolled", "anna", { course: "js" }, "e1");
  await school.event("course.enrolled", "anna", { course: "css" }, "e2");
  await school.patch(automation, { when: [{ type: "course.enrolled", courses: ["css"] }] });
  const before = (await why(automation)).data;
  await school.ask("DELETE", `/v1/automations/${automation}?hold=PT1H`);
  expect((await why(automation)).data).toEqual(before);
  await school.event("course.unenrolled", "anna", { course: "css" });
  await school.event("course.enrolled", "anna", { course: "css" }, "e3");
  await pass("PT1H");
  await school.event("course.unenrolled", "anna", { course: "css" });
  await school.event("course.enrolled", "anna", { course: "css" }, "e4");
  await school.event("course.enrolled", "anna", { course: "html" }, "e5");
  expect((await school.ask("GET", `/v1/automations/${automation}`)).status).toBe(404);
  const { data, coming, waiting } = await why(automation);
  expect([coming, waiting]).toEqual([[], []]);
  const enrolled = data.filter(({ fact }: { fact: { type: string } }) => fact.type === "course.enrolled");
  expect(enrolled).toMatchObject([
    { event_id: "e5", stopped_by: "trigger", expected: { courses: ["css"] }, seen: "html" },
    { event_id: "e4", stopped_by: "not_there" },
    { event_id: "e3", stopped_by: "inactive" },
    ...before,
  ]);
  expect((await school.ask("GET", "/v1/automations/aut_never/why?user=anna")).status).toBe(404);
});

describe("of whom another was merged into", () => {
  const merge = (from: string) => school.ask("POST", "/v1/users/anna/merge", { from });
  const eventsOf = (data: { event_id: string }[]) => data.map(({ event_id: id }) => id);

  test("both lives are told in the order of time, page by page too", async () => {
    const automation = await school.automation({ when: [{ type: "tag.added", tags: ["t0"] }], then: [] });
    for (const [n, user] of ["anna", "ben", "anna", "ben", "anna"].entries()) {
      await pass("PT1M");
      await school.event("tag.added", user, { tag: `t${n}` }, `e${n}`);
    }
    expect((await merge("ben")).status).toBe(200);
    await school.event("tag.added", "anna", { tag: "last" }, "e5");
    const isTold = ({ fact }: { fact: { type: string } }) => fact.type === "tag.added";
    const { data } = await why(automation, "&limit=100");
    expect(eventsOf(data.filter(isTold).filter(({ event_id: id }: { event_id: string }) => id))).toEqual([
      ...["e5", "e4", "e3", "e2", "e1", "e0"],
    ]);
    const paged: unknown[] = [];
    for (let cursor = ""; ; ) {
      const page = await why(automation, `&limit=1${cursor}`);
      paged.push(...page.data);
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(paged).toEqual(data);
  });

  test("what the other lived is judged by the version of its moment, and of what is not known nothing is said", async () => {
    await school.event("course.enrolled", "ben", { course: "js" }, "e0");
    await school.event("course.enrolled", "ben", { course: "perl" }, "e1");
    const automation = await school.automation({ when: [{ type: "course.enrolled", courses: ["js"] }], then: [] });
    await school.event("course.enrolled", "ben", { course: "css" }, "e2");
    await school.patch(automation, { when: [{ type: "tag.added", tags: ["a", "b"], match: "all" }] });
    await school.event("tag.added", "ben", { tag: "a" }, "e3");
    await school.event("tag.added", "ben", { tag: "c" }, "e4");
    await school.event("tag.added", "ben", { tag: "b" }, "e5");
    await school.patch(automation, { when: [{ type: "course.enrolled", courses: ["js"] }] });
    const asBen = (await school.ask("GET", `/v1/automations/${automation}/why?user=ben`)).body.data;
    await school.event("user.signed_in", "anna");
    await merge("ben");
    const { data } = await why(automation);
    const known = data.filter(({ event_id: id }: { event_id: string | null }) => /^e\d/.test(id ?? ""));
    const without = ({ seen: _, ...one }: Record<string, unknown>) => one;
    expect(known.map(without)).toEqual(asBen.map(without));
    const seen = ["e5", "e4", "e3", "e2", "e1", "e0"].map((id) =>
      known.find((one: { event_id: string }) => one.event_id === id),
    );
    expect(seen.map((one) => [one.fired, one.stopped_by, one.seen])).toEqual([
      [true, undefined, undefined],
      [false, "trigger", "c"],
      [false, "trigger", undefined],
      [false, "trigger", "css"],
      [false, "trigger", "perl"],
      [false, "not_there", undefined],
    ]);
  });
});
