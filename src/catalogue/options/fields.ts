import * as z from "zod";
import { remembering } from "../../base/cache";
import { isSeen, oneLine, trimmed } from "../../base/text/text";
import { isDuration } from "../../definition/duration";
import { domainMeantFault } from "../account/domain";
import { atSave } from "../checking/at-save";
import { isDate, isLocalDateTime, isSignedDuration, isUnsignedDuration, isWrittenLocally } from "../dates/time";
import { nameOf } from "../facts/told-names";
import type { KindName } from "../kinds";
import { MAX_LENGTH } from "../text/liquid";
import { checkTemplate } from "../text/template";
import { checkUrl, normalUrl, openedFault, variableFault } from "./address";

/*
 * The kinds of field that cards are made of: each a zod schema that says how it is checked and, by its meta,
 * how a form shows it (`picker`, `template`, `format`). A new kind wants a widget in the editor (chosen in
 * admin/editor/draft/form/form.ts, drawn in admin/editor/fields/widgets.tsx) and, for pages without script, an input in
 * admin/components/forms/schema-form.tsx.
 */

export const TRIGGER = "$trigger";

/** An id of the LMS: 1–128 characters, compared exactly; "." and ".." can stand in no address. */
export const id = z
  .string()
  .min(1, "an id has 1 to 128 characters")
  .max(128, "an id has 1 to 128 characters")
  .refine((text) => text !== "." && text !== "..", 'no address can name "." or ".."')
  // A body holds none by then; an address may.
  .refine((text) => !text.includes("\0"), "text may not hold NUL");

/** What people call something: one line, whatever it was written on, of which something is seen. */
export const name = z.string().transform((text, context) => {
  const line = nameOf(text);
  if (line !== undefined) return line;
  context.addIssue({ code: "custom", message: "a name has 1 to 255 characters, and something of it is seen" });
  return z.NEVER;
});

