import { isSeen } from "../../base/text";
import { htmlToText } from "../text/html-text";

/*
 * What of a message is empty as it is written. What Liquid makes of it shows only when it is rendered, and a picture is
 * seen too.
 */

const LIQUID = /\{[{%]/;
const PICTURE = /<img\b/i;

const isEmpty = (template: unknown): boolean =>
  typeof template !== "string" || (!LIQUID.test(template) && !PICTURE.test(template) && !isSeen(htmlToText(template)));

/** The parts of these that say nothing, as sentences. */
export const lacking = (params: Readonly<Record<string, unknown>>, parts: readonly string[]): string[] =>
  parts.filter((name) => isEmpty(params[name])).map((name) => `it has no ${name}`);
