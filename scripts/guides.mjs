// What users read beside the reference: the Markdown of docs/, rendered once, when the Worker is built.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Marked } from "marked";

const docs = fileURLToPath(new URL("../docs/", import.meta.url));

/** Of what lies in docs/ itself, what is written for users; the rest is for who works on Schoolbell. */
const BESIDE = [
  "versioning.md",
  "privacy.md",
  "../SECURITY.md",
  "ways-in.md",
  "lms-moodle.md",
  "lms-learnworlds.md",
  "problems.md",
];
/** Where one begins; the others follow by their names. */
const FIRST = ["first-automation", "facts", "webhooks", "test-clock", "going-live"];

const nameOf = (file) => basename(file, ".md").toLowerCase();

const slugOf = (text) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");

/**
 * All guides in the order they are listed, each [name, {title, html}]. Throws for a link to a page that is not served.
 */
export function renderGuides() {
  const files = [
    ...readdirSync(join(docs, "guides"))
      .filter((file) => file.endsWith(".md"))
      .map((file) => join("guides", file)),
    ...BESIDE,
  ];
  const names = files.map(nameOf);
  const marked = new Marked({
    renderer: {
      // The page around it has the only heading of the first level, and a code that scrolls must be reached by keys.
      heading({ tokens, depth, text }) {
        return depth === 1 ? "" : `<h${depth} id="${slugOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      code({ text }) {
        return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
      },
    },
    walkTokens(token) {
      if (token.type === "link") token.href = hrefOf(token.href, names);
    },
  });
  const rank = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return files
    .map((file) => {
      const text = readFileSync(join(docs, file), "utf8");
      const title = /^# (.+)$/m.exec(text)?.[1];
      if (!title) throw new Error(`docs/${file} has no title`);
      return [nameOf(file), { title, html: marked.parse(text) }];
    })
    .toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

function hrefOf(href, names) {
  if (/^(https?:|#|\/)/.test(href)) return href;
  const [path, hash] = href.split("#");
  const name = nameOf(path);
  if (!path.endsWith(".md") || !names.includes(name)) throw new Error(`A guide links to ${href}, which is not served`);
  return `/docs/guides/${name}${hash === undefined ? "" : `#${hash}`}`;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
