import * as z from "zod";
import { storedEmail } from "../account/email";
import type { Learner } from "../facts/facts";

/*
 * A channel is a way by which something leaves for a learner. All that is to be known of one is in its file; a vendor
 * that fulfils it is in `src/connectors/`.
 */

/** Whom the deliveries of a channel are for. */
export interface Recipients {
  /** Where a learner is reached; null: nowhere. */
  of(learner: Pick<Learner, "id" | "email">): string | null;
  /** All that one delivery may be addressed to. */
  to: z.ZodType<string[]>;
  /** What a person types for a test to go to; left out: a test is for nobody. */
  typed?: "email" | "text";
}

export interface Channel<Name extends string = string, Content extends z.ZodObject = z.ZodObject> {
  name: Name;
  label: string;
  /** What it is for, in a sentence: for whoever sets it up. */
  what: string;
  recipients: Recipients;
  /**
   * What a rendered delivery has to be. Checked once more at the last border: whatever a template made of a learner's
   * data, a header never gets a line break from us.
   */
  content: Content;
  /** What a test says; left out: one delivery by itself would tell nothing. */
  test?: z.input<Content>;
  /**
   * What we changed, which is told to the LMS: settled ones are kept with the user alone, where nobody has to look at
   * them; and they leave in their order, whatever becomes of what made them.
   */
  staysOwn?: true;
  /**
   * Whether what a test school makes is really sent.
   * @param chosen what the school chose for the channel, without its secrets; null: nothing
   */
  sendsInTest?(chosen: Readonly<Record<string, unknown>> | null): boolean;
  /**
   * Whether it reaches a learner at all; left out: wherever it has somewhere to go.
   * @param chosen what the school chose for the channel, without its secrets; null: nothing
   */
  reaches?(learner: Pick<Learner, "pushTokens">, chosen: Readonly<Record<string, unknown>> | null): boolean;
  /** Learners read what goes by it, if it is to them. */
  isRead?: true;
  /** It goes to addresses, which may be suppressed. */
  isMail?: true;
  /** Nothing leaves: it stays with the user, in the inbox. */
  staysHere?: true;
  /**
   * Whether deliveries wait for the user's page to take them.
   * @param chosen what the school chose for the channel, without its secrets; null: nothing
   */
  waitsForPage?(chosen: Readonly<Record<string, unknown>> | null): boolean;
}

export const defineChannel = <const Name extends string, Content extends z.ZodObject>(
  channel: Channel<Name, Content>,
): Channel<Name, Content> => channel;

/**
 * The first thing that keeps a rendered delivery from being sent at all, or null.
 * Worth asking in a test school too, where nothing is sent.
 */
export function contentFault(channel: Channel, to: readonly string[], content: unknown): string | null {
  const errors = [channel.content.safeParse(content).error, channel.recipients.to.safeParse([...to]).error];
  for (const [index, error] of errors.entries()) {
    const issue = error?.issues[0];
    if (issue) return `${[index === 0 ? "content" : "to", ...issue.path].map(String).join(".")}: ${issue.message}`;
  }
  return null;
}

// ---- What channels are made of ----

/** By the id that the LMS gave the learner. */
export const byId: Recipients = { of: (learner) => learner.id, to: z.array(z.string()) };

/** By mail: exactly one plain address, so nobody is copied in. */
export const byAddress: Recipients = { of: (learner) => learner.email, to: z.tuple([storedEmail]), typed: "email" };

/** One line that a header can carry. */
export const line = z
  .string()
  .max(255)
  .regex(/^\P{Cc}*$/u, "has a control character");

export const textLine = line.regex(/\S/u, "is blank");

/** JSON object; keys are the school's own. */
export const properties = z.record(z.string(), z.unknown());
