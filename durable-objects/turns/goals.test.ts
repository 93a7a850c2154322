import { beforeEach, describe, expect, test } from "vitest";
import { consume, flushLog, liveSchool, makeSchool, packedIn, setNow, type TestSchool } from "../../test/workers/live";
import { GOAL_DAYS } from "./goals";

const BEGIN = Date.UTC(2090, 0, 1);
const GOAL = { type: "course.completed", courses: ["$trigger"] };

let school: TestSchool;

beforeEach(async () => {
  setNow(BEGIN);
  school = await makeSchool("test");
});

const make = (more: object = {}): Promise<string> =>
  school.automation({ when: [{ type: "course.enrolled" }], then: [], synchronous: true, goal: GOAL, ...more });
const event = (type: string, course: string, user = "ann") => school.event(type, user, { course });
const later = (days: number) => school.ask("POST", "/v1/test-clock", { advance: `P${days}D` });
const conversions = async (id: string, users = ["ann"]): Promise<number> => {
  await flushLog(school.id, ...users);
  return (await school.ask("GET", `/v1/automations/${id}/stats`)).body.conversions;
};

describe("a goal is reached", () => {
  test("once for a run, by what its trigger named, also after the run has ended", async () => {
    const id = await make();
    await event("course.enrolled", "js-101");
    await event("course.enrolled", "css-101", "bob");
    await event("course.completed", "html-101");
    expect(await conversions(id, ["ann", "bob"])).toBe(0);
    await event("course.completed", "js-101");
    await event("course.completed", "js-101");
    expect(await conversions(id, ["ann", "bob"])).toBe(1);
    const [run] = (await school.ask("GET", "/v1/runs?user=ann")).body.data;
    const { steps } = (await school.ask("GET", `/v1/runs/${run.id}`)).body;
    expect(steps).toMatchObject([{ step_id: "$goal", type: "goal", detail: { fact: "course.completed" } }]);
  });

  test("while the run is live, which goes on as it was", async () => {
    const id = await make({
      then: [
        { type: "wait", for: "P60D" },
        { type: "tags.add", tags: ["late"] },
      ],
    });
    await event("course.enrolled", "js-101");
    await later(45);
    await event("course.completed", "js-101");
    expect(await conversions(id)).toBe(1);
    await later(20);
    expect((await school.ask("GET", "/v1/users/ann")).body.tags).toEqual(["late"]);
    const [run] = (await school.ask("GET", "/v1/runs?user=ann")).body.data;
    expect(run.status).toBe("completed");
    expect(await conversions(id)).toBe(1);
  });

  test("no later than so many days after the beginning of a run that has ended", async () => {
    const id = await make();
    for (const user of ["ann", "bob"]) await event("course.enrolled", "js-101", user);
    await later(GOAL_DAYS - 1);
    await event("course.completed", "js-101", "ann");
    await later(2);
    await event("course.completed", "js-101", "bob");
    expect(await conversions(id, ["ann", "bob"])).toBe(1);
    expect((await packedIn(school.id, "bob"))?.goals).toBeUndefined();
  });

  test("not by what is told quietly, nor by the fact that began the run", async () => {
    const id = await make({ when: [{ type: "course.completed" }] });
    await event("course.completed", "js-101");
    expect(await conversions(id)).toBe(0);
  });

  test("by what the run itself brings about", async () => {
    const id = await make({ then: [{ type: "tags.add", tags: ["vip"] }], goal: { type: "tag.added", tags: ["vip"] } });
    await event("course.enrolled", "js-101");
    expect(await conversions(id)).toBe(1);
  });

  test("of runs that began before there was a goal, nothing is known", async () => {
    const id = await make({ goal: null });
    await event("course.enrolled", "js-101");
    await school.ask("PATCH", `/v1/automations/${id}`, { goal: GOAL });
    await event("course.completed", "js-101");
    expect(await conversions(id)).toBe(0);
    await event("course.enrolled", "css-101");
    await school.ask("PATCH", `/v1/automations/${id}`, { goal: null });
    await event("course.completed", "css-101");
    expect(await conversions(id)).toBe(0);
  });

  test("of somebody's who was a lead, by the user", async () => {
    const id = await make({
      when: [{ type: "form.submitted" }],
      goal: { type: "user.signed_up" },
    });
    await school.event("form.submitted", { email: "ann@example.com" }, { form: "newsletter" });
    await school.event("user.signed_up", { id: "ann", email: "ann@example.com" });
    expect(await conversions(id)).toBe(1);
  });
});

describe("in a live school", () => {
  const { school: live, queues } = liveSchool("live");

  test("what was told of the run is told anew, and counted once", async () => {
    const id = await live.automation({ when: [{ type: "course.enrolled" }], then: [], goal: GOAL });
    const tell = async (type: string) => {
      await live.event(type, "cy", { course: "js-101" });
      await consume("schoolbell-actions", queues.actions.splice(0));
      await flushLog(live.id, "cy");
      await flushLog(live.id, "cy");
    };
    await tell("course.enrolled");
    const before = (await live.ask("GET", `/v1/automations/${id}/stats`)).body;
    expect(before).toMatchObject({ conversions: 0, runs: { completed: 1 } });
    await tell("course.completed");
    await tell("course.completed");
    const after = (await live.ask("GET", `/v1/automations/${id}/stats`)).body;
    expect(after).toMatchObject({ conversions: 1, runs: { completed: 1 } });
  });
});
