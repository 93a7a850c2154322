import { baseKeymap, chainCommands, exitCode } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { liftListItem, splitListItem } from "prosemirror-schema-list";
import { type Command, EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { type Commands, commandsOf, type MailState, stateOf, toggleMark } from "./commands";
import { pasting } from "./paste";
import { readBody } from "./read";
import { LIQUID, schema } from "./schema";
import { writeBody } from "./write";

/*
 * The simple editor of a mail, on ProseMirror. It draws text and chips alone: what surrounds it is the page's.
 */

export interface MailOptions {
  /** Where it is put. */
  host: HTMLElement;
  id: string;
  labelledBy: string;
  describedBy: string;
  editable: boolean;
  /** What a piece of Liquid is called, and whether what it names is there. */
  chip(code: string): { label: string; isKnown: boolean };
  /** Pasted HTML as a document of which nothing runs. */
  toDocument(html: string): Document;
  /** What the body has become. */
  onChange(body: string): void;
  onState(state: MailState): void;
  /** The keys for a link were pressed. */
  onLink(): void;
}

/** The editor that stands on a page. */
export interface MailEditor extends Commands {
  /** Shows another body; false where it cannot hold it. */
  show(body: string): boolean;
  focus(): void;
  destroy(): void;
}

const { nodes, marks } = schema;

/** Typed Liquid becomes a chip once it is whole. */
const chipping = new Plugin({
  appendTransaction: (transactions, _, state) => {
    if (!transactions.some(({ docChanged }) => docChanged)) return null;
    const found: { from: number; to: number; code: string }[] = [];
    state.doc.descendants((node, at) => {
      for (const match of node.isText ? (node.text ?? "").matchAll(LIQUID) : [])
        found.push({ from: at + match.index, to: at + match.index + match[0].length, code: match[0] });
    });
    const { tr } = state;
    for (const { from, to, code } of found.toReversed())
      tr.replaceWith(from, to, nodes.liquid.create({ code }, null, state.doc.resolve(to).marks()));
    return found.length > 0 ? tr : null;
  },
});

const hardBreak: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

const isUndo = (event: KeyboardEvent): boolean => (event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key);

/** The editor's own steps are undone first, then the page's; only one of both at a key. */
const undoing = new Plugin({
  props: {
    handleKeyDown: (view, event) => {
      if (!isUndo(event)) return false;
      const command = event.shiftKey || event.key.toLowerCase() === "y" ? redo : undo;
      const isDone = command(view.state, view.dispatch);
      if (isDone) {
        event.stopPropagation();
        event.preventDefault();
      }
      return isDone;
    },
  },
});

const keysWith = (onLink: () => void) =>
  keymap({
    "Mod-b": toggleMark(marks.strong),
    "Mod-i": toggleMark(marks.em),
    "Mod-k": () => {
      onLink();
      return true;
    },
    "Shift-Enter": chainCommands(exitCode, hardBreak),
    Enter: splitListItem(nodes.list_item),
    Backspace: (state, dispatch) =>
      state.selection.empty &&
      state.selection.$from.parentOffset === 0 &&
      liftListItem(nodes.list_item)(state, dispatch),
  });

/** Puts the editor into a page; null where the body holds more than it can. */
export function mountMail(body: string, options: MailOptions): MailEditor | null {
  const begun = readBody(body);
  if (!begun) return null;
  const { host, chip, onChange, onState, onLink, toDocument } = options;
  const plugins = [undoing, keysWith(onLink), keymap(baseKeymap), history(), chipping, pasting(toDocument)];
  // What was opened and not changed goes back as it came, byte for byte.
  let source = { body, document: begun };
  const view = new EditorView(host, {
    state: EditorState.create({ doc: begun, plugins }),
    editable: () => options.editable,
    attributes: {
      id: options.id,
      class: "mail-text",
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": options.labelledBy,
      "aria-describedby": options.describedBy,
    },
    nodeViews: {
      liquid: ({ attrs }) => ({ dom: chipElement("span", String(attrs.code), chip) }),
      logic: ({ attrs }) => ({ dom: chipElement("div", String(attrs.code), chip) }),
    },
    dispatchTransaction: (transaction) => {
      const state = view.state.apply(transaction);
      view.updateState(state);
      if (transaction.docChanged) onChange(state.doc.eq(source.document) ? source.body : writeBody(state.doc));
      onState(stateOf(state));
    },
  });
  onState(stateOf(view.state));
  return {
    ...commandsOf(view),
    show: (next) => {
      const document = readBody(next);
      if (!document) return false;
      source = { body: next, document };
      view.updateState(EditorState.create({ doc: document, plugins }));
      onState(stateOf(view.state));
      return true;
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function chipElement(tag: "span" | "div", code: string, chip: MailOptions["chip"]): HTMLElement {
  const element = document.createElement(tag);
  const { label, isKnown } = chip(code);
  element.className = `mail-chip${isKnown ? "" : " is-unknown"}${tag === "div" ? " is-logic" : ""}`;
  element.textContent = isKnown ? label : `⚠ ${label}`;
  element.title = code;
  element.contentEditable = "false";
  return element;
}
