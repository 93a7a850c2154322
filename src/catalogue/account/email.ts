import * as z from "zod";
import { textKey, trimmed } from "../../base/text/text";
import { domainFault, domainKey } from "./domain";

const LOCAL = '[^\\s@<>(),;:"\\\\[\\]\\p{Cc}';
/** The shape of an address; an East Asian keyboard writes its dots otherwise. */
const shape = (but: string): RegExp =>
  new RegExp(`^${LOCAL}${but}]{1,64}@${LOCAL}${but}]+[.。．｡]${LOCAL}${but}.]+$`, "u");
const SHAPE = shape("\\p{Cf}");
/** What was asked for before addresses that no mail can reach were refused. */
const SHAPE_THEN = shape("");

/** Pasted addresses bring blanks and zero-width characters at their ends: nobody means them. */
const given = z.string().overwrite(trimmed).max(254, "an email address has at most 254 characters");

/** Why no mail reaches what looks like an address, or null. */
export function addressFault(text: string): string | null {
  const [local = "", domain = ""] = [text.slice(0, text.lastIndexOf("@")), domainOf(text)];
  if (!SHAPE.test(text) || local.startsWith(".") || local.endsWith(".") || local.includes(".."))
    return "not an email address";
  return domainFault(domain) === null ? null : "not an email address: there can be no such domain";
}

/**
 * One plain address that mail can reach: no display name, nothing that is not seen, a dotted domain, 254 characters at
 * most. Comes out without what stood at its ends.
 */
export const email = given.regex(SHAPE, "not an email address").superRefine((text, context) => {
  const fault = SHAPE.test(text) ? addressFault(text) : null;
  if (fault !== null) context.addIssue({ code: "custom", message: fault });
});

/** The same as it may have been stored before some were refused. */
export const storedEmail = given.regex(SHAPE_THEN, "not an email address");

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);

/** The domain of an address in lower case, spelled as there, or null. */
export const emailDomain = (address: string | null): string | null =>
  address?.includes("@") ? textKey(domainOf(trimmed(address))) || null : null;

/** What addresses are compared by: no case, the domain in the one form that all its spellings have. */
export function addressKey(address: string): string {
  const text = textKey(trimmed(address));
  const at = text.lastIndexOf("@") + 1;
  return text.slice(0, at) + (at > 0 ? domainKey(text.slice(at)) : text);
}

/** An address as mail servers take it: the domain in ASCII. */
export function mailAddress(address: string): string {
  const text = trimmed(address);
  const at = text.lastIndexOf("@") + 1;
  return /[^\0-\x7f]/.test(text.slice(at)) ? text.slice(0, at) + domainKey(text.slice(at)) : text;
}

/** Addresses as a set of people: of those that are alike the first. */
export const distinctAddresses = (addresses: readonly string[]): string[] =>
  [...new Map(addresses.toReversed().map((one) => [addressKey(one), one])).values()].toReversed();
