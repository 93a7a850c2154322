import { z } from "zod";
import { isSeen, oneLine } from "../../base/text";
import { bodyHtml } from "../../definition/paragraphs";
import { html } from "../fields";
import { htmlToText } from "../text/html-text";

/*
 * Pieces of text that a school writes once and uses in many messages: `{{ pieces.<id> }}`. Each stands in the message as
 * if it had been written there, before anything is rendered, so what it names is the learner's and the moment's.
 */

export interface Piece {
  id: string;
  name: string;
  /** Liquid that becomes HTML, or plain text, as the body of a mail. */
  body: string;
}

const MOST = 50;
const LONGEST = 5_000;

const piece = z.strictObject({
  // As variables of Liquid are written.
  id: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "an id has a–z, 0–9 and _, 64 at most, a letter first"),
  name: z.string().overwrite(oneLine).max(128).refine(isSeen, "nothing of it is seen"),
  body: html
    .max(LONGEST)
    .refine(isSeen, "nothing of it is seen")
    .refine((body) => !NAMED.test(body), "a piece holds no other piece"),
});

export const mailPieces = z
  .array(piece)
  .max(MOST)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "the same id twice")
  .meta({ description: "What several messages say: each stands where a text has `{{ pieces.<id> }}`." });

const OUTPUT = String.raw`\{\{-?[ \t]*pieces\.([a-z0-9_]{1,64})[ \t]*-?\}\}`;
const NAMED = new RegExp(OUTPUT);
/** One that a paragraph holds alone: what it is made of has paragraphs of its own. */
const PARAGRAPH = new RegExp(String.raw`<p>\s{0,9}${OUTPUT}\s{0,9}</p>`, "g");
const ANYWHERE = new RegExp(OUTPUT, "g");

export const pieceVariable = (id: string): string => `pieces.${id}`;

/** Puts in what is known; what is not stays, and is empty when it is rendered. */
const put = (template: string, places: RegExp, bodies: ReadonlyMap<string, string>): string =>
  template.replace(places, (output, id: string) => bodies.get(id) ?? output);

const bodiesOf = (pieces: readonly Piece[], form: (body: string) => string) =>
  new Map(pieces.map(({ id, body }) => [id, form(body)]));

/** HTML with the pieces that it names. */
export function withPiecesHtml(template: string, pieces: readonly Piece[] | undefined): string {
  if (!pieces?.length || !NAMED.test(template)) return template;
  const bodies = bodiesOf(pieces, bodyHtml);
  return put(put(template, PARAGRAPH, bodies), ANYWHERE, bodies);
}

/** Plain text with the pieces that it names. */
export function withPiecesText(template: string, pieces: readonly Piece[] | undefined): string {
  if (!pieces?.length || !NAMED.test(template)) return template;
  return put(
    template,
    ANYWHERE,
    bodiesOf(pieces, (body) => htmlToText(bodyHtml(body))),
  );
}
