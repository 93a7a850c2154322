import { bodyHtml } from "../../definition/paragraphs";
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

const OUTPUT = String.raw`\{\{-?[ \t]*pieces\.([a-z0-9_]{1,64})[ \t]*-?\}\}`;
const NAMED = new RegExp(OUTPUT);
export const namesPiece = (template: string): boolean => NAMED.test(template);
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
  if (!pieces?.length || !namesPiece(template)) return template;
  const bodies = bodiesOf(pieces, bodyHtml);
  return put(put(template, PARAGRAPH, bodies), ANYWHERE, bodies);
}

/** Plain text with the pieces that it names. */
export function withPiecesText(template: string, pieces: readonly Piece[] | undefined): string {
  if (!pieces?.length || !namesPiece(template)) return template;
  return put(
    template,
    ANYWHERE,
    bodiesOf(pieces, (body) => htmlToText(bodyHtml(body))),
  );
}
