import { describe, expect, test } from "vitest";
import { eventOf } from "../../catalogue";
import type { CourseDates } from "../../catalogue/facts/facts";
import { advance, newState, step } from "../step";
import { testWorld } from "../test-world";
import type { Run, World } from "../types";

/* Dates of courses are the school's: waits follow them, and automations start at them, for who is enrolled. */

const DAY = 86_400_000;
const NOW = Date.parse("2026-01-05T09:00:00.000Z");
const due = (dueAt: string | null): CourseDates => ({ startsAt: null, endsAt: null, dueAt });

class Life {
  now = NOW;
  nextWake: number | null = null;
  readonly state = newState("anna", NOW - 300 * DAY);
  readonly begun: string[] = [];
  readonly runs = new Map<string, Run>();
  private world: World;

  constructor(
    private readonly automation: Record<string, unknown>,
    dates: Record<string, CourseDates>,
  ) {
    this.world = this.worldWith(dates);
  }

  private worldWith(dates: Record<string, CourseDates>): World {
    return testWorld({ a: { then: [], ...this.automation } }, { courseDates: new Map(Object.entries(dates)) });
  }

  private take(of: ReturnType<typeof step> | ReturnType<typeof advance>): this {
    this.nextWake = of.nextWake;
    for (const effects of "before" in of ? [of.before, of.effects] : [of.effects]) {
      for (const [id, run] of effects.runs) this.runs.set(id, structuredClone(run));
      for (const id of effects.begun) {
        const run = effects.runs.get(id);
        this.begun.push(
          `${String(run?.trigger.data.course)} ${new Date(run?.startedAt ?? 0).toISOString().slice(0, 10)}`,
        );
      }
    }
    return this;
  }

  event(type: string, data: Record<string, unknown>): this {
    const event = eventOf(type);
    if (!event) throw new Error(type);
    // Checked by the event's own schema.
    const parsed = event.data.parse(data) as Record<string, unknown>;
    const input = {
      kind: "event",
      id: `e${this.now}`,
      event,
      type,
      data: parsed,
      attributes: {},
      at: this.now,
    } as const;
    return this.take(step(this.state, input, this.world, this.now)).pass(0);
  }

  pass(days: number): this {
    this.now += days * DAY;
    return this.take(advance(this.state, this.world, this.now, { jumps: true }));
  }

  /** The school says other dates; the user is looked at as the job does. */
  says(dates: Record<string, CourseDates>): this {
    this.world = { ...this.worldWith(dates), stamp: this.world.stamp + 1 };
    return this.take(step(this.state, { kind: "align", fire: false }, this.world, this.now));
  }

  get run(): Run | undefined {
    return [...this.runs.values()][0];
  }
  get until(): string {
    return new Date(this.run?.waiting?.wakeAt ?? 0).toISOString();
  }
}

