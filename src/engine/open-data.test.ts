import fc from "fast-check";
import { expect, test } from "vitest";
import { eventOf, events } from "../catalogue";
import { newLearner } from "../catalogue/facts/facts";
import { newState, step } from "./step";
import { testWorld } from "./test-world";
import { exampleData } from "./trying/example";

const NOW = Date.UTC(2026, 0, 5, 9);
const USER = newLearner("anna", NOW, NOW);
const world = testWorld({});

/** What makes these types news: without it nothing is left, taken away or resumed. */
const BEFORE: Record<string, [type: string, ...more: string[]]> = {
  "course.unenrolled": ["course.enrolled"],
  "course.resumed": ["course.enrolled", "course.suspended"],
  "course.suspended": ["course.enrolled"],
  "bundle.unenrolled": ["bundle.enrolled"],
  "subscription.unenrolled": ["subscription.enrolled"],
  "group.left": ["group.joined"],
  "seat.removed": ["seat.added"],
  "tag.removed": ["tag.added"],
};
/** What is of another type, or of none, when these happen. */
const MAKES: Record<string, string | null> = {
  "course.progressed": "course.progress_reached",
  "course.progress_reset": null,
  "activity.progress_reset": null,
};

const names = (type: string) => exampleData(eventOf(type) ?? fail(type), USER, NOW);
const fail = (type: string): never => {
  throw new Error(type);
};

function factsOf(type: string, sent: Record<string, unknown>) {
  const state = newState("anna", NOW);
  const take = (one: string, data: Record<string, unknown>) => {
    const event = eventOf(one) ?? fail(one);
    const read = event.read(data);
    if (!read.success) throw new Error(`${one} ${read.error.message}`);
    const input = { kind: "event", id: one, event, type: one, data: read.data, attributes: {}, at: NOW } as const;
    return step(state, { ...input, ...(one === "user.updated" ? { attributes: { username: "A" } } : {}) }, world, NOW);
  };
  for (const one of BEFORE[type] ?? []) take(one, names(one));
  return take(type, sent).effects.facts;
}

const types = [...events.values()].map(({ type }) => (type.startsWith("custom.") ? "custom.x" : type));
const open = fc.dictionary(
  fc.stringMatching(/^[a-z_]{1,12}$/).map((name) => `x_${name}`),
  fc.jsonValue(),
  { minKeys: 1 },
);

test.each(types)("%s: what else its data holds is in its fact, and what it says of itself stands", (type) => {
  fc.assert(
    fc.property(open, (extra) => {
      const about = MAKES[type] === undefined ? type : MAKES[type];
      const plain = factsOf(type, names(type));
      const facts = factsOf(type, { ...extra, ...names(type) });
      expect(facts.map((one) => one.type)).toEqual(plain.map((one) => one.type));
      if (about === null) return;
      const [made] = facts.filter((one) => one.type === about);
      const [before] = plain.filter((one) => one.type === about);
      expect(made?.data).toEqual({ ...extra, ...before?.data });
    }),
    { numRuns: 20 },
  );
});

test("what a visit or a payment tells is in what follows of it alone", () => {
  const told = (type: string, data: Record<string, unknown>) =>
    factsOf(type, { ...data, title: "T" }).map((fact) => [fact.type, fact.data.title]);
  expect(told("course.visited", { course: "c" })).toEqual([
    ["course.visited", "T"],
    ["course.started", "T"],
  ]);
  expect(told("payment.made", { product_type: "course", product: "c", amount: 1, coupon: "x" })).toEqual([
    ["payment.made", "T"],
    ["coupon.used", "T"],
  ]);
  expect(told("bundle.enrolled", { bundle: "b", courses: ["c"] })).toEqual([
    ["bundle.enrolled", "T"],
    ["course.enrolled", undefined],
  ]);
});

test("an event that makes many facts does not hold its data once more in each", () => {
  const tag = Array.from({ length: 200 }, (_, n) => `t${n}`);
  const facts = factsOf("tag.added", { tag, note: "x".repeat(20 * 1024) });
  expect(facts.map(({ data }) => "note" in data).filter((is) => is)).toHaveLength(3);
  expect(facts).toHaveLength(200);
});

test.each(types)("%s: null for what is optional is the same as leaving it out", (type) => {
  const event = eventOf(type) ?? fail(type);
  const data = names(type);
  const shape = Object.keys("shape" in event.data ? (event.data.shape as object) : {});
  const nulls = Object.fromEntries(shape.filter((name) => !(name in data)).map((name) => [name, null]));
  expect(event.read({ ...nulls, ...data })).toEqual(event.read(data));
  for (const name of Object.keys(data)) expect(event.read({ ...data, [name]: null }).success, name).toBe(false);
});
