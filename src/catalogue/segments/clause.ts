import { z } from "zod";
import { entry } from "../../base/record";
import { emailDomain } from "../account/email";
import { checkComparison, compileComparison, OPS } from "../compare";
import type { Learner, SchoolView } from "../facts";
import { formatInstant } from "../time";

/** What is wrong with an operator and its value, in the form a card's check wants; null: nothing. */
export function clauseFault(op: (typeof OPS)[number], value: unknown): { message: string; path: PropertyKey[] } | null {
  const message = checkComparison(op, value);
  return message === null ? null : { message, path: ["value"] };
}

/** One comparison of a segment rule. */
export const clause = z
  .strictObject({ field: z.string().min(1).max(128), op: z.enum(OPS), value: z.unknown().optional() })
  .superRefine(({ op, value }, context) => {
    const fault = clauseFault(op, value);
    if (fault) context.addIssue({ code: "custom", ...fault });
  });
export type Clause = z.infer<typeof clause>;

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

/** Whether every user has it, declared or not. */
export const isRuleField = (field: string): boolean => Object.hasOwn(BUILT_IN, field);

/** What a learner has of a field; `own`: one of the school's, whatever it is called. */
export const ruleValue = (learner: Learner, field: string, own = false): unknown => {
  const read = own ? undefined : entry(BUILT_IN, field);
  return read ? read(learner) : entry(learner.fields, field);
};

/** Compiles a clause to a plain test of a learner. */
export function compileClause({ field, op, value }: Clause, zone: string): (learner: Learner) => boolean {
  const compare = compileComparison(op, value, zone);
  return (learner) => compare(ruleValue(learner, field));
}

export const holds = (one: Clause, learner: Learner, school: SchoolView): boolean =>
  compileClause(one, school.settings.timezone)(learner);
