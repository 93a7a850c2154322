import { isSeen } from "../../base/text/text";
import { htmlToText } from "../text/html-text";

/*
 * What of a message is empty as it is written. What Liquid makes of it shows only when it is rendered, and a picture is
 * seen too.
 */

const LIQUID = /\{[{%]/;
const PICTURE = /<img\b/i;

export type MailPart = "subject" | "body" | "text";

/** It turned out, when it was rendered, that a message has nothing to say. */
export class SaysNothing extends Error {
  override readonly name = "SaysNothing";
  constructor(readonly part: MailPart) {
    super(`The ${part} is empty.`);
  }
}

/** Whether nothing of a rendered text or page is seen. */
export const isEmpty = (rendered: string): boolean => !PICTURE.test(rendered) && !isSeen(htmlToText(rendered));

const mayBeEmpty = (template: unknown): boolean =>
  typeof template !== "string" || (!LIQUID.test(template) && isEmpty(template));

/** The parts of these that say nothing, as sentences. */
export const lacking = (params: Readonly<Record<string, unknown>>, parts: readonly string[]): string[] =>
  parts.filter((name) => mayBeEmpty(params[name])).map((name) => `it has no ${name}`);
