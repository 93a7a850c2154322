import * as z from "zod";
import { isSeen, oneLine, trimmed } from "../../base/text/text";
import { email } from "../account/email";
import { addDuration, isTimeOfDay } from "../dates/time";
import { durationUpTo, html } from "../options/fields";
import type { MailSettings } from "./mail";
import { namesPiece } from "./pieces";
import { topicId } from "./topic";

/*
 * `settings.mail`: how a school's mail looks, and when it goes; `settings.mail_pieces`: what several messages say.
 */

const DAY_MS = 86_400_000;
/** So much is remembered of mails that have left, in number and in time. */
const MOST_COUNTED = 100;
const LONGEST_MS = 31 * DAY_MS;

const timeOfDay = z.string().refine(isTimeOfDay, 'not a time of day, such as "21:00"').meta({ format: "time-of-day" });

const image = z
  .string()
  .overwrite(trimmed)
  .max(2_048)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  }, "not a web address, such as https://school.com/logo.png");

/** A kind of mail that learners may do without. */
const topic = z.strictObject({
  id: topicId,
  name: z.string().overwrite(oneLine).max(128).refine(isSeen, "nothing of it is seen"),
});

export const mailSettings: z.ZodType<MailSettings, MailSettings> = z
  .strictObject({
    from: email.optional().meta({ description: "In place of the connector's own." }),
    from_name: z.string().overwrite(oneLine).max(128).optional().meta({
      description: "Where a step names none; the school's name where this is left out too.",
    }),
    reply_to: email.optional().meta({ description: "Where a step names none." }),
    logo: image.optional(),
    signature: z.boolean().optional().meta({
      description: "Whether `mail_signature` stands under every mail that does not hold it.",
    }),
    footer: z.string().max(2_000).optional().meta({ description: "Plain text, under every mail." }),
    quiet_hours: z
      .strictObject({ from: timeOfDay, to: timeOfDay })
      .refine(({ from, to }) => from !== to, "from and to are the same")
      .optional()
      .meta({ description: "In the learner's zone, else the school's: marketing waits until `to`." }),
    at_most: z
      .strictObject({
        count: z.int().min(1).max(MOST_COUNTED),
        per: durationUpTo("from a minute (PT1M) to 31 days (P31D)", (text) => {
          const ms = addDuration(0, text, "UTC");
          return ms >= 60_000 && ms <= LONGEST_MS;
        }),
      })
      .optional()
      .meta({ description: "So many marketing mails a learner in any such time; what is more waits." }),
    track: z.boolean().optional().meta({
      description: "Whether it is noted who opens mails and follows their links, where the mail vendor tells.",
    }),
    topics: z
      .array(topic)
      .max(20)
      .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "the same id twice")
      .optional()
      .meta({ description: "Kinds of mail that learners may do without; a mail names its own." }),
  })
  .meta({ description: "How mail looks and when it goes. Where it is set, mails stand in its frame." });

const MOST_PIECES = 50;
const LONGEST_PIECE = 5_000;

const piece = z.strictObject({
  // As variables of Liquid are written.
  id: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "an id has a–z, 0–9 and _, 64 at most, a letter first"),
  name: z.string().overwrite(oneLine).max(128).refine(isSeen, "nothing of it is seen"),
  body: html
    .max(LONGEST_PIECE)
    .refine(isSeen, "nothing of it is seen")
    .refine((body) => !namesPiece(body), "a piece holds no other piece"),
});

export const mailPieces = z
  .array(piece)
  .max(MOST_PIECES)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "the same id twice")
  .meta({ description: "What several messages say: each stands where a text has `{{ pieces.<id> }}`." });
