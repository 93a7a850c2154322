// The types of client/, made of the catalogue and the OpenAPI document: `npm run client:types` after either has changed.
// A test holds the file to them.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadModule } from "./openapi/load.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
export const typesFile = `${root}client/src/types/catalogue.ts`;

const ENTRY = `
import { catalogueDocument } from "./src/catalogue/document";
import { openApiDocument } from "./src/http/openapi/openapi";
import { routes } from "./src/http/routes";
import { emitTypes } from "./client/src/types/emit";
const json = (value) => JSON.parse(JSON.stringify(value));
export const types = emitTypes(json(catalogueDocument()), json(openApiDocument(routes, "")));
`;

/** The file as it is to be today. */
export const clientTypes = async () => (await loadModule(ENTRY)).types;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(typesFile, await clientTypes());
