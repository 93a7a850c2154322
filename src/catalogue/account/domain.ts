import { composed, textKey, trimmed } from "../../base/text/text";

/*
 * Domains as people write them: bücher.example and xn--bcher-kva.example are one, and so are @acme.com and
 * https://acme.com/ where a domain is asked for.
 */

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** The one form of all spellings of a domain: lower case, ASCII (A-labels), no dot at its end. */
export function domainKey(domain: string): string {
  const text = composed(domain.trim()).toLowerCase();
  if (!/[^\0-\x7f]/.test(text)) return text.replace(/\.$/, "");
  // What is no part of a host would be taken for a port or a path; digits of other scripts for an IP address.
  const host = /[\s/?#@:%\\[\]]/.test(text) ? null : URL.parse(`http://${text}`)?.hostname;
  return (host && /[^\d.]/.test(host) ? host : text).replace(/\.$/, "");
}

/** Why there can be no such domain, or null. */
export function domainFault(domain: string): string | null {
  if (/[.。．｡]$/u.test(domain)) return "an empty label";
  const labels = domainKey(domain).split(".");
  if (labels.length < 2) return "not a domain, such as acme.com";
  if (labels.join(".").length > 253 || !labels.every((label) => LABEL.test(label)))
    return "not a domain, such as acme.com";
  return /^\d+$/.test(labels.at(-1) ?? "") ? "an address in digits is no domain" : null;
}

/** Domains that somebody means: one, or with `below` all that end in it too. */
export interface DomainMeant {
  domain: string;
  /** As it was written, in lower case. */
  spelled: string;
  below: boolean;
}

/** What a text means where a domain is asked for (`@acme.com`, `ACME.com.`, `https://acme.com/`, `*.acme.com`); null: nothing. */
export function domainMeant(text: string): DomainMeant | null {
  const plain = trimmed(text)
    .replace(/^https?:\/\//i, "")
    .replace(/[/?#].*$/su, "")
    .replace(/^\*?@/, "")
    .replace(/[.。．｡]$/u, "");
  const below = plain.startsWith("*.");
  const domain = below ? plain.slice(2) : plain;
  // A star means whatever ends so: there it may be a top-level domain alone. And one label may be a host of a network of one's own.
  const isOne = domainFault(domain) === null || domainFault(`a.${domain}`) === null;
  return isOne ? { domain: domainKey(domain), spelled: textKey(domain), below } : null;
}

/** What is wrong with a text where a domain is asked for, or null. */
export const domainMeantFault = (text: string): string | null =>
  domainMeant(text) ? null : "not a domain, such as acme.com, or *.acme.com for it and all below it";

/** By the list that a card was bound with: each event asks it. */
const tests = new WeakMap<readonly string[], (domain: string) => boolean>();

/** Whether a domain is among those meant. */
export function isAmongDomains(meant: readonly string[]): (domain: string) => boolean {
  const known = tests.get(meant);
  if (known) return known;
  const all = meant.flatMap((one) => domainMeant(one) ?? []);
  const exact = new Set(all.map(({ domain }) => domain));
  const endings = all.flatMap(({ domain, below }) => (below ? [`.${domain}`] : []));
  const test = (domain: string): boolean => {
    const key = domainKey(domain);
    return exact.has(key) || endings.some((ending) => key.endsWith(ending));
  };
  tests.set(meant, test);
  return test;
}
