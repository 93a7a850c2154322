import * as z from "zod";
import { entry } from "../../base/record";
import { textKey, trimmed } from "../../base/text/text";
import { compileComparison, compileListComparison, neverBoth, OPS } from "../checking/compare";
import { endOfDay, formatInstant, startOfDay } from "../dates/time";
import { defineCondition } from "../define";
import { date, domains, words } from "../options/fields";
import { clauseFault } from "../segments/clause";
import { checkPattern, compilePattern } from "../text/pattern";
import { isAmongDomains } from "./domain";
import { addressKey, emailDomain } from "./email";
import { comparisonMeant } from "./meant";
import { isPaying } from "./paying";

const sourceKey = (source: string): string => textKey(trimmed(source));
const shown = (at: number): string => formatInstant(at);

export const isPayingUser = defineCondition({
  type: "user.is_paying",
  label: "Is Paying User",
  also: ["customer", "has paid", "bought"],
  says: "<are|are not> a paying user",
  category: "user",
  description: "A payment was made, or the user is enrolled in a paid or private product.",
  params: () => ({}),
  test: (_, { learner }) => isPaying(learner),
  seen: ({ learner }) => isPaying(learner),
});

export const isNotPaying = defineCondition({
  type: "user.is_not_paying",
  label: "Is non-paying user",
  also: ["free user", "never paid"],
  says: "<are not|are> a paying user",
  category: "user",
  description: "No payment was made, and the user is in no paid or private product.",
  denies: ["user.is_paying"],
  params: () => ({}),
  test: (_, { learner }) => !isPaying(learner),
  seen: ({ learner }) => isPaying(learner),
});

export const registeredBefore = defineCondition({
  type: "user.registered_before",
  label: "Is Registered Before",
  also: ["signed up before", "joined before", "old user"],
  says: "<registered|did not register> before {date}",
  category: "user",
  description: "The user registered before that day begins in the school's zone.",
  params: () => ({ date }),
  test: (params, { learner, school }) => learner.registeredAt < startOfDay(params.date, school.settings.timezone),
  seen: ({ learner }) => shown(learner.registeredAt),
});

export const registeredAfter = defineCondition({
  type: "user.registered_after",
  label: "Is Registered After",
  also: ["signed up after", "joined after", "new user"],
  says: "<registered|did not register> after {date}",
  category: "user",
  description: "The user registered after that day has ended in the school's zone.",
  params: () => ({ date }),
  test: (params, { learner, school }) => learner.registeredAt >= endOfDay(params.date, school.settings.timezone),
  seen: ({ learner }) => shown(learner.registeredAt),
});

export const emailIs = defineCondition({
  type: "user.email_is",
  label: "User Email is",
  says: "<have|do not have> the email {email}[ (a pattern){regex?}]",
  category: "user",
  description: "The user's email is this one, or is found by this RE2 pattern; upper and lower case are alike.",
  params: () => ({ email: z.string().min(1).max(256), regex: z.boolean().default(false) }),
  check: ({ email, regex }) => {
    const message = regex ? checkPattern(email) : null;
    return message === null ? null : { message, path: ["email"] };
  },
  test: ({ email, regex }, { learner }) => {
    if (learner.email === null) return false;
    return regex
      ? compilePattern(email, { ignoreCase: true })(learner.email)
      : addressKey(learner.email) === addressKey(email);
  },
  seen: ({ learner }) => learner.email,
});

export const emailDomainIs = defineCondition({
  type: "user.email_domain_is",
  label: "User email domain is",
  says: "<have|do not have> an email at {domains}",
  category: "user",
  description:
    "The domain of the user's email is exactly one of these; `*.acme.com` means acme.com and all its subdomains.",
  params: () => ({ domains }),
  test: ({ domains }, { learner }) => {
    const domain = emailDomain(learner.email);
    return domain !== null && isAmongDomains(domains)(domain);
  },
  seen: ({ learner }) => emailDomain(learner.email),
});

export const fieldIs = defineCondition({
  type: "user.field_is",
  label: "User custom signup field is",
  also: ["profile field", "custom field", "attribute", "property", "date"],
  says: "<have|do not have> a {field|field} that {op: is|op}[ {value}]",
  category: "user",
  description: "A field of the user compares with a value; one that is a list, by what it has.",
  params: () => ({
    field: z.string().min(1).max(128).meta({ picker: "field" }),
    op: z.enum(OPS).default("is"),
    value: z.unknown().optional(),
  }),
  check: ({ op, value }) => clauseFault(op, value),
  meant: (params, fields) => comparisonMeant(params, fields, false),
  neverBoth: (one, other, { fields, settings }) =>
    one.params.field === other.params.field &&
    neverBoth(
      { ...one.params, holds: one.holds },
      { ...other.params, holds: other.holds },
      settings.timezone,
      fields.get(one.params.field)?.type === "list",
    ),
  test: ({ field, op, value }, { learner, school }) => {
    const compile = school.fields.get(field)?.type === "list" ? compileListComparison : compileComparison;
    return compile(op, value, school.settings.timezone)(entry(learner.fields, field));
  },
  seen: ({ learner }, { field }) => entry(learner.fields, field) ?? null,
});

export const acceptsMarketing = defineCondition({
  type: "user.accepts_marketing",
  label: "Is Subscribed to Marketing Emails",
  also: ["consent", "newsletter", "opt in"],
  says: "<are|are not> subscribed to marketing emails",
  category: "consent",
  description: "The user agreed to marketing; not to have been asked is no consent.",
  params: () => ({}),
  test: (_, { learner }) => learner.marketingConsent === true,
  seen: ({ learner }) => learner.marketingConsent,
});

export const acceptedCookies = defineCondition({
  type: "user.accepted_cookies",
  label: "Has accepted cookies",
  also: ["consent", "tracking"],
  says: "<have|have not> accepted cookies",
  category: "consent",
  description: "The user accepted cookies.",
  params: () => ({}),
  test: (_, { learner }) => learner.cookiesAccepted === true,
  seen: ({ learner }) => learner.cookiesAccepted,
});

export const sourceIs = defineCondition({
  type: "user.source_is",
  label: "Registration source is",
  says: "<came|did not come> from {sources}",
  category: "beyond",
  description: "The user came from one of these sources.",
  params: () => ({ sources: words }),
  test: ({ sources }, { learner }) => {
    const source = learner.source === null ? null : sourceKey(learner.source);
    return sources.some((one) => sourceKey(one) === source);
  },
  seen: ({ learner }) => learner.source,
});
