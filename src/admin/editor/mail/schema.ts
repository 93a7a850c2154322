import { type DOMOutputSpec, type MarkSpec, type NodeSpec, Schema } from "prosemirror-model";

/*
 * What the simple editor of a mail holds: paragraphs, headings, lists, links, buttons, pictures, and Liquid as it is
 * written. What is pasted becomes that, and loses the rest.
 */

/** Where a link may lead; a variable may stand for it. */
export const isAddress = (text: string): boolean => /^(?:(?:https?|mailto|tel):|\{\{)/i.test(text.trim());
export const isPicture = (text: string): boolean => /^(?:https?:\/\/|\{\{)/i.test(text.trim());

/** One output or tag of Liquid, whole. */
export const LIQUID = /\{\{[^{}]*\}\}|\{%[^{}%]*%\}/g;

// Attributes by their names, as the schema below has them.
const code = (dom: HTMLElement) => {
  const text = dom.dataset.code ?? "";
  return new RegExp(`^(?:${LIQUID.source})$`).test(text) ? { code: text } : false;
};

const block = (tag: string): DOMOutputSpec => [tag, 0];

const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => block("p") },
  heading: {
    attrs: { level: { default: 2 } },
    content: "inline*",
    group: "block",
    defining: true,
    parseDOM: [1, 2, 3].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    toDOM: ({ attrs }) => block(`h${attrs.level}`),
  },
  bullet_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => block("ul") },
  ordered_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ol" }], toDOM: () => block("ol") },
  list_item: {
    content: "paragraph (bullet_list | ordered_list)?",
    defining: true,
    parseDOM: [{ tag: "li" }],
    toDOM: () => block("li"),
  },
  /** A tag of Liquid between blocks. */
  logic: {
    attrs: { code: {} },
    group: "block",
    atom: true,
    leafText: ({ attrs }) => attrs.code,
    parseDOM: [{ tag: "div[data-code]", getAttrs: code }],
    toDOM: ({ attrs }) => ["div", { "data-code": attrs.code, class: "mail-logic" }, attrs.code],
  },
  text: { group: "inline" },
  hard_break: {
    inline: true,
    group: "inline",
    selectable: false,
    leafText: () => "\n",
    parseDOM: [{ tag: "br" }],
    toDOM: () => ["br"],
  },
  image: {
    // `fits`: no wider than the mail is.
    attrs: { src: {}, alt: { default: null }, fits: { default: true } },
    inline: true,
    group: "inline",
    draggable: true,
    parseDOM: [
      {
        tag: "img[src]",
        getAttrs: (dom) => {
          const [src, alt] = [dom.getAttribute("src") ?? "", dom.getAttribute("alt") ?? ""];
          return isPicture(src) ? { src, alt } : false;
        },
      },
    ],
    toDOM: ({ attrs }) => ["img", { src: attrs.src, alt: attrs.alt ?? "" }],
  },
  liquid: {
    attrs: { code: {} },
    inline: true,
    group: "inline",
    atom: true,
    leafText: ({ attrs }) => attrs.code,
    parseDOM: [{ tag: "span[data-code]", getAttrs: code }],
    toDOM: ({ attrs }) => ["span", { "data-code": attrs.code }, attrs.code],
  },
} satisfies Record<string, NodeSpec>;

const BOLD = /font-weight:\s*(?:bold|[6-9]00)/;
const styleOf = (dom: HTMLElement): string => dom.getAttribute("style") ?? "";
const unlessStyled = (style: RegExp) => (dom: HTMLElement) => (style.test(styleOf(dom)) ? false : null);
const styled = (style: RegExp) => ({
  tag: "span[style]",
  consuming: false,
  getAttrs: (dom: HTMLElement) => (style.test(styleOf(dom)) ? null : false),
});

// From the outermost to the innermost.
const marks = {
  link: {
    attrs: { href: {}, button: { default: false } },
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (dom) => {
          const href = dom.getAttribute("href") ?? "";
          return isAddress(href) ? { href, button: dom.classList.contains("mail-button") } : false;
        },
      },
    ],
    toDOM: ({ attrs }) => ["a", { href: attrs.href, ...(attrs.button ? { class: "mail-button" } : {}) }, 0],
  },
  // Writing programs say by styles what is bold, and put all of a text into a <b> that is none.
  strong: {
    parseDOM: [{ tag: "strong" }, { tag: "b", getAttrs: unlessStyled(/font-weight:\s*(?:normal|400)/) }, styled(BOLD)],
    toDOM: () => block("strong"),
  },
  em: { parseDOM: [{ tag: "em" }, { tag: "i" }, styled(/font-style:\s*italic/)], toDOM: () => block("em") },
} satisfies Record<string, MarkSpec>;

export const schema = new Schema({ nodes, marks });

/** How a button looks in a mail, whose readers know no style sheets; and a picture that fits. */
export const BUTTON_STYLE =
  "display:inline-block;padding:10px 18px;border-radius:6px;background:#2b56c9;color:#ffffff;text-decoration:none";
export const IMAGE_STYLE = "max-width:100%;height:auto";
