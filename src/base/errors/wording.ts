import * as z from "zod";

/*
 * What a schema says of what does not fit, in our words: what is expected, and not how a library came to its judgement.
 * Whoever says something more particular at a field of its own is heard before.
 */

type Issue<Code extends z.core.$ZodIssue["code"]> = Extract<z.core.$ZodRawIssue, { code: Code }>;

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  set: "a list",
  object: "an object",
  record: "an object",
  map: "an object",
  date: "a time",
  nan: "no number",
  null: "null",
};

const FORMATS: Readonly<Record<string, string>> = {
  email: "an email address",
  url: "a web address, such as https://school.example",
  datetime: "a time, such as 2026-01-31T09:00:00Z",
  date: "a date, such as 2026-01-31",
  time: "a time of day, such as 09:00:00",
  duration: "a duration, such as P2D",
  uuid: "a UUID",
  base64: "base64",
  base64url: "base64url",
};

/** Of texts and lists their lengths are counted. */
const COUNTED: Readonly<Record<string, readonly [what: string, one: string, many: string]>> = {
  string: ["a text", "character", "characters"],
  array: ["a list", "entry", "entries"],
  set: ["a list", "entry", "entries"],
  map: ["an object", "entry", "entries"],
  file: ["a file", "byte", "bytes"],
};

/** What is said where nothing of a choice fits, and nothing else is known of what was meant. */
export const FITS_NOWHERE = "fits none of the forms that this may have";

/** That something is not there is one fault, whatever is expected there. */
const expected = (what: string, input: unknown): string =>
  input === undefined ? `is missing: it must be ${what}` : `must be ${what}`;

const kindOf = (input: unknown): string => {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "boolean") return String(input);
  return KINDS[typeof input] ?? "something else";
};

function type({ expected: kind, input }: Issue<"invalid_type">): string {
  if (kind === "never") return "nothing may stand here";
  const said = expected(KINDS[kind] ?? "something else", input);
  // A number that is none, or not whole, is called a number all the same.
  return input === undefined || (typeof input === "number" && (kind === "number" || kind === "int"))
    ? said
    : `${said}, not ${kindOf(input)}`;
}

const oneOf = (values: readonly unknown[]): string => {
  const list = values.map((value) => (typeof value === "bigint" ? String(value) : JSON.stringify(value)));
  return list.length === 1 ? (list[0] ?? "") : `one of ${list.join(", ")}`;
};

interface Bounds {
  minimum?: unknown;
  maximum?: unknown;
}

/** How long something may be, by all the checks of its schema and not by the one alone that failed. */
function boundsOf({ schema, exact }: Issue<"too_small" | "too_big">, told: Bounds): Bounds {
  const size = told.minimum ?? told.maximum;
  if (exact) return { minimum: size, maximum: size };
  const bounds = { ...told };
  for (const { _zod } of schema?._zod.def.checks ?? []) {
    // What a check counts stands in its definition, by these names.
    const { minimum, maximum } = _zod.def as z.core.$ZodCheckDef & Bounds;
    bounds.minimum ??= minimum;
    bounds.maximum ??= maximum;
  }
  return bounds;
}

function length({ minimum, maximum }: Bounds, [what, one, many]: readonly [string, string, string]): string {
  const of = (n: unknown) => `${n} ${n === 1 ? one : many}`;
  if (minimum === undefined) return `${what} of at most ${of(maximum)}`;
  if (maximum === undefined) return `${what} of at least ${of(minimum)}`;
  return minimum === maximum ? `${what} of ${of(maximum)}` : `${what} of ${minimum} to ${of(maximum)}`;
}

function tooSmall(issue: Issue<"too_small">): string {
  const counted = COUNTED[issue.origin];
  if (!counted) return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
  const must = `must be ${length(boundsOf(issue, { minimum: issue.minimum }), counted)}`;
  return issue.input === "" ? `is empty: it ${must}` : must;
}

function tooBig(issue: Issue<"too_big">): string {
  const counted = COUNTED[issue.origin];
  if (!counted) return `must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
  return `must be ${length(boundsOf(issue, { maximum: issue.maximum }), counted)}`;
}

function format(issue: Issue<"invalid_format">): string {
  const { prefix, suffix, includes } = issue;
  if (issue.format === "starts_with") return `must begin with ${JSON.stringify(prefix)}`;
  if (issue.format === "ends_with") return `must end with ${JSON.stringify(suffix)}`;
  if (issue.format === "includes") return `must hold ${JSON.stringify(includes)}`;
  return issue.format === "regex"
    ? `must be written as ${issue.pattern}`
    : `must be ${FORMATS[issue.format] ?? issue.format}`;
}

function union({ input, ...issue }: Issue<"invalid_union">): string {
  const { discriminator } = issue;
  const options = "options" in issue ? issue.options : undefined;
  if (typeof discriminator !== "string" || !Array.isArray(options) || !options.length) return FITS_NOWHERE;
  const isSaid = typeof input === "object" && input !== null && Object.hasOwn(input, discriminator);
  return expected(oneOf(options), isSaid ? input : undefined);
}

const SAID: { [Code in z.core.$ZodIssue["code"]]: (issue: Issue<Code>) => string } = {
  invalid_type: type,
  invalid_value: ({ values, input }) => expected(oneOf(values), input),
  too_small: tooSmall,
  too_big: tooBig,
  invalid_format: format,
  not_multiple_of: ({ divisor }) => `must be a multiple of ${divisor}`,
  unrecognized_keys: () => "there is no such field",
  invalid_union: union,
  invalid_key: () => "is no key that may stand here",
  invalid_element: () => "has an entry that may not stand here",
  custom: () => "is not what may stand here",
};

/** What is said of an issue whose schema says nothing of its own. */
export const wordingOf = (issue: z.core.$ZodRawIssue): string =>
  // The table has for each code a function of the issues of that code.
  (SAID[issue.code] as (issue: z.core.$ZodRawIssue) => string)(issue);

z.config({ customError: wordingOf });
