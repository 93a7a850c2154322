import { z } from "zod";
import { email as address } from "../catalogue/account/email";

/*
 * What the engine renders for each channel. Checked here once more, at the last border:
 * whatever a template made of a learner's data, a header never gets a line break from us.
 */

/** One line that a header can carry. */
const line = z
  .string()
  .max(255)
  .regex(/^\P{Cc}*$/u, "has a control character");

const textLine = line.regex(/\S/u, "is blank");

/** JSON object; keys are the school's own. */
const properties = z.record(z.string(), z.unknown());

export const contents = {
  email: z.object({
    subject: textLine,
    html: z.string(),
    /** Made of the HTML where it is left out. */
    text: z.string().optional(),
    kind: z.enum(["transactional", "marketing"]),
    from_name: line.nullish(),
    reply_to: address.nullish(),
  }),
  push: z.object({ title: textLine, body: z.string(), url: z.string().nullish() }),
  message: z.object({ subject: line.nullish(), body: z.string() }),
  webhook: z.object({
    url: z.string(),
    method: z.enum(["POST", "PUT", "PATCH"]).default("POST"),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown(),
  }),
  mixpanel: z.object({ event: textLine, properties: properties.default({}) }),
  ga4: z.object({ name: textLine, params: properties.default({}) }),
  gtm: z.object({ name: textLine, data: properties.default({}) }),
  meta: z.object({ name: textLine, custom_data: properties.default({}) }),
  lms: z.object({ type: textLine, data: properties.default({}) }),
};

export type Channel = keyof typeof contents;
export type ContentOf<C extends Channel> = z.output<(typeof contents)[C]>;

/** Whom a delivery of a channel may be addressed to: mail goes to exactly one plain address, so nobody is copied in. */
const recipients: Partial<Record<Channel, z.ZodType<string[]>>> = { email: z.tuple([address]) };

/**
 * The first thing that keeps a rendered delivery from being sent at all, or null.
 * Worth asking in a test school too, where nothing is sent.
 */
export function contentFault(channel: Channel, to: readonly string[], content: unknown): string | null {
  const errors = [contents[channel].safeParse(content).error, recipients[channel]?.safeParse([...to]).error];
  for (const [index, error] of errors.entries()) {
    const issue = error?.issues[0];
    if (issue) return `${[index === 0 ? "content" : "to", ...issue.path].map(String).join(".")}: ${issue.message}`;
  }
  return null;
}
