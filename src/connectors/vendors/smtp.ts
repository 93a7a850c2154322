import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { z } from "zod";
import { checkHost, LOOPBACK } from "../../catalogue/address";
import { kept, refusalOfHost, TIMEOUT_MS } from "../http";
import { from, host, secret } from "../options";
import { defineConnector, type SendResult } from "../ports";
import { type Letter, letterOf } from "./letter";

const settings = z.strictObject({
  host,
  port: z.int().min(1).max(65_535),
  user: z.string().max(320).meta({ title: "User name" }).optional(),
  pass: secret().optional(),
  from,
  /** Left out: TLS at once on 465, STARTTLS elsewhere. `none` sends in clear and must be asked for. */
  tls: z.enum(["implicit", "starttls", "none"]).optional(),
});
type Settings = z.infer<typeof settings>;

const PLAIN_PORTS = new Set([25, 1025]);

/** How a connection is kept from being read: never in clear unless it stays in the machine or the school said so. */
export function tlsOf(given: Settings): "implicit" | "starttls" | "none" {
  if (given.tls) return given.tls;
  if (given.port === 465) return "implicit";
  return LOOPBACK.has(given.host) && PLAIN_PORTS.has(given.port) ? "none" : "starttls";
}

/**
 * A socket opened by name. nodemailer would look the name up itself and connect to the address it found,
 * and the certificate would then be held against that address instead of the name.
 */
async function openSocket(given: Settings, signal: AbortSignal): Promise<net.Socket> {
  const { host, port } = given;
  const secure = tlsOf(given) === "implicit";
  const socket = secure ? tls.connect({ host, port }) : net.connect({ host, port });
  // Whoever waits hears of errors by its own listener; one after that has nobody to tell.
  socket.on("error", () => {});
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  await once(socket, secure ? "secureConnect" : "connect", { signal });
  return socket;
}

const composed = async (letter: Letter, at: number): Promise<Buffer> =>
  new MailComposer({
    from: letter.from,
    to: { name: "", address: letter.to },
    ...(letter.replyTo ? { replyTo: letter.replyTo } : {}),
    subject: letter.subject,
    html: letter.html,
    text: letter.text,
    messageId: letter.messageId,
    date: new Date(at),
    headers: letter.headers,
    // Content is data: no path or URL in it is ever read.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();

/** A Worker has no host name: it greets with the sender's domain, as its A-label. Relays hang up on an address. */
function greetingOf(sender: string): string {
  const domain = sender.slice(sender.lastIndexOf("@") + 1);
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain;
}

/** One mail over one connection; resolves with the server's last word, rejects with nodemailer's error. */
function transmit(
  socket: net.Socket,
  given: Settings,
  letter: Letter,
  raw: Buffer,
  signal: AbortSignal,
): Promise<string> {
  const mode = tlsOf(given);
  const connection = new SMTPConnection({
    name: greetingOf(letter.from.address),
    connection: socket,
    host: given.host,
    servername: given.host,
    secure: mode === "implicit",
    secured: mode === "implicit",
    requireTLS: mode === "starttls",
    ignoreTLS: mode === "none",
    maxResponseSize: 64 * 1024,
  });
  return new Promise<string>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    connection.on("error", reject);
    connection.on("end", () => reject(new Error("the server hung up")));
    const deliver = () =>
      connection.send({ from: letter.from.address, to: [letter.to] }, raw, (error, info) =>
        error ? reject(error) : resolve(info?.response ?? ""),
      );
    connection.connect((error?: Error) => {
      if (error) reject(error);
      else if (given.user === undefined) deliver();
      else
        connection.login({ user: given.user, pass: given.pass ?? "" }, (refused) =>
          refused ? reject(refused) : deliver(),
        );
    });
  }).finally(() => connection.close());
}

const smtpError = z.object({ responseCode: z.number().optional() });

/** 5xx is final (a server that cannot do TLS says so too), 4xx and whatever broke on the way is tried again. */
function judged(error: unknown): SendResult {
  const { responseCode } = smtpError.safeParse(error).data ?? {};
  const message = kept(error instanceof Error ? error.message : String(error));
  if (responseCode === undefined) return { ok: false, error: message, retry: true };
  return { ok: false, code: responseCode, error: message, retry: responseCode < 500 };
}

export const smtp = defineConnector({
  name: "smtp",
  channel: "email",
  label: "SMTP",
  description:
    "Sends mail through a mail server of yours, over TLS. SMTP knows no idempotency key: a lost answer may double a mail.",
  settings,
  host: ({ host }) => host,

  async send(parcel, given, tools) {
    if (!LOOPBACK.has(given.host)) {
      const fault = checkHost(given.host, { mode: parcel.mode, ownHosts: tools.ownHosts });
      if (fault !== null) return { ok: false, error: fault, retry: false };
      const refused = await refusalOfHost(given.host, tools);
      if (refused) return refused;
    }
    const limitMs = tools.timeoutMs ?? TIMEOUT_MS;
    const signal = AbortSignal.timeout(limitMs);
    const letter = letterOf(parcel, given.from);
    const raw = await composed(letter, parcel.at);
    try {
      const socket = await openSocket(given, signal);
      try {
        const response = await transmit(socket, given, letter, raw, signal);
        return { ok: true, code: 250, detail: kept(response) };
      } finally {
        socket.destroy();
      }
    } catch (error) {
      return signal.aborted ? { ok: false, error: `no whole answer within ${limitMs} ms`, retry: true } : judged(error);
    }
  },
});
