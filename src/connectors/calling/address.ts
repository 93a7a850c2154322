import ipaddr from "ipaddr.js";
import type { Resolve } from "./resolve";

/*
 * Where a name leads. An address cannot be pinned for `fetch` or a socket: between this look and the call the name may
 * come to lead elsewhere. So this is depth, not a wall: `checkUrl` and the platform's own rules for what leaves it are
 * the wall (docs/reliability.md).
 */

/** `nowhere`: it has no address now. `unknown`: nobody could be asked. */
export type Leads = "public" | "private" | "nowhere" | "unknown";

/** Where a host leads: one private address among many is enough to be private. */
export async function whereLeads(host: string, resolve: Resolve): Promise<Leads> {
  let addresses: string[];
  try {
    addresses = await resolve(host);
  } catch {
    // Whatever the reason: nothing is known of the name.
    return "unknown";
  }
  if (addresses.length === 0) return "nowhere";
  // `unicast` leaves out loopback, private, shared, link-local, mapped, NAT64, 6to4 and Teredo ranges alike.
  const isPublic = (address: string) => ipaddr.isValid(address) && ipaddr.parse(address).range() === "unicast";
  return addresses.every(isPublic) ? "public" : "private";
}

/** Said of a host that leads there. */
export const PRIVATE = "this host leads to a private or local address, which cannot be called";
