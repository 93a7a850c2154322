import { render } from "hono/jsx/dom";
import { speakAsPage } from "../../language/page";
import { WriteApp } from "../editor/write/app";
import type { WriteData, Written } from "../editor/write/data";

speakAsPage();

/** What stands in the plain fields by now: whoever is quick has begun to write before the script came. */
function writtenIn(fields: HTMLElement, mail: Written): Written {
  const form = fields.closest("form");
  if (!form) return mail;
  const standing = new FormData(form);
  const text = (name: keyof Written): string => String(standing.get(name) ?? mail[name]);
  const kind = text("kind") === "marketing" ? "marketing" : "transactional";
  return { subject: text("subject"), body: text("body"), kind, topic: text("topic") };
}

/** Mounts the fields of a mail to one learner on `#write`, with the JSON of `#write-data`. */
const root = document.getElementById("write");
const data = document.getElementById("write-data")?.textContent;
if (root && data) {
  // The page's own server wrote it, from the same types.
  const parsed = JSON.parse(data) as WriteData;
  const mail = writtenIn(root, parsed.mail);
  const isInSubject = document.activeElement?.getAttribute("name") === "subject";
  root.replaceChildren();
  // Enter in a line sends nothing: a mail leaves by its button.
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
  });
  render(<WriteApp data={{ ...parsed, mail }} />, root);
  if (isInSubject) document.getElementById("write-subject")?.focus();
}
