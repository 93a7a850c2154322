import { expect, test } from "vitest";
import type * as z from "zod";
import { faultsOf } from "../base/errors/faults";
import { actions, conditions, events, triggers } from "../catalogue";
import { jsonSchemaOf } from "../catalogue/options/json-schema";
import { isRecord } from "../definition/types";
import { routes } from "./routes";

/* What a client is told is in our words, whatever schema of whatever route it was that did not fit. */

/** How the library says it itself. */
const ITS_OWN = /^Invalid|^Too (?:small|big)|Unrecognized|Expected|expected|received|undefined|\bNaN\b|\bstring\b/;

const NOWHERE_RIGHT = [
  undefined,
  null,
  true,
  -1.5,
  1e15,
  "",
  "?",
  "x".repeat(3000),
  [],
  [null, ""],
  {},
  { unknown: 1 },
];
const DEEPEST = 5;

/** Values that do not fit a schema at its own place, or at one within. */
function* misfits(schema: unknown, all: unknown, depth = 0): Generator<unknown> {
  if (!isRecord(schema) || depth > DEEPEST) return;
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return yield* misfits(isRecord(all) && isRecord(all.$defs) ? all.$defs[name] : null, all, depth + 1);
  }
  if (depth > 0 || schema.type !== undefined) yield* NOWHERE_RIGHT;
  for (const [name, within] of Object.entries(isRecord(schema.properties) ? schema.properties : {}))
    for (const value of misfits(within, all, depth + 1)) yield { ...constants(schema), [name]: value };
  for (const value of misfits(schema.items, all, depth + 1)) yield [value];
  for (const value of misfits(schema.additionalProperties, all, depth + 1)) yield { key: value };
  for (const branch of [schema.anyOf, schema.oneOf, schema.allOf].flat()) yield* misfits(branch, all, depth + 1);
}

/** What tells the branches of a union apart. */
const constants = ({ properties }: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(isRecord(properties) ? properties : {}).flatMap(([name, within]) =>
      isRecord(within) && "const" in within ? [[name, within.const]] : [],
    ),
  );

function saidOf(schema: z.ZodType): Set<string> {
  const document = jsonSchemaOf(schema, "input");
  const said = new Set<string>();
  for (const value of misfits(document, document)) {
    const { error } = schema.safeParse(value);
    for (const { message } of error ? faultsOf(error) : []) said.add(message);
  }
  return said;
}

test("no route says what does not fit in the words of a library", () => {
  const schemas = routes.flatMap(({ method, path, body, query, params }) =>
    Object.entries({ body, query, params }).flatMap(([part, schema]) =>
      schema ? [{ at: `${method} ${path} ${part}`, schema }] : [],
    ),
  );
  const found = schemas.flatMap(({ at, schema }) => [...saidOf(schema)].map((message) => ({ at, message })));
  expect(found.length).toBeGreaterThan(schemas.length);
  expect(found.filter(({ message }) => ITS_OWN.test(message))).toEqual([]);
});

test("no event, trigger, condition or action does", () => {
  const cards = [...triggers.values(), ...conditions.values(), ...actions.values()].map(({ params }) => params);
  const said = [...[...events.values()].map(({ data }) => data), ...cards].flatMap((schema) => [...saidOf(schema)]);
  expect(said.length).toBeGreaterThan(events.size + cards.length);
  expect(said.filter((message) => ITS_OWN.test(message))).toEqual([]);
});
