import * as z from "zod";
import { type ChannelName, channelOf, channels } from "../catalogue/channels";
import { isLms, type LmsPort } from "./lms/port";
import { learnworldsWebhook } from "./lms/settings";
import { mailWebhooks } from "./mail/webhooks";
import type { Connector } from "./ports";
import { connectors } from "./registry";

/** What a school chose for a way; `type` names the vendor where there are several. */
type Chosen = { type?: string } & Record<string, unknown>;

type WayName = ChannelName | typeof learnworldsWebhook.name | typeof mailWebhooks.name;

/** `settings.connectors` of a school. A way left out, or null, is not set up. */
export type ConnectorSettings = Partial<Record<WayName, Chosen | null>>;

/** Secret options by way and option: sealed apart from all else. */
export type ConnectorSecrets = Partial<Record<WayName, Record<string, string>>>;

type Vendor = Pick<Connector, "name" | "settings"> & Partial<Pick<Connector, "label" | "description">>;

/** What a school sets up: a way out, which is a channel that vendors fulfil, or a way in that has a secret of its own. */
export interface Way {
  name: WayName;
  label: string;
  /** What it is for. */
  what: string;
  vendors: readonly Vendor[];
  /** Of a way in: who reports by it, and where to; the school's hook key stands behind. */
  hooks?: readonly { name: string; path: string }[];
}

/** Every way, in the order in which people are shown them. */
export const ways: readonly Way[] = [
  ...channels.map(({ name, label, what }) => ({
    name,
    label,
    what,
    vendors: connectors.filter((one) => one.channel === name),
  })),
  learnworldsWebhook,
  mailWebhooks,
].filter(({ vendors }) => vendors.length > 0);

const vendorsOf = (name: string): readonly Vendor[] => ways.find((way) => way.name === name)?.vendors ?? [];

/** The vendor that settings of a way choose. */
export const vendorOf = (name: WayName, chosen: Chosen | null | undefined): Vendor | undefined =>
  vendorsOf(name).find((vendor, _, all) => all.length === 1 || vendor.name === chosen?.type);

const isSecret = (option: unknown) => option instanceof z.ZodType && option.meta()?.secret === true;

/** The options of a vendor that are secret, wrapped (`optional`) or not. */
const secretsOf = (vendor: Vendor | undefined): string[] =>
  Object.entries(vendor?.settings.shape ?? {})
    .filter(([, option]) => isSecret(option) || (option instanceof z.ZodOptional && isSecret(option.unwrap())))
    .map(([name]) => name);

function choiceOf({ vendors }: Way) {
  const [first, second, ...rest] = vendors;
  if (!first) return z.never();
  if (!second) return first.settings;
  const names = vendors.map(({ name }) => JSON.stringify(name)).join(" or ");
  const typed = (vendor: Vendor) => vendor.settings.extend({ type: z.literal(vendor.name) });
  const choice = z.discriminatedUnion("type", [typed(first), typed(second), ...rest.map(typed)], {
    error: ({ code }) => (code === "invalid_union" ? `there is no such type: it must be ${names}` : undefined),
  });
  // "capture" says the same as {"type": "capture"}.
  return z.preprocess((given) => (typeof given === "string" ? { type: given } : given), choice);
}

/** The schema of `settings.connectors`, secrets included; unknown ways, vendors and options are faults. */
export const connectorSettings: z.ZodType<ConnectorSettings> = z.strictObject(
  Object.fromEntries(ways.map((way) => [way.name, choiceOf(way).nullish()])),
);

/** Which options are secret, as `<way>.<option>`. */
export const secretPaths: readonly string[] = [
  ...new Set(ways.flatMap(({ name, vendors }) => vendors.flatMap(secretsOf).map((option) => `${name}.${option}`))),
];

/** Stored settings without what was chosen of a vendor that is not offered any more: that way is not set up. */
export const stillOffered = (stored: ConnectorSettings): ConnectorSettings =>
  Object.fromEntries(
    Object.entries(stored).filter(
      ([name, chosen]) =>
        typeof chosen?.type !== "string" || vendorsOf(name).some((vendor) => vendor.name === chosen.type),
    ),
  );

/** Parts checked settings into what may be read back and what may not. */
export function splitSecrets(settings: ConnectorSettings): { open: ConnectorSettings; secrets: ConnectorSecrets } {
  const open: ConnectorSettings = {};
  const secrets: ConnectorSecrets = {};
  for (const { name } of ways) {
    const chosen = settings[name];
    if (chosen === undefined) continue;
    const hidden = secretsOf(vendorOf(name, chosen));
    const entries = Object.entries(chosen ?? {});
    open[name] = chosen && Object.fromEntries(entries.filter(([option]) => !hidden.includes(option)));
    const kept = entries.flatMap(([option, value]) =>
      hidden.includes(option) && typeof value === "string" ? [[option, value] as const] : [],
    );
    if (kept.length > 0) secrets[name] = Object.fromEntries(kept);
  }
  return { open, secrets };
}

