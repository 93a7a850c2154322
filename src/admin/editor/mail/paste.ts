import { DOMParser, Fragment, Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { schema } from "./schema";

/*
 * What is pasted or dropped from elsewhere: the schema keeps what a mail may hold, and nothing else.
 */

const { nodes } = schema;

/** Lines of plain text: a blank one parts paragraphs. */
function sliceOfText(text: string): Slice {
  const paragraphs = text.split(/(?:\r\n?|\n)[ \t]*(?:(?:\r\n?|\n)[ \t]*)+/).map((part) =>
    nodes.paragraph.create(
      null,
      part
        .split(/\r\n?|\n/)
        .flatMap((line, i) => [
          ...(i > 0 ? [nodes.hard_break.create()] : []),
          ...(line === "" ? [] : [schema.text(line)]),
        ]),
    ),
  );
  return new Slice(Fragment.from(paragraphs), 1, 1);
}

function put(view: EditorView, data: DataTransfer, toDocument: (html: string) => Document): boolean {
  const [html, text] = [data.getData("text/html"), data.getData("text/plain")];
  if (html === "" && text === "") return false;
  const slice = html === "" ? sliceOfText(text) : DOMParser.fromSchema(schema).parseSlice(toDocument(html).body);
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta("paste", true));
  return true;
}

/** Takes the place of ProseMirror's own, which would need a policy of its own to read HTML. */
export const pasting = (toDocument: (html: string) => Document): Plugin =>
  new Plugin({
    props: {
      handleDOMEvents: {
        paste: (view, event) => {
          if (!view.editable || !event.clipboardData) return false;
          event.preventDefault();
          put(view, event.clipboardData, toDocument);
          return true;
        },
        drop: (view, event) => {
          // What is dragged within the editor moves as it is.
          if (!view.editable || view.dragging || !event.dataTransfer) return false;
          event.preventDefault();
          put(view, event.dataTransfer, toDocument);
          return true;
        },
      },
    },
  });
