import { describe, expect, test } from "vitest";
import { setEntry } from "../base/record";
import { eventOf } from "../catalogue";
import { fieldFaults } from "../catalogue/account/field-values";
import type { FieldValue, FieldView } from "../catalogue/facts/facts";
import { compileClause } from "../catalogue/segments/clause";
import { renderText } from "../catalogue/text/template";
import { newState, step } from "./step";
import { testWorld } from "./test-world";
import type { CompiledAutoGroup, World } from "./types";

/* A field may hold a list of texts. */

const NOW = Date.UTC(2026, 0, 5, 9);
const list = (key: string, choices: string[] = []): [string, FieldView] => [key, { key, type: "list", choices }];
const FIELDS = new Map<string, FieldView>([
  list("skills"),
  list("teams", ["Red", "Blue"]),
  ["city", { key: "city", type: "text", choices: [] }],
]);

/** A user in the course "c" with fields, and a school that does what is asked of it. */
class Life {
  readonly state = newState("anna", NOW);
  readonly world: World;
  effects: ReturnType<typeof step>["effects"] | undefined;
  private n = 0;

  constructor(automation: Record<string, unknown> = {}, autoGroups: CompiledAutoGroup[] = []) {
    const definition = { name: "A", when: [{ type: "user.signed_in" }], then: [], synchronous: true, ...automation };
    this.world = { ...testWorld({ a: definition }, { fields: FIELDS }), autoGroups };
    this.event("course.enrolled", { course: "c" });
  }

  event(type: string, given: Record<string, unknown> = {}): this {
    const event = eventOf(type);
    if (!event) throw new Error(`no event ${type}`);
    const data = event.data.parse(given) as Record<string, unknown>;
    const input = { kind: "event", id: `e${++this.n}`, event, type, data, attributes: {}, at: NOW } as const;
    this.effects = step(this.state, input, this.world, NOW).effects;
    return this;
  }

  put(fields: Record<string, FieldValue | null>): this {
    const origin = { by: "hand", id: null } as const;
    this.effects = step(this.state, { kind: "put", attributes: { fields }, origin }, this.world, NOW).effects;
    return this;
  }

  get told(): string[] {
    return (this.effects?.facts ?? []).map(({ type }) => type);
  }
}

describe("what is compared", () => {
  const holds = (
    op: "is" | "is_not" | "in" | "is_empty" | "is_not_empty" | "contains" | "not_contains",
    value: unknown,
  ) => {
    const test = compileClause({ field: "skills", op, value }, "UTC", FIELDS);
    return (actual: FieldValue | undefined) => {
      const { learner } = newState("anna", NOW);
      if (actual !== undefined) setEntry(learner.fields, "skills", actual);
      return test.holds(learner, NOW);
    };
  };

  test("“is” and “in” mean that it has one of them, whatever the case", () => {
    expect(holds("is", "js")(["CSS", "JS"])).toBe(true);
    expect(holds("is", "go")(["CSS", "JS"])).toBe(false);
    expect(holds("in", ["go", "css"])(["CSS", "JS"])).toBe(true);
    expect(holds("is_not", "js")(["CSS", "JS"])).toBe(false);
  });

  test.each<[string, FieldValue | undefined]>([
    ["an empty one", []],
    ["one that was never written", undefined],
    ["one of an empty text", ""],
  ])("%s is never missing: it is empty, and is not anything", (_, actual) => {
    expect(holds("is_empty", undefined)(actual)).toBe(true);
    expect(holds("is_not", "js")(actual)).toBe(true);
    expect(holds("not_contains", "j")(actual)).toBe(true);
    expect(holds("is", "js")(actual)).toBe(false);
    expect(holds("is_not_empty", undefined)(actual)).toBe(false);
  });

  test("a text from before the field was a list counts as a list of one", () => {
    expect(holds("is", "js")("JS")).toBe(true);
    expect(holds("is_not", "go")("JS")).toBe(true);
  });

  test("a condition says the same as a rule", () => {
    const given = (op: string, value: unknown) =>
      new Life({
        only_if: { type: "user.field_is", field: "skills", op, value },
        then: [{ type: "tags.add", tags: ["t"] }],
      });
    expect(given("is_not", "js").event("user.signed_in").state.learner.tags).toEqual(["t"]);
    expect(
      given("is", "js")
        .put({ skills: ["go", "JS"] })
        .event("user.signed_in").state.learner.tags,
    ).toEqual(["t"]);
    expect(
      given("is_not", "js")
        .put({ skills: ["JS"] })
        .event("user.signed_in").state.learner.tags,
    ).toEqual([]);
  });

  test("a match goes the way of a case that the list has one of", () => {
    const then = [
      {
        type: "match",
        on: "fields.skills",
        cases: [{ is: ["js"], steps: [{ type: "tags.add", tags: ["j"] }] }],
        else: [],
      },
    ];
    expect(new Life({ then }).put({ skills: ["go", "js"] }).event("user.signed_in").state.learner.tags).toEqual(["j"]);
  });
});

