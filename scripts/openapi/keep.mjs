// npm run openapi: keeps the OpenAPI document as it is landed, in test/openapi/landed.json. It refuses one that breaks what
// is promised (docs/versioning.md); `-- --breaking` keeps it nevertheless, for what CHANGELOG.md then has to tell.
// `-- --check`, in CI, changes nothing: it fails unless the document kept is today's.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { breakingChanges } from "./breaking.mjs";
import { loadModule } from "./load.mjs";

export const landedFile = fileURLToPath(new URL("../../test/openapi/landed.json", import.meta.url));

const ENTRY = `
import { catalogueDocument } from "./src/catalogue/document";
import { openApiDocument } from "./src/http/openapi/openapi";
import { routes } from "./src/http/routes";
export const document = JSON.parse(JSON.stringify(openApiDocument(routes, "", catalogueDocument())));
`;

/** Under these stand names of the document's own, not keywords. */
const NAMES = new Set(["properties", "schemas", "paths", "webhooks", "content", "responses", "mapping"]);
/** Texts for people, and what is for forms. */
const isTold = (key) =>
  ["description", "summary", "title", "examples", "example", "tags", "discriminator"].includes(key) ||
  (key.startsWith("x-") && !["x-scopes", "x-sunset", "x-only-with"].includes(key));

/** What of a document its callers rely on: without texts. */
export function promised(part, isNames = false) {
  if (Array.isArray(part)) return part.map((one) => promised(one));
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([key]) => isNames || !isTold(key))
      .map(([key, value]) => [key, VALUES.has(key) && !isNames ? value : promised(value, !isNames && NAMES.has(key))]),
  );
}
/** Under these stand values. */
const VALUES = new Set(["default", "const", "enum"]);

/** Today's, as it is kept: a document of `paths`, `webhooks` and `components`. */
export async function todays() {
  const { paths, webhooks, components } = promised((await loadModule(ENTRY)).document);
  // Which refusals there are, the table of problems says.
  for (const operations of Object.values(paths))
    for (const operation of Object.values(operations))
      operation.responses = Object.fromEntries(
        Object.entries(operation.responses).filter(([status]) => status.startsWith("2")),
      );
  return { paths, webhooks, components: { schemas: components.schemas } };
}

export const landed = () => JSON.parse(readFileSync(landedFile, "utf8"));

/** A line each path and schema, so that changes are read and merged by the line. */
export function textOf({ paths, webhooks, components: { schemas } }) {
  const lines = (record) =>
    Object.entries(record)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(",\n");
  return `{"paths":{\n${lines(paths)}\n},"webhooks":{\n${lines(webhooks)}\n},"components":{"schemas":{\n${lines(schemas)}\n}}}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const today = await todays();
  const isFirst = process.argv.includes("--first");
  const breaking = isFirst ? [] : breakingChanges(landed(), today, new Date().toISOString().slice(0, 10));
  for (const { at, what } of breaking) console.error(`breaks: ${at}: ${what}`);
  if (process.argv.includes("--check")) {
    const isKept = readFileSync(landedFile, "utf8") === textOf(today);
    if (!isKept) console.error("test/openapi/landed.json is not today's: npm run openapi");
    process.exitCode = isKept ? 0 : 1;
  } else if (breaking.length && !process.argv.includes("--breaking")) {
    console.error("Nothing is kept. docs/versioning.md says how what goes is warned of.");
    process.exitCode = 1;
  } else writeFileSync(landedFile, textOf(today));
}
