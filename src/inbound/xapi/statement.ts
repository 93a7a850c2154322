import { z } from "zod";
import { type Fault, Problem, pointer } from "../../base/errors";
import { faultsOf } from "../../base/faults";
import { email } from "../../catalogue/account/email";
import { parseInstant } from "../../catalogue/time";

/*
 * A statement as xAPI 1.0.3 has it: what we read is checked, all else is the sender's.
 */

const MAX_IRI_LENGTH = 4_096;
const iri = z
  .string()
  .max(MAX_IRI_LENGTH)
  .regex(/^[a-z][a-z0-9+.-]*:\S+$/i, "not an IRI");
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "not a UUID");

const MAILTO = /^mailto:/i;
const mbox = z.string().refine((text) => MAILTO.test(text) && email.safeParse(text.replace(MAILTO, "")).success, {
  error: "not mailto: and an email address",
});

const IDENTIFIERS = ["mbox", "mbox_sha1sum", "openid", "account"] as const;
const actor = z
  .looseObject({
    objectType: z.enum(["Agent", "Group"]).optional(),
    name: z.string().optional(),
    mbox: mbox.optional(),
    mbox_sha1sum: z.string().optional(),
    openid: z.string().optional(),
    account: z.looseObject({ name: z.string().min(1), homePage: z.string().optional() }).optional(),
  })
  .superRefine((given, context) => {
    const count = IDENTIFIERS.filter((name) => given[name] !== undefined).length;
    if (count > 1) context.addIssue({ code: "custom", message: "has more than one identifier" });
    if (count === 0 && given.objectType !== "Group") context.addIssue({ code: "custom", message: "has no identifier" });
  });

const activity = z.looseObject({
  id: iri,
  definition: z.looseObject({ type: iri.optional() }).optional(),
});

const ACTIVITY = "Activity";
const others = z.looseObject({ objectType: z.enum(["Agent", "Group", "SubStatement", "StatementRef"]) });
const object = z.union([activity.extend({ objectType: z.literal(ACTIVITY).optional() }), others]);

/** xAPI takes a single activity for a list of one. */
const activities = z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(activity));

const extensions = z.record(z.string(), z.unknown());

const statement = z.looseObject({
  id: uuid.optional(),
  actor,
  verb: z.looseObject({ id: iri }),
  object,
  result: z
    .looseObject({
      success: z.boolean().optional(),
      completion: z.boolean().optional(),
      score: z.looseObject({ scaled: z.number().min(-1).max(1).optional(), raw: z.number().optional() }).optional(),
      extensions: extensions.optional(),
    })
    .optional(),
  context: z
    .looseObject({
      registration: uuid.optional(),
      contextActivities: z.looseObject({ parent: activities.optional(), grouping: activities.optional() }).optional(),
      extensions: extensions.optional(),
    })
    .optional(),
  timestamp: z
    .string()
    .refine((text) => parseInstant(text) !== null, "not a time, such as 2026-01-01T09:00:00.000Z")
    .optional(),
});

export type Statement = z.output<typeof statement>;
export type Activity = z.output<typeof activity>;

/** What the OpenAPI document says of a statement. */
export const statementDocument = statement;

export const isActivity = (given: Statement["object"]): given is Activity =>
  "id" in given && !isOther(given.objectType);

const isOther = (type: unknown): boolean => type !== undefined && type !== ACTIVITY;

/** The address of an actor, or null. */
export const mailOf = (given: Statement["actor"]): string | null => given.mbox?.replace(MAILTO, "") ?? null;

/** A refusal in xAPI's manner. */
export const badStatement = (detail: string, faults?: Fault[]): Problem => new Problem("malformed", detail, faults);

/**
 * Reads the statements of a body.
 * @param faults those of the JSON text
 * @throws Problem 400 with all faults: none of the statements is to be taken then
 */
export function readStatements(bodies: readonly unknown[], faults: readonly Fault[]): Statement[] {
  // What is nested without end is not walked.
  if (faults.length) throw badStatement("The body holds what cannot be kept.", [...faults]);
  const found: Fault[] = [];
  const statements: Statement[] = [];
  const ids = new Set<string>();
  for (const [index, body] of bodies.entries()) {
    const read = statement.safeParse(body);
    found.push(...nulls(body, [index]));
    if (!read.success) {
      found.push(...faultsOf(read.error, [index]));
      continue;
    }
    const id = read.data.id?.toLowerCase();
    if (id !== undefined && ids.has(id)) found.push({ path: pointer([index, "id"]), message: "the same id twice" });
    if (id !== undefined) ids.add(id);
    statements.push(read.data);
  }
  if (found.length) throw badStatement("A statement breaks xAPI 1.0.3; none was taken.", found);
  return statements;
}

/** xAPI has null in extensions only. */
function nulls(value: unknown, path: PropertyKey[]): Fault[] {
  if (value === null) return [{ path: pointer(path), message: "null stands in extensions only" }];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "extensions" ? [] : nulls(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
