import assert from "node:assert/strict";
import type { Attributes } from "../../src/catalogue/account/attributes";
import { NO_NAMES } from "../../src/catalogue/facts/products";
import { AS_NAMED } from "../../src/catalogue/options/course-id";
import type { Automation, Effects, Run, UserState, World } from "../../src/engine/types";
import { named } from "./arbitrary";
import { START, type Step } from "./history";
import type { Engine } from "./subject";

/* What the model leaves out, each guarantee with a check of its own that throws. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A user of a school, with the clock in hand. */
class Scene {
  now = START;
  nextWake: number | null = null;
  readonly state: UserState;
  readonly runs = new Map<string, Run>();
  readonly facts: string[] = [];
  world: World;

  constructor(
    private readonly engine: Engine,
    definitions: Record<string, unknown>[],
    more: Partial<World> = {},
    user = "anna",
  ) {
    this.state = engine.newState(user, START);
    const automations = definitions.map((one, n): Automation => {
      // Steps as the checks below write them.
      const body: Record<string, unknown> = { ...one, then: named(one.then as Step[]) };
      return {
        id: `aut_${n}`,
        active: true,
        activeSince: START,
        revision: 1,
        moveVersion: 0,
        exitRevision: 0,
        program: this.program(body, 1),
      };
    });
    this.world = {
      school: {
        id: "school",
        name: "School",
        mode: "test",
        settings: { timezone: "UTC", collaborators: [] },
        fields: new Map(),
        segments: new Map(),
        bundles: new Map(),
        subscriptions: new Map(),
        seats: new Map(),
        courseDates: new Map(),
        courseId: AS_NAMED,
        fixedBundles: new Set(),
        names: NO_NAMES,
        spellings: new Map(),
      },
      stamp: 1,
      automations: [],
      byId: new Map(),
      program: () => undefined,
      segments: new Map(),
      syncs: [],
      autoGroups: [],
      ...more,
    };
    this.automate(automations);
  }

  program(body: Record<string, unknown>, version: number) {
    const { definition, faults } = this.engine.checkDefinition(body);
    assert.deepEqual(faults, []);
    return this.engine.compile(definition, version);
  }

  private automate(automations: readonly Automation[]): void {
    const byId = new Map(automations.map((one) => [one.id, one]));
    this.world = { ...this.world, automations, byId, stamp: this.world.stamp + 1 };
  }

  /** Replaces the steps of the first automation and takes its live runs along. */
  move(definition: Record<string, unknown>): void {
    const [first, ...rest] = this.world.automations;
    assert(first);
    const program = this.program(definition, first.program.version + 1);
    const before = this.world.program;
    const known = first.program;
    this.world = { ...this.world, program: (id, version) => (version === known.version ? known : before(id, version)) };
    this.automate([{ ...first, program, moveVersion: program.version, revision: first.revision + 1 }, ...rest]);
    this.wait(0);
  }

  private take(...all: Effects[]): void {
    for (const { runs, facts } of all) {
      for (const run of runs.values()) this.runs.set(run.id, run);
      this.facts.push(...facts.map(({ type }) => type));
    }
  }

  /** @param at when it happened, ms */
  send(type: string, data: Record<string, unknown> = {}, at = this.now): this {
    const event = this.engine.eventOf(type);
    assert(event);
    const input = {
      kind: "event",
      id: `evt-${this.state.order}`,
      event,
      type,
      data,
      attributes: {},
      at,
    } as const;
    const { before, effects } = this.engine.step(this.state, input, this.world, this.now);
    this.take(before, effects);
    return this;
  }

  put(attributes: Attributes): this {
    const { before, effects } = this.engine.step(
      this.state,
      { kind: "put", attributes, origin: { by: "event", id: null } },
      this.world,
      this.now,
    );
    this.take(before, effects);
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    const { effects, nextWake } = this.engine.advance(this.state, this.world, this.now, { jumps: true });
    this.take(effects);
    this.nextWake = nextWake;
    return this;
  }

  run(n = 0): Run {
    const run = [...this.runs.values()][n];
    assert(run);
    return run;
  }
}

const go = { when: [{ type: "custom", name: "go" }] };
const started = (
  engine: Engine,
  then: Record<string, unknown>[],
  attributes: Attributes = {},
  more: Partial<World> = {},
) => new Scene(engine, [{ ...go, then }], more).put(attributes).send("custom.go").wait(0);

