import { describe, expect, test } from "vitest";
import { actions, eventOf, events } from "../catalogue";
import { type Giver, noteGiver } from "../catalogue/facts/givers";
import { LIMITS } from "../catalogue/facts/limits";
import type { Input } from "./inputs/input";
import { control, newState, retry, step } from "./step";
import { testWorld } from "./test-world";
import { exampleData } from "./trying/example";
import type { UserState, World } from "./types";

const NOW = Date.UTC(2026, 0, 5, 9);
const giver: Giver = { by: "event", id: "e0", at: NOW };

/** A user who holds so much. */
function holding({ tags = 0, courses = 0 }: { tags?: number; courses?: number }): UserState {
  const state = newState("anna", NOW);
  const { learner } = state;
  learner.email = "anna@acme.com";
  for (let n = 0; n < tags; n++) {
    learner.tags = [...learner.tags, `T${n}`];
    noteGiver({ learner, giver }, "tags", `t${n}`);
  }
  for (let n = 0; n < courses; n++) {
    const sources = [{ source: "event", endsAt: null, given: giver }];
    learner.enrolments = [
      ...learner.enrolments,
      {
        type: "course",
        product: `c${n}`,
        role: "student",
        enrolledAt: NOW,
        knownAt: NOW,
        sources,
      },
    ];
  }
  return state;
}

const eventInput = (type: string, data: Record<string, unknown>, id = "e1"): Input => {
  const event = eventOf(type);
  if (!event) throw new Error(`no event ${type}`);
  return { kind: "event", id, event, type, data: event.data.parse(data), attributes: { username: "Anna" }, at: NOW };
};
const take = (state: UserState, input: Input, world: World = testWorld({})) => step(state, input, world, NOW);

const full = { tags: LIMITS.tags, courses: LIMITS.enrolments };
const bundles = new Map([["b", ["x", "y"]]]);
const withBundle = (world: World): World => ({ ...world, school: { ...world.school, bundles } });

describe("an event that would pass a limit", () => {
  test.each([
    ["tag.added", { tag: ["t1", "new"] }, "tags", "tag"],
    ["course.enrolled", { course: "new" }, "enrolments", "course"],
    ["bundle.enrolled", { bundle: "b" }, "enrolments", "bundle"],
    ["bundle.enrolled", { bundle: "b", courses: ["c1"] }, "enrolments", "courses"],
    ["subscription.enrolled", { subscription: "new" }, "enrolments", "subscription"],
  ])("is refused whole, by the field that asks for so much: %s %j", (type, data, limit, field) => {
    const state = holding(full);
    const before = structuredClone(state.learner);
    const { effects, refused } = take(state, eventInput(type, data), withBundle(testWorld({})));
    expect(refused).toEqual({ limit, field });
    expect([effects.facts, effects.begun, state.learner]).toEqual([[], [], before]);
  });

  test("is taken where it only repeats what is held, and up to the very limit", () => {
    const state = holding({ tags: LIMITS.tags - 2, courses: LIMITS.enrolments - 3 });
    const world = withBundle(testWorld({}));
    expect(take(state, eventInput("tag.added", { tag: ["a", "A", "b", "t7"] }, "e1"), world).refused).toBeNull();
    expect(take(state, eventInput("bundle.enrolled", { bundle: "b" }, "e2"), world).refused).toBeNull();
    expect([state.learner.tags.length, state.learner.enrolments.length]).toEqual([LIMITS.tags, LIMITS.enrolments]);
    expect(take(state, eventInput("tag.added", { tag: ["A", "t9"] }, "e3"), world).refused).toBeNull();
    expect(take(state, eventInput("course.enrolled", { course: "x" }, "e4"), world).refused).toBeNull();
  });

  test("comes behind what was due before it, which has happened all the same", () => {
    const state = holding({ tags: LIMITS.tags });
    const ended = [{ source: "event", endsAt: NOW - 1, given: giver }];
    state.learner.enrolments = [
      ...state.learner.enrolments,
      {
        type: "course",
        product: "c",
        role: "student",
        enrolledAt: 0,
        knownAt: 0,
        sources: ended,
      },
    ];
    const { before, refused } = take(state, eventInput("tag.added", { tag: "new" }));
    expect([before.facts.map(({ type }) => type), refused?.limit]).toEqual([["course.unenrolled"], "tags"]);
  });

  test("is none of the catalogue's that is not refused", () => {
    for (const card of events.values()) {
      const type = card.type.replace("<name>", "example");
      const state = holding(full);
      // Made up for somebody else: anna has none of it.
      take(state, eventInput(type, exampleData(card, newState("ben", NOW).learner, NOW)));
      expect([type, state.learner.tags.length, state.learner.enrolments.length]).toEqual([
        type,
        LIMITS.tags,
        LIMITS.enrolments,
      ]);
    }
  });
});

test("a line of a list that would pass a limit is refused whole, by its tags or by what it says besides", () => {
  const line = (tags: string[], event?: { type: string; data: Record<string, unknown> }): Input => ({
    kind: "import",
    attributes: { username: "Anna" },
    tags,
    ...(event ? { event } : {}),
    fire: false,
    origin: { by: "import", id: "job_1" },
  });
  const state = holding(full);
  expect(take(state, line(["new"])).refused).toEqual({ limit: "tags", field: null });
  const enrolled = line([], { type: "course.enrolled", data: { course: "new" } });
  expect(take(state, enrolled).refused).toEqual({ limit: "enrolments", field: null });
  expect([state.learner.username, take(state, line(["T5"])).refused]).toEqual([null, null]);
});

