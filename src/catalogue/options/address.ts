import ipaddr from "ipaddr.js";
import { trimmed } from "../../base/text/text";

export interface AddressRules {
  /** A live school is called by https only; a test school calls nobody, so http and reserved names do. */
  mode: "live" | "test";
  /** Hosts we answer on: a webhook back to us is a loop. */
  ownHosts: readonly string[];
  /** On a developer's machine: its own servers may be called, by http too and at any port but this one, which is ours. */
  loopback?: { ownPort: string };
}

/** Where a developer's own servers listen. In Cloudflare's network these lead nowhere, and are refused. */
export const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The port that an address names, or the usual one. */
export const portOf = ({ port, protocol }: URL): string => port || (protocol === "http:" ? "80" : "443");

/** Whether an address is of the machine that asks. */
export const isLoopback = (text: string): boolean => URL.canParse(text) && LOOPBACK.has(new URL(text).hostname);

/** Names that lead into private networks, or that resolve to whatever address their caller puts into them. */
const CLOSED = [
  "localhost",
  "local",
  "internal",
  "intranet",
  "lan",
  "corp",
  "home",
  "home.arpa",
  "localdomain",
  "onion",
  "nip.io",
  "sslip.io",
  "xip.io",
  "localtest.me",
  "lvh.me",
];

/** Reserved for documents and tests (RFC 2606): nobody is there to answer a live school. */
const RESERVED = ["test", "example", "invalid"];

const OURS = "this host is ours: it would call itself";

const within = (host: string, names: readonly string[]) =>
  names.some((name) => host === name || host.endsWith(`.${name}`));

/** Lower case, without the one dot at the end that names the same host. */
const plainHost = (host: string) => host.toLowerCase().replace(/\.$/, "");

/**
 * Whether a host name may be called: a dotted public name, no address in digits.
 * @returns what is wrong with it, or null
 */
export function checkHost(host: string, rules: AddressRules): string | null {
  const name = plainHost(host);
  if (ipaddr.isValid(name.replace(/^\[|\]$/g, ""))) return "an IP address cannot be called: give a host name";
  if (!name.includes(".") || within(name, CLOSED)) return "a private or local host cannot be called";
  if (name.split(".").includes("")) return "not a host name";
  if (rules.mode === "live" && within(name, RESERVED)) return "this host name is reserved and leads nowhere";
  if (rules.ownHosts.some((own) => plainHost(own) === name)) return OURS;
  return null;
}

/**
 * Whether an address may be called: what can be said of it without asking anybody.
 * Parsed by `URL` once, which turns the many ways to write 127.0.0.1 into one.
 * @returns what is wrong with it, or null
 */
export function checkUrl(text: string, rules: AddressRules): string | null {
  if (text.length > 2_048) return "an address has at most 2,048 characters";
  if (!URL.canParse(text)) return "not an address, such as https://hooks.example.com/in";
  const url = new URL(text);
  // All at once: whoever mends one of them should not meet the next.
  const faults = [
    url.username || url.password ? "an address carries no user name or password" : null,
    // An empty fragment leaves no trace but in the text itself.
    url.hash || url.href.endsWith("#") ? "an address carries no fragment" : null,
    ...(rules.loopback && LOOPBACK.has(url.hostname) ? ownMachineFaults(url, rules.loopback) : hostFaults(url, rules)),
  ].filter((fault) => fault !== null);
  return faults.length ? faults.join("; ") : null;
}

function ownMachineFaults(url: URL, { ownPort }: { ownPort: string }): (string | null)[] {
  if (!/^https?:$/.test(url.protocol)) return ["an address begins with https:// or http://"];
  return [portOf(url) === ownPort ? OURS : null];
}

function hostFaults(url: URL, rules: AddressRules): (string | null)[] {
  const port = url.port ? "an address names no port: only the usual one is called" : null;
  const host = checkHost(url.hostname, rules);
  const mayBePlain = rules.mode === "test" && url.protocol === "http:" && port === null && host === null;
  return [url.protocol === "https:" || mayBePlain ? null : "an address begins with https://", port, host];
}

/** Where a template would have something filled in, as it is written or as browsers encode it. */
const VARIABLE = /(?:\{|%7b)(?:\{|%7b|%25|%(?![\da-f]{2}))/i;
const holdsVariable = (text: string): boolean => VARIABLE.test(text);

/** What is wrong with an address of a card: it is no template. */
export const variableFault = (url: string): string | null =>
  holdsVariable(url) ? "an address holds no variables: put them into the body" : null;

/** What a browser or an app would run, or read from the device, in place of going there. */
const NOT_OPENED = new Set(["javascript:", "vbscript:", "data:", "file:", "blob:", "filesystem:"]);

/** What is wrong with an address that is only shown, for whoever reads it to open: it may lead into an app or anywhere. */
export function openedFault(text: string): string | null {
  const variable = variableFault(text);
  if (variable !== null) return variable;
  const url = URL.parse(text);
  if (!url) return "not an address, such as https://school.example.com/courses/js-101";
  return NOT_OPENED.has(url.protocol)
    ? "an address of this kind opens nothing: take https:// or one of your app"
    : null;
}

/** A header is no template either. */
export const headersVariableFault = (headers: Readonly<Record<string, string>>): string | null =>
  Object.values(headers).some(holdsVariable) ? "a header holds no variables: put them into the body" : null;

/** The one form an address is kept and called in (`https:evil.com` → `https://evil.com/`); null when it is none. */
export const normalUrl = (text: string): string | null => URL.parse(trimmed(text))?.href ?? null;

/** Ours to set (signatures), or the connection's own. */
const CLOSED_HEADERS = new Set([
  "host",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "upgrade",
  "te",
  "trailer",
  "expect",
  "cookie",
  "user-agent",
]);

const MAX_HEADER = 2_048;

/**
 * Whether a header may be sent along with a webhook.
 * @returns what is wrong with it, or null
 */
export function checkHeader(name: string, value: string): string | null {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name)) return "not a header name";
  const lower = name.toLowerCase();
  if (CLOSED_HEADERS.has(lower) || /^(webhook|svix|cf|sec|x-forwarded)-/.test(lower))
    return "this header is ours to set";
  // fetch sends Latin-1 only and refuses the rest with an error that no retry mends.
  if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) return "a header value has no control or non-Latin characters";
  if (value.length > MAX_HEADER) return `a header value has at most ${MAX_HEADER} characters`;
  return null;
}
