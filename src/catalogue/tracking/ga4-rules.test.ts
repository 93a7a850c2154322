import fc from "fast-check";
import { expect, test } from "vitest";
import { ga4Faults } from "./ga4-rules";

const parameter = fc.stringMatching(/^[a-f][a-z0-9]{0,38}$/);
const value = fc.oneof(fc.string({ maxLength: 50 }), fc.integer(), fc.constant("{{ event.course }}".repeat(9)));

test("what keeps to the rules is taken without a word", () => {
  fc.assert(
    fc.property(parameter, fc.dictionary(parameter, value, { maxKeys: 25 }), (name, params) => {
      fc.pre(!["error"].includes(name));
      expect(ga4Faults({ name, params })).toEqual([]);
    }),
  );
});

test.each<[string, { name?: string; params?: Record<string, unknown> }]>([
  ["a reserved name", { name: "session_start" }],
  ["a reserved name in capitals", { name: "Session_Start" }],
  ["a reserved prefix", { name: "google_course" }],
  ["a parameter with a dash", { params: { "course-id": 1 } }],
  ["a parameter that begins with a digit", { params: { "1st": 1 } }],
  ["a parameter of 41 letters", { params: { ["a".repeat(41)]: 1 } }],
  ["a parameter with a reserved prefix", { params: { _x: 1 } }],
  ["26 parameters", { params: Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`p${n}`, 1])) }],
  ["a value of 101 letters", { params: { note: "é".repeat(101) } }],
  ["a value that is an object", { params: { note: { a: 1 } } }],
])("%s is told", (_, { name = "course_done", params = {} }) => {
  expect(ga4Faults({ name, params })).toHaveLength(1);
});

test("what may say more, and lists of items, are taken", () => {
  expect(ga4Faults({ name: "purchase", params: { page_location: "x".repeat(1_000), items: [{ id: "c" }] } })).toEqual(
    [],
  );
});
