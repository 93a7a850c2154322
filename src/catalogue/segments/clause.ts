import * as z from "zod";
import { canonical } from "../../base/json";
import { entry } from "../../base/record";
import type { Path } from "../../definition/types";
import { domainMeantFault, isAmongDomains } from "../account/domain";
import { addressKey, emailDomain } from "../account/email";
import { comparisonMeant, type DeclaredFields, fieldMeant, isMeantFault, type MeantFault } from "../account/meant";
import { atSave } from "../checking/at-save";
import { checkComparison, compileComparison, compileListComparison, OPS } from "../checking/compare";
import { formatInstant } from "../dates/time";
import { isEnrolled } from "../enrolment/change";
import type { Fact, FieldView, Learner } from "../facts/facts";
import type { KindName } from "../kinds";
import { hasCompleted } from "../progress/record";
import { tagKey } from "../tags/key";
import { putsIn, type Read } from "./reads";
import { compileRelative, isRelative } from "./relative";

/** What is wrong with an operator and its value, in the form a card's check wants; null: nothing. */
export function clauseFault(op: (typeof OPS)[number], value: unknown): { message: string; path: PropertyKey[] } | null {
  const message = checkComparison(op, value);
  return message === null ? null : { message, path: ["value"] };
}

/** These compare a value as a whole, and so by what it is compared by. */
const IS: readonly string[] = ["is", "is_not", "in"];
const DOMAIN = "email_domain";

/** Where a domain is asked for, one has to be meant. */
function domainsFault({ field, op, value }: { field: string; op: string; value?: unknown }): MeantFault | null {
  if (field !== DOMAIN || !IS.includes(op)) return null;
  const found = [value].flat().flatMap((one, index): MeantFault[] => {
    const message = domainMeantFault(String(one));
    return message === null ? [] : [{ message, path: Array.isArray(value) ? ["value", index] : ["value"] }];
  });
  return found[0] ?? null;
}

/** The rule field of the courses that a user is enrolled in. */
export const ENROLLED_FIELD = "enrolled";

/**
 * The lists that every user has, with what their parts are compared by. They are never missing, as a field that is a list
 * is not: one may be empty.
 */
const LISTS: Readonly<
  Record<string, { reads: Read; kind: KindName; of(learner: Learner): readonly string[]; keyOf(text: string): string }>
> = {
  tags: { reads: "tags", kind: "tag", of: (learner) => learner.tags, keyOf: tagKey },
  [ENROLLED_FIELD]: {
    reads: "enrolled",
    kind: "course",
    of: (learner) =>
      learner.enrolments.flatMap(({ type, product }) =>
        type === "course" && isEnrolled(learner, type, product) ? [product] : [],
      ),
    keyOf: (course) => course,
  },
  completed: {
    reads: "completed",
    kind: "course",
    of: (learner) => Object.keys(learner.courses).filter((course) => hasCompleted(learner, course)),
    keyOf: (course) => course,
  },
};
/** What the conditions of catalogue/facts/said.ts call them, which ask the same. */
export const RULE_LISTS: Readonly<Record<string, string>> = {
  tags: "tag",
  [ENROLLED_FIELD]: "course",
  completed: "completed",
};

/** What a list is asked. */
export const LIST_OPS: readonly (typeof OPS)[number][] = ["is", "is_not", "in", "is_empty", "is_not_empty"];

/** A list is asked only for what it has. */
function listFault({ field, op, value }: Asked): { message: string; path: PropertyKey[] } | null {
  if (!Object.hasOwn(LISTS, field)) return null;
  if (!LIST_OPS.includes(op)) return { message: `of ${field} a rule asks ${LIST_OPS.join(", ")}`, path: ["op"] };
  const isOfTexts = [value ?? []].flat().every((one) => typeof one === "string");
  return isOfTexts ? null : { message: `${field} holds texts`, path: ["value"] };
}

interface Asked {
  field: string;
  op: (typeof OPS)[number];
  value?: unknown;
}

const ruleFault = (asked: Asked): { message: string; path: PropertyKey[] } | null =>
  isRelative(asked.op, asked.value) ? null : clauseFault(asked.op, asked.value);

