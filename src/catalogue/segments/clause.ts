import { z } from "zod";
import { entry } from "../../base/record";
import { domainMeantFault, isAmongDomains } from "../account/domain";
import { addressKey, emailDomain } from "../account/email";
import { atSave } from "../at-save";
import { checkComparison, compileComparison, OPS } from "../compare";
import type { Learner, SchoolView } from "../facts";
import { formatInstant } from "../time";

/** What is wrong with an operator and its value, in the form a card's check wants; null: nothing. */
export function clauseFault(op: (typeof OPS)[number], value: unknown): { message: string; path: PropertyKey[] } | null {
  const message = checkComparison(op, value);
  return message === null ? null : { message, path: ["value"] };
}

/** These compare a value as a whole, and so by what it is compared by. */
const IS: readonly string[] = ["is", "is_not", "in"];
const DOMAIN = "email_domain";

/** Where a domain is asked for, one has to be meant. */
const domainsFault = ({ field, op, value }: { field: string; op: string; value?: unknown }): string | null =>
  field === DOMAIN && IS.includes(op)
    ? ([value]
        .flat()
        .map((one) => domainMeantFault(String(one)))
        .find((message) => message !== null) ?? null)
    : null;

/** One comparison of a segment rule. */
export const clause = atSave(
  z
    .strictObject({ field: z.string().min(1).max(128), op: z.enum(OPS), value: z.unknown().optional() })
    .superRefine(({ op, value }, context) => {
      const fault = clauseFault(op, value);
      if (fault) context.addIssue({ code: "custom", ...fault });
    }),
  domainsFault,
);
export type Clause = z.infer<typeof clause>;

/** The same as it is written. */
export const writtenClause = clause.superRefine((given, context) => {
  const message = domainsFault(given);
  if (message !== null) context.addIssue({ code: "custom", message, path: ["value"] });
});

const BUILT_IN: Record<string, (learner: Learner) => unknown> = {
  email: (learner) => learner.email,
  email_domain: (learner) => emailDomain(learner.email),
  username: (learner) => learner.username,
  source: (learner) => learner.source,
  locale: (learner) => learner.locale,
  timezone: (learner) => learner.timezone,
  registered_at: (learner) => formatInstant(learner.registeredAt),
};
export const BUILT_IN_FIELDS = Object.keys(BUILT_IN);

const valueIn = (learner: Learner, field: string): unknown => {
  const read = entry(BUILT_IN, field);
  return read ? read(learner) : entry(learner.fields, field);
};

/** By what whole values of an attribute are compared, where that is more than their text. */
const KEYS: Readonly<Record<string, (text: string) => string>> = {
  email: addressKey,
  locale: (text) => text.replaceAll("_", "-"),
};

const keyed = (value: unknown, keyOf: (text: string) => string): unknown =>
  Array.isArray(value) ? value.map((one) => keyed(one, keyOf)) : typeof value === "string" ? keyOf(value) : value;

/** Compiles a clause to a plain test of a learner. */
export function compileClause({ field, op, value }: Clause, zone: string): (learner: Learner) => boolean {
  if (field === DOMAIN && IS.includes(op)) {
    const isOne = isAmongDomains([value].flat().map(String));
    return ({ email }) => {
      const domain = emailDomain(email);
      return domain !== null && isOne(domain) === (op !== "is_not");
    };
  }
  const keyOf = IS.includes(op) ? entry(KEYS, field) : undefined;
  if (!keyOf) {
    const compare = compileComparison(op, value, zone);
    return (learner) => compare(valueIn(learner, field));
  }
  const compare = compileComparison(op, keyed(value, keyOf), zone);
  return (learner) => compare(keyed(valueIn(learner, field), keyOf));
}

export const holds = (one: Clause, learner: Learner, school: SchoolView): boolean =>
  compileClause(one, school.settings.timezone)(learner);
