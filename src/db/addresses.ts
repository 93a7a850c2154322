import { domainToUnicode } from "node:url";
import { addressKey } from "../catalogue/account/email";

/** The ways in which an address may have been kept before its domain was kept as the A-label; that of today first. */
export function storedAddresses(address: string): string[] {
  const key = addressKey(address);
  const at = key.lastIndexOf("@") + 1;
  const shown = key.slice(0, at) + domainToUnicode(key.slice(at));
  return [...new Set([key, shown, shown.normalize("NFD")])];
}
