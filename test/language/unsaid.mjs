// Texts for people that do not go through `src/language/say.ts`, so that no reader of another language meets English.
// `node test/language/unsaid.mjs FOLDER…` lists them; unsaid.test.ts holds that there are none.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";

/** What says a text, or hands it to what does. */
const SAYING = new Set(["say", "many", "weave", "woven", "later", "inWords", "heard"]);
/** What is never shown as it stands: logs, and faults of ours; what the API refuses is said by `heard`. */
const UNSHOWN = new Set([
  "log",
  "Error",
  "TypeError",
  "Problem",
  "notFound",
  "TooMuch",
  "RegExp",
  "URL",
  "getElementById",
  "querySelector",
  "querySelectorAll",
  "closest",
  "matches",
]);
const TECHNICAL = new Set(
  "class id name type href method action for role key autocomplete inputmode rel target lang datetime scope viewBox d points transform style pattern accept enctype rows cols xmlns section tone kind icon content charset media".split(
    " ",
  ),
);

const isWord = (text) => /\p{L}{2,}/u.test(text);
const isSentence = (text) => /\p{L}{2,}[,.:;]? \p{L}/u.test(text) || /^\p{Lu}\p{Ll}{2,}/u.test(text);
/** As the browser names them. */
const KEYS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Enter", "Escape", "Backspace", "Delete"]);

/** Paths, selectors, classes, types of content, policies. */
const TECHNICAL_TEXT =
  /^(?:GET|POST|PUT|PATCH|DELETE) \/|^[./#?&:<]|^https?:|^is-| is-|^(?:text|application|attachment)[/;]|-src '/;
const isTechnical = (text) => TECHNICAL_TEXT.test(text) || KEYS.has(text);

const nameOf = (callee) => callee?.value ?? callee?.property?.value ?? "";

/** `[line, text]` of each. */
export function unsaidIn(file) {
  const source = readFileSync(file, "utf8");
  const bytes = Buffer.from(source);
  const tree = parseSync(source, { syntax: "typescript", tsx: file.endsWith("x"), target: "es2024" });
  // Spans count bytes, and go on from file to file.
  const start = tree.span.start - leadingOf(source);
  const lineOf = (span) =>
    bytes
      .subarray(0, span.start - start)
      .toString()
      .split("\n").length;
  const found = [];
  const tell = (span, text) => found.push([lineOf(span), text.replace(/\s+/g, " ").trim()]);
  const walk = (node) => {
    if (Array.isArray(node)) {
      for (const one of node) walk(one);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "TsTypeAliasDeclaration":
      case "TsInterfaceDeclaration":
      case "TsTypeAnnotation":
      case "TsTypeParameterInstantiation":
        return;
      case "CallExpression":
      case "NewExpression":
        if (UNSHOWN.has(nameOf(node.callee))) return;
        if (SAYING.has(nameOf(node.callee))) {
          for (const { expression } of node.arguments)
            if (!/StringLiteral|TemplateLiteral|ConditionalExpression/.test(expression.type)) walk(expression);
          return;
        }
        break;
      case "JSXElement":
        if (/^(?:code|kbd|pre|style)$/.test(nameOf(node.opening.name))) {
          walk(node.opening.attributes);
          for (const child of node.children) if (child.type !== "JSXText") walk(child);
          return;
        }
        break;
      case "JSXAttribute":
        if (TECHNICAL.has(node.name.value)) return;
        break;
      case "JSXText":
        if (isWord(node.value.replace(/&\w+;/g, ""))) tell(node.span, node.value);
        return;
      case "KeyValueProperty":
        walk(node.value);
        if (node.key.type === "Computed") walk(node.key);
        return;
      case "StringLiteral":
        if (isSentence(node.value) && !isTechnical(node.value)) tell(node.span, node.value);
        return;
      case "TemplateLiteral": {
        const text = node.quasis.map(({ cooked }) => cooked ?? "").join("{}");
        if (/\p{L}{3,}[,.:;]? | \p{L}{2,}/u.test(text) && !isTechnical(text)) tell(node.span, text);
        walk(node.expressions);
        return;
      }
      default:
    }
    for (const [key, value] of Object.entries(node)) if (key !== "span") walk(value);
  };
  walk(tree.body);
  return found;
}

/** How many bytes of blanks and comments stand before the first statement, which the tree's span leaves out. */
function leadingOf(source) {
  const before = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(source)?.[0] ?? "";
  return Buffer.byteLength(before);
}

export const pagesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$|^test-|\.d\.ts$/.test(entry.name),
    )
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .toSorted();

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of process.argv.slice(2))
    for (const file of pagesIn(folder))
      for (const [line, text] of unsaidIn(file)) console.log(`${file}:${line}: ${text}`);
}
