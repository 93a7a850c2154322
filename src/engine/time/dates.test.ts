import { describe, expect, test } from "vitest";
import { setEntry } from "../../base/record";
import { eventOf } from "../../catalogue";
import type { Attributes } from "../../catalogue/account/attributes";
import { fieldFaults } from "../../catalogue/account/field-values";
import type { FieldValue } from "../../catalogue/facts/facts";
import { compileClause } from "../../catalogue/segments/clause";
import { advance, newState, step } from "../step";
import { testWorld } from "../test-world";

const NOW = Date.parse("2026-01-05T09:00:00.000Z");
const BERLIN = { timezone: "Europe/Berlin" };

/** The run of a wait that a custom event starts. */
function waits(wait: Record<string, unknown>, fields: Attributes["fields"] = {}, data: Record<string, unknown> = {}) {
  const world = testWorld(
    { aut: { when: [{ type: "custom", name: "go" }], then: [{ type: "wait", ...wait }] } },
    BERLIN,
  );
  const state = newState("anna", NOW);
  const send = (type: string, data: Record<string, unknown>, attributes: Attributes = {}) => {
    const event = eventOf(type);
    if (!event) throw new Error("no event");
    const input = {
      kind: "event",
      id: "e",
      event,
      type,
      data: event.data.parse(data) as Record<string, unknown>,
    } as const;
    const { effects } = step(state, { ...input, attributes, at: NOW }, world, NOW);
    const later = advance(state, world, NOW, { jumps: true }).effects;
    return [...effects.runs.values(), ...later.runs.values()][0];
  };
  send("certificate.awarded", { course: "js", certificate: "c1", expires_at: "2027-03-01T00:00:00.000Z" });
  send("certificate.awarded", { course: "css", certificate: "c2", expires_at: "2028-03-01T00:00:00.000Z" });
  const run = send("custom.go", data, { fields });
  if (!run) throw new Error("no run");
  const at = run.waiting?.wakeAt ?? null;
  return {
    run,
    until: at === null ? null : new Date(at).toISOString(),
    put: (fields: Attributes["fields"]) => send("user.updated", {}, { fields: fields ?? {} }),
  };
}

describe("a wait until a date that stands", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ["in the event", { until_field: "event.start.day" }, { start: { day: "2026-02-01" } }, "2026-01-31T23:00:00.000Z"],
    [
      "in the event, as Unix time",
      { until_field: "event.start" },
      { start: 1_772_323_200 },
      "2026-03-01T00:00:00.000Z",
    ],
    [
      "in the certificate of the event's course",
      { until_field: "certificate.expires_at" },
      { course: "js" },
      "2027-03-01T00:00:00.000Z",
    ],
    ["in the last certificate", { until_field: "certificate.expires_at" }, {}, "2028-03-01T00:00:00.000Z"],
    ["in a field, every year", { until_field: "born", every: "year" }, {}, "2026-02-27T23:00:00.000Z"],
  ])("%s", (_, wait, data, until) => {
    expect(waits(wait, { born: "2000-02-29" }, data).until).toBe(until);
  });

  test("follows what the event says no more than it changes, but a field when that does", () => {
    const { until, put, run } = waits({ until_field: "born", every: "year" }, { born: "2000-02-20" });
    expect(until).toBe("2026-02-19T23:00:00.000Z");
    put({ born: "2000-01-01" });
    expect(run.waiting?.wakeAt).toBe(Date.parse("2026-12-31T23:00:00.000Z"));
  });
});

describe("what is no date", () => {
  test.each<[string, FieldValue]>([
    ["a text", "soon"],
    ["a small number", 45],
    ["true", true],
  ])("%s: the run exits as missing, and the step says no_date", (_, value) => {
    const { run } = waits({ until_field: "start" }, { start: value });
    expect([run.status, run.reason, run.steps[0]?.detail]).toEqual(["exited", "missing", { reason: "no_date" }]);
  });

  test("what is not there at all is missing, in the log too; if_missing lets the run go on", () => {
    expect(waits({ until_field: "start" }).run.steps[0]?.detail).toEqual({ reason: "missing" });
    const { run } = waits({ until_field: "start", if_missing: "continue" }, { start: "soon" });
    expect([run.status, run.steps[0]?.detail]).toEqual(["completed", { reason: "no_date" }]);
  });

  test("a field that becomes none ends a wait under way", () => {
    const { run, put } = waits({ until_field: "start" }, { start: "2026-02-01" });
    put({ start: "soon" });
    expect([run.status, run.reason, run.steps[0]?.detail]).toEqual(["exited", "missing", { reason: "no_date" }]);
  });
});

test("Unix time in a field declared as a date is kept as the moment that it means; other fields keep what they are given", () => {
  const fields = new Map([["start", { key: "start", type: "date" as const, choices: [] }]]);
  const world = testWorld({}, { fields });
  const state = newState("anna", NOW);
  const put = (start: FieldValue) => {
    const attributes = { fields: { start, other: start } };
    step(state, { kind: "put", attributes, origin: { by: "event", id: null } }, world, NOW);
    expect(state.learner.fields.other).toBe(start);
    return state.learner.fields.start;
  };
  expect(put(1_772_323_200)).toBe("2026-03-01T00:00:00.000Z");
  expect(put("1772323200000")).toBe("2026-03-01T00:00:00.000Z");
  expect(put(0)).toBe("1970-01-01T00:00:00.000Z");
  expect(put("2026-03-01 09:30")).toBe("2026-03-01 09:30");
  const faulty = (start: FieldValue) => fieldFaults(fields, { start }).length;
  expect(["soon", true, 1e20, "2026-02-30"].map(faulty)).toEqual([1, 1, 1, 1]);
  expect([-86_400, "45", "2026-03-01T09:30"].map(faulty)).toEqual([0, 0, 0]);
});

describe("conditions and rules read the dates that waits read", () => {
  const holds = (op: "before" | "after" | "gt" | "is_empty", value: unknown, actual: FieldValue) => {
    const { learner } = newState("anna", NOW);
    setEntry(learner.fields, "start", actual);
    const clause = op === "is_empty" ? { field: "start", op } : { field: "start", op, value };
    return compileClause(clause, "Europe/Berlin").holds(learner, NOW);
  };

  test("however they are written", () => {
    for (const actual of [
      "2026-03-01",
      "2026-03-01T00:30",
      "2026-03-01 00:30:00",
      1_772_323_200,
      "1772323200",
      1_772_323_200_000,
    ]) {
      expect([actual, holds("after", "2026-02-28", actual), holds("before", "2026-03-02", actual)]).toEqual([
        actual,
        true,
        true,
      ]);
      expect([actual, holds("before", "2026-03-01", actual)]).toEqual([actual, false]);
    }
    expect(holds("before", 1_772_500_000, "2026-03-01")).toBe(true);
  });

  test("gt and the like read numbers as numbers", () => {
    expect(holds("gt", 1_000, 1_772_323_200)).toBe(true);
    expect(holds("gt", "2026-02-28", 1_772_323_200)).toBe(false);
    expect(holds("gt", "2026-02-28", "2026-03-01T09:30")).toBe(true);
  });

  test("what is no date compares with none, and is not empty", () => {
    for (const actual of ["soon", 45]) {
      expect([holds("before", "2030-01-01", actual), holds("after", "2000-01-01", actual)]).toEqual([false, false]);
      expect(holds("is_empty", null, actual)).toBe(false);
    }
  });
});
