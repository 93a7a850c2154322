/** One fault of a body: `path` is a JSON pointer into it. */
export interface Fault {
  path: string;
  message: string;
}

/** Every way in which we refuse, and the one table that maps it to HTTP; docs/problems.md has a section for each. */
export const PROBLEMS = {
  malformed: { status: 400, title: "The body cannot be read" },
  unauthorized: { status: 401, title: "No good credential" },
  forbidden: { status: 403, title: "The credential does not allow this" },
  not_found: { status: 404, title: "Not there" },
  method_not_allowed: { status: 405, title: "Wrong method" },
  conflict: { status: 409, title: "Conflict" },
  gone: { status: 410, title: "Not kept any more" },
  outdated: { status: 412, title: "A newer version is there" },
  too_large: { status: 413, title: "Too large" },
  unsupported: { status: 415, title: "Unsupported content type" },
  invalid: { status: 422, title: "The request breaks the schema" },
  too_many: { status: 429, title: "Too many requests" },
  lms_failed: { status: 502, title: "The LMS does not answer as it should" },
  unavailable: { status: 503, title: "Not to be had now" },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

/** RFC 9457, as it leaves us. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: Fault[];
}

/** Said by the database and by users' objects, where what is asked comes too late: its school was deleted. */
export const SCHOOL_IS_GONE = "school_is_gone";

/** Said by a user's object whose state a later release has stored, in a way that this one cannot read. */
export const STORED_BY_LATER = "stored_by_a_later_release";

/** Whether something failed for that, wherever it was found. */
export const isSchoolGone = (error: unknown): boolean => says(error, SCHOOL_IS_GONE);
export const isStoredByLater = (error: unknown): boolean => says(error, STORED_BY_LATER);

/** What is answered where that is met. */
export const storedByLater = (): Problem =>
  new Problem(
    "unavailable",
    "What is kept of this user was stored by a later release than the one that is deployed, and stays as it is: deploy " +
      "that release again.",
    undefined,
    60,
  );

/** Whether a user's object of an earlier release was asked for what that could not do yet: while a release is rolled out. */
export const isOfEarlier = (error: unknown): boolean =>
  says(error, "does not implement the method") || says(error, "Handler does not export a fetch");

/** What is answered where that is met. */
export const ofEarlier = (): Problem =>
  new Problem(
    "unavailable",
    "A new release is being deployed, and the one before still looks after this user: it cannot do this. Try again later.",
    undefined,
    60,
  );

function says(error: unknown, what: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause.message.includes(what)) return true;
  return false;
}

/** Which limit a refusal is for, as the headers `RateLimit` and `RateLimit-Policy` tell it. */
export interface LimitMet {
  name: "key" | "user" | "school";
  /** So much in so many seconds, where we know. */
  policy?: { quota: number; seconds: number };
}

/** A refusal. Thrown by verbs, answered by `http/`; nothing was changed when it is thrown. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly faults?: Fault[],
    /** Seconds after which it is worth another try (429, 502, 503). */
    readonly retryAfterSeconds?: number,
    readonly limit?: LimitMet,
  ) {
    super(detail);
  }

  get status(): (typeof PROBLEMS)[ProblemKind]["status"] {
    return PROBLEMS[this.kind].status;
  }

  toDocument(): ProblemDocument {
    const { status, title } = PROBLEMS[this.kind];
    return {
      type: `https://schoolbell.dev/problems/${this.kind}`,
      title,
      status,
      detail: this.detail,
      ...(this.faults ? { errors: this.faults } : {}),
    };
  }
}

/** What a schema says of any value that does not fit it. Whoever looked at what is meant says more. */
export const isGeneral = ({ message }: Fault): boolean =>
  /^(?:is missing: |is empty: |must be |there is no such field$)/.test(message);

/**
 * Of each place what says most of it: all that was found by whoever looked, each once, as of the columns of a line; where
 * schemas alone have looked, the first.
 */
export function mostTelling(faults: readonly Fault[]): Fault[] {
  const told = new Map<string, Fault[]>();
  for (const fault of faults) {
    const before = told.get(fault.path);
    if (!before || (before.every(isGeneral) && !isGeneral(fault))) told.set(fault.path, [fault]);
    else if (!isGeneral(fault) && before.every(({ message }) => message !== fault.message)) before.push(fault);
  }
  return [...told.values()].flat();
}

/** A 422 with all its faults. */
export function invalid(found: readonly Fault[]): Problem {
  const faults = mostTelling(found);
  return new Problem("invalid", faults.length === 1 ? (faults[0]?.message ?? "") : `${faults.length} faults`, faults);
}

/** The 404 for what is missing and for what is another school's alike. */
export const notFound = (what: string): Problem => new Problem("not_found", `There is no such ${what}.`);

/** A JSON pointer (RFC 6901) from the keys that lead to a place. */
export const pointer = (keys: readonly PropertyKey[]): string =>
  keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
