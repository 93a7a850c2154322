import type { Mark, Node } from "prosemirror-model";
import { liquidParts } from "../../../definition/paragraphs";
import { BUTTON_STYLE, IMAGE_STYLE, schema } from "./schema";

/*
 * What the simple editor holds, as the HTML of a mail. Liquid goes out as it came in.
 */

const { nodes, marks } = schema;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Words as HTML, Liquid among them left as it is. */
const each = (text: string, words: (part: string) => string): string =>
  liquidParts(text)
    .map((part, i) => (i % 2 === 0 ? words(part) : part))
    .join("");

const textHtml = (text: string): string =>
  each(text, (part) => escaped(part).replaceAll("\u00a0", "&nbsp;").replaceAll("  ", "&nbsp; "));

const attribute = (name: string, value: string): string =>
  ` ${name}="${each(value, (part) => escaped(part).replaceAll('"', "&quot;").replaceAll("\u00a0", "&nbsp;"))}"`;

function leafHtml(node: Node): string {
  const { src, alt, fits, code } = node.attrs;
  if (node.type === nodes.hard_break) return "<br>";
  if (node.type === nodes.liquid) return String(code);
  if (node.type === nodes.image)
    return `<img${attribute("src", src)}${alt === null ? "" : attribute("alt", alt)}${fits ? attribute("style", IMAGE_STYLE) : ""}>`;
  return textHtml(node.text ?? "");
}

function openTag({ type, attrs }: Mark): string {
  if (type !== marks.link) return `<${type.name}>`;
  return `<a${attribute("href", attrs.href)}${attrs.button ? attribute("style", BUTTON_STYLE) : ""}>`;
}

const closeTag = ({ type }: Mark): string => (type === marks.link ? "</a>" : `</${type.name}>`);

/** A line: marks are opened and closed as seldom as can be. */
function lineHtml(block: Node): string {
  let html = "";
  let open: readonly Mark[] = [];
  const turnTo = (wanted: readonly Mark[]): void => {
    const first = open.findIndex((mark, i) => !wanted[i] || !mark.eq(wanted[i]));
    const kept = first < 0 ? open.length : first;
    html += open.slice(kept).toReversed().map(closeTag).join("") + wanted.slice(kept).map(openTag).join("");
    open = wanted;
  };
  block.forEach((node) => {
    turnTo(node.marks);
    html += leafHtml(node);
  });
  turnTo([]);
  return html;
}

const itemHtml = (item: Node): string =>
  `<li>${item.children
    .map((child) => (child.type === nodes.paragraph ? lineHtml(child) : blockHtml(child)))
    .join("")}</li>`;

function blockHtml(node: Node): string {
  if (node.type === nodes.logic) return String(node.attrs.code);
  if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) {
    const tag = node.type === nodes.bullet_list ? "ul" : "ol";
    return `<${tag}>\n${node.children.map(itemHtml).join("\n")}\n</${tag}>`;
  }
  const tag = node.type === nodes.heading ? `h${node.attrs.level}` : "p";
  // Without a break an empty line would have no height.
  return `<${tag}>${lineHtml(node) || "<br>"}</${tag}>`;
}

const isEmpty = (document: Node): boolean =>
  document.childCount === 1 && document.firstChild?.type === nodes.paragraph && document.firstChild.childCount === 0;

/** The document as the body of a mail. */
export const writeBody = (document: Node): string =>
  isEmpty(document) ? "" : document.children.map(blockHtml).join("\n");
