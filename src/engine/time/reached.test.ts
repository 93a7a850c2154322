import { describe, expect, test } from "vitest";
import { eventOf } from "../../catalogue";
import { checkDefinition } from "../../catalogue/checking/check";
import type { FieldValue } from "../../catalogue/facts/facts";
import { advance, newState, step } from "../step";
import { testWorld } from "../test-world";
import type { World } from "../types";

const DAY = 86_400_000;
const NOW = Date.parse("2026-01-05T09:00:00.000Z");
const at = (day: string) => Date.parse(`${day}T00:00:00.000Z`);

class Life {
  now = NOW;
  readonly state = newState("anna", NOW - 300 * DAY);
  constructor(private world: World) {}
  /** Runs begun so far, as `[automation, day]`. */
  readonly begun: string[] = [];
  private take(of: ReturnType<typeof step> | ReturnType<typeof advance>) {
    for (const effects of "before" in of ? [of.before, of.effects] : [of.effects])
      for (const id of effects.begun) {
        const run = effects.runs.get(id);
        this.begun.push(`${run?.automation} ${new Date(run?.startedAt ?? 0).toISOString().slice(0, 10)}`);
      }
    return of.nextWake;
  }
  put(fields: Record<string, FieldValue | null>) {
    return this.take(
      step(
        this.state,
        { kind: "put", attributes: { fields }, origin: { by: "event", id: null } },
        this.world,
        this.now,
      ),
    );
  }
  event(type: string, data: Record<string, unknown>) {
    const event = eventOf(type);
    if (!event) throw new Error(type);
    // Checked by the event's own schema.
    const parsed = event.data.parse(data) as Record<string, unknown>;
    return this.take(
      step(
        this.state,
        { kind: "event", id: "e", event, type, data: parsed, attributes: {}, at: this.now },
        this.world,
        this.now,
      ),
    );
  }
  pass(days: number) {
    this.now += days * DAY;
    return this.take(advance(this.state, this.world, this.now, { jumps: true }));
  }
  meets(world: World) {
    this.world = { ...world, stamp: this.world.stamp + 1 };
    return this.pass(0);
  }
}

const reached = (more: Record<string, unknown> = {}) => ({
  when: [{ type: "date.reached", field: "due", ...more }],
  then: [],
});
const since = (world: World, activeSince: number): World => {
  const automations = world.automations.map((one) => ({ ...one, activeSince }));
  return { ...world, automations, byId: new Map(automations.map((one) => [one.id, one])) };
};

describe("a date of a field", () => {
  test("starts a run when it comes, once, and the object is woken for it", () => {
    const life = new Life(testWorld({ aut: reached(), three: reached({ offset: "-P3D" }) }));
    expect(life.put({ due: "2026-02-10" })).toBe(at("2026-02-07"));
    life.pass(300);
    expect(life.begun).toEqual(["three 2026-02-07", "aut 2026-02-10"]);
  });

  test("that changes comes anew; one that is past when it is heard of is left alone", () => {
    const life = new Life(testWorld({ aut: reached() }));
    life.put({ due: "2026-02-10" });
    life.put({ due: "2026-02-20" });
    life.pass(60);
    life.put({ due: "2026-02-21" });
    life.put({ due: "soon" });
    life.put({ due: null });
    life.put({ due: "2026-02-20" });
    life.put({ due: "2026-06-01" });
    life.pass(300);
    expect(life.begun).toEqual(["aut 2026-02-20", "aut 2026-06-01"]);
  });

  test("that was past when the automation was made active is left alone; what comes between comes", () => {
    const life = new Life(testWorld({}));
    life.put({ due: "2026-01-04", later: "2026-01-20" });
    life.meets(since(testWorld({ aut: reached(), later: reached({ field: "later" }) }), NOW));
    life.pass(300);
    expect(life.begun).toEqual(["later 2026-01-20"]);
  });

  test("that comes while the automation is off is not made up for", () => {
    const world = testWorld({ aut: reached() });
    const off = { ...world, automations: world.automations.map((one) => ({ ...one, active: false })) };
    const life = new Life(world);
    life.put({ due: "2026-01-10" });
    life.meets({ ...off, byId: new Map(off.automations.map((one) => [one.id, one])) });
    life.pass(10);
    life.meets(since(world, life.now));
    life.pass(300);
    expect(life.begun).toEqual([]);
  });

  test("comes every year, 29 February on the 28th in other years", () => {
    const life = new Life(testWorld({ aut: reached({ every: "year", at: "09:00" }) }));
    life.put({ due: "2000-02-29" });
    life.pass(3 * 366);
    expect(life.begun).toEqual(["aut 2026-02-28", "aut 2027-02-28", "aut 2028-02-29"]);
  });

  test("read twice gives the same: a state written down and opened again starts nothing a second time", () => {
    const world = testWorld({ aut: reached() });
    const life = new Life(world);
    life.put({ due: "2026-02-10" });
    life.pass(60);
    const again = JSON.parse(JSON.stringify(life.state));
    expect(advance(again, world, life.now, { jumps: true }).effects.begun).toEqual([]);
  });
});

test("the end of a certificate comes for who is in its course", () => {
  const world = testWorld({
    aut: { when: [{ type: "date.reached", of: "certificate.expires_at", courses: ["js"], offset: "-P30D" }], then: [] },
  });
  for (const enrolled of [true, false]) {
    const life = new Life(world);
    if (enrolled) life.event("course.enrolled", { course: "js" });
    for (const course of ["js", "css"])
      life.event("certificate.awarded", { course, certificate: course, expires_at: "2026-05-31T00:00:00.000Z" });
    life.pass(300);
    expect(life.begun).toEqual(enrolled ? ["aut 2026-05-01"] : []);
  }
});

test("only when may name it, and it names one thing", () => {
  const faults = (body: Record<string, unknown>) =>
    checkDefinition({ when: [{ type: "user.signed_in" }], then: [], ...body }).faults.map(({ path }) => path);
  const one = { type: "date.reached", field: "due" };
  expect(faults({ exit_when: [one] })).toEqual(["/exit_when/0/type"]);
  expect(faults({ then: [{ type: "wait_for", event: one, timeout: "P1D" }] })).toEqual(["/then/0/event/type"]);
  expect(faults({ when: [{ type: "date.reached" }] })).toEqual(["/when/0"]);
  expect(faults({ when: [{ ...one, of: "certificate.expires_at" }] })).toEqual(["/when/0"]);
  expect(faults({ when: [{ ...one, courses: ["js"] }] })).toEqual(["/when/0/courses"]);
});
