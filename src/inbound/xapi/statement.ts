import * as z from "zod";
import { type Fault, Problem, pointer } from "../../base/errors/errors";
import { faultsOf } from "../../base/errors/faults";
import { trimmed } from "../../base/text/text";
import { email } from "../../catalogue/account/email";
import { fitting } from "../../catalogue/options/readings";
import { isRecord } from "../../definition/types";
import { dropping } from "../drop";
import { momentIn } from "../times";

/*
 * A statement as xAPI 1.0.3 has it: what we read is checked, all else is the sender's.
 */

const MAX_IRI_LENGTH = 4_096;
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "not a UUID");

const MAILTO = /^\s*mailto:/i;
/** Some write the slashes of an address on the web after it. */
const BEFORE_ADDRESS = /^\s*mailto:(?:\/\/)?/i;
/** A URI: its address may be percent-encoded, and what a mail should say may follow (RFC 6068). */
const mbox = z.string().regex(MAILTO, "not mailto: and an email address");

/** The address of a mailto: URI, or null where it has none. */
function addressIn(uri: string): string | null {
  const [encoded = ""] = uri.replace(BEFORE_ADDRESS, "").split(/[?#]/);
  try {
    return email.safeParse(decodeURIComponent(encoded).trim()).data ?? null;
  } catch (error) {
    // A percent sign that encodes nothing.
    if (error instanceof URIError) return email.safeParse(encoded.trim()).data ?? null;
    throw error;
  }
}

/** A value that senders also write as text, or as a number. */
const loosely = <S extends z.ZodType>(schema: S) =>
  z.preprocess((given) => fitting(given, (one) => schema.safeParse(one).success)?.value ?? given, schema);

/** Of before 1.0: each identifier in a list, an account by other names, an address without its scheme. */
const ofList = (given: unknown): unknown => (Array.isArray(given) && given.length === 1 ? given[0] : given);
const asUri = (given: unknown): unknown =>
  typeof given === "string" && email.safeParse(given.trim()).success ? `mailto:${given.trim()}` : given;
const asAccount = (given: unknown): unknown =>
  isRecord(given) && given.name === undefined ? { ...given, name: given.accountName } : given;

/** Without one an actor is nobody at all. */
const IDENTIFIERS = ["mbox", "mbox_sha1sum", "openid", "account"];
const identifierFault = (body: unknown): Fault[] => {
  const given = isRecord(body) ? body.actor : undefined;
  const isNamed =
    !isRecord(given) || given.objectType === "Group" || IDENTIFIERS.some((name) => (given[name] ?? null) !== null);
  return isNamed ? [] : [{ path: "/actor", message: "has no identifier" }];
};

/** By what of it can be read; an `account` before the others. */
const actor = z.looseObject({
  objectType: z.enum(["Agent", "Group"]).optional(),
  name: z.string().optional(),
  mbox: z.preprocess((given) => asUri(ofList(given)), mbox.optional()),
  mbox_sha1sum: z.string().optional(),
  openid: z.string().optional(),
  account: z.preprocess(
    (given) => asAccount(ofList(given)),
    z.looseObject({ name: loosely(z.string().min(1)).optional(), homePage: z.string().optional() }).optional(),
  ),
});

const iri = z
  .string()
  .overwrite(trimmed)
  .max(MAX_IRI_LENGTH)
  .regex(/^[a-z][a-z0-9+.-]*:\S+$/i, "not an IRI");

/** Before 1.0 a verb was its id alone. */
const verb = z.preprocess((given) => (typeof given === "string" ? { id: given } : given), z.looseObject({ id: iri }));

/** The id of an activity should be an IRI; many are UUIDs or words. */
const activity = z.looseObject({
  id: loosely(z.string().min(1).max(MAX_IRI_LENGTH)),
  definition: z.looseObject({ type: iri.optional() }).optional(),
});

const ACTIVITY = "Activity";
const others = z.looseObject({ objectType: z.enum(["Agent", "Group", "SubStatement", "StatementRef"]) });
const object = z.union([activity.extend({ objectType: z.literal(ACTIVITY).optional() }), others]);

/** xAPI takes a single activity for a list of one. What is none says nothing to us: of all the others much may. */
const activities = z.preprocess(
  (given) => (Array.isArray(given) ? given : [given]).filter((one) => activity.safeParse(one).success),
  z.array(activity),
);

const extensions = z.record(z.string(), z.unknown());

const yes = loosely(z.boolean());

const statement = z.looseObject({
  id: uuid.optional(),
  actor,
  verb,
  object,
  result: z
    .looseObject({
      success: yes.optional(),
      completion: yes.optional(),
      score: z
        .looseObject({ scaled: loosely(z.number().min(-1).max(1)).optional(), raw: loosely(z.number()).optional() })
        .optional(),
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
  timestamp: loosely(
    z.string().refine((text) => momentIn(text) !== undefined, "not a time, such as 2026-01-01T09:00:00.000Z"),
  ).optional(),
});

export type Statement = z.output<typeof statement>;
export type Activity = z.output<typeof activity>;

/** What the OpenAPI document says of a statement. */
export const statementDocument = statement;

export const isActivity = (given: Statement["object"]): given is Activity =>
  "id" in given && !isOther(given.objectType);

const isOther = (type: unknown): boolean => type !== undefined && type !== ACTIVITY;

/** The address of an actor, or null. */
export const mailOf = (given: Statement["actor"]): string | null =>
  given.mbox === undefined ? null : addressIn(given.mbox);

/** A refusal in xAPI's manner. */
export const badStatement = (detail: string, faults?: Fault[]): Problem => new Problem("malformed", detail, faults);

/** A statement as it was read. */
export interface ReadStatement {
  statement: Statement;
  /** As it came, but for what no text can hold. */
  raw: unknown;
  /** What of it could not be read, and is no part of it any more. */
  unread: Fault[];
}

/** What a statement says besides who did what to what: one odd value of it costs that value alone. */
const BESIDES = ["result", "context", "timestamp", "stored", "authority", "version", "attachments"];
const isBeside = ({ path }: Fault): boolean => {
  const [, part = "", name = ""] = path.split("/");
  return BESIDES.includes(part) || (part === "object" && name === "definition") || (part === "actor" && name !== "");
};

/**
 * Reads the statements of a body.
 * @param faults those of the JSON text, a list's with the place in it
 * @throws Problem 400 with all faults: none of the statements is to be taken then
 */
export function readStatements(
  bodies: readonly unknown[],
  faults: readonly Fault[] = [],
  { isList }: { isList: boolean } = { isList: false },
): ReadStatement[] {
  const found: Fault[] = [];
  const statements: ReadStatement[] = [];
  const ids = new Set<string>();
  for (const [index, body] of bodies.entries()) {
    const own = isList ? faultsAt(faults, index) : [...faults];
    // What is nested without end is not walked.
    const hopeless = own.filter((fault) => !isBeside(fault));
    if (hopeless.length) {
      found.push(...hopeless.map((fault) => ({ ...fault, path: pointer([index]) + fault.path })));
      continue;
    }
    const raw = dropping(body, own);
    const { read, unread } = leniently(raw);
    const lacking = identifierFault(raw);
    if (!read.success || lacking.length) {
      const faults = read.error ? faultsOf(read.error, [index]) : [];
      found.push(...faults, ...lacking.map(({ path, message }) => ({ path: pointer([index]) + path, message })));
      continue;
    }
    const id = read.data.id?.toLowerCase();
    if (id !== undefined && ids.has(id)) found.push({ path: pointer([index, "id"]), message: "the same id twice" });
    if (id !== undefined) ids.add(id);
    statements.push({ statement: read.data, raw, unread: [...own, ...unread] });
  }
  if (found.length) throw badStatement("A statement breaks xAPI 1.0.3; none was taken.", found);
  return statements;
}

const faultsAt = (faults: readonly Fault[], index: number): Fault[] =>
  faults.flatMap(({ path, message }) => {
    const start = `/${index}`;
    return path === start || path.startsWith(`${start}/`) ? [{ path: path.slice(start.length), message }] : [];
  });

/** A statement without nulls, and without what breaks the schema beside its sentence; and what that was. */
function leniently(body: unknown) {
  const isNull = nulls(body, []);
  const kept = dropping(body, isNull);
  const read = statement.safeParse(kept);
  const faults = read.success ? [] : faultsOf(read.error).filter(isBeside);
  return faults.length
    ? { read: statement.safeParse(dropping(kept, faults)), unread: [...isNull, ...faults] }
    : { read, unread: isNull };
}

/** xAPI has null in extensions only. */
function nulls(value: unknown, path: PropertyKey[]): Fault[] {
  if (value === null) return [{ path: pointer(path), message: "null stands in extensions only" }];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "extensions" ? [] : nulls(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
