import * as z from "zod";
import { type Env, variablesOf } from "../../base/env";
import { type Fault, pointer } from "../../base/errors/errors";
import { LOOPBACK } from "../../catalogue/options/address";
import { type ConnectorSettings, vendorOf } from "../settings";
import { PRIVATE, whereLeads } from "./address";
import { resolverOf } from "./resolve";

/*
 * Hosts as they are saved: what their names resolve to is looked at when a school gives them, so that it is told at
 * once and not by deliveries that fail.
 */

/** A host, and where in a body it is named: a JSON pointer. */
export interface NamedHost {
  path: string;
  host: string;
}

/** More are looked at when they are called: a Worker may ask so many others for one request. */
const MOST = 50;

/** What is wrong with hosts that are to be called. One whose name cannot be looked up now is not refused. */
export async function faultsOfHosts(env: Env, named: readonly NamedHost[]): Promise<Fault[]> {
  const refused = new Set(variablesOf(env).LOCAL ? [] : LOOPBACK);
  const resolve = resolverOf(env);
  const names = [...new Set(named.map(({ host }) => host))].filter((name) => !refused.has(name));
  const look = async (name: string) => {
    if (resolve && (await whereLeads(name, resolve)) === "private") refused.add(name);
  };
  await Promise.all(names.slice(0, MOST).map(look));
  return named.flatMap(({ path, host }) => (refused.has(host) ? [{ path, message: PRIVATE }] : []));
}

const callsOf = (option: unknown): unknown =>
  option instanceof z.ZodOptional ? callsOf(option.unwrap()) : option instanceof z.ZodType && option.meta()?.calls;

/** The hosts that checked settings name, of the channels asked for, by their places in a school's document. */
export function hostsIn(settings: ConnectorSettings, channels: readonly string[]): NamedHost[] {
  return Object.entries(settings).flatMap(([channel, chosen]) => {
    // Keys of checked settings are channels.
    const { settings: schema } = (chosen && vendorOf(channel as keyof ConnectorSettings, chosen)) ?? {};
    if (!schema || !channels.includes(channel)) return [];
    return Object.entries(schema.shape).flatMap(([option, type]) => {
      const [kind, value] = [callsOf(type), chosen?.[option]];
      if (typeof value !== "string" || (kind !== "url" && kind !== "host")) return [];
      const host = kind === "url" ? new URL(value).hostname : value.toLowerCase().replace(/\.$/, "");
      return [{ path: pointer(["settings", "connectors", channel, option]), host }];
    });
  });
}