/** Actions that give what is limited, as they would go a long way beyond the limit. */
const GIVING: Record<string, Record<string, unknown>> = {
  "tags.add": { tags: ["T3", "new"] },
  "tags.add_email_domain": {},
  "tags.add_email_domain_if": { domains: ["acme.com"] },
  "tags.add_email_tld": {},
  "course.enroll": { courses: ["c3", "new"], create_payment: true },
  "bundle.enroll": { bundles: ["b"] },
};

describe("an action that would pass a limit", () => {
  test("is one of these: every one of the catalogue that gives what is limited", () => {
    const giving = [...actions.values()].filter(({ makes }) =>
      makes.some((type) => /^tag\.added$|\.enrolled$/.test(type)),
    );
    expect(giving.map(({ type }) => type).sort()).toEqual(Object.keys(GIVING).sort());
  });

  test.each(Object.entries(GIVING))("gives nothing and fails, and the run goes on: %s", (type, params) => {
    const automation = {
      synchronous: true,
      when: [{ type: "user.signed_up" }],
      then: [{ type, ...params }, { type: "exit" }],
    };
    const world = withBundle(testWorld({ automation }));
    const state = holding(full);
    const { effects } = take(state, eventInput("user.signed_up", {}), world);
    const [run] = effects.runs.values();
    expect(run?.steps).toMatchObject([{ type, status: "failed", detail: { reason: "limit" } }, { type: "exit" }]);
    expect(effects.facts.map((fact) => fact.type)).toEqual(["user.updated", "user.signed_up"]);
    expect([state.learner.tags.length, state.learner.enrolments.length]).toEqual([LIMITS.tags, LIMITS.enrolments]);
  });
});

test("a sync gives nothing to a member who has no room: the membership stays, and what follows goes on", () => {
  const sync = {
    id: "s",
    active: true,
    segment: "all",
    course: "new",
    role: "student",
    group: "g",
    onLeave: "unenrol",
  } as const;
  const rules = [{ id: "r", match: "any" as const, clauses: [{ reads: "attributes" as const, holds: () => true }] }];
  const world: World = {
    ...testWorld({}),
    segments: new Map([["all", { id: "all", managed: true, rules }]]),
    syncs: [sync, { ...sync, id: "other", course: "c1", group: "held" }],
  };
  const state = holding(full);
  take(state, { kind: "align", fire: true, segment: "all" }, world);
  const { segments, groups, enrolments } = state.learner;
  expect([segments, groups.map(({ group }) => group), enrolments.length]).toEqual([
    ["all"],
    ["held"],
    LIMITS.enrolments,
  ]);
  take(state, { kind: "align", fire: true, sync: "s" }, world);
  expect(state.learner.enrolments.length).toBe(LIMITS.enrolments);
});

const FAILING = { type: "segment.add", segments: ["none"], on_error: "stop" };

describe("with as many live runs as one may have", () => {
  const waits = (more = {}) => ({
    when: [{ type: "custom", name: "go" }],
    then: [{ type: "wait", for: "P1D" }],
    ...more,
  });

  test("nothing more starts, and the decision says so", () => {
    const world = testWorld({ waits: waits({ synchronous: true }) });
    const state = newState("anna", NOW);
    for (let n = 0; n < LIMITS.runs; n++) take(state, eventInput("custom.go", {}, `e${n}`), world);
    expect(state.runs.length).toBe(LIMITS.runs);
    const { effects } = take(state, eventInput("custom.go", {}, "more"), world);
    expect(effects.facts.at(-1)?.decisions).toEqual([{ automation: "waits", stopped_by: "limit" }]);
    expect(state.runs.length).toBe(LIMITS.runs);
  });

  test("one that starts anew takes the place of its own", () => {
    const world = testWorld({
      fills: waits({ synchronous: true }),
      anew: waits({ synchronous: true, reentry: "restart" }),
    });
    const state = newState("anna", NOW);
    for (let n = 0; n < LIMITS.runs + 1; n++) take(state, eventInput("custom.go", {}, `e${n}`), world);
    const { effects } = take(state, eventInput("custom.go", {}, "more"), world);
    expect(effects.begun).toHaveLength(1);
    expect(state.runs.length).toBe(LIMITS.runs);
  });

  test("one that failed does not go on before there is room", () => {
    const fails = { synchronous: true, when: [{ type: "custom", name: "fail" }], then: [FAILING] };
    const world = testWorld({ fails, waits: waits({ synchronous: true }) });
    const state = newState("anna", NOW);
    const [failed] = take(state, eventInput("custom.fail", {}, "f"), world).effects.runs.values();
    for (let n = 0; n < LIMITS.runs; n++) take(state, eventInput("custom.go", {}, `e${n}`), world);
    if (!failed) throw new Error("no run");
    expect([failed.status, retry(state, world, NOW, { ...failed, place: 0 }).done]).toEqual(["failed", false]);
    control(state, world, NOW, state.runs[0]?.id ?? "", "cancel");
    expect(retry(state, world, NOW, { ...failed, place: 0 }).done).toBe(true);
  });
});
