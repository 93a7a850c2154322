import type { z } from "zod";
import { isRecord } from "../../definition/types";
import type { Learner, SchoolView } from "../facts/facts";
import type { Channel } from "./define";
import { email } from "./email";
import { ga4 } from "./ga4";
import { gtm } from "./gtm";
import { lms } from "./lms";
import { message } from "./message";
import { meta } from "./meta";
import { mixpanel } from "./mixpanel";
import { push } from "./push";
import { webhook } from "./webhook";

export { type Channel, contentFault } from "./define";

/** Every channel, in the order in which people are shown them. */
export const channels = [
  email,
  push,
  message,
  webhook,
  mixpanel,
  ga4,
  gtm,
  meta,
  lms,
] as const satisfies readonly Channel[];

export type ChannelName = (typeof channels)[number]["name"];
export type ContentOf<Name extends ChannelName> = z.output<
  Extract<(typeof channels)[number], { name: Name }>["content"]
>;

export const channelNames: readonly ChannelName[] = channels.map(({ name }) => name);

const byName: ReadonlyMap<string, Channel<ChannelName>> = new Map(channels.map((channel) => [channel.name, channel]));

/** The channel of a name; throws where there is none. */
export function channelOf(name: ChannelName): Channel<ChannelName> {
  const channel = byName.get(name);
  if (!channel) throw new Error(`there is no channel ${name}`);
  return channel;
}

/** Whether what is sent by a channel can reach a learner; in a test school, which keeps all of it, it always can. */
export function reachesLearner(
  name: ChannelName,
  learner: Pick<Learner, "pushTokens">,
  { mode, settings: { connectors } }: Pick<SchoolView, "mode" | "settings">,
): boolean {
  const chosen = isRecord(connectors) ? connectors[name] : null;
  return mode === "test" || (channelOf(name).reaches?.(learner, isRecord(chosen) ? chosen : null) ?? true);
}

/** Whom a delivery for a learner is addressed to: nobody where the channel does not reach them. */
export function toLearner(name: ChannelName, learner: Pick<Learner, "id" | "email">): string[] {
  const to = channelOf(name).recipients.of(learner);
  return to === null ? [] : [to];
}