/** What is wrong with an id of a card in which something should be filled in: it is compared as it stands. */
const filledFault = (text: string): string | null =>
  /\{[{%]/.test(text) ? "no variable is filled in here: name it, or take $trigger" : null;

/** A list of ids of one kind; `"$trigger"` in it stands for the one of the fact that started the run. */
export const ids = (picker: KindName) => named(picker);
// A schema for each kind, and not for each card that has one.
const named = remembering(
  (picker) =>
    z.array(atSave(id.clone(), filledFault)).min(1, "name at least one").max(200).meta({ picker, trigger: true }),
  { entries: 100 },
);

const UNSEEN = "nothing of it is seen";
const unseenFault = (text: string): string | null => (isSeen(text) ? null : UNSEEN);

/** A tag, as it is told. */
export const tag = id.overwrite(trimmed).refine(isSeen, UNSEEN);
/** The tags of a card: those of one that is stored stay, whatever they are. */
export const tags = z
  .array(atSave(id.overwrite(trimmed), (text) => unseenFault(text) ?? filledFault(text)))
  .min(1, "name at least one")
  .max(200)
  .meta({ picker: "tag", trigger: true });

const storedRole = z.string().min(1).max(64);
/** What somebody is in a course, as it is told. */
export const role = storedRole.refine(isSeen, UNSEEN);
/** The same of a card. */
export const roleOfCard = atSave(storedRole.clone(), unseenFault);

export const words = z.array(z.string().min(1).max(128)).min(1, "name at least one").max(200);
/** Domains as people write them: see `account/domain.ts`. No value holds a comma, so a pasted one parts two. */
export const domains = z
  .array(atSave(z.string().min(1).max(253), domainMeantFault))
  .min(1, "name at least one")
  .max(200)
  .meta({ plain: true });
/** What stands where a header has one line: breaks and tabs become blanks. */
export const shortLine = (max: number) => z.string().max(max).overwrite(oneLine);
export const percent = z.number().min(0).max(100);

const refined = (check: (text: string) => string | null) => (text: string, context: z.RefinementCtx) => {
  const message = check(text);
  if (message !== null) context.addIssue({ code: "custom", message });
};

const durationFault = (text: string, most: string): string | null => {
  if (isUnsignedDuration(text)) return null;
  return isDuration(text) ? most : 'not an ISO 8601 duration, such as "P2D" or "PT1H"';
};

/**
 * @param most said of one that is too long for any, or too long here: how long one may be
 * @param fits asked of a duration alone, for a refinement behind this schema would be asked about what is none, too
 */
export const durationUpTo = (most: string, fits: (text: string) => boolean = () => true) =>
  z
    .string()
    .superRefine(refined((text) => durationFault(text, most) ?? (fits(text) ? null : most)))
    .meta({ format: "duration" });
export const duration = durationUpTo("ten years at most");

/** A duration with a sign before it or not: how long before or after a date. */
export const offset = z.string().superRefine(
  refined((text) => {
    if (isSignedDuration(text)) return null;
    return isDuration(text, true) ? "ten years at most" : 'not a duration, such as "-P30D"';
  }),
);

/** A date and time of the school's. */
export const localTime = z
  .string()
  .superRefine(
    refined((text) => {
      if (isLocalDateTime(text)) return null;
      return isWrittenLocally(text)
        ? "a time of the years 1970 to 2189"
        : 'not a local time, such as "2026-03-30T12:00:00"';
    }),
  )
  .meta({ format: "local-date-time" });

export const date = z
  .string()
  .superRefine(refined((text) => (isDate(text) ? null : 'not a date, such as "2026-01-31"')))
  .meta({ format: "date" });

const template = (form: "line" | "text" | "html", max: number) =>
  z.string().max(max).superRefine(refined(checkTemplate)).meta({ template: form });

/** Liquid that becomes one line: subjects, titles, names. */
export const line = template("line", 2_000);
/** Liquid that becomes plain text. */
export const text = template("text", 100_000);
/** Liquid that becomes HTML; every value in it is escaped. */
export const html = template("html", MAX_LENGTH);

/** Any JSON of which the texts are Liquid. */
export const data = z
  .record(z.string().max(256), z.unknown())
  .superRefine((value, context) => {
    const walk = (part: unknown, path: PropertyKey[]): void => {
      if (typeof part === "string") {
        const message = checkTemplate(part);
        if (message !== null) context.addIssue({ code: "custom", message, path });
      } else if (part && typeof part === "object") {
        for (const [key, item] of Object.entries(part)) walk(item, [...path, Array.isArray(part) ? Number(key) : key]);
      }
    };
    walk(value, []);
  })
  .meta({ template: "data" });

/** An address that admins give and we call. What only a live school must keep is checked again where the school is known. */
export const url = atSave(
  z
    .string()
    .overwrite((text) => normalUrl(text) ?? text)
    .max(2_048)
    .superRefine(
      refined((text) =>
        // With a variable for its host it is none.
        URL.canParse(text)
          ? checkUrl(text, { mode: "test", ownHosts: [], loopback: { ownPort: "" } })
          : (variableFault(text) ?? checkUrl(text, { mode: "test", ownHosts: [] })),
      ),
    )
    .meta({ calls: true }),
  variableFault,
);

/** An address that we do not call: it is shown, and opened on the learner's device. */
export const openedUrl = atSave(z.string().max(2_048), openedFault);

/** In any case, and kept in capitals. */
export const currency = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{3}$/, "not a currency code, such as EUR")
  .toUpperCase();

/** Whether a list that narrows a trigger lets a value through: a list left out lets all through. */
export const among = (list: unknown, value: unknown): boolean =>
  !Array.isArray(list) || (typeof value === "string" && list.includes(value));

/** The same by what values are compared by. */
export const amongKeys = (keyOf: (value: string) => string, list: readonly string[] | undefined, value: unknown) =>
  among(list?.map(keyOf), typeof value === "string" ? keyOf(value) : value);
