import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import type { ChannelName } from "../../src/catalogue/channels";
import type { Parcel, SendResult } from "../../src/connectors";

const here = (path: string) => join(import.meta.dirname, path);

export const certificate = (name: string) => here(`certificates/${name}`);

/** What a connector under test is given, but for what the test says. */
export const parcelOf = (parcel: Partial<Parcel> & Pick<Parcel, "channel" | "content">): Parcel => ({
  key: "run_01-s1",
  deliveryId: "dlv_01",
  to: [],
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  mode: "live",
  school: { id: "acme", name: "Acme Академія", webhookSecrets: [] },
  user: { id: "anna", email: "anna@example.com", pushTokens: [] },
  unsubscribeUrl: null,
  ...parcel,
});

export interface Attempt {
  name: string;
  parcel: Parcel;
  settings?: unknown;
  /** Origins that lead to loopback, such as {"https://api.resend.com": sink.base}. */
  routes?: Record<string, string>;
  resolve?: Record<string, string[]>;
  timeoutMs?: number;
  now?: number;
}

export interface World {
  send(attempt: Attempt): Promise<SendResult & Record<string, unknown>>;
  close(): Promise<void>;
}

/** The connectors as they run for real: bundled, in workerd. */
export async function startWorld(): Promise<World> {
  const bundle = await build({
    entryPoints: [here("worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    external: ["node:*", "cloudflare:*"],
  });
  // Read when miniflare is loaded, and handed to workerd as what it trusts.
  process.env.NODE_EXTRA_CA_CERTS = certificate("trusted.crt");
  const { Miniflare, Log, LogLevel } = await import("miniflare");
  const miniflare = new Miniflare({
    cf: false,
    log: new Log(LogLevel.NONE),
    // The runtime's own words on connections that tests break.
    handleStructuredLogs: () => {},
    workers: [
      {
        config: {
          name: "connectors",
          compatibilityDate: "2026-10-20",
          compatibilityFlags: ["nodejs_compat"],
          manifest: {
            mainModule: "worker.mjs",
            modulesRoot: here("."),
            modules: { "worker.mjs": { type: "esm", contents: bundle.outputFiles[0]?.text ?? "" } },
          },
          env: { EMAIL: { type: "send-email" } },
        },
      },
    ],
  });
  await miniflare.ready;
  return {
    async send({ name, parcel, settings = {}, routes = {}, timeoutMs = 5_000, ...rest }) {
      const channel: ChannelName = parcel.channel;
      const body = JSON.stringify({ channel, name, parcel, settings, routes, timeoutMs, ...rest });
      const response = await miniflare.dispatchFetch("http://world/", { method: "POST", body });
      if (!response.ok) throw new Error(await response.text());
      // Made by Response.json of a Sending, in worker.ts.
      return (await response.json()) as SendResult & Record<string, unknown>;
    },
    close: () => miniflare.dispose(),
  };
}

export interface Received {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Sink {
  base: string;
  received: Received[];
  /** How the next requests are answered: a status, or anything at all. */
  answer(how: number | ((request: IncomingMessage, response: ServerResponse) => void)): void;
  close(): Promise<void>;
}

/** A server on loopback that keeps what it gets. */
export async function startSink(): Promise<Sink> {
  const received: Received[] = [];
  let how: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        method: request.method ?? "",
        path: request.url ?? "",
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks).toString(),
      });
      how(request, response);
    });
    request.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // An address of a listening TCP server is never a string or null.
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    received,
    answer(next) {
      received.length = 0;
      how = typeof next === "number" ? (_, response) => response.writeHead(next).end() : next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
