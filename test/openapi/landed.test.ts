import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { breakingChanges } from "../../scripts/openapi/breaking.mjs";
import { landed, landedFile, textOf, todays } from "../../scripts/openapi/keep.mjs";

const DAY = "2026-12-01";

test("the OpenAPI document that is kept is today's, and breaks nothing of itself: npm run openapi", async () => {
  const today = await todays();
  expect(breakingChanges(landed(), today, new Date().toISOString().slice(0, 10))).toEqual([]);
  expect(readFileSync(landedFile, "utf8") === textOf(today)).toBe(true);
});

type Part = Record<string, unknown>;

const text = { type: "string" };
const object = (properties: Part, required: string[] = [], more: Part = { additionalProperties: false }): Part => ({
  type: "object",
  properties,
  required,
  ...more,
});
const json = (schema: Part): Part => ({ content: { "application/json": { schema } } });

interface Made {
  body?: Part;
  answer?: Part;
  parameters?: Part[];
  operation?: Part;
  schemas?: Part;
}

/** A document of one operation that takes `body` and answers `answer`. */
const documentOf = ({ body, answer = object({}), parameters = [], operation = {}, schemas = {} }: Made): Part => ({
  paths: {
    "/v1/things": {
      post: {
        "x-scopes": ["read", "write"],
        parameters,
        ...(body ? { requestBody: { required: true, ...json(body) } } : {}),
        responses: { "200": json(answer) },
        ...operation,
      },
    },
  },
  webhooks: {},
  components: { schemas },
});

const between = (was: Made, is: Made): string[] =>
  breakingChanges(documentOf(was), documentOf(is), DAY).map(({ at, what }) => `${at} ${what}`);

const taking = (was: Part, is: Part) => between({ body: object({ a: was }) }, { body: object({ a: is }) });
const answering = (was: Part, is: Part) => between({ answer: object({ a: was }) }, { answer: object({ a: is }) });
const named = (type: string, more: Part = {}) => object({ type: { const: type }, ...more }, ["type"]);
const other = object({ b: text }, ["b"]);
/** What answered `a` alone answers something else too, with a parameter. */
const withOther = (parameter: string): Part => ({
  anyOf: [object({ a: text }, ["a"]), other],
  "x-only-with": ["", parameter],
});
const query = (more: Part = {}) => ({ name: "q", in: "query", required: false, schema: text, ...more });

describe("what breaks a caller is found", () => {
  test.each<[string, () => string[]]>([
    ["an operation that goes", () => breakingChanges(documentOf({}), { paths: {} }, DAY).map(({ what }) => what)],
    ["a scope that no longer opens it", () => between({}, { operation: { "x-scopes": ["write"] } })],
    ["a parameter that goes", () => between({ parameters: [query()] }, {})],
    ["a new parameter that is needed", () => between({}, { parameters: [query({ required: true })] })],
    ["a body where there was none", () => between({}, { body: object({}) })],
    ["a status that is no longer answered", () => between({}, { operation: { responses: { "202": {} } } })],
    ["a property taken no longer", () => between({ body: object({ a: text }) }, { body: object({}) })],
    [
      "a property that is needed now",
      () => between({ body: object({ a: text }) }, { body: object({ a: text }, ["a"]) }),
    ],
    ["others taken no longer", () => between({ body: object({}, [], {}) }, { body: object({}) })],
    ["a value taken no longer", () => taking({ enum: ["x", "y"] }, { enum: ["x"] })],
    ["a text that is a choice now", () => taking(text, { type: "string", enum: ["x"] })],
    ["a form taken no longer", () => taking({ anyOf: [text, { type: "null" }] }, text)],
    ["a number that must be whole", () => taking({ type: "number" }, { type: "integer" })],
    ["a lower limit", () => taking({ type: "string", maxLength: 9 }, { type: "string", maxLength: 8 })],
    ["a limit where there was none", () => taking(text, { type: "string", maxLength: 8 })],
    ["a minimum that rises", () => taking({ type: "integer", minimum: 0 }, { type: "integer", minimum: 1 })],
    ["a pattern", () => taking(text, { type: "string", pattern: "^a" })],
    ["another default", () => taking({ type: "string", default: "a" }, { type: "string", default: "b" })],
    ["entries of a list", () => taking({ type: "array", items: text }, { type: "array", items: { type: "number" } })],
    [
      "values of a record",
      () =>
        taking(
          { type: "object", additionalProperties: text },
          { type: "object", additionalProperties: { type: "number" } },
        ),
    ],
    [
      "names of a record",
      () => taking({ type: "object" }, { type: "object", propertyNames: { type: "string", maxLength: 3 } }),
    ],
    ["a kind taken no longer", () => taking({ oneOf: [named("x"), named("y")] }, { oneOf: [named("x"), named("z")] })],
    [
      "a property of a kind",
      () => taking({ oneOf: [named("x", { n: text }), named("y")] }, { oneOf: [named("x"), named("y")] }),
    ],
    ["a property that is not answered", () => between({ answer: object({ a: text }) }, { answer: object({}) })],
    [
      "one that may be missing now",
      () => between({ answer: object({ a: text }, ["a"]) }, { answer: object({ a: text }) }),
    ],
    ["one that may be null now", () => answering(text, { anyOf: [text, { type: "null" }] })],
    ["one of another type", () => answering(text, { type: "number" })],
    ["one that may be anything now", () => answering(text, {})],
    ["one of another format", () => answering({ type: "string", format: "date-time" }, text)],
    ["a value that is another", () => answering({ const: "a" }, { const: "b" })],
    [
      "a form more in answers that is nothing like it",
      () => between({ answer: object({ a: text }, ["a"]) }, { answer: { anyOf: [object({ a: text }, ["a"]), other] } }),
    ],
    [
      "one that comes with a parameter of before",
      () =>
        between(
          { answer: object({ a: text }, ["a"]), parameters: [query()] },
          { answer: withOther("q"), parameters: [query()] },
        ),
    ],
    [
      "the form of before that comes only with a parameter now",
      () =>
        between(
          { answer: { anyOf: [object({ a: text }, ["a"]), other], "x-only-with": ["", "q"] } },
          { answer: { anyOf: [object({ a: text }, ["a"]), other], "x-only-with": ["q", ""] }, parameters: [query()] },
        ),
    ],
    [
      "what lies behind a reference that goes round",
      () =>
        between(
          {
            answer: { $ref: "#/components/schemas/T" },
            schemas: { T: object({ a: text, t: { $ref: "#/components/schemas/T" } }) },
          },
          {
            answer: { $ref: "#/components/schemas/T" },
            schemas: { T: object({ t: { $ref: "#/components/schemas/T" } }) },
          },
        ),
    ],
  ])("%s", (_, found) => {
    expect(found()).toHaveLength(1);
  });
});