describe("what is written", () => {
  const faults = (fields: Record<string, FieldValue>) => fieldFaults(FIELDS, fields).map(({ message }) => message);

  test("only a field declared as a list holds one, and one with choices nothing else", () => {
    expect(faults({ skills: ["a"], teams: ["Red"] })).toEqual([]);
    expect(faults({ skills: "a" })).toEqual(["not a list of texts"]);
    expect(faults({ teams: ["Red", "Green"] })).toEqual(['"Green" is not a choice of Red, Blue']);
    expect(faults({ skills: [" "] })).toEqual([expect.stringMatching(/1 to 256/)]);
    expect(faults({ skills: Array(201).fill("a") })).toEqual([expect.stringMatching(/200 texts/)]);
    expect(faults({ city: ["Athens"] })).toEqual(["not a text"]);
    expect(faults({ other: ["a"] })).toEqual(["only a field declared as a list holds one"]);
  });

  test("each text is kept once, and the same list again changes nothing", () => {
    const life = new Life().put({ skills: ["js", "css", "js"] });
    expect([life.state.learner.fields.skills, life.told]).toEqual([["js", "css"], ["user.updated"]]);
    expect(life.put({ skills: ["js", "css"] }).told).toEqual([]);
    expect(life.put({ skills: [] }).told).toEqual(["user.updated"]);
    expect(life.put({ skills: null }).state.learner.fields).toEqual({});
  });

  test.each<[unknown, FieldValue | undefined]>([
    [
      ["js", "{{ event.channel }}"],
      ["js", "app"],
    ],
    ["js | {{ event.channel }}", ["js", "app"]],
    ["js", ["js"]],
    [null, undefined],
  ])("a step sets it to %j", (value, kept) => {
    const life = new Life({ then: [{ type: "user.set_field", field: "skills", value }] }).put({ skills: ["old"] });
    life.event("user.signed_in", { channel: "app" });
    expect(life.state.learner.fields.skills).toEqual(kept);
  });

  test("a step that sets what is none of the choices fails and says so", () => {
    const life = new Life({ then: [{ type: "user.set_field", field: "teams", value: ["Green"] }] });
    const run = [...(life.event("user.signed_in").effects?.runs.values() ?? [])][0];
    expect(run?.steps).toMatchObject([{ status: "failed" }]);
  });

  test("a text in a message has commas between them", () => {
    const scope = { user: { fields: { skills: ["js", "css"] } } };
    expect(renderText("{{ user.fields.skills }} / {{ user.fields.skills | upcase }}", scope)).toBe("js, css / JS, CSS");
    expect(
      renderText('{% if user.fields.skills contains "css" %}{{ user.fields.skills | size }}{% endif %}', scope),
    ).toBe("2");
  });

  test("no list is a date: a wait says so, and an empty one is missing", () => {
    const waiting = { then: [{ type: "wait", until_field: "skills" }] };
    const detailOf = (skills: string[]) =>
      [...(new Life(waiting).put({ skills }).event("user.signed_in").effects?.runs.values() ?? [])][0]?.steps[0]
        ?.detail;
    expect(detailOf(["2027-01-01"])).toEqual({ reason: "no_date" });
    expect(detailOf([])).toEqual({ reason: "missing" });
  });
});

test("an auto group puts the learner into the group of each value, and out of those of values that went", () => {
  const life = new Life({}, [{ id: "agr_1", course: "c", field: "skills", active: true }]);
  const groups = () => life.state.learner.groups.map(({ group }) => group).sort();
  life.put({ skills: ["js", "css"] });
  expect(groups()).toEqual(["c:css", "c:js"]);
  life.put({ skills: ["css", "go"] });
  expect(groups()).toEqual(["c:css", "c:go"]);
  life.put({ skills: [] });
  expect(groups()).toEqual([]);
});

test("a value with blanks around it, or with its letters written in parts, leads to the same auto group; a blank one to none", () => {
  const life = new Life({}, [{ id: "agr_1", course: "c", field: "city", active: true }]);
  const groups = () => life.state.learner.groups.map(({ group }) => group);
  for (const city of ["K\u00f6ln", " K\u00f6ln ", "Ko\u0308ln\u200b"]) {
    life.put({ city });
    expect(groups()).toEqual(["c:K\u00f6ln"]);
  }
  life.put({ city: "  " });
  expect(groups()).toEqual([]);
});
