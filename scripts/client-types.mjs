// The types of client/, made of the catalogue and the OpenAPI document: `npm run client:types` after either has changed.
// A test holds the file to them.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
export const typesFile = `${root}client/src/types/catalogue.ts`;

const ENTRY = `
import { catalogueDocument } from "./src/catalogue/document";
import { openApiDocument } from "./src/http/openapi";
import { routes } from "./src/http/routes";
import { emitTypes } from "./client/src/types/emit";
const json = (value) => JSON.parse(JSON.stringify(value));
export const types = emitTypes(json(catalogueDocument()), json(openApiDocument(routes, "")));
`;

/** The file as it is to be today. */
export async function clientTypes() {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    // Nothing of the platform is called: only what routes say of themselves is read.
    plugins: [
      {
        name: "no platform",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: "platform" }));
          onLoad({ filter: /./, namespace: "platform" }, () => ({ contents: "module.exports = {};" }));
        },
      },
    ],
    logLevel: "error",
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports.types;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(typesFile, await clientTypes());
