import { render } from "hono/jsx/dom";
import { speakAsPage } from "../../language/page";
import { WriteApp } from "../editor/write/app";
import type { WriteData } from "../editor/write/data";

speakAsPage();

/** Mounts the fields of a mail to one learner on `#write`, with the JSON of `#write-data`. */
const root = document.getElementById("write");
const data = document.getElementById("write-data")?.textContent;
if (root && data) {
  // The page's own server wrote it, from the same types.
  const parsed = JSON.parse(data) as WriteData;
  root.replaceChildren();
  // Enter in a line sends nothing: a mail leaves by its button.
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
  });
  render(<WriteApp data={parsed} />, root);
}
