import { describe, expect, test } from "vitest";
import { eventOf } from "../catalogue";
import { checkDefinition } from "../catalogue/checking/check";
import { advance, newState, step } from "./step";
import { testWorld } from "./test-world";

const NOW = Date.parse("2026-01-05T09:00:00.000Z");
const when = [{ type: "custom", name: "go" }];
const exit = { type: "exit" };
const faultsOf = (then: unknown) => checkDefinition({ when, then }).faults.map(({ path }) => path);

/** The run that a custom event with data starts. */
function run(
  then: unknown[],
  data: Record<string, unknown> = {},
  fields: Record<string, string | number> = {},
  email = "anna@acme.com",
) {
  const world = testWorld({ aut_1: { when, then } });
  const state = newState("anna", NOW);
  state.learner.email = email;
  Object.assign(state.learner.fields, fields);
  const event = eventOf("custom.go");
  if (!event) throw new Error("no event");
  const input = { kind: "event", id: "e", event, type: "custom.go", data, attributes: {}, at: NOW } as const;
  const { effects } = step(state, input, world, NOW);
  advance(state, world, NOW, { jumps: true });
  const [begun] = effects.runs.values();
  if (!begun) throw new Error("no run");
  return begun;
}

describe("what may stand in a definition", () => {
  test("no repeat stands within a repeat, however deep", () => {
    const inner = { type: "repeat", times: 2, steps: [exit] };
    const branch = { type: "branch", if: { type: "user.is_paying" }, yes: [inner], no: [] };
    expect(faultsOf([{ type: "repeat", times: 2, steps: [branch] }])).toEqual(["/then/0/steps/0/yes/0"]);
    expect(faultsOf([inner, inner])).toEqual([]);
  });

  test("a repeat has 1 to 50 rounds and a condition that is one", () => {
    for (const times of [0, 51, 1.5])
      expect(faultsOf([{ type: "repeat", times, steps: [] }])).toEqual(["/then/0/times"]);
    expect(faultsOf([{ type: "repeat", times: 1, until: { type: "no" }, steps: [] }])).toEqual(["/then/0/until/type"]);
  });

  test("a match goes by a field or the event, and each case has values", () => {
    const one = (on: string, is: unknown[] = ["a"]) => [{ type: "match", on, cases: [{ is, steps: [] }] }];
    for (const on of ["fields.x", "event.course", "event.a.b", "email_domain", "locale"])
      expect(faultsOf(one(on))).toEqual([]);
    for (const on of ["department", "event.", "fields.", ""]) expect(faultsOf(one(on))).toEqual(["/then/0/on"]);
    expect(faultsOf(one("email", []))).toEqual(["/then/0/cases/0/is"]);
    expect(faultsOf([{ type: "match", on: "email", cases: [] }])).toEqual(["/then/0/cases"]);
  });

  test("what stands inside counts among the 100 steps and the depth of 5", () => {
    const steps = Array.from({ length: 100 }, () => exit);
    expect(faultsOf([{ type: "repeat", times: 2, steps }])).toEqual(["/then/0/steps"]);
    let deep: unknown = exit;
    for (let n = 0; n < 6; n++) deep = { type: "match", on: "email", cases: [{ is: ["a"], steps: [deep] }] };
    expect(faultsOf([deep])).toHaveLength(1);
  });
});

describe("the way a match goes", () => {
  const then = (on: string, ...values: unknown[]) => [
    { type: "match", on, cases: values.map((is) => ({ is: [is], steps: [] })), else: [] },
  ];
  test.each([
    ["fields.level", "b", { level: " B " }, 1],
    ["fields.level", 7, { level: "7.0" }, 1],
    ["fields.level", "b", {}, "else"],
    ["email_domain", "ACME.com", {}, 1],
    ["event.course.id", "js", {}, 1],
  ])("by %s being %j, of %j: %j", (on, value, fields, way) => {
    const { steps } = run(then(on, "other", value), { course: { id: "js" } }, fields);
    expect(steps[0]?.detail).toEqual({ case: way });
  });

  test.each([
    ["email", " ANNA@xn--bcher-kva.example ", 1],
    ["email", "ben@bücher.example", "else"],
    ["email_domain", "@BÜCHER.example", 1],
  ])("by %s being %s, as addresses are compared: %j", (on, value, way) => {
    const { steps } = run(then(on, "other@acme.com", value), {}, {}, "Anna@bücher.example");
    expect(steps[0]?.detail).toEqual({ case: way });
  });
});
