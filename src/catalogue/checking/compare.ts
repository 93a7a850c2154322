import { canonical } from "../../base/json";
import { composed } from "../../base/text/text";
import { type Span, spanOfDate } from "../dates/dates";
import { checkPattern, compilePattern } from "../text/pattern";

/*
 * The operators of segment rules. A missing value satisfies `is_empty` and nothing else, not even `is_not`. Text is
 * compared trimmed and in any case, numbers by value; a value of several is what one of its parts is.
 */

export const OPS = [
  "is",
  "is_not",
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "matches",
  "is_empty",
  "is_not_empty",
  "gt",
  "gte",
  "lt",
  "lte",
  "in",
  "before",
  "after",
] as const;

export type Op = (typeof OPS)[number];
type Test = (actual: unknown) => boolean;

type Scalar = string | number | boolean;
const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || (typeof value === "number" && Number.isFinite(value)) || typeof value === "boolean";

/** No value: null, blank text, a list of nothing but these. */
const isMissing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.every(isMissing));

/**
 * Upper case, since the lower one of Σ depends on what stands beside it, made of the lower one, since of ẞ there is no other
 * way to ß; é is one, however it is written.
 */
const folded = (value: Scalar): string => composed(composed(String(value)).trim().toLowerCase().toUpperCase());

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** The number that a value is, or that its text says; null for another. */
function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && NUMBER.test(value.trim()) ? Number(value) : null;
}

function equals(expected: unknown): Test {
  if (!isScalar(expected)) return () => false;
  const text = folded(expected);
  const number = numberOf(expected);
  return (actual) => {
    if (!isScalar(actual)) return false;
    // Two texts are no numbers, or the codes 007 and 7 were the same.
    if (typeof actual === "number" || typeof expected === "number")
      return number !== null && numberOf(actual) === number;
    return folded(actual) === text;
  };
}

const textTest =
  (holds: (actual: string, expected: string) => boolean) =>
  (expected: unknown): Test => {
    if (!isScalar(expected)) return () => false;
    const text = folded(expected);
    return (actual) => isScalar(actual) && holds(folded(actual), text);
  };

const contains = textTest((actual, expected) => actual.includes(expected));

/** Numbers with numbers, dates with dates; false of anything else. */
const orderTest =
  (numbers: ((a: number, b: number) => boolean) | null, spans: (a: Span, b: Span) => boolean) =>
  (expected: unknown, zone: string): Test => {
    const number = numbers ? numberOf(expected) : null;
    if (numbers && number !== null) {
      return (actual) => {
        const other = numberOf(actual);
        return other !== null && numbers(other, number);
      };
    }
    // Where numbers are compared, a number is no date.
    const isNumber = (value: unknown): boolean => numbers !== null && numberOf(value) !== null;
    const span = spanOfDate(expected, zone);
    if (!span) return () => false;
    return (actual) => {
      const other = isNumber(actual) ? null : spanOfDate(actual, zone);
      return other !== null && spans(other, span);
    };
  };

const isBefore = (a: Span, b: Span): boolean => a.end <= b.begin;
const isAfter = (a: Span, b: Span): boolean => a.begin >= b.end;

/** Of each operator that looks at a value: the test of one part that is not missing. */
const TESTS: Record<
  Exclude<Op, "is_empty" | "is_not_empty" | "is_not" | "not_contains">,
  (expected: unknown, zone: string) => Test
> = {
  is: equals,
  contains,
  starts_with: textTest((actual, expected) => actual.startsWith(expected)),
  ends_with: textTest((actual, expected) => actual.endsWith(expected)),
  matches: (expected) => {
    if (typeof expected !== "string") return () => false;
    const test = compilePattern(expected, { ignoreCase: true });
    return (actual) => isScalar(actual) && test(String(actual).trim());
  },
  gt: orderTest((a, b) => a > b, isAfter),
  gte: orderTest(
    (a, b) => a >= b,
    (a, b) => !isBefore(a, b),
  ),
  lt: orderTest((a, b) => a < b, isBefore),
  lte: orderTest(
    (a, b) => a <= b,
    (a, b) => !isAfter(a, b),
  ),
  in: (expected) => {
    const tests = Array.isArray(expected) ? expected.map(equals) : [];
    return (actual) => tests.some((test) => test(actual));
  },
  before: orderTest(null, isBefore),
  after: orderTest(null, isAfter),
};

