import { z } from "zod";
import { type Channel, contents } from "./content";
import { learnworldsWebhookSettings } from "./lms/settings";
import type { Connector } from "./ports";
import { connectors } from "./registry";

/** What a school chose for a channel; `type` names the vendor where there are several. */
type Chosen = { type?: string } & Record<string, unknown>;

/** A channel, or a way in that has a secret of its own. */
type Way = Channel | "learnworlds_webhook";

/** `settings.connectors` of a school. A channel left out, or null, is not set up. */
export type ConnectorSettings = Partial<Record<Way, Chosen | null>>;

/** Secret options by channel and option: sealed apart from all else. */
export type ConnectorSecrets = Partial<Record<Way, Record<string, string>>>;

type Vendor = Pick<Connector, "name" | "settings"> & { channel: Way };

const vendors: readonly Vendor[] = [
  ...connectors,
  { channel: "learnworlds_webhook", name: "learnworlds_webhook", settings: learnworldsWebhookSettings },
];

// Object.keys of a const object are its keys.
const channels: readonly Way[] = [...(Object.keys(contents) as Channel[]), "learnworlds_webhook"];

const vendorsOf = (channel: Way) => vendors.filter((vendor) => vendor.channel === channel);

const vendorOf = (channel: Way, chosen: Chosen | null | undefined): Vendor | undefined =>
  vendorsOf(channel).find((vendor, _, all) => all.length === 1 || vendor.name === chosen?.type);

const isSecret = (option: unknown) => option instanceof z.ZodType && option.meta()?.secret === true;

/** The options of a vendor that are secret, wrapped (`optional`) or not. */
const secretsOf = (vendor: Vendor | undefined): string[] =>
  Object.entries(vendor?.settings.shape ?? {})
    .filter(([, option]) => isSecret(option) || (option instanceof z.ZodOptional && isSecret(option.unwrap())))
    .map(([name]) => name);

function choiceOf(channel: Way) {
  const [first, second, ...rest] = vendorsOf(channel).map((vendor) => vendor);
  if (!first) return null;
  if (!second) return first.settings;
  const typed = (vendor: Vendor) => vendor.settings.extend({ type: z.literal(vendor.name) });
  const names = vendorsOf(channel)
    .map(({ name }) => JSON.stringify(name))
    .join(" or ");
  const choice = z.discriminatedUnion("type", [typed(first), typed(second), ...rest.map(typed)], {
    error: ({ code }) => (code === "invalid_union" ? `there is no such type: expected ${names}` : undefined),
  });
  // "capture" says the same as {"type": "capture"}.
  return z.preprocess((given) => (typeof given === "string" ? { type: given } : given), choice);
}

/** The schema of `settings.connectors`, secrets included; unknown channels, vendors and options are faults. */
export const connectorSettings: z.ZodType<ConnectorSettings> = z.strictObject(
  Object.fromEntries(
    channels.flatMap((channel) => {
      const choice = choiceOf(channel);
      return choice ? [[channel, choice.nullish()]] : [];
    }),
  ),
);

/** Which options are secret, as `<channel>.<option>`. */
export const secretPaths: readonly string[] = [
  ...new Set(vendors.flatMap((vendor) => secretsOf(vendor).map((option) => `${vendor.channel}.${option}`))),
];

/** Stored settings without what was chosen of a vendor that is not offered any more: that way is not set up. */
export const stillOffered = (stored: ConnectorSettings): ConnectorSettings =>
  Object.fromEntries(
    Object.entries(stored).filter(
      ([channel, chosen]) =>
        typeof chosen?.type !== "string" ||
        vendors.some((vendor) => vendor.channel === channel && vendor.name === chosen.type),
    ),
  );

/** Parts checked settings into what may be read back and what may not. */
export function splitSecrets(settings: ConnectorSettings): { open: ConnectorSettings; secrets: ConnectorSecrets } {
  const open: ConnectorSettings = {};
  const secrets: ConnectorSecrets = {};
  for (const channel of channels) {
    const chosen = settings[channel];
    if (chosen === undefined) continue;
    const hidden = secretsOf(vendorOf(channel, chosen));
    const entries = Object.entries(chosen ?? {});
    open[channel] = chosen && Object.fromEntries(entries.filter(([option]) => !hidden.includes(option)));
    const kept = entries.flatMap(([option, value]) =>
      hidden.includes(option) && typeof value === "string" ? [[option, value] as const] : [],
    );
    if (kept.length > 0) secrets[channel] = Object.fromEntries(kept);
  }
  return { open, secrets };
}

/** Options that say where secrets are shown. */
const DESTINATION = ["type", "host", "port", "tls", "url"];

/**
 * Puts kept secrets back where settings leave them out: for use (`withSecrets(open, open, secrets)`), and before an
 * edit is checked, so that a secret need not be written anew. One is not carried over to another destination:
 * whoever may edit could else have it sent to themselves.
 * @param next unchecked; what is not an object is given back as it is
 */
export function withSecrets(next: unknown, open: ConnectorSettings, secrets: ConnectorSecrets): unknown {
  const given = z.record(z.string(), z.unknown()).safeParse(next).data;
  if (!given) return next;
  const filled = Object.entries(given).map(([name, choice]) => {
    const channel = channels.find((one) => one === name);
    const chosen = z.record(z.string(), z.unknown()).safeParse(choice).data;
    if (!channel || !chosen) return [name, choice];
    const before = open[channel];
    const same = DESTINATION.every((option) => JSON.stringify(chosen[option]) === JSON.stringify(before?.[option]));
    const hidden = secretsOf(vendorOf(channel, chosen));
    const kept = Object.entries(secrets[channel] ?? {}).filter(([option]) => same && hidden.includes(option));
    return [name, { ...Object.fromEntries(kept), ...chosen }];
  });
  return Object.fromEntries(filled);
}

/**
 * The connector that serves a channel, with its settings. A school that chose none is served by the channel's first,
 * where that one needs no settings: mail is captured, webhooks are sent.
 * @param settings secrets included
 * @returns null where the channel is not set up
 */
export function connectorFor(
  channel: Channel,
  settings: ConnectorSettings,
): { connector: Connector; settings: Record<string, unknown> } | null {
  const chosen = settings[channel];
  const all = connectors.filter((one) => one.channel === channel);
  if (!chosen) {
    const [first] = all;
    return first?.settings.safeParse({}).success ? { connector: first, settings: {} } : null;
  }
  const { type, ...options } = chosen;
  const connector = all.find((one, _, same) => (type === undefined ? same.length === 1 : one.name === type));
  return connector ? { connector, settings: options } : null;
}