/** Options that say where secrets are shown, and as whom: a secret is of that account there, and of no other. */
const DESTINATION = ["type", "host", "port", "tls", "url"];
const ACCOUNT = ["user", "client_id", "measurement_id", "pixel_id"];

interface Choice {
  name: WayName;
  chosen: Record<string, unknown>;
  /** Of the secrets that are kept of it, those that the choice leaves out. */
  left: [option: string, text: string][];
  /** Whether it leads where it led before. */
  isSame: boolean;
}

/** A way as settings choose it, unchecked, beside what was chosen before; null: no choice of a way. */
function choiceIn(given: string, choice: unknown, open: ConnectorSettings, secrets: ConnectorSecrets): Choice | null {
  const name = ways.find((way) => way.name === given)?.name;
  const chosen = z.record(z.string(), z.unknown()).safeParse(choice).data;
  if (!name || !chosen) return null;
  const before = open[name];
  const hidden = secretsOf(vendorOf(name, chosen));
  const left = Object.entries(secrets[name] ?? {}).filter(
    ([option]) => hidden.includes(option) && chosen[option] === undefined,
  );
  const isSame = [...DESTINATION, ...ACCOUNT].every(
    (option) => JSON.stringify(chosen[option]) === JSON.stringify(before?.[option]),
  );
  return { name, chosen, left, isSame };
}

/**
 * Puts kept secrets back where settings leave them out: for use (`withSecrets(open, open, secrets)`), and before an
 * edit is checked, so that a secret need not be written anew. One is not carried over to another destination:
 * whoever may edit could else have it sent to themselves.
 * @param next unchecked; what is not an object is given back as it is
 */
export function withSecrets(next: unknown, open: ConnectorSettings, secrets: ConnectorSecrets): unknown {
  const given = z.record(z.string(), z.unknown()).safeParse(next).data;
  if (!given) return next;
  const filled = Object.entries(given).map(([way, choice]) => {
    const found = choiceIn(way, choice, open, secrets);
    if (!found) return [way, choice];
    return [found.name, { ...(found.isSame ? Object.fromEntries(found.left) : {}), ...found.chosen }];
  });
  return Object.fromEntries(filled);
}

/**
 * The secrets that an edit leaves out and that are not carried over, as it leads to another destination or account: they
 * are asked for anew. With the account's name its password goes by itself.
 */
export function secretsToAsk(
  next: Readonly<Record<string, unknown>>,
  open: ConnectorSettings,
  secrets: ConnectorSecrets,
): [way: string, option: string][] {
  return Object.entries(next).flatMap(([way, choice]) => {
    const found = choiceIn(way, choice, open, secrets);
    const before = found && open[found.name];
    if (!found || found.isSame || found.chosen.type !== before?.type) return [];
    if (ACCOUNT.some((option) => before?.[option] !== undefined && found.chosen[option] === undefined)) return [];
    return found.left.map(([option]): [string, string] => [found.name, option]);
  });
}

/**
 * Which channels leave as things are set up. In a test school all is kept, and nothing has to be.
 * @param school its settings' secrets may be left out
 */
export const setUpIn =
  ({ mode, settings }: { mode: "live" | "test"; settings: { connectors: ConnectorSettings } }) =>
  (channel: ChannelName): boolean =>
    mode === "test" || channelOf(channel).staysHere === true || connectorFor(channel, settings.connectors) !== null;

/**
 * Whether somebody is set up to tell of a school's mails that they were opened: whoever sends them, or stands behind a mail
 * server, tells nothing by itself. Of what is kept nobody does.
 * @param school its settings' secrets may be left out
 */
export function looksToldIn({
  mode,
  settings,
}: {
  mode: "live" | "test";
  settings: { connectors: ConnectorSettings };
}): boolean {
  if (mode === "test") return false;
  return Boolean(settings.connectors[mailWebhooks.name]);
}

/** The LMS that a school chose to be told of changes; null: none. @param settings secrets may be left out */
export function lmsOf(
  settings: ConnectorSettings,
): { name: string; label: string; port: LmsPort; settings: Record<string, unknown> } | null {
  const chosen = connectorFor("lms", settings);
  if (!chosen || !isLms(chosen.connector)) return null;
  const { name, label } = chosen.connector;
  return { name, label, port: chosen.connector.lms, settings: chosen.settings };
}

/**
 * The connector that serves a channel, with its settings. A school that chose none is served by that which needs no
 * settings, where there is one: webhooks are sent.
 * @param settings secrets included
 * @returns null where the channel is not set up
 */
export function connectorFor(
  channel: ChannelName,
  settings: ConnectorSettings,
): { connector: Connector; settings: Record<string, unknown> } | null {
  const chosen = settings[channel];
  const all = connectors.filter((one) => one.channel === channel);
  if (!chosen) {
    const connector = all.find(({ servesUnchosen }) => servesUnchosen);
    return connector ? { connector, settings: {} } : null;
  }
  const { type, ...options } = chosen;
  const connector = all.find((one, _, same) => (type === undefined ? same.length === 1 : one.name === type));
  return connector ? { connector, settings: options } : null;
}