/** True when a part of the value passes. */
const some =
  (test: Test): Test =>
  (actual) =>
    Array.isArray(actual) ? actual.some((part) => !isMissing(part) && test(part)) : test(actual);

const not =
  (test: Test): Test =>
  (actual) =>
    !test(actual);

const present =
  (test: Test): Test =>
  (actual) =>
    !isMissing(actual) && test(actual);

/**
 * A comparison as a plain function of the value there is. A date means its day in `zone`.
 * @throws RE2JSException when `matches` is given what `checkComparison` refuses
 */
export function compileComparison(op: Op, value: unknown, zone: string): (actual: unknown) => boolean {
  if (op === "is_empty") return isMissing;
  if (op === "is_not_empty") return not(isMissing);
  if (op === "is_not") return present(not(some(TESTS.is(value, zone))));
  if (op === "not_contains") return present(not(some(TESTS.contains(value, zone))));
  return present(some(TESTS[op](value, zone)));
}

/** The same of a list, which is never missing: where it has nothing, there is nothing that it should not have. */
export function compileListComparison(op: Op, value: unknown, zone: string): (actual: unknown) => boolean {
  if (op === "is_not") return not(compileComparison("is", value, zone));
  if (op === "not_contains") return not(compileComparison("contains", value, zone));
  return compileComparison(op, value, zone);
}

// ---- Two of them ----

/** A comparison, and whether it is to hold. */
interface Compared {
  op: Op;
  value?: unknown;
  holds?: boolean;
}

const CONTRARY: Partial<Record<Op, Op>> = { is: "is_not", contains: "not_contains" };
const isContrary = (one: Compared, other: Compared): boolean =>
  CONTRARY[one.op] === other.op && canonical(one.value ?? null) === canonical(other.value ?? null);

/** All that an operator may let pass, where that is little; a number stands there as one or as its text. */
function passing({ op, value }: Compared, isList: boolean): unknown[] | null {
  if (op === "is_empty") return [isList ? [] : null];
  if (isList || (op !== "is" && op !== "in")) return null;
  return [value].flat().flatMap((one) => {
    const number = numberOf(one);
    return number === null ? [one] : [one, number, String(number)];
  });
}

/** Whether no value passes both of two comparisons: surely so, and where it is no list one value stands there. */
export function neverBoth(one: Compared, other: Compared, zone: string, isList = false): boolean {
  const { holds = true } = one;
  const { holds: itsHolds = true } = other;
  if (holds && itsHolds && (isContrary(one, other) || isContrary(other, one))) return true;
  const values = (holds ? passing(one, isList) : null) ?? (itsHolds ? passing(other, isList) : null);
  if (!values) return false;
  const compile = isList ? compileListComparison : compileComparison;
  const [test, its] = [compile(one.op, one.value, zone), compile(other.op, other.value, zone)];
  return !values.some((value) => test(value) === holds && its(value) === itsHolds);
}

const isOp = (op: string): op is Op => (OPS as readonly string[]).includes(op);
const isTime = (value: unknown): boolean => spanOfDate(value, "UTC") !== null;

/**
 * Whether a comparison can be saved.
 * @returns what is wrong with it, or null
 */
export function checkComparison(op: string, value: unknown): string | null {
  if (!isOp(op)) return `not an operator: one of ${OPS.join(", ")}`;
  if (op === "is_empty" || op === "is_not_empty")
    return value === undefined || value === null ? null : `${op} takes no value`;
  if (op === "in") {
    if (!Array.isArray(value) || !value.length) return "in takes a list of values";
    return value.every((one) => isScalar(one) && !isMissing(one)) ? null : "a list of texts, numbers or booleans";
  }
  if (!isScalar(value) || isMissing(value))
    return `${op} takes a text, a number or a boolean; is_empty asks for no value`;
  if (op === "matches") return typeof value === "string" ? checkPattern(value) : "matches takes a pattern";
  if (op === "before" || op === "after")
    return isTime(value) ? null : `${op} takes a date, such as "2026-01-31", or a time`;
  if (op === "gt" || op === "gte" || op === "lt" || op === "lte") {
    return numberOf(value) !== null || isTime(value) ? null : `${op} takes a number or a date`;
  }
  return null;
}
