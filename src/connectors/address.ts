import ipaddr from "ipaddr.js";

/**
 * Whether every address of a host lies in the public internet. An address cannot be pinned for `fetch`,
 * so this is depth, not a wall: `checkUrl` and the platform's own egress rules are the wall.
 * @param resolve all A and AAAA addresses of a host; may reject, which counts as "no"
 */
export async function resolvesPublic(host: string, resolve: (host: string) => Promise<string[]>): Promise<boolean> {
  const addresses = await resolve(host).catch((): string[] => []);
  // `unicast` leaves out loopback, private, shared, link-local, mapped, NAT64, 6to4 and Teredo ranges alike.
  return addresses.length > 0 && addresses.every((a) => ipaddr.isValid(a) && ipaddr.parse(a).range() === "unicast");
}
