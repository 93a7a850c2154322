import { afterEach, beforeEach, expect, test } from "vitest";
import { ANNA, type MoodleSchool, moodleSchool } from "../../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../../base/cache";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

const segment = "seg_1";
const cohorts = () => [...school.state.cohorts.values()];
const cohort = (id: number, idnumber: string, name = idnumber) =>
  school.state.cohorts.set(id, { id, idnumber, name, members: new Set() });

test("a segment is a cohort by its ID number, made where it is missing", async () => {
  expect(await school.tell("segment.joined", { segment })).toEqual({ ok: true, code: 200 });
  expect(cohorts()).toMatchObject([{ idnumber: segment, name: segment, members: new Set([ANNA]) }]);
});

test("a cohort that is made has the segment's name, as far as Moodle takes it", async () => {
  school.tools.segmentName = async (id) => (id === segment ? "Sales 🎓".repeat(40) : null);
  await school.tell("segment.joined", { segment });
  await school.tell("segment.joined", { segment: "gone" });
  const [named, gone] = cohorts();
  expect([[...(named?.name ?? "")].length, named?.name.startsWith("Sales 🎓Sales"), gone?.name]).toEqual([
    254,
    true,
    "gone",
  ]);
});

test("who is a member already joins as well", async () => {
  await school.tell("segment.joined", { segment });
  expect(await school.tell("segment.joined", { segment })).toMatchObject({ ok: true });
  expect(school.lms.called.filter((name) => name === "core_cohort_create_cohorts")).toHaveLength(1);
});

test("a cohort that somebody makes at the same moment is joined", async () => {
  const { fetch } = school.tools;
  school.tools.fetch = async (url, init) => {
    if (String(init.body).includes("create_cohorts")) cohort(5, segment);
    return fetch(url, init);
  };
  expect(await school.tell("segment.joined", { segment })).toMatchObject({ ok: true });
  expect(cohorts()).toMatchObject([{ id: 5, members: new Set([ANNA]) }]);
});

test("a segment is left, once and once more", async () => {
  await school.tell("segment.joined", { segment });
  expect(await school.tell("segment.left", { segment })).toMatchObject({ ok: true });
  expect(cohorts()[0]?.members.size).toBe(0);
  expect(await school.tell("segment.left", { segment })).toMatchObject({ ok: true });
});

test("the cohort to leave is the one of that ID number, among all whose names hold it", async () => {
  for (let id = 200; id < 320; id += 1) cohort(id, `other_${id}`, `like ${segment}`);
  cohort(400, segment).get(400)?.members.add(ANNA);
  cohort(401, `${segment}1`).get(401)?.members.add(ANNA);
  expect(await school.tell("segment.left", { segment })).toMatchObject({ ok: true });
  expect(school.state.cohorts.get(400)?.members.size).toBe(0);
  expect(school.state.cohorts.get(401)?.members.size).toBe(1);
});

test("a cohort that is not there is left already, and looked for again the next time", async () => {
  expect(await school.tell("segment.left", { segment })).toMatchObject({ ok: true });
  cohort(5, segment).get(5)?.members.add(ANNA);
  await school.tell("segment.left", { segment });
  expect(school.state.cohorts.get(5)?.members.size).toBe(0);
});

test("a cohort that was deleted and made anew is left", async () => {
  await school.tell("segment.joined", { segment });
  await school.tell("segment.left", { segment });
  school.state.cohorts.clear();
  cohort(5, segment).get(5)?.members.add(ANNA);
  await school.tell("segment.left", { segment });
  await school.tell("segment.left", { segment });
  expect(school.state.cohorts.get(5)?.members.size).toBe(0);
});

test("nobody joins whom Moodle does not know", async () => {
  const answer = await school.tell("segment.joined", { segment }, "999999");
  expect(answer).toMatchObject({ ok: false, retry: false, error: "Moodle does not know the person 999999" });
});

test("a segment's id that is no ID number is refused", async () => {
  const answer = await school.tell("segment.joined", { segment: "s".repeat(101) });
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("100 characters") });
});
