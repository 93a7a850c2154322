import { setBlockType, toggleMark as toggled } from "prosemirror-commands";
import type { Mark, MarkType } from "prosemirror-model";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import { type Command, type EditorState, NodeSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { schema } from "./schema";

/*
 * What the toolbar does, and what it shows.
 */

export interface MailState {
  strong: boolean;
  em: boolean;
  /** The link that the caret stands in. */
  link: { href: string; button: boolean } | null;
  /** 0: a paragraph. */
  heading: number;
  list: "bullet" | "ordered" | null;
  /** The chip that is chosen. */
  chip: string | null;
  /** What of the text is chosen. */
  chosen: string;
}

export interface Commands {
  strong(): void;
  em(): void;
  heading(level: number): void;
  list(kind: "bullet" | "ordered"): void;
  /** Puts a link on what is chosen, or a new one with its text; null takes it away. */
  link(link: { href: string; button: boolean; text: string } | null): void;
  image(src: string, alt: string): void;
  /** Puts Liquid in the place of what is chosen. */
  liquid(code: string): void;
}

const { nodes, marks } = schema;

export const toggleMark = (type: MarkType): Command => toggled(type);

const hasMark = ({ selection, storedMarks, doc }: EditorState, type: MarkType): boolean => {
  const { empty, $from, from, to } = selection;
  return empty ? type.isInSet(storedMarks ?? $from.marks()) !== undefined : doc.rangeHasMark(from, to, type);
};

/** The link at the caret, or that what is chosen begins in. */
const linkAt = ({ selection, doc }: EditorState): Mark | undefined => {
  const { $from } = selection;
  const after = $from.nodeAfter ?? doc.resolve($from.pos).nodeBefore;
  return marks.link.isInSet($from.marks()) ?? (after ? marks.link.isInSet(after.marks) : undefined);
};

/** From where to where the link at the caret goes. */
function rangeOf({ selection: { $from } }: EditorState, link: Mark): { from: number; to: number } {
  let range = { from: $from.pos, to: $from.pos };
  let [at, begin] = [$from.start(), -1];
  for (const node of $from.parent.children) {
    const end = at + node.nodeSize;
    if (!link.isInSet(node.marks)) begin = -1;
    else {
      if (begin < 0) begin = at;
      if (begin <= $from.pos && $from.pos <= end) range = { from: begin, to: end };
    }
    at = end;
  }
  return range;
}

const listOf = ({ selection }: EditorState): MailState["list"] => {
  for (let depth = selection.$from.depth; depth > 0; depth--) {
    const { type } = selection.$from.node(depth);
    if (type === nodes.bullet_list) return "bullet";
    if (type === nodes.ordered_list) return "ordered";
  }
  return null;
};

export function stateOf(state: EditorState): MailState {
  const { selection, doc } = state;
  const { parent } = selection.$from;
  const link = linkAt(state);
  const node = selection instanceof NodeSelection ? selection.node : null;
  return {
    strong: hasMark(state, marks.strong),
    em: hasMark(state, marks.em),
    // Attributes are as the schema has them.
    link: link ? { href: String(link.attrs.href), button: link.attrs.button === true } : null,
    heading: parent.type === nodes.heading ? Number(parent.attrs.level) : 0,
    list: listOf(state),
    chip: node && (node.type === nodes.liquid || node.type === nodes.logic) ? String(node.attrs.code) : null,
    chosen: doc.textBetween(selection.from, selection.to, " "),
  };
}

export function commandsOf(view: EditorView): Commands {
  const run = (command: Command): void => {
    command(view.state, view.dispatch, view);
    view.focus();
  };
  return {
    strong: () => run(toggleMark(marks.strong)),
    em: () => run(toggleMark(marks.em)),
    heading: (level) => run(level === 0 ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level })),
    list: (kind) =>
      run(
        listOf(view.state)
          ? liftListItem(nodes.list_item)
          : wrapInList(kind === "bullet" ? nodes.bullet_list : nodes.ordered_list),
      ),
    link: (wanted) =>
      run((state, dispatch) => {
        const { tr, selection } = state;
        const old = linkAt(state);
        const { from, to } = old && selection.empty ? rangeOf(state, old) : selection;
        tr.removeMark(from, to, marks.link);
        if (wanted) {
          const mark = marks.link.create({ href: wanted.href, button: wanted.button });
          if (from === to) tr.replaceSelectionWith(schema.text(wanted.text || wanted.href, [mark]), false);
          else tr.addMark(from, to, mark);
        }
        dispatch?.(tr.removeStoredMark(marks.link).scrollIntoView());
        return true;
      }),
    image: (src, alt) =>
      run((state, dispatch) => {
        dispatch?.(state.tr.replaceSelectionWith(nodes.image.create({ src, alt })).scrollIntoView());
        return true;
      }),
    liquid: (code) =>
      run((state, dispatch) => {
        const { selection, tr } = state;
        const node = selection instanceof NodeSelection ? selection.node : null;
        const type = node?.type === nodes.logic ? nodes.logic : nodes.liquid;
        dispatch?.(tr.replaceSelectionWith(type.create({ code })).scrollIntoView());
        return true;
      }),
  };
}
