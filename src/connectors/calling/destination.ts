import type { ChannelName } from "../../catalogue/channels";
import { type ConnectorSettings, connectorFor } from "../settings";

/**
 * Where a delivery goes, as a text that is the same for all that go there: its channel and the host. What cannot be sent
 * at all is one place for each channel.
 * @param settings the school's, secrets left out
 */
export function destinationOf(
  channel: ChannelName,
  content: Record<string, unknown>,
  settings: ConnectorSettings,
): string {
  const chosen = connectorFor(channel, settings);
  const host = chosen?.connector.host(chosen.settings, content);
  return `${channel} ${typeof host === "string" ? nameOf(host) : ""}`;
}

const nameOf = (host: string): string => (URL.canParse(host) ? new URL(host).host : host).toLowerCase();
