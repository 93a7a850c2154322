/** How the operators of segment rules are said. */
export const OPERATORS: Readonly<Record<string, string>> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "starts with",
  ends_with: "ends with",
  matches: "matches",
  is_empty: "is empty",
  is_not_empty: "is not empty",
  gt: "is more than",
  gte: "is at least",
  lt: "is less than",
  lte: "is at most",
  in: "is one of",
  before: "is before",
  after: "is after",
};

/** Words for values and options that do not speak for themselves. */
export const VALUES: Readonly<Record<string, string>> = {
  app_course: "course in the app",
  app: "mobile app",
  registered_at: "registration date",
  email_domain: "email domain",
  "course.starts_at": "the start of the course",
  "course.ends_at": "the end of the course",
  "course.due_at": "the due date of the course",
  "certificate.expires_at": "the end of the certificate",
};
