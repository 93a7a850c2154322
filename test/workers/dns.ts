import { vi } from "vitest";
import { env } from "../../src/http/test-client";

const CODES = { A: 1, AAAA: 28 };

interface Zone {
  [host: string]: { A?: string[]; AAAA?: string[] } | "fails" | "unreachable";
}

/** A Worker's bindings where names are looked up, with a resolver that knows some hosts and has no network. */
export function withDns(zone: Zone, ttlSeconds = 60) {
  const fetch = vi.fn(async (request: Request): Promise<Response> => {
    const query = new URL(request.url).searchParams;
    const type = query.get("type") as keyof typeof CODES;
    const known = zone[query.get("name") ?? ""];
    if (known === "unreachable") throw new Error("Network connection lost.");
    if (known === "fails") return Response.json({ Status: 2 });
    if (!known) return Response.json({ Status: 3 });
    const alias = { name: "x", type: 5, TTL: ttlSeconds, data: "y." };
    const records = (known[type] ?? []).map((data) => ({ name: "y", type: CODES[type], TTL: ttlSeconds, data }));
    return Response.json({ Status: 0, Answer: [alias, ...records] });
  });
  // All that is asked of it is its fetch.
  const DNS = { fetch } as unknown as Fetcher;
  return { fetch, env: { ...env, LOCAL: "false", DNS } };
}
