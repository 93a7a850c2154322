/*
 * Values within somebody's HTML. Where a value stands decides what it may be: text is escaped, an address in a link is
 * one of the web or of mail, and nothing of a value gets into scripts, event handlers or the names of attributes.
 */

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML, in elements and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? "");

const URL_ATTRIBUTES = new Set([
  ...["href", "src", "srcset", "action", "formaction", "background", "poster", "cite", "data", "longdesc", "ping"],
  ...["xlink:href", "manifest", "codebase"],
]);

/** Elements of which the content is no text. */
const CODE_ELEMENTS = new Set(["script", "style"]);

type Place =
  | "text"
  | "comment"
  | "code"
  /** After `<`. */
  | "open"
  | "element"
  /** Between attributes. */
  | "tag"
  | "attribute"
  /** After the name of an attribute. */
  | "named"
  /** After `=`. */
  | "equals"
  | "quoted"
  | "bare";

const isBlank = (char: string): boolean => char <= " ";

/**
 * Writes HTML of which some parts are literal and some are values that anybody may have made. Takes time in proportion
 * to what is written.
 */
export class HtmlWriter {
  #out = "";
  #place: Place = "text";
  #element = "";
  #attribute = "";
  /** The value of the attribute so far, as written. */
  #value = "";
  #quote = "";
  /** How many dashes end what is written: two of them and `>` end a comment. */
  #dashes = 0;
  /** The element whose code we are in. */
  #code = "";

  get text(): string {
    return this.#out;
  }

  /** Writes what the author of the template wrote. */
  literal(html: string): void {
    this.#out += html;
    for (let at = 0; at < html.length; at++) {
      if (this.#place === "text") {
        at = html.indexOf("<", at);
        if (at < 0) return;
      }
      this.#step(html.charAt(at));
    }
  }

  /** Writes a value, as far as its place allows it. */
  value(text: string): void {
    const html = this.#safe(text);
    // With nothing after `=` the next attribute would become the value.
    this.literal(html === "" && this.#place === "equals" ? '""' : html);
  }

  #safe(text: string): string {
    switch (this.#place) {
      case "text":
      case "comment":
        return escapeHtml(text);
      case "quoted":
        return escapeHtml(this.#attributeValue(text));
      case "equals":
      case "bare":
        return escapeHtml(this.#attributeValue(text)).replace(/[\s=`]/g, (char) => `&#${char.charCodeAt(0)};`);
      case "code":
        return "";
      default:
        return /^[\w-]*$/.test(text) ? text : "";
    }
  }

  #attributeValue(text: string): string {
    const name = this.#attribute;
    if (name.startsWith("on") || name === "srcdoc") return "";
    if (name === "style") return /^[\w\s.,#%-]*$/.test(text) ? text : "";
    return URL_ATTRIBUTES.has(name) ? this.#address(text) : text;
  }

  /** A value that begins an address is one of the web or of mail; it may go on with what the author began. */
  #address(text: string): string {
    const before = this.#value.trim();
    if (text.trim() === "" || /[:/?#]/.test(before)) return text;
    const address = before + text.trim();
    if (/^(?:https?:|mailto:)/i.test(address)) return text;
    return before === "" || /^[^/?#]*:/.test(address) ? "#" : text;
  }

  #step(char: string): void {
    switch (this.#place) {
      case "text":
      case "code":
        if (char === "<") this.#place = "open";
        return;
      case "open":
        if (char === "<") return;
        this.#element = char.toLowerCase();
        if (this.#code ? char === "/" : /[a-z!/?]/i.test(char)) this.#place = "element";
        else this.#place = this.#code ? "code" : "text";
        return;
      case "comment":
        if (char === ">" && this.#dashes >= 2) this.#place = "text";
        this.#dashes = char === "-" ? this.#dashes + 1 : 0;
        return;
      case "quoted":
        if (char === this.#quote) this.#place = "tag";
        else this.#value += char;
        return;
      default:
        if (char === ">") this.#leaveTag();
        else this.#stepInTag(char);
    }
  }

  #stepInTag(char: string): void {
    switch (this.#place) {
      case "element":
        if (isBlank(char) || char === "/") this.#place = "tag";
        else this.#element += char.toLowerCase();
        if (this.#element === "!--") this.#place = "comment";
        this.#dashes = 0;
        return;
      case "equals":
        if (isBlank(char)) return;
        this.#place = char === '"' || char === "'" ? "quoted" : "bare";
        this.#quote = char;
        this.#value = this.#place === "bare" ? char : "";
        return;
      case "bare":
        if (isBlank(char)) this.#place = "tag";
        else this.#value += char;
        return;
      default:
        this.#stepInAttributes(char);
    }
  }

  #stepInAttributes(char: string): void {
    const within = this.#place === "attribute";
    if (isBlank(char)) {
      if (within) this.#place = "named";
    } else if (char === "/") {
      this.#place = "tag";
    } else if (char === "=" && this.#place !== "tag") {
      this.#place = "equals";
      this.#value = "";
    } else {
      this.#place = "attribute";
      this.#attribute = (within ? this.#attribute : "") + char.toLowerCase();
    }
  }

  #leaveTag(): void {
    if (this.#element === `/${this.#code}`) this.#code = "";
    else if (CODE_ELEMENTS.has(this.#element)) this.#code = this.#element;
    this.#place = this.#code ? "code" : "text";
  }
}
