import { z } from "zod";
import type { ChannelName } from "../../src/catalogue/channels";
import { connectors, type Parcel } from "../../src/connectors";

/*
 * A Worker that makes one attempt with one connector. The world is stood in for at one place only:
 * requests for an origin in `routes` go to a server on loopback, as they are.
 */

const request = z.object({
  channel: z.string(),
  name: z.string(),
  settings: z.unknown(),
  // Made by the tests out of Parcel itself.
  parcel: z.custom<Parcel>(),
  routes: z.record(z.string(), z.string()),
  resolve: z.record(z.string(), z.array(z.string())).optional(),
  timeoutMs: z.number(),
  now: z.number().optional(),
});

export default {
  async fetch(http: Request, env: { EMAIL?: SendEmail }): Promise<Response> {
    const { channel, name, settings, parcel, routes, resolve, timeoutMs, now } = request.parse(await http.json());
    const connector = connectors.find((one) => one.channel === (channel as ChannelName) && one.name === name);
    if (!connector) return new Response("no such connector", { status: 404 });
    const sending = await connector.send(parcel, settings, {
      fetch: (url, init) => {
        const { origin, pathname, search } = new URL(url);
        const base = routes[origin];
        return base ? fetch(base + pathname + search, init) : Promise.reject(new Error(`nobody at ${origin}`));
      },
      now: () => now ?? Date.now(),
      env: { EMAIL: name === "cloudflare" ? env.EMAIL : undefined },
      resolve: resolve ? async (host: string) => resolve[host] ?? Promise.reject(new Error("nobody")) : null,
      timeoutMs,
      ownHosts: ["schoolbell.acme.com"],
    });
    return Response.json(sending);
  },
};
