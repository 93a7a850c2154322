import { expect, test } from "vitest";
import * as z from "zod";
import { faultsOf } from "./faults";

const said = (schema: z.ZodType, value: unknown): string[] =>
  faultsOf(schema.safeParse(value).error ?? { issues: [] }).map(({ path, message }) => `${path} ${message}`.trim());

const one = z.strictObject({ type: z.literal("a"), n: z.number() });
const other = z.strictObject({ type: z.literal("b") });

/** Each way in which a value may not fit. */
const CASES: readonly (readonly [z.ZodType, unknown, string])[] = [
  [z.string(), undefined, "is missing: it must be a text"],
  [z.string(), null, "must be a text, not null"],
  [z.number(), "7", "must be a number, not a text"],
  [z.int(), 1.5, "must be a whole number"],
  [z.boolean(), [], "must be true or false, not a list"],
  [z.array(z.string()), {}, "must be a list, not an object"],
  [z.record(z.string(), z.string()), true, "must be an object, not true"],
  [z.never(), 1, "nothing may stand here"],
  [z.enum(["x", "y"]), "z", 'must be one of "x", "y"'],
  [z.enum(["x", "y"]), undefined, 'is missing: it must be one of "x", "y"'],
  [z.literal(3), 4, "must be 3"],
  [z.string().min(1).max(200), "", "is empty: it must be a text of 1 to 200 characters"],
  [z.string().min(2).max(3), "a", "must be a text of 2 to 3 characters"],
  [z.string().min(2).max(3), "abcd", "must be a text of 2 to 3 characters"],
  [z.string().max(1), "ab", "must be a text of at most 1 character"],
  [z.string().length(3), "ab", "must be a text of 3 characters"],
  [z.array(z.int()).min(1), [], "must be a list of at least 1 entry"],
  [z.array(z.int()).max(2), [1, 2, 3], "must be a list of at most 2 entries"],
  [z.int().min(1), 0, "must be at least 1"],
  [z.number().gt(1), 1, "must be more than 1"],
  [z.int().max(9), 10, "must be at most 9"],
  [z.number().lt(9), 9, "must be less than 9"],
  [z.number().multipleOf(5), 7, "must be a multiple of 5"],
  [z.email(), "anna", "must be an email address"],
  [z.url(), "school", "must be a web address, such as https://school.example"],
  [z.iso.date(), "tomorrow", "must be a date, such as 2026-01-31"],
  [z.iso.datetime(), "tomorrow", "must be a time, such as 2026-01-31T09:00:00Z"],
  [z.uuid(), "x", "must be a UUID"],
  [z.string().regex(/^a+$/), "b", "must be written as /^a+$/"],
  [z.string().startsWith("a"), "b", 'must begin with "a"'],
  [z.string().endsWith("a"), "b", 'must end with "a"'],
  [z.string().includes("a"), "b", 'must hold "a"'],
  [z.strictObject({}), { a: 1 }, "/a there is no such field"],
  [z.record(z.string().max(1), z.int()), { ab: 1 }, "/ab must be a text of at most 1 character"],
  [z.discriminatedUnion("type", [one, other]), { type: "c" }, '/type must be one of "a", "b"'],
  [z.discriminatedUnion("type", [one, other]), {}, '/type is missing: it must be one of "a", "b"'],
  [z.union([z.string(), z.number(), z.null()]), {}, "must be a text, a number or null, not an object"],
  [z.union([z.string(), z.number()]), undefined, "is missing: it must be a text or a number"],
  [z.xor([z.string(), z.string().min(0)]), "a", "fits none of the forms that this may have"],
  [z.map(z.string(), z.int()), new Map([["a", "b"]]), "/a must be a number, not a text"],
  [z.string().refine(() => false), "a", "is not what may stand here"],
  [z.string().refine(() => false, "not this one"), "a", "not this one"],
  [z.string({ error: "a name of your own" }), 1, "a name of your own"],
];

test.each(CASES)("what does not fit is said in our words: %#", (schema, value, words) => {
  expect(said(schema, value)).toEqual([words]);
});

test("no format of the library's is called as it calls it", () => {
  const formats: z.ZodType[] = [
    ...[z.ipv4(), z.ipv6(), z.cidrv4(), z.base64(), z.base64url(), z.jwt(), z.e164(), z.ulid(), z.nanoid()],
    ...[z.iso.time(), z.iso.duration(), z.emoji(), z.guid(), z.hostname(), z.hex(), z.stringFormat("own", /^a$/)],
  ];
  for (const schema of formats) expect(said(schema, "ß ß")).toEqual([expect.stringMatching(/^must be [^I]/)]);
});
