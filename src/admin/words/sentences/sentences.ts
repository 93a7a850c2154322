import { inWords, later, type Text } from "../../../language/say";

/** How the operators of segment rules are said, between a field and a value. */
export const OPERATORS: Readonly<Record<string, Text>> = {
  is: later("is"),
  is_not: later("is not"),
  contains: later("contains"),
  not_contains: later("does not contain"),
  starts_with: later("starts with"),
  ends_with: later("ends with"),
  matches: later("matches"),
  is_empty: later("is empty"),
  is_not_empty: later("is not empty"),
  gt: later("is more than"),
  gte: later("is at least"),
  lt: later("is less than"),
  lte: later("is at most"),
  in: later("is one of"),
  before: later("is before"),
  after: later("is after"),
};

/** Words for values and options that do not speak for themselves. */
export const VALUES: Readonly<Record<string, Text>> = {
  app_course: later("course in the app"),
  app: later("mobile app"),
  registered_at: later("registration date"),
  email_domain: later("email domain"),
  "course.starts_at": later("the start of the course"),
  "course.ends_at": later("the end of the course"),
  "course.due_at": later("the due date of the course"),
  "certificate.expires_at": later("the end of the certificate"),
};

const saidBy = (names: Readonly<Record<string, Text>>, key: string): string | undefined =>
  Object.hasOwn(names, key) ? inWords(names[key] ?? key) : undefined;

/** An operator as it is said. */
export const operatorText = (op: string): string => saidBy(OPERATORS, op) ?? op;

/** A value or option that does not speak for itself as it is said; undefined for any other. */
export const wordFor = (value: string): string | undefined => saidBy(VALUES, value);
