import * as z from "zod";
import { checkHost, LOOPBACK } from "../../catalogue/options/address";
import { kept, refusalOfHost, TIMEOUT_MS } from "../calling/http";
import { from, host, password } from "../options";
import { defineConnector, type SendResult } from "../ports";
import { letterOf } from "./letter";

const settings = z.strictObject({
  host,
  port: z.int().min(1).max(65_535),
  user: z.string().max(320).meta({ title: "User name" }).optional(),
  pass: password().meta({ title: "Password" }).optional(),
  from,
  /** Left out: TLS at once on 465, STARTTLS elsewhere. `none` sends in clear and must be asked for. */
  tls: z
    .enum(["implicit", "starttls", "none"])
    .meta({
      title: "Encryption",
      choices: {
        "": "As the port asks for",
        implicit: "Encrypted from the start (TLS, mostly on port 465)",
        starttls: "Encrypted after a greeting (STARTTLS, mostly on port 587)",
        none: "Not encrypted: password and mails can be read on the way",
      },
    })
    .optional(),
});
type Settings = z.infer<typeof settings>;

const PLAIN_PORTS = new Set([25, 1025]);

/** How a connection is kept from being read: never in clear unless it stays in the machine or the school said so. */
export function tlsOf(given: Settings): "implicit" | "starttls" | "none" {
  if (given.tls) return given.tls;
  if (given.port === 465) return "implicit";
  return LOOPBACK.has(given.host) && PLAIN_PORTS.has(given.port) ? "none" : "starttls";
}

const smtpError = z.object({
  responseCode: z.number().optional(),
  command: z.string().optional(),
  /** What the server said, without nodemailer's words for it. */
  response: z.string().optional(),
});

/** 5xx is final (a server that cannot do TLS says so too), 4xx and whatever broke on the way is tried again. */
function judged(error: unknown): SendResult {
  const { responseCode, command = "", response } = smtpError.safeParse(error).data ?? {};
  const message = kept(error instanceof Error ? error.message : String(error));
  if (responseCode === undefined) return { ok: false, error: message, retry: true };
  const said = response === undefined ? message : kept(response);
  // A full mailbox says nothing of the server.
  const ofReceiver = command === "RCPT TO" ? { ofReceiver: true as const } : {};
  const why = command.startsWith("AUTH")
    ? `the mail server does not take the user name and password: ${said}`
    : command === "RCPT TO"
      ? `the mail server does not take this address: ${said}`
      : message;
  return { ok: false, code: responseCode, error: why, retry: responseCode < 500, ...ofReceiver };
}

/** Nobody took the call: the platform's word for it names neither who was called nor what to look at. */
const unreached = (given: Settings): SendResult => ({
  ok: false,
  error:
    tlsOf(given) === "implicit"
      ? `no encrypted connection to ${given.host}, port ${given.port}; check the server's name, the port and the encryption`
      : `nothing answers at ${given.host}, port ${given.port}; check the server's name and the port`,
  retry: true,
});

export const smtp = defineConnector({
  name: "smtp",
  channel: "email",
  label: "SMTP",
  description:
    "Sends mail through your own mail server. Where its answer is lost on the way, a mail may arrive twice. By itself it tells nothing of opens, clicks and bounces.",
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
    const { composed, handToServer, NotReached } = await import("./smtp-session");
    const raw = await composed(letter, parcel.at);
    try {
      const response = await handToServer({ ...given, mode: tlsOf(given) }, letter, raw, signal);
      return { ok: true, code: 250, detail: kept(response) };
    } catch (error) {
      if (error instanceof NotReached && !signal.aborted) return unreached(given);
      return signal.aborted ? { ok: false, error: `no whole answer within ${limitMs} ms`, retry: true } : judged(error);
    }
  },
});
