/*
 * HTML as a strict reader takes it: tags that are whole, attributes in quotes, Liquid left as it is. All else is refused,
 * for whoever reads on would have to guess.
 */

export type Token =
  | { kind: "text"; text: string }
  | { kind: "liquid"; code: string }
  | { kind: "open"; name: string; attributes: ReadonlyMap<string, string> }
  | { kind: "close"; name: string };

/** It holds more than can be told here. */
export class TooMuch extends Error {
  override readonly name = "TooMuch";
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

function characterOf(entity: string): string {
  const number = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(entity);
  const point = number ? Number.parseInt(number[1] ?? number[2] ?? "", number[1] ? 16 : 10) : 0;
  // What browsers take for another character, and what would be blank or control, is left to them.
  if (number && point > 0xa0 && point <= 0xffff && !(point >= 0xd800 && point <= 0xdfff))
    return String.fromCharCode(point);
  const found = ENTITIES[entity];
  if (found === undefined) throw new TooMuch(`&${entity};`);
  return found;
}

/** Words with their entities read; an ampersand that begins none stands for itself. */
const decoded = (text: string): string => {
  if (/&#?\w+(?!\w*;)(?!\w)/.test(text.replace(/&#?\w+;/g, ""))) throw new TooMuch("an entity without its end");
  return text.replace(/&(#?\w+);/g, (_, entity: string) => characterOf(entity));
};

const endOf = (opening: string): string => (opening === "{{" ? "}}" : "%}");

/** Where the Liquid that begins at `from` ends. */
const endOfLiquid = (html: string, from: number): number =>
  html.indexOf(endOf(html.slice(from, from + 2)), from + 2) + 2;

/** Whether Liquid begins at a place; while it is being typed it has no end, and is words. */
const opensLiquid = (html: string, at: number): boolean => {
  const opening = html.slice(at, at + 2);
  return (opening === "{{" || opening === "{%") && html.lastIndexOf(endOf(opening)) > at + 1;
};

const CLOSE = /<\/([a-z][a-z0-9]*)\s*>/iy;
const OPEN = /<([a-z][a-z0-9]*)/iy;
const ATTRIBUTE = /\s+([a-z][a-z-]*)\s*=\s*(["'])/iy;
const END = /\s*\/?>/y;

class Tokens {
  #at = 0;
  constructor(private readonly html: string) {}

  *all(): Generator<Token> {
    while (this.#at < this.html.length) {
      if (opensLiquid(this.html, this.#at)) yield { kind: "liquid", code: this.#to(endOfLiquid(this.html, this.#at)) };
      else if (this.html[this.#at] === "<") yield this.#tag();
      else yield { kind: "text", text: decoded(this.#to(this.#endOfWords(/[<]/))) };
    }
  }

  /** What stands before a place, which is gone to. */
  #to(end: number): string {
    const text = this.html.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  #endOfWords(stop: RegExp): number {
    let at = this.#at + 1;
    while (at < this.html.length && !stop.test(this.html.charAt(at)) && !opensLiquid(this.html, at)) at++;
    return at;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.html);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #tag(): Token {
    const close = this.#match(CLOSE);
    if (close) return { kind: "close", name: (close[1] ?? "").toLowerCase() };
    const name = this.#match(OPEN)?.[1]?.toLowerCase();
    if (name === undefined) throw new TooMuch("neither text nor a tag");
    const attributes = new Map<string, string>();
    for (let found = this.#match(ATTRIBUTE); found; found = this.#match(ATTRIBUTE)) {
      const [, key = "", quote = ""] = found;
      if (attributes.has(key.toLowerCase())) throw new TooMuch("an attribute twice");
      attributes.set(key.toLowerCase(), this.#value(quote));
    }
    if (!this.#match(END)) throw new TooMuch("a tag without its end");
    return { kind: "open", name, attributes };
  }

  /** The value of an attribute up to its quote; one within Liquid does not end it. */
  #value(quote: string): string {
    let value = "";
    while (this.html[this.#at] !== quote) {
      if (this.#at >= this.html.length) throw new TooMuch("an attribute without its end");
      value += opensLiquid(this.html, this.#at)
        ? this.#to(endOfLiquid(this.html, this.#at))
        : decoded(this.#to(this.#endOfWords(quote === '"' ? /"/ : /'/)));
    }
    this.#at++;
    return value;
  }
}

/** @throws TooMuch */
export const tokensOf = (html: string): Token[] => [...new Tokens(html).all()];
