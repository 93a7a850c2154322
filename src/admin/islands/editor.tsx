import { render } from "hono/jsx/dom";
import { speakAsPage } from "../../language/page";
import type { EditorData } from "../editor/draft/data";
import { EditorApp } from "../editor/stage/app";

speakAsPage();

/** Mounts the editor on `#editor` with the JSON of `#editor-data`. */
const root = document.getElementById("editor");
const data = document.getElementById("editor-data")?.textContent;
if (root && data) {
  // The page's own server wrote it, from the same types.
  const parsed = JSON.parse(data) as EditorData;
  root.replaceChildren();
  render(<EditorApp data={parsed} />, root);
}
