/*
 * The body of a mail that was written as plain text: its lines are kept, and paragraphs made of it. One that holds a
 * tag of HTML is HTML, and stays as it is.
 */

/** Outputs and tags of Liquid, whole. */
const LIQUID = /(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/;
const HTML_TAG = /<(?:!--|!doctype\b|\/?[a-z][a-z0-9]*(?=[\s/>]))/i;

/** A text as its own words and, at every second place, the Liquid between them. */
export const liquidParts = (text: string): string[] => text.split(LIQUID);

/** Whether a body is plain text; what stands within Liquid does not count. */
export const isPlainBody = (body: string): boolean =>
  !HTML_TAG.test(
    liquidParts(body)
      .map((part, i) => (i % 2 === 0 ? part : "\u200b"))
      .join(""),
  );

const escapeWords = (words: string): string =>
  words
    .replace(/&(?!#?\w+;)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

interface Line {
  html: string;
  /** Something of it is seen: a line of tags alone is none in the mail either. */
  isSeen: boolean;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [{ html: "", isSeen: false }];
  for (const [i, part] of liquidParts(text).entries()) {
    const pieces = i % 2 === 0 ? escapeWords(part).split(/\r\n?|\n/) : [part];
    for (const [n, piece] of pieces.entries()) {
      if (n > 0) lines.push({ html: "", isSeen: false });
      const line = lines.at(-1);
      if (!line) continue;
      line.html += piece;
      line.isSeen ||= i % 2 === 0 ? piece.trim() !== "" : piece.startsWith("{{");
    }
  }
  return lines;
}

function paragraph(lines: readonly Line[]): string {
  const last = lines.findLastIndex(({ isSeen }) => isSeen);
  const html = lines.map((line, i) => line.html.trim() + (line.isSeen && i < last ? "<br>" : "")).join("\n");
  return last < 0 ? html : `<p>${html}</p>`;
}

/** Plain text as HTML: a blank line parts paragraphs, every other break is one. */
export function paragraphsOf(text: string): string {
  const groups: Line[][] = [[]];
  for (const line of linesOf(text)) {
    if (line.html.trim() !== "") groups.at(-1)?.push(line);
    else groups.push([]);
  }
  return groups.flatMap((lines) => (lines.length ? [paragraph(lines)] : [])).join("\n");
}

/** The body of a mail as the HTML that it is or becomes. */
export const bodyHtml = (body: string): string => (isPlainBody(body) ? paragraphsOf(body) : body);

const PARAGRAPHS = /^(?:\s*<p>[^<]*<\/p>)+\s*$/;

/** HTML that is nothing but paragraphs as the plain text that becomes the same; any other body as it is. */
export function plainBody(body: string): string {
  if (!PARAGRAPHS.test(body)) return body;
  const plain = [...body.matchAll(/<p>([^<]*)<\/p>/g)].map(([, words = ""]) => words.trim()).join("\n\n");
  return paragraphsOf(plain).replace(/\s+/g, "") === body.replace(/\s+/g, "") ? plain : body;
}