describe("a wait until a date of the run's course", () => {
  const waits = (more: Record<string, unknown> = {}) => ({
    when: [{ type: "course.enrolled" }],
    then: [{ type: "wait", until_field: "course.due_at", ...more }],
  });

  test("goes by the date of that course, moved if asked", () => {
    const dates = { js: due("2026-03-01"), css: due("2026-05-01T09:30") };
    const enrolled = (course: string, more = {}) => new Life(waits(more), dates).event("course.enrolled", { course });
    expect(enrolled("js").until).toBe("2026-03-01T00:00:00.000Z");
    expect(enrolled("js", { offset: "-P7D", at: "09:00" }).until).toBe("2026-02-22T09:00:00.000Z");
    expect(enrolled("css").until).toBe("2026-05-01T09:30:00.000Z");
  });

  test("follows the date, earlier and later, and the object is woken for it", () => {
    const life = new Life(waits(), { js: due("2026-03-01") }).event("course.enrolled", { course: "js" });
    life.says({ js: due("2026-02-01") });
    expect([life.until, life.nextWake]).toEqual(["2026-02-01T00:00:00.000Z", Date.parse("2026-02-01")]);
    life.says({ js: due("2026-04-01") });
    expect(life.pass(60).run?.status).toBe("waiting");
    expect(life.pass(60).run?.status).toBe("completed");
  });

  test("follows a date that was moved on while nobody looked: at the old one nothing happens", () => {
    const life = new Life(waits(), { js: due("2026-03-01") }).event("course.enrolled", { course: "js" });
    life.now = Date.parse("2026-03-01T00:00:00.000Z");
    life.says({ js: due("2026-04-01") });
    expect([life.run?.status, life.until]).toEqual(["waiting", "2026-04-01T00:00:00.000Z"]);
  });

  test.each<[string, Record<string, CourseDates>]>([
    ["a course of which nothing is said", {}],
    ["a course without that date", { js: { startsAt: "2026-03-01", endsAt: null, dueAt: null } }],
  ])("%s: the run exits as missing, and the step says no_date", (_, dates) => {
    const { run } = new Life(waits(), dates).event("course.enrolled", { course: "js" });
    expect([run?.status, run?.reason, run?.steps[0]?.detail]).toEqual(["exited", "missing", { reason: "no_date" }]);
  });

  test("a date that is taken back ends the wait, or lets the run go on", () => {
    const life = (more = {}) =>
      new Life(waits(more), { js: due("2026-03-01") }).event("course.enrolled", { course: "js" }).says({}).pass(0);
    expect([life().run?.status, life().run?.steps[0]?.detail]).toEqual(["exited", { reason: "no_date" }]);
    expect(life({ if_missing: "continue" }).run?.status).toBe("completed");
  });

  test("where the fact names no course, the date is missing", () => {
    const life = new Life({ ...waits(), when: [{ type: "user.signed_in" }] }, { js: due("2026-03-01") });
    expect(life.event("user.signed_in", {}).run?.steps[0]?.detail).toEqual({ reason: "no_date" });
  });
});

describe("an automation that starts at a date of courses", () => {
  const starts = (more: Record<string, unknown> = {}) => ({
    when: [{ type: "date.reached", of: "course.due_at", ...more }],
  });
  const dates = { js: due("2026-03-01"), css: due("2026-02-01") };
  const both = (life: Life) =>
    life.event("course.enrolled", { course: "js" }).event("course.enrolled", { course: "css" });

  test("starts once for each course that the user is in, or those named, moved if asked", () => {
    expect(both(new Life(starts(), dates)).pass(200).begun).toEqual(["css 2026-02-01", "js 2026-03-01"]);
    expect(both(new Life(starts({ courses: ["js"], offset: "-P7D" }), dates)).pass(200).begun).toEqual([
      "js 2026-02-22",
    ]);
    expect(new Life(starts(), dates).pass(200).begun).toEqual([]);
  });

  test("comes anew when the date changes, and never for one that was past when it was said", () => {
    const life = new Life(starts({ courses: ["js"] }), dates).event("course.enrolled", { course: "js" });
    expect(life.says({ js: due("2026-01-04") }).pass(20).begun).toEqual([]);
    expect(life.says({ js: due("2026-02-10") }).pass(40).begun).toEqual(["js 2026-02-10"]);
    expect(life.says({ js: due("2026-06-01") }).pass(200).begun).toEqual(["js 2026-02-10", "js 2026-06-01"]);
  });

  test("not for who is enrolled only when it is past, be it by minutes", () => {
    const life = new Life(starts(), { js: due("2026-01-05T08:50:00Z") });
    expect(life.event("course.enrolled", { course: "js" }).pass(10).begun).toEqual([]);
  });

  test.each([
    ["course.unenrolled", "course.enrolled"],
    ["course.suspended", "course.resumed"],
  ])("not for who was out of the course when it came (%s), and came back (%s)", (out, back) => {
    const life = new Life(starts(), { js: due("2026-01-10") }).event("course.enrolled", { course: "js" });
    life.event(out, { course: "js" }).pass(10).event(back, { course: "js" });
    expect(life.pass(10).begun).toEqual([]);
  });

  test("a course without a date starts nothing", () => {
    expect(new Life(starts(), {}).event("course.enrolled", { course: "js" }).pass(900).begun).toEqual([]);
  });
});