/** One comparison of a segment rule. */
export const clause = atSave(
  z
    .strictObject({ field: z.string().min(1).max(128), op: z.enum(OPS), value: z.unknown().optional() })
    .superRefine((given, context) => {
      const fault = ruleFault(given);
      if (fault) context.addIssue({ code: "custom", ...fault });
    }),
  domainsFault,
);
export type Clause = z.infer<typeof clause>;

/** The same as it is written. */
export const writtenClause = clause.superRefine((given, context) => {
  const wrong = domainsFault(given);
  if (wrong) context.addIssue({ code: "custom", ...wrong, path: [...wrong.path] });
  const fault = listFault(given);
  if (fault) context.addIssue({ code: "custom", ...fault });
});

/**
 * Clauses as they are meant, by what fields are declared as, and what is wrong with those that can hold for nobody.
 * @param standing those that stood there before are left as they are
 */
export function clausesMeant(
  where: readonly Clause[],
  declared: DeclaredFields,
  standing: readonly Clause[],
): { meant: Clause[]; faults: MeantFault[] } {
  const stood = new Set(standing.map(canonical));
  const faults: MeantFault[] = [];
  const meant = where.map((given, n) => {
    if (stood.has(canonical(given))) return given;
    const one = comparisonMeant(given, declared, true);
    if (!isMeantFault(one)) return one;
    faults.push({ ...one, path: [n, ...one.path] });
    return { ...given, field: fieldMeant(given.field, declared) };
  });
  return { meant, faults };
}

const ATTRIBUTES: Record<string, (learner: Learner) => unknown> = {
  email: (learner) => learner.email,
  email_domain: (learner) => emailDomain(learner.email),
  username: (learner) => learner.username,
  source: (learner) => learner.source,
  locale: (learner) => learner.locale,
  timezone: (learner) => learner.timezone,
  registered_at: (learner) => formatInstant(learner.registeredAt),
};
export const ATTRIBUTE_FIELDS = Object.keys(ATTRIBUTES);

/** What a clause names, with the keys that lead to it: its field, or of a list the tags or courses that it asks for. */
export function* namedIn({ field, value }: Clause): Generator<{ kind: KindName; value: string; path: Path }> {
  const list = entry(LISTS, field);
  if (!list || value === undefined) return yield { kind: "field", value: field, path: ["field"] };
  for (const [i, one] of [value].flat().entries())
    if (typeof one === "string")
      yield { kind: list.kind, value: one, path: Array.isArray(value) ? ["value", i] : ["value"] };
}

export const LAST_SEEN = "last_seen";
const lastSeen = ({ lastSeen: { school } }: Learner): unknown => school && formatInstant(school.at);

/** What a rule may name of every user. */
export const BUILT_IN_FIELDS = [...ATTRIBUTE_FIELDS, ...Object.keys(LISTS), LAST_SEEN];

/** Whether every user has it as an attribute, declared or not. */
export const isAttributeField = (field: string): boolean => Object.hasOwn(ATTRIBUTES, field);

/** What a learner has of a field; `own`: one of the school's, whatever it is called. */
export const ruleValue = (learner: Learner, field: string, own = false): unknown => {
  const read = own ? undefined : entry(ATTRIBUTES, field);
  return read ? read(learner) : entry(learner.fields, field);
};

/** By what whole values of an attribute are compared, where that is more than their text. */
const KEYS: Readonly<Record<string, (text: string) => string>> = {
  email: addressKey,
  locale: (text) => text.replaceAll("_", "-"),
};

const keyed = (value: unknown, keyOf: (text: string) => string): unknown =>
  Array.isArray(value) ? value.map((one) => keyed(one, keyOf)) : typeof value === "string" ? keyOf(value) : value;

/** A clause as the engine asks it. */
export interface CompiledClause {
  /** What is asked, as it stands in the rule, where that is known. */
  asks?: Clause;
  /** What of a learner it looks at. */
  reads: Read;
  /** @param now the school's clock, ms */
  holds(learner: Learner, now: number): boolean;
  /** Which way a fact may turn it that moves what it reads; null: not at all. Left out: either. */
  turnedBy?(fact: Pick<Fact, "type" | "data">): Turning | null;
  /** Of one that time alone may turn: the moments at which it does, ms. */
  turnsAt?(learner: Learner): number[];
}

/** Whether a clause comes to hold, or holds no more. */
export type Turning = "on" | "off" | "either";