describe("what breaks nobody is let through", () => {
  test.each<[string, () => string[]]>([
    ["a new operation", () => breakingChanges({ paths: {} }, documentOf({}), DAY).map(({ what }) => what)],
    ["a new option", () => between({ body: object({}) }, { body: object({ a: text }) })],
    ["a new parameter", () => between({}, { parameters: [query()] })],
    [
      "a property that is needed no longer",
      () => between({ body: object({ a: text }, ["a"]) }, { body: object({ a: text }) }),
    ],
    ["a value more", () => taking({ enum: ["x"] }, { enum: ["x", "y"] })],
    ["a form more", () => taking(text, { anyOf: [text, { type: "null" }] })],
    ["a larger limit", () => taking({ type: "string", maxLength: 8 }, { type: "string", maxLength: 9 })],
    ["a default where none was said", () => taking(text, { type: "string", default: "a" })],
    ["a new property answered", () => between({ answer: object({}) }, { answer: object({ a: text }, ["a"]) })],
    ["a value more in answers", () => answering({ enum: ["x"] }, { enum: ["x", "y"] })],
    [
      "a kind more in answers",
      () => answering({ oneOf: [named("x"), named("w")] }, { oneOf: [named("x"), named("w"), named("y")] }),
    ],
    ["a value answered no longer", () => answering({ enum: ["x", "y"] }, { enum: ["x"] })],
    ["one that is never null any more", () => answering({ anyOf: [text, { type: "null" }] }, text)],
    [
      "a form that comes with a new parameter alone",
      () => between({ answer: object({ a: text }, ["a"]) }, { answer: withOther("q"), parameters: [query()] }),
    ],
    [
      "a schema of another name",
      () =>
        between(
          { answer: { $ref: "#/components/schemas/A" }, schemas: { A: object({ a: text }) } },
          { answer: object({ a: text }) },
        ),
    ],
  ])("%s", (_, found) => {
    expect(found()).toEqual([]);
  });
});

test("what was deprecated may go once its sunset has come, not before", () => {
  const old = { deprecated: true, "x-sunset": "2026-12-01" };
  const gone = (day: string) => [
    ...breakingChanges(documentOf({ operation: old }), { paths: {} }, day),
    ...breakingChanges(documentOf({ parameters: [query(old)] }), documentOf({}), day),
  ];
  expect(gone("2026-11-30")).toHaveLength(2);
  expect(gone("2026-12-01")).toEqual([]);
});
