import * as z from "zod";
import { once } from "../base/cache";
import { isSeen, oneLine, textKey, trimmed } from "../base/text/text";
import { addressKey, email } from "../catalogue/account/email";
import { isZone } from "../catalogue/dates/time";
import { mailPieces, mailSettings } from "../catalogue/messages/mail-settings";
import { currency } from "../catalogue/options/fields";
import { NOTHING_VISIBLE, visible } from "../catalogue/shown/own-view";
import { type ConnectorSettings, connectorSettings, secretPaths, stillOffered } from "../connectors";
import { isRecord } from "../definition/types";

/*
 * A school's settings, by the names of the contract: templates and connectors read them by these names.
 */

const line = (max: number) => z.string().overwrite(oneLine).max(max);

const webAddress = z
  .string()
  .overwrite(trimmed)
  .max(2_048)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  }, "not a web address, such as https://school.com");

/** As browsers send it: lower case, the host in ASCII, the usual port left out; what is more than an origin stays. */
function normalOrigin(text: string): string {
  const plain = trimmed(text);
  return /^https?:\/\/[^/?#@\\]+$/i.test(plain) ? (URL.parse(plain)?.origin ?? text) : text;
}

const origin = z
  .string()
  .overwrite(normalOrigin)
  .max(255)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.origin === text && !text.includes("*");
  }, "not an origin, such as https://school.com: scheme and host, no path, no wildcard");

const timezone = z.string().refine(isZone, "not an IANA time zone, such as Europe/Athens").meta({ format: "timezone" });

const locale = z
  .string()
  .overwrite((text) => text.trim().replaceAll("_", "-"))
  .max(35)
  .refine((text) => {
    try {
      return Intl.getCanonicalLocales(text).length === 1;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }, "not a language tag, such as el or en-GB");

const eventName = z.string().regex(/^[a-z0-9_]{1,64}$/, "a custom name has a–z, 0–9 and _, 64 at most");

const distinct = <T>(list: T[]) => new Set(list).size === list.length;

/** A person may have several roles (owner, and who gets the mail to sales), each once, however the address is written. */
const onceInEachRole = <One extends { email: string; role: string }>(people: One[]): One[] => {
  const keys = people.map((one) => JSON.stringify([addressKey(one.email), textKey(one.role)]));
  return people.filter((_, i) => keys.indexOf(keys[i] ?? "") === i);
};

/** What a school may set, and null to unset it. */
const texts = {
  url: webAddress,
  support_email: email,
  account_link: webAddress,
  company_name: line(255),
  contact_email: email,
  inbox_link: webAddress,
  mail_signature: z.string().max(2_000),
  address: z.string().max(1_000),
  sales_email: email,
  logo_url: webAddress,
  description: z.string().max(2_000),
  currency,
  locale,
};

// They were checked when they were written, by the rules of then: what is refused today must not close a school.
const storedTexts = Object.fromEntries(Object.keys(texts).map((name) => [name, z.string()])) as {
  // The keys of `texts`, each a text; Object.fromEntries forgets them.
  [Name in keyof typeof texts]: z.ZodString;
};

/** Settings that always have a value; `storedSettings` has their defaults. */
const standing = {
  timezone,
  allowed_origins: z.array(origin).max(100).refine(distinct, "the same origin twice"),
  collaborators: z
    .array(
      z.strictObject({
        email,
        role: line(64).refine(isSeen, "a role has 1 to 64 characters, and something of it is seen"),
      }),
    )
    .max(200)
    .overwrite(onceInEachRole),
  log_retention_days: z.number().int().min(1).max(3_650),
  evidence_retention_years: z
    .number()
    .int()
    .min(1)
    .max(50)
    .nullable()
    .meta({ description: "What evidence packs need is kept so long, beyond the log; null: as long as the log." }),
  browser_events: z.array(eventName).max(200).refine(distinct, "the same name twice"),
  on_user_deleted: z.enum(["end", "erase"]).meta({
    description: "What becomes of a user whom the LMS says it deleted: what goes on ends, or all of it is erased.",
  }),
  visible,
};

// Written by us only, from what connectorSettings let through; that may have been an earlier one.
const storedConnectors = (z.record(z.string(), z.unknown()) as unknown as z.ZodType<ConnectorSettings>).transform(
  stillOffered,
);

/**
 * `settings.connectors` of a request, by channel. A secret may be left out where one is kept: that is looked at again
 * with it in place (see connectors.ts); everything else is checked here, with all other faults.
 */
const connectorsChange = z
  .record(z.string(), z.unknown())
  .superRefine((given, context) => {
    const read = connectorSettings.safeParse(given);
    for (const issue of read.error?.issues ?? []) {
      const [channel, option] = issue.path.map(String);
      const settings = given[channel ?? ""];
      const leftOut = isRecord(settings) && settings[option ?? ""] === undefined;
      if (leftOut && secretPaths.includes(`${channel}.${option}`)) continue;
      context.addIssue({ ...issue });
    }
  })
  .meta({ documentedAs: connectorSettings });

type Optional<Shape extends z.ZodRawShape> = { [Name in keyof Shape]: z.ZodOptional<Shape[Name]> };
type Nullish<Shape extends z.ZodRawShape> = { [Name in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Name]>> };

const mapShape = (shape: z.ZodRawShape, change: (schema: z.core.$ZodType) => z.ZodType) =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, change(schema)]));
// Both keep the keys and wrap each schema; Object.fromEntries forgets that.
const optional = <Shape extends z.ZodRawShape>(shape: Shape) => mapShape(shape, z.optional) as Optional<Shape>;
const nullish = <Shape extends z.ZodRawShape>(shape: Shape) => mapShape(shape, z.nullish) as Nullish<Shape>;