export const CHECKS: Record<string, (engine: Engine) => void> = {
  "what happened more than a day before an automation was active starts nothing": (engine) => {
    const when = [{ type: "course.enrolled" }];
    const scene = new Scene(engine, [{ name: "A", when, then: [{ type: "tags.add", tags: ["x"] }] }]);
    scene.send("course.enrolled", { course: "old" }, START - DAY - 1).wait(0);
    assert.equal(scene.runs.size, 0);
    scene.send("course.enrolled", { course: "new" }, START - DAY).wait(0);
    assert.equal(scene.runs.size, 1);
  },

  "a split sends a user the same way every time, and users each way by its shares": (engine) => {
    const paths = [
      { percent: 25, steps: [] },
      { percent: 75, steps: [] },
    ];
    const taken = Array.from({ length: 400 }, (_, n) => {
      const scene = new Scene(engine, [{ ...go, then: [{ type: "split", paths }] }], {}, `user-${n}`);
      scene.send("custom.go").wait(HOUR).send("custom.go").wait(0);
      const ways = [0, 1].map((run) => scene.run(run).steps[0]?.detail?.path);
      assert.equal(ways[0], ways[1]);
      return ways[0];
    });
    const first = taken.filter((way) => way === 0).length;
    assert(first > 60 && first < 140, `${first} of 400 went the way of a quarter`);
  },

  "splits of different steps and automations go their own ways": (engine) => {
    const split = {
      type: "split",
      paths: [
        { percent: 50, steps: [] },
        { percent: 50, steps: [] },
      ],
    };
    const ways = Array.from({ length: 64 }, (_, n) => {
      const scene = new Scene(
        engine,
        [
          { ...go, then: [split, split] },
          { ...go, then: [split] },
        ],
        {},
        `user-${n}`,
      );
      scene.send("custom.go").wait(0);
      return [...scene.runs.values()].flatMap((run) => run.steps.map(({ detail }) => detail?.path)).join("");
    });
    assert.equal(new Set(ways).size, 8);
  },

  "a split in a repeat is thrown anew each round, the same way every time": (engine) => {
    const split = { type: "split", paths: [50, 50].map((percent) => ({ percent, steps: [] })) };
    const ways = Array.from({ length: 32 }, (_, n) => {
      const then = [{ type: "repeat", times: 3, steps: [split] }];
      const scene = new Scene(engine, [{ ...go, then }], {}, `user-${n}`);
      scene.send("custom.go").wait(HOUR).send("custom.go").wait(0);
      const [first, second] = [0, 1].map((run) =>
        scene
          .run(run)
          .steps.flatMap(({ detail }) => detail?.path ?? [])
          .join(""),
      );
      assert.equal(first, second);
      return first;
    });
    assert.equal(new Set(ways).size, 8);
  },

  "a payment made in a round has an id of its own": (engine) => {
    const enroll = { type: "course.enroll", courses: ["c1"], create_payment: true, price: 5, currency: "EUR" };
    const then = [{ type: "repeat", times: 2, steps: [enroll, { type: "course.unenroll", courses: ["c1"] }] }];
    const { steps, id } = started(engine, then).run();
    const payments = steps.flatMap(({ detail }) => detail?.payments ?? []);
    assert.deepEqual(payments, [`${id}-course_enroll1-r1-1`, `${id}-course_enroll1-r2-1`]);
  },

  "managed segments follow attributes, and syncs follow segments": (engine) => {
    const inSales = (fields: Record<string, unknown>): boolean => fields.team === "sales";
    const sync = {
      id: "sync",
      active: true,
      segment: "sales",
      course: "c1",
      role: "student",
      group: "g1",
      onLeave: "unenrol",
    } as const;
    const segment = {
      id: "sales",
      managed: true,
      rules: [
        {
          id: "rul_1",
          match: "all",
          clauses: [{ reads: "attributes", holds: ({ fields }: UserState["learner"]) => inSales(fields) }],
        },
      ],
    } as const;
    const world = {
      segments: new Map([
        ["sales", { ...segment, rules: segment.rules.map((rule) => ({ ...rule, clauses: [...rule.clauses] })) }],
      ]),
      syncs: [sync],
    };
    const scene = new Scene(engine, [{ when: [{ type: "segment.joined" }], then: [] }], world);
    scene.put({ fields: { team: "sales" } });
    assert.deepEqual(scene.facts, ["user.updated", "segment.joined", "course.enrolled", "group.joined"]);
    assert.equal(scene.run().trigger.type, "segment.joined");
    scene.put({ fields: { team: "support" } });
    assert.deepEqual(scene.facts.slice(4), ["user.updated", "segment.left", "course.unenrolled", "group.left"]);
    assert.deepEqual([scene.state.learner.segments, scene.state.learner.enrolments], [[], []]);
  },

  "a wait for a date follows its field": (engine) => {
    const scene = started(engine, [{ type: "wait", until_field: "renewal" }], { fields: { renewal: "2026-05-01" } });
    assert.equal(scene.run().waiting?.wakeAt, Date.parse("2026-05-01T00:00:00Z"));
    scene.put({ fields: { renewal: "2026-06-01" } });
    assert.equal(scene.run().waiting?.wakeAt, Date.parse("2026-06-01T00:00:00Z"));
    assert.equal(scene.run().steps[0]?.detail?.until, "2026-06-01T00:00:00.000Z");
    scene.put({ fields: { renewal: null } });
    assert.deepEqual([scene.run().status, scene.run().reason], ["exited", "missing"]);
  },

  "a wait for a date stays where it is when something else changes": (engine) => {
    // Saturday; the window opens on Monday.
    const wait = { type: "wait", until_field: "renewal", if_past: "exit", window: { days: ["mon"] } };
    const scene = started(engine, [wait], { fields: { renewal: "2026-03-28" } });
    const monday = Date.parse("2026-03-30T00:00:00Z");
    assert.equal(scene.run().waiting?.wakeAt, monday);
    scene.wait(2 * DAY).put({ username: "Anna" });
    assert.equal(scene.run().waiting?.wakeAt, monday);
  },

  "a wait for a course's date follows what the school says": (engine) => {
    const dates = (dueAt: string | null) => new Map([["c1", { startsAt: null, endsAt: null, dueAt }]]);
    const definition = { when: [{ type: "course.enrolled" }], then: [{ type: "wait", until_field: "course.due_at" }] };
    const scene = new Scene(engine, [definition]);
    const says = (dueAt: string | null): Scene => {
      const { world } = scene;
      const school = { ...world.school, courseDates: dates(dueAt) };
      scene.world = { ...world, school, stamp: world.stamp + 1 };
      return scene.wait(0);
    };
    says("2026-05-01").send("course.enrolled", { course: "c1" }).wait(0);
    assert.equal(scene.run().waiting?.wakeAt, Date.parse("2026-05-01T00:00:00Z"));
    assert.equal(says("2026-04-01").nextWake, Date.parse("2026-04-01T00:00:00Z"));
    says(null);
    assert.deepEqual([scene.run().status, scene.run().reason], ["exited", "missing"]);
  },

  "a date of a course comes for who is enrolled then": (engine) => {
    const scene = new Scene(engine, [{ when: [{ type: "date.reached", of: "course.due_at" }], then: [] }]);
    const courseDates = new Map([["c1", { startsAt: null, endsAt: null, dueAt: "2026-04-01" }]]);
    scene.world = { ...scene.world, school: { ...scene.world.school, courseDates } };
    scene
      .send("course.enrolled", { course: "c1" })
      .send("course.suspended", { course: "c1" })
      .wait(9 * DAY);
    assert.equal(scene.send("course.resumed", { course: "c1" }).wait(9 * DAY).runs.size, 0);
  },

  "a wait for the day of registration follows a sign-up that corrects it": (engine) => {
    const scene = started(engine, [{ type: "wait", until_field: "registered_at", offset: "P30D" }]);
    scene.wait(DAY).send("user.signed_up");
    assert.equal(scene.run().waiting?.wakeAt, START + 31 * DAY);
  },

  "a run moved to a wait that is over goes on inside its window, and exits where its moment is missing": (engine) => {
    const wait = { type: "wait", id: "pause" };
    const scene = started(engine, [{ ...wait, for: "P9D" }]);
    scene.wait(2 * DAY);
    scene.move({ ...go, then: [{ ...wait, for: "PT1H", window: { from: "09:00", to: "09:30" } }] });
    assert.equal(scene.run().waiting?.wakeAt, Date.parse("2026-03-30T09:00:00Z"));
    scene.move({ ...go, then: [{ ...wait, until_field: "nothing" }] });
    assert.deepEqual([scene.run().status, scene.run().reason], ["exited", "missing"]);
  },

  "the clock of a user never goes back": (engine) => {
    const scene = started(engine, [
      { type: "wait", for: "PT1H" },
      { type: "wait", for: "PT1H" },
    ]);
    scene.wait(HOUR);
    scene.now -= 30 * 60_000;
    scene.send("custom.go");
    assert.equal(scene.run(1).startedAt, START + HOUR);
  },

  "a run that waits for inactivity is woken for it": (engine) => {
    const waits = { type: "wait_for", event: { type: "inactivity.school", days: 7 }, timeout: "P30D" };
    const scene = started(engine, [{ ...waits, on_event: [{ type: "tags.add", tags: ["away"] }], on_timeout: [] }]);
    assert.equal(scene.nextWake, START + 7 * DAY);
    scene.wait(DAY).send("school.visited").wait(0);
    assert.equal(scene.nextWake, START + 8 * DAY);
    scene.wait(7 * DAY);
    assert.deepEqual([scene.state.learner.tags, scene.run().endedAt], [["away"], START + 8 * DAY]);
  },

  "inactivity is told once a stretch, to those who listened": (engine) => {
    const away = { when: [{ type: "inactivity.school", days: 7 }], then: [] };
    const scene = new Scene(engine, [away]);
    scene.send("school.visited").wait(6 * DAY);
    assert.equal(scene.runs.size, 0);
    scene.wait(30 * DAY);
    assert.equal(scene.runs.size, 1);
    assert.equal(scene.run().startedAt, START + 7 * DAY);
    scene.send("school.visited").wait(8 * DAY);
    assert.equal(scene.runs.size, 2);
  },
};
