import { type Mark, Node } from "prosemirror-model";
import { bodyHtml } from "../../../definition/paragraphs";
import { BUTTON_STYLE, IMAGE_STYLE, isAddress, isPicture, LIQUID, schema } from "./schema";
import { type Token, TooMuch, tokensOf } from "./tokens";

/*
 * A body as the simple editor holds it, where nothing of it is lost by that.
 */

const { nodes, marks } = schema;
const BLANK = /[ \t\n\r\f]+/g;
const MARKS: Readonly<Record<string, Mark>> = {
  b: marks.strong.create(),
  strong: marks.strong.create(),
  i: marks.em.create(),
  em: marks.em.create(),
};
const HEADING = /^h([1-3])$/;

const isBlank = (token: Token | undefined): boolean => token?.kind === "text" && token.text.replace(BLANK, "") === "";

/** Inline content with its blanks as they are read: one between words, none at the ends of a line. */
function tidied(list: readonly Node[]): Node[] {
  const out: Node[] = [];
  let isAfterBlank = true;
  const trimEnd = (): void => {
    const last = out.at(-1);
    if (!last?.isText || !last.text?.endsWith(" ")) return;
    out.pop();
    const rest = last.text.slice(0, -1);
    if (rest !== "") out.push(schema.text(rest, last.marks));
  };
  for (const node of list) {
    if (node.type === nodes.hard_break) {
      trimEnd();
      out.push(node);
      isAfterBlank = true;
    } else if (node.isText) {
      const text = (node.text ?? "")
        .replace(BLANK, " ")
        .slice(isAfterBlank && /^[ \t\n\r\f]/.test(node.text ?? "") ? 1 : 0);
      if (text === "") continue;
      out.push(schema.text(text, node.marks));
      isAfterBlank = text.endsWith(" ");
    } else {
      out.push(node);
      isAfterBlank = false;
    }
  }
  trimEnd();
  return out;
}

class Reader {
  #at = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  document(): Node {
    const blocks: Node[] = [];
    for (let token = this.#solid(); token; token = this.#solid()) blocks.push(this.#block(token));
    return nodes.doc.create(null, blocks.length ? blocks : [nodes.paragraph.create()]);
  }

  get #next(): Token | undefined {
    return this.tokens[this.#at];
  }

  /** The next that is no blank, which is gone past. */
  #solid(): Token | undefined {
    while (isBlank(this.#next)) this.#at++;
    return this.tokens[this.#at++];
  }

  #block(token: Token): Node {
    if (token.kind === "liquid" && token.code.startsWith("{%")) return nodes.logic.create({ code: held(token.code) });
    if (token.kind !== "open" || token.attributes.size) throw new TooMuch("what is no block of text");
    const { name } = token;
    const level = HEADING.exec(name)?.[1];
    if (name === "p") return nodes.paragraph.create(null, this.#line(name));
    if (level) return nodes.heading.create({ level: Number(level) }, this.#line(name));
    if (name === "ul" || name === "ol") return this.#list(name);
    throw new TooMuch(`<${name}>`);
  }

  /** The content of a block up to its end. `<br>` alone is how an empty one is written. */
  #line(name: string): Node[] {
    const list = tidied(this.#inline([]));
    this.#end(name);
    if (!list.length) throw new TooMuch("a block without content");
    return list.length === 1 && list[0]?.type === nodes.hard_break ? [] : list;
  }

  #end(name: string): void {
    const token = this.tokens[this.#at++];
    if (token?.kind !== "close" || token.name !== name) throw new TooMuch(`<${name}> without its end`);
  }

  #list(name: "ul" | "ol"): Node {
    const items: Node[] = [];
    for (let token = this.#solid(); token?.kind !== "close"; token = this.#solid()) {
      if (token?.kind !== "open" || token.name !== "li" || token.attributes.size) throw new TooMuch("what is no item");
      const content = tidied(this.#inline([]));
      const inner = this.#next;
      const isList = inner?.kind === "open" && (inner.name === "ul" || inner.name === "ol") && !inner.attributes.size;
      const paragraph = nodes.paragraph.create(null, content);
      if (isList) {
        this.#at++;
        items.push(nodes.list_item.create(null, [paragraph, this.#list(inner.name === "ul" ? "ul" : "ol")]));
        while (isBlank(this.#next)) this.#at++;
      } else items.push(nodes.list_item.create(null, paragraph));
      this.#end("li");
    }
    const closed = this.tokens[this.#at - 1];
    if (closed?.kind !== "close" || closed.name !== name || !items.length)
      throw new TooMuch(`<${name}> without its end`);
    return (name === "ul" ? nodes.bullet_list : nodes.ordered_list).create(null, items);
  }

  /** Up to a tag that is none of a line. */
  #inline(around: readonly Mark[]): Node[] {
    const list: Node[] = [];
    for (let token = this.#next; token; token = this.#next) {
      if (token.kind === "text") list.push(schema.text(token.text, around));
      else if (token.kind === "liquid") list.push(nodes.liquid.create({ code: held(token.code) }, null, around));
      else if (token.kind === "open" && token.name === "br" && !token.attributes.size)
        list.push(nodes.hard_break.create(null, null, around));
      else if (token.kind === "open" && token.name === "img") list.push(imageOf(token.attributes, around));
      else {
        const mark = token.kind === "open" ? markOf(token.name, token.attributes) : undefined;
        if (!mark || token.kind !== "open") return list;
        if (mark.type === marks.link && mark.type.isInSet(around)) throw new TooMuch("a link in a link");
        this.#at++;
        list.push(...this.#inline(mark.addToSet(around)));
        this.#end(token.name);
        continue;
      }
      this.#at++;
    }
    return list;
  }
}

/** Liquid that can be shown as one thing. */
function held(code: string): string {
  if (code.replace(LIQUID, "") !== "") throw new TooMuch("Liquid within Liquid");
  return code;
}

function markOf(name: string, attributes: ReadonlyMap<string, string>): Mark | undefined {
  const { href = "", style, ...others } = Object.fromEntries(attributes);
  if (name !== "a") {
    if (MARKS[name] && attributes.size) throw new TooMuch(`attributes of <${name}>`);
    return MARKS[name];
  }
  if (!isAddress(href) || Object.keys(others).length || (style !== undefined && style !== BUTTON_STYLE))
    throw new TooMuch("a link of another kind");
  return marks.link.create({ href, button: style !== undefined });
}

function imageOf(attributes: ReadonlyMap<string, string>, around: readonly Mark[]): Node {
  const { src = "", alt = null, style, ...others } = Object.fromEntries(attributes);
  if (!isPicture(src) || Object.keys(others).length || (style !== undefined && style !== IMAGE_STYLE))
    throw new TooMuch("a picture of another kind");
  return nodes.image.create({ src, alt, fits: style !== undefined }, null, around);
}

/** A body as the editor holds it; null where it says more than that. Plain text is read as the paragraphs that it becomes. */
export function readBody(body: string): Node | null {
  try {
    const document = new Reader(tokensOf(bodyHtml(body))).document();
    document.check();
    // Adjacent texts become one, as the editor has them.
    return Node.fromJSON(schema, document.toJSON());
  } catch (error) {
    if (error instanceof TooMuch || error instanceof RangeError) return null;
    throw error;
  }
}
