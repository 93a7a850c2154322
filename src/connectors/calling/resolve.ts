import * as z from "zod";
import { Cache } from "../../base/cache";
import { type Env, variablesOf } from "../../base/env";

/*
 * What a name resolves to, asked by DNS over HTTPS: the platform has no resolver of its own to ask. Answers are kept as
 * long as they say, within bounds, so that a busy host is asked for once in a while.
 */

/** All A and AAAA addresses of a host; none where it has none. Rejects where nobody can be asked. */
export type Resolve = (host: string) => Promise<string[]>;

const RESOLVER = "https://cloudflare-dns.com/dns-query";
const TIMEOUT_MS = 3_000;
const SHORTEST_MS = 10_000;
const LONGEST_MS = 300_000;
const MAX_HOSTS = 1_000;

/** The codes of RFC 1035: there is such a name, or there is none. Every other says nothing of the name. */
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;
const TYPES = { A: 1, AAAA: 28 } as const;

/** The JSON form of DNS over HTTPS. `TTL` is in seconds; on the way to an address there are aliases. */
const answer = z.object({
  Status: z.number(),
  Answer: z.array(z.object({ type: z.number(), TTL: z.number().min(0), data: z.string() })).default([]),
});

type Ask = (request: Request) => Promise<Response>;

async function look(ask: Ask, host: string, type: keyof typeof TYPES, signal: AbortSignal) {
  const url = `${RESOLVER}?${new URLSearchParams({ name: host, type })}`;
  const response = await ask(new Request(url, { headers: { accept: "application/dns-json" }, signal }));
  if (!response.ok) throw new Error(`the resolver answers ${response.status}`);
  const { Status: status, Answer: records } = answer.parse(await response.json());
  if (status !== NO_ERROR && status !== NO_SUCH_NAME) throw new Error(`the resolver answers with the code ${status}`);
  return {
    addresses: records.filter((one) => one.type === TYPES[type]).map(({ data }) => data),
    ttlMs: records.map((one) => one.TTL * 1_000),
  };
}

/** What was answered lately. */
const told = new Cache<string[]>({ entries: MAX_HOSTS });

const resolveBy =
  (ask: Ask): Resolve =>
  async (host) => {
    const name = host.toLowerCase();
    const known = told.get(name, Date.now());
    if (known) return known;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const found = await Promise.all([look(ask, name, "A", signal), look(ask, name, "AAAA", signal)]);
    const ttlMs = Math.min(LONGEST_MS, ...found.flatMap((one) => one.ttlMs));
    const addresses = found.flatMap((one) => one.addresses);
    return told.set(name, addresses, Date.now() + Math.max(SHORTEST_MS, ttlMs));
  };

/**
 * What names are looked up by: the Worker's own binding, or Cloudflare's public resolver. Null under LOCAL, where there
 * may be no network: names are then judged by themselves alone.
 */
export function resolverOf(env: Env): Resolve | null {
  if (variablesOf(env).LOCAL) return null;
  const { DNS } = env;
  return resolveBy((request) => (DNS ? DNS.fetch(request) : fetch(request)));
}
