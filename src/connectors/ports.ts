import * as z from "zod";
import { type ChannelName, type ContentOf, channelOf, contentFault } from "../catalogue/channels";
import type { SuppressionReason } from "../catalogue/messages/suppression";
import type { Resolve } from "./calling/resolve";

/** What a connector is given. Equal on every attempt, so that what goes out is equal too. */
export interface Parcel<Content = unknown> {
  /** `<run>-<step>[-<n>]`: the same on every attempt, handed on for the receiver to know a second one by. */
  key: string;
  deliveryId: string;
  channel: ChannelName;
  /** The trace it belongs to, 32 hex digits; left out: of a test, which belongs to none. */
  trace?: string;
  to: readonly string[];
  content: Content;
  /** When the step happened, by the school's clock: milliseconds since 1970. */
  at: number;
  mode: "live" | "test";
  school: {
    id: string;
    name: string;
    /** `whsec_…`, newest first: several while they change over. See src/world/secrets/webhook-secrets.ts. */
    webhookSecrets: readonly string[];
    /** What its mail is sent from, in place of the connector's own. */
    mailFrom?: string;
    /** Whether its mail is to be tracked, by a vendor that does that a mail. */
    trackMail?: boolean;
  };
  user: { id: string; email: string | null; pushTokens: readonly string[] };
  /** Set for marketing mail: a link that acts on POST (RFC 8058). */
  unsubscribeUrl: string | null;
}

/** How one attempt went. */
export type SendResult =
  | {
      ok: true;
      /** What the other side answered: an HTTP or SMTP status. */
      code?: number;
      detail?: string;
      /** Kept, not sent: the delivery ends `captured`. */
      captured?: true;
      /** Push tokens the vendor no longer knows. */
      gone?: string[];
    }
  | {
      ok: false;
      code?: number;
      error: string;
      /** Whether another attempt can do any good. */
      retry: boolean;
      retryAfterMs?: number;
      gone?: string[];
      /** The other side knows no such thing: no fault of anybody. */
      unsupported?: true;
      /** It is whom it goes to that fails: nothing is said of the connection. */
      ofReceiver?: true;
      /** It is the connection that is broken, not what was sent: a condition of the school. */
      broken?: true;
      /** What people are told of that, where it is not the error. */
      advice?: string;
      /** Its turn at a vendor's rate has not come: that was no attempt. */
      notYet?: true;
      /** Nobody has set up how it leaves: it is kept, `not_sent`, and that was no attempt. */
      notSetUp?: true;
      /** No mail goes to the address: that was no attempt. */
      suppressed?: SuppressionReason;
    };

/** The edge of the world, passed in. */
export interface Tools {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Real time, milliseconds since 1970. */
  now: () => number;
  env: { EMAIL?: SendEmail | undefined };
  /** What a host's name leads to; null where names are judged by themselves alone. */
  resolve: Resolve | null;
  /** How long one attempt may take in all; 10 s when left out. */
  timeoutMs?: number;
  /** Hosts we answer on: what goes there would come back to us. */
  ownHosts: readonly string[];
  /** Under LOCAL: servers on this machine may be called, but for our own port. */
  loopback?: { ownPort: string };
  /**
   * Of a vendor whose rate is a school's: asks to send one request. Answers in how many ms it may go, 0: now. Up to
   * `mostMs` the place is then the caller's; beyond that none was given. Asked before each request; left out: nobody
   * counts.
   */
  admit?: (mostMs: number) => Promise<number>;
  /** Other ids by which the LMS calls a course of ours, as far as it told of them; left out: it told of none. */
  theirsOf?: (course: string) => Promise<readonly string[]>;
  /** What a segment is called; null: it is gone. Left out: nobody knows. */
  segmentName?: (segment: string) => Promise<string | null>;
}

/** A way out to one vendor, as the registry, the settings form and the queue see it. */
export interface Connector {
  name: string;
  channel: ChannelName;
  label: string;
  description: string;
  /** Options made by `secret()` are sealed at rest and never read back. */
  settings: z.ZodObject;
  /** Serves a school that chose nothing for the channel. It needs no settings. */
  servesUnchosen?: true;
  /** The host it calls, or a URL with it, out of unchecked settings without secrets and the content; else anything. */
  host(settings: Record<string, unknown>, content: Record<string, unknown>): unknown;
  /** One attempt. Never rejects for what the world does; only for faults of ours. */
  send(parcel: Parcel, settings: unknown, tools: Tools): Promise<SendResult>;
}

/** Signed and put into headers as it is: nothing a user could steer it with. */
const KEY = /^[A-Za-z0-9_-]{1,256}$/;

const never = (error: string): SendResult => ({ ok: false, error, retry: false });

/** Declares a connector. Its `send` gets content and settings already checked; what breaks them is final. */
export function defineConnector<C extends ChannelName, S extends z.ZodObject>(definition: {
  name: string;
  channel: C;
  label: string;
  description: string;
  settings: S;
  servesUnchosen?: true;
  host: Connector["host"];
  send(parcel: Parcel<ContentOf<C>>, settings: z.output<S>, tools: Tools): Promise<SendResult>;
}): Connector {
  const { settings } = definition;
  const channel = channelOf(definition.channel);
  return {
    ...definition,
    async send(parcel, given, tools) {
      if (!KEY.test(parcel.key)) return never("the idempotency key has characters that cannot be signed");
      const fault = contentFault(channel, parcel.to, parcel.content);
      if (fault !== null) return never(fault);
      const chosen = settings.safeParse(given);
      if (!chosen.success) return never(`settings: ${z.prettifyError(chosen.error).replaceAll(/\s+/g, " ")}`);
      // The schema of the channel C is that of ContentOf<C>, by that type's definition.
      const content = channel.content.parse(parcel.content) as ContentOf<C>;
      return definition.send({ ...parcel, content }, chosen.data, tools);
    },
  };
}
