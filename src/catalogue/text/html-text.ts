import { decodeHTML, decodeHTMLAttribute } from "entities";

/*
 * HTML as plain text: the part of a mail for readers without HTML.
 */

const SOFT_HYPHEN = "\u00ad";
/** Blanks, with what joins or parts letters unseen: between blanks it pads the preview of a mail, and says nothing. */
const BLANKS = /(?:\s|\u034f|[\u200b-\u200d\u2060])+/g;

/** Elements of which nothing is read. */
const UNREAD = new Set(["head", "script", "style", "title", "template"]);
const PARAGRAPHS = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr"]);
const LINES = new Set([
  "div",
  "br",
  "li",
  "tr",
  "section",
  "article",
  "header",
  "footer",
  "main",
  "dt",
  "dd",
  "figure",
]);

/** Where the tag that begins at `from` ends: after its `>`, quotes skipped; -1 when it does not. */
function endOfTag(html: string, from: number): number {
  let quote = "";
  for (let at = from; at < html.length; at++) {
    const char = html.charAt(at);
    if (quote) {
      if (char === quote) quote = "";
    } else if (char === ">") return at + 1;
    else if ((char === '"' || char === "'") && html.charAt(at - 1) === "=") quote = char;
  }
  return -1;
}

function attribute(tag: string, name: string): string {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))`, "i").exec(tag);
  return decodeHTMLAttribute(match?.[1] ?? match?.[2] ?? match?.[3] ?? "").trim();
}

/** Words, with the breaks that stand between them. */
class Page {
  #out = "";
  #breaks = 0;
  #space = false;

  get text(): string {
    return this.#out;
  }

  get length(): number {
    return this.#out.length;
  }

  break(lines: number): void {
    this.#breaks = Math.max(this.#breaks, lines);
  }

  words(text: string): void {
    if (text === "") return;
    const words = text.replaceAll(SOFT_HYPHEN, "").replace(BLANKS, (run) => (/\s/.test(run) ? " " : run));
    if (words === "" || words === " ") {
      this.#space ||= words === " ";
      return;
    }
    const atStart = this.#out === "" || this.#breaks > 0;
    if (this.#out !== "") this.#out += "\n".repeat(this.#breaks);
    this.#out += (!atStart && (this.#space || words.startsWith(" ")) ? " " : "") + words.trim();
    this.#breaks = 0;
    this.#space = words.endsWith(" ");
  }
}

/**
 * The text of an HTML body: paragraphs and lines as they are seen, `- ` before items, addresses after their links.
 * Takes whatever it is given, in time proportional to its length.
 */
export function htmlToText(html: string): string {
  const page = new Page();
  let unread = "";
  let link = { address: "", from: 0 };
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    const words = open < 0 ? html.slice(at) : html.slice(at, open);
    if (!unread) page.words(decodeHTML(words));
    if (open < 0) break;
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open + 4);
      if (end < 0) break;
      at = end + 3;
      continue;
    }
    if (!/[a-z/!?]/i.test(html.charAt(open + 1))) {
      if (!unread) page.words("<");
      at = open + 1;
      continue;
    }
    const end = endOfTag(html, open + 1);
    if (end < 0) break;
    const tag = html.slice(open, end);
    at = end;
    const [, closing = "", name = ""] = /^<(\/?)([a-z][a-z0-9]*)/.exec(tag.slice(0, 40).toLowerCase()) ?? [];
    if (unread) {
      if (closing && name === unread) unread = "";
    } else if (UNREAD.has(name)) {
      unread = closing ? "" : name;
    } else if (PARAGRAPHS.has(name)) {
      page.break(2);
    } else if (LINES.has(name)) {
      page.break(1);
      if (name === "li" && !closing) page.words("- ");
    } else if (name === "td" || name === "th") {
      page.words(" ");
    } else if (name === "img") {
      page.words(attribute(tag, "alt"));
    } else if (name === "a" && !closing) {
      link = { address: attribute(tag, "href"), from: page.length };
    } else if (name === "a") {
      const shown = page.text.slice(link.from).trim();
      const address = link.address.replace(/^mailto:/i, "");
      if (/^(?:https?:|mailto:)/i.test(link.address) && shown !== address)
        page.words(shown ? ` (${address})` : address);
      link = { address: "", from: 0 };
    }
  }
  return page.text;
}
