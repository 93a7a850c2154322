import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Letter } from "./letter";

/* A mail over SMTP, by nodemailer: evaluated for the first that leaves so, as most isolates never send one. */

export interface MailServer {
  host: string;
  port: number;
  user?: string | undefined;
  pass?: string | undefined;
  /** How the connection is kept from being read. */
  mode: "implicit" | "starttls" | "none";
}

/** Where no connection came to be. */
export class NotReached extends Error {}

/** Hands a mail over; resolves with the server's last word, rejects with nodemailer's error, or NotReached. */
export async function handToServer(
  server: MailServer,
  letter: Letter,
  raw: Buffer,
  signal: AbortSignal,
): Promise<string> {
  const socket = await openSocket(server, signal);
  try {
    return await transmit(socket, server, letter, raw, signal);
  } finally {
    socket.destroy();
  }
}

/**
 * A socket opened by name. nodemailer would look the name up itself and connect to the address it found,
 * and the certificate would then be held against that address instead of the name.
 */
async function openSocket({ host, port, mode }: MailServer, signal: AbortSignal): Promise<net.Socket> {
  const secure = mode === "implicit";
  const socket = secure ? tls.connect({ host, port }) : net.connect({ host, port });
  // Whoever waits hears of errors by its own listener; one after that has nobody to tell.
  socket.on("error", () => {});
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  try {
    await once(socket, secure ? "secureConnect" : "connect", { signal });
  } catch (cause) {
    throw new NotReached("not reached", { cause });
  }
  return socket;
}

/** A mail as it leaves. */
export const composed = async (letter: Letter, at: number): Promise<Buffer> =>
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

function transmit(
  socket: net.Socket,
  server: MailServer,
  letter: Letter,
  raw: Buffer,
  signal: AbortSignal,
): Promise<string> {
  const { mode } = server;
  const connection = new SMTPConnection({
    name: greetingOf(letter.from.address),
    connection: socket,
    host: server.host,
    servername: server.host,
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
      else if (server.user === undefined) deliver();
      else
        connection.login({ user: server.user, pass: server.pass ?? "" }, (refused) =>
          refused ? reject(refused) : deliver(),
        );
    });
  }).finally(() => connection.close());
}