/** `settings` of a request: what is left out stays, null goes back to the default. */
export const settingsChange = once(() =>
  z
    .strictObject({
      ...nullish(texts),
      ...nullish(standing),
      mail: mailSettings.nullish(),
      mail_pieces: mailPieces.nullish(),
      connectors: connectorsChange.nullish(),
    })
    .meta({ component: "SettingsChange" }),
);
export type SettingsChange = z.output<ReturnType<typeof settingsChange>>;

/**
 * The scope that changing a setting asks for: `admin` where it lets people or messages in or out, else `write`. A
 * setting without its line does not compile.
 */
export const SCOPES_OF_SETTINGS: Readonly<Record<keyof SettingsChange, "write" | "admin">> = {
  url: "write",
  support_email: "write",
  account_link: "write",
  company_name: "write",
  contact_email: "write",
  inbox_link: "write",
  mail_signature: "write",
  address: "write",
  sales_email: "write",
  logo_url: "write",
  description: "write",
  currency: "write",
  locale: "write",
  timezone: "write",
  log_retention_days: "write",
  evidence_retention_years: "write",
  browser_events: "write",
  on_user_deleted: "write",
  visible: "write",
  mail: "write",
  mail_pieces: "write",
  allowed_origins: "admin",
  collaborators: "admin",
  connectors: "admin",
};

/** Settings as they are stored, without the connectors' secrets. Not strict: an older version may have kept more. */
export const storedSettings = z.object({
  ...optional(storedTexts),
  timezone: standing.timezone.default("UTC"),
  allowed_origins: z.array(z.string()).default([]),
  collaborators: z.array(z.object({ email: z.string(), role: z.string() })).default([]),
  log_retention_days: standing.log_retention_days.default(90),
  evidence_retention_years: standing.evidence_retention_years.default(null),
  browser_events: standing.browser_events.default([]),
  on_user_deleted: standing.on_user_deleted.default("end"),
  visible: standing.visible.default(NOTHING_VISIBLE),
  mail: mailSettings.optional(),
  mail_pieces: z.array(z.object({ id: z.string(), name: z.string(), body: z.string() })).default([]),
  connectors: storedConnectors.default({}),
});
export type Settings = z.output<typeof storedSettings>;

/** Settings in an answer: every name is there, null where it is not set. */
export const settingsDocument = once(() =>
  z
    .object({
      ...nullish(texts),
      ...standing,
      mail: mailSettings.nullable(),
      mail_pieces: mailPieces,
      connectors: z.record(z.string(), z.unknown()).meta({ documentedAs: connectorSettings }),
    })
    .meta({ component: "Settings" }),
);

/** Settings after a change; `connectors` are those after it. */
export function changedSettings(before: Settings, change: SettingsChange, connectors: ConnectorSettings): Settings {
  const merged = new Map<string, unknown>(Object.entries(before));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) merged.delete(name);
    else if (value !== undefined) merged.set(name, value);
  }
  merged.set("connectors", connectors);
  return storedSettings.parse(Object.fromEntries(merged));
}

/** How settings leave us. `connectors` are shown without their secrets. */
export const toSettingsDocument = (settings: Settings): z.input<ReturnType<typeof settingsDocument>> => ({
  ...Object.fromEntries(Object.keys(texts).map((name) => [name, null])),
  ...settings,
  mail: settings.mail ?? null,
});