/** Of a list: by what comes into it, or goes out. Nothing known of what is meant is all. */
const turnedList =
  (list: (typeof LISTS)[string], op: Clause["op"], value: unknown): NonNullable<CompiledClause["turnedBy"]> =>
  ({ type, data }) => {
    const one = data[list.kind];
    const isOfAny = op === "is_empty" || op === "is_not_empty" || typeof one !== "string";
    if (!isOfAny && ![value].flat().some((asked) => list.keyOf(String(asked)) === list.keyOf(one))) return null;
    const wantsNone = op === "is_empty" || op === "is_not";
    return putsIn(type) === wantsNone ? "off" : "on";
  };

/** Of an attribute or field: by its change; `to`, where what it becomes is known, is tested as the clause does. */
const turnedField =
  (field: string, test: ((value: unknown) => boolean) | null): NonNullable<CompiledClause["turnedBy"]> =>
  ({ data: { changed, to } }) => {
    const names = [field, `fields.${field}`, ...(field === DOMAIN ? ["email"] : [])];
    if (Array.isArray(changed) && !changed.some((one) => names.includes(one))) return null;
    return to === undefined || test === null ? "either" : test(to) ? "on" : "off";
  };

/** What of a school's own fields a rule has to know. */
export interface OwnFields {
  /** What a key is declared as, where it is: of a name that every user has by now, from before. */
  get(key: string): Pick<FieldView, "type"> | undefined;
}
const NONE: OwnFields = { get: () => undefined };

/** Compiles a clause to a plain test of a learner. @param own the fields that the school declared */
export const compileClause = (asks: Clause, zone: string, own: OwnFields = NONE): CompiledClause => ({
  asks,
  ...testOf(asks, zone, own),
});

function testOf({ field, op, value }: Clause, zone: string, own: OwnFields): Omit<CompiledClause, "asks"> {
  const declared = own.get(field);
  const isOwn = declared !== undefined;
  const list = isOwn ? undefined : entry(LISTS, field);
  if (list) return { reads: list.reads, holds: listTest(list, op, value), turnedBy: turnedList(list, op, value) };
  const isVisit = field === LAST_SEEN && !isOwn;
  const reads = isVisit ? "last_seen" : "attributes";
  const read = isVisit ? lastSeen : (learner: Learner) => ruleValue(learner, field);
  const turnedBy = (test: ((value: unknown) => boolean) | null) =>
    isVisit ? () => "either" as const : turnedField(field, test);
  if (isRelative(op, value)) {
    const { holds, turnsAt } = compileRelative(op, value, zone);
    return {
      reads,
      turnedBy: turnedBy(null),
      holds: (learner, now) => holds(read(learner), now),
      turnsAt: (learner) => turnsAt(read(learner)),
    };
  }
  if (field === DOMAIN && IS.includes(op)) {
    const isOne = isAmongDomains([value].flat().map(String));
    return {
      reads,
      turnedBy: turnedBy(null),
      holds: ({ email }) => {
        const domain = emailDomain(email);
        return domain !== null && isOne(domain) === (op !== "is_not");
      },
    };
  }
  const keyOf = IS.includes(op) ? entry(KEYS, field) : undefined;
  if (!keyOf) {
    const compare = (declared?.type === "list" ? compileListComparison : compileComparison)(op, value, zone);
    // What a card writes is text; as a number it is kept as one.
    const written = (to: unknown) => (declared?.type === "number" && typeof to === "string" ? Number(to) : to);
    return {
      reads,
      turnedBy: turnedBy(declared?.type === "list" ? null : (to) => compare(written(to))),
      holds: (learner) => compare(read(learner)),
    };
  }
  const compare = compileComparison(op, keyed(value, keyOf), zone);
  return { reads, turnedBy: turnedBy(null), holds: (learner) => compare(keyed(read(learner), keyOf)) };
}

function listTest(list: (typeof LISTS)[string], op: Clause["op"], value: unknown): CompiledClause["holds"] {
  if (op === "is_empty") return (learner) => list.of(learner).length === 0;
  if (op === "is_not_empty") return (learner) => list.of(learner).length > 0;
  const wanted = new Set([value].flat().map((one) => list.keyOf(String(one))));
  const hasOne = (learner: Learner) => list.of(learner).some((one) => wanted.has(list.keyOf(one)));
  return op === "is_not" ? (learner) => !hasOne(learner) : hasOne;
}
