import { type Env, variablesOf } from "../base/env";
import { webhook } from "../catalogue/channels/webhook";
import { checkUrl, isLoopback, portOf } from "../catalogue/options/address";
import type { Tools } from "./ports";
import type { ConnectorSettings } from "./settings";

/** Where we answer ourselves, and, under LOCAL, that the rest of this machine may be called. */
export function ownAddresses(env: Env): Pick<Tools, "ownHosts" | "loopback"> {
  const { PUBLIC_URL, LOCAL } = variablesOf(env);
  const own = new URL(PUBLIC_URL);
  return { ownHosts: [own.hostname], ...(LOCAL ? { loopback: { ownPort: portOf(own) } } : {}) };
}

/**
 * What is wrong with an address that webhooks of a school are to go to, or null. A test school calls nobody on this
 * machine, which its developer might not expect, until it is told to send.
 */
export function faultOfWebhook(
  env: Env,
  { mode, connectors }: { mode: "live" | "test"; connectors: ConnectorSettings },
  url: string,
): string | null {
  const { ownHosts, loopback } = ownAddresses(env);
  const sends = mode === "live" || webhook.sendsInTest?.(connectors.webhook ?? null) === true;
  if (loopback && !sends && isLoopback(url)) return QUIET;
  return checkUrl(url, { mode, ownHosts, ...(loopback ? { loopback } : {}) });
}

const QUIET =
  "a school in test mode calls nobody on this machine, unless settings.connectors.webhook.send_in_test is true";
