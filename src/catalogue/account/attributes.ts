import * as z from "zod";
import { entry, removeEntry, setEntry } from "../../base/record";
import { isSeen, oneLine } from "../../base/text/text";
import { formatInstant, isZone, parseInstant } from "../dates/time";
import type { FieldValue, Learner, Turn } from "../facts/facts";
import { forgetGiver, type Giver, noteAgain, noteOver } from "../facts/givers";
import { email } from "./email";
import { USER_UPDATED } from "./facts";
import { isSameValue, keptAs } from "./field-values";

/** A moment as the border takes it: RFC 3339 with a zone. Comes out as milliseconds. */
export const instant = z.string().transform((text, context) => {
  const at = parseInstant(text);
  if (at === null) context.addIssue({ code: "custom", message: 'not a time, such as "2026-01-01T09:00:00.000Z"' });
  return at ?? 0;
});

const fieldValue = z.union([z.string().max(10_000), z.number(), z.boolean(), z.array(z.string()), z.null()], {
  error: "a field holds a text, a number, a boolean, a list of texts or null",
});
const PROTO = "__proto__";

/** What a field is called. */
export const fieldName = z
  .string()
  .min(1)
  .max(128)
  .refine((name) => name !== PROTO, `no field can be called ${PROTO}`);

const fieldValues = z.record(fieldName, fieldValue);

/** Values by field. zod's records pass over one name without a word: it is looked for before they are asked. */
const fields = z
  .unknown()
  .superRefine((given, context) => {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, PROTO))
      context.addIssue({ code: "custom", path: [PROTO], message: `no field can be called ${PROTO}` });
  })
  .pipe(fieldValues)
  .meta({ documentedAs: fieldValues });

const short = z.string().max(256);
/** Of so many devices of a user we know. */
export const MAX_TOKENS = 20;

/** The same, where null says that nothing is said. */
const orNothing = <S extends z.ZodType>(schema: S) =>
  schema
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();

/** The attributes of a user that may be written; null takes one away. */
export const attributes = z.strictObject({
  email: email.nullable().optional(),
  // It stands in the headers of mails; where nothing of it is seen it is the empty text, which is missing.
  username: short
    .overwrite((text) => (isSeen(text) ? oneLine(text) : ""))
    .nullable()
    .optional(),
  registered_at: orNothing(instant),
  source: short.nullable().optional(),
  fields: orNothing(fields),
  timezone: z.string().refine(isZone, "not an IANA time zone, such as Europe/Athens").nullable().optional(),
  locale: z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/, "not a locale, such as en-GB")
    .nullable()
    .optional(),
  marketing_consent: z.boolean().nullable().optional(),
  cookies_accepted: z.boolean().nullable().optional(),
  push_tokens: z
    .array(z.string().min(1).max(4_096))
    .max(MAX_TOKENS)
    .nullable()
    .transform((tokens) => tokens ?? [])
    .optional(),
});
export type Attributes = z.infer<typeof attributes>;

/** What a change tells of attributes, by their names in the contract. */
const TOLD: Record<string, (learner: Learner) => unknown> = {
  email: ({ email }) => email,
  username: ({ username }) => username,
  registered_at: ({ registeredAt }) => formatInstant(registeredAt),
  source: ({ source }) => source,
  timezone: ({ timezone }) => timezone,
  locale: ({ locale }) => locale,
  marketing_consent: ({ marketingConsent }) => marketingConsent,
  cookies_accepted: ({ cookiesAccepted }) => cookiesAccepted,
};
/** The attributes that a change may name. */
export const CHANGING: readonly string[] = [...Object.keys(TOLD), "push_tokens"];

const FIELD = "fields.";

/** The field that a change names; undefined: it names an attribute. */
export const fieldNamed = (name: string): string | undefined =>
  name.startsWith(FIELD) ? name.slice(FIELD.length) : undefined;

/** Tells the LMS of attributes that changed; a device's token is no news to it. @param changed as merging answers */
export function tellUpdated(turn: Turn, changed: readonly string[]): void {
  const values: Record<string, unknown> = {};
  for (const name of changed) {
    const field = fieldNamed(name);
    if (field !== undefined) setEntry(values, name, entry(turn.learner.fields, field) ?? null);
    else if (Object.hasOwn(TOLD, name)) values[name] = TOLD[name]?.(turn.learner);
  }
  const told = Object.keys(values);
  if (told.length) turn.tell("user.updated", { changed: told, values });
}

/** Merges attributes into the learner; answers with the names of those that changed (`fields.<key>` for fields). */
export function mergeAttributes(turn: Pick<Turn, "learner" | "giver" | "school">, given: Attributes): string[] {
  const { learner } = turn;
  const changed: string[] = [];
  const set = <K extends keyof Learner>(name: string, key: K, value: Learner[K] | undefined) => {
    if (value === undefined || learner[key] === value) return;
    learner[key] = value;
    changed.push(name);
  };
  set("email", "email", given.email);
  set("username", "username", given.username);
  set("registered_at", "registeredAt", given.registered_at);
  if (given.registered_at !== undefined) learner.registeredGuessed = false;
  set("source", "source", given.source);
  set("timezone", "timezone", given.timezone);
  set("locale", "locale", given.locale);
  set("marketing_consent", "marketingConsent", given.marketing_consent);
  set("cookies_accepted", "cookiesAccepted", given.cookies_accepted);
  if (given.push_tokens && given.push_tokens.join("\n") !== learner.pushTokens.join("\n")) {
    learner.pushTokens = given.push_tokens;
    changed.push("push_tokens");
  }
  for (const [key, sent] of Object.entries(given.fields ?? {})) {
    const value = keptAs(turn.school.fields.get(key), sent);
    const before = entry(learner.fields, key);
    if (isSameValue(value, before ?? null)) {
      noteAgain(turn, "fields", key);
      continue;
    }
    if (value === null) {
      removeEntry(learner.fields, key);
      forgetGiver(turn, "fields", key);
    } else {
      setEntry(learner.fields, key, value);
      noteOver(turn, key, before);
    }
    changed.push(`fields.${key}`);
  }
  return changed;
}

/** A field as it was before a run wrote it; undefined: it was not there. */
export interface Returned {
  field: string;
  value: FieldValue | undefined;
  given: Giver | undefined;
}

/** Puts fields back to what they were, with who gave that then. */
export function returnFields(turn: Turn, returned: readonly Returned[]): void {
  const { learner } = turn;
  if (!returned.length) return;
  for (const { field, value, given } of returned) {
    if (value === undefined) removeEntry(learner.fields, field);
    else setEntry(learner.fields, field, value);
    if (value === undefined || !given) forgetGiver(turn, "fields", field);
    else setEntry(learner.givers.fields, field, given);
  }
  const changed = returned.map(({ field }) => FIELD + field);
  turn.make(USER_UPDATED, { changed });
  tellUpdated(turn, changed);
}
