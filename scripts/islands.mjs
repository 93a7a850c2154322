// What the admin UI sends to browsers: every `src/admin/islands/*.tsx` becomes one minified ES module and
// `src/admin/styles/styles.css` one minified stylesheet, all kept as text in `src/admin/generated/assets.js` (its types
// stand beside it, so that types are checked without it), so that the Worker serves them the same way deployed, in tests
// and at home. scripts/pieces.mjs calls it before it bundles the Worker, and vitest.config.ts before tests. Beside them,
// in `src/http/generated/`, what schools' own pages load, the page client of `client/`, and the guides of docs/.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPage } from "../client/build.mjs";
import { renderGuides } from "./guides.mjs";

const islands = fileURLToPath(new URL("../src/admin/islands/", import.meta.url));
const stylesheet = fileURLToPath(new URL("../src/admin/styles/styles.css", import.meta.url));
const generated = fileURLToPath(new URL("../src/admin/generated/", import.meta.url));
const generatedForPages = fileURLToPath(new URL("../src/http/generated/", import.meta.url));

const hashOf = (text) => createHash("sha256").update(text).digest("base64url").slice(0, 16);

/** Bundles all islands and the stylesheet, and writes the generated module if anything in it changed. */
export async function buildIslands() {
  const names = existsSync(islands) ? readdirSync(islands).filter((file) => /^[\w-]+\.tsx$/.test(file)) : [];
  const entryPoints = [
    ...names.toSorted().map((name) => islands + name),
    ...(existsSync(stylesheet) ? [stylesheet] : []),
  ];
  const { outputFiles } = await build({
    entryPoints,
    outdir: generated,
    entryNames: "[name]",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    // Also for components that pages share: the nearest tsconfig.json would make them render on the server.
    tsconfigRaw: { compilerOptions: { jsx: "react-jsx", jsxImportSource: "hono/jsx/dom" } },
    logLevel: "warning",
  });
  const assetsOf = (ending) =>
    outputFiles
      .filter(({ path }) => path.endsWith(ending))
      .map(({ path, text }) => {
        return [basename(path, ending), JSON.stringify({ hash: hashOf(text), source: text })];
      });
  const [style] = assetsOf(".css");
  const text = `// Made by scripts/islands.mjs; never edited.

export const islands = new Map([
${assetsOf(".js")
  .map(([name, asset]) => `  [${JSON.stringify(name)}, ${asset}],\n`)
  .join("")}]);

export const stylesheet = ${style?.[1] ?? '{ hash: "", source: "" }'};
`;
  keep(generated, "assets.js", text);
  const source = await buildPage();
  const asset = JSON.stringify({ hash: hashOf(source), source });
  keep(
    generatedForPages,
    "page-client.js",
    `// Made by scripts/islands.mjs; never edited.

export const pageClient = ${asset};
`,
  );
  keep(
    generatedForPages,
    "guides.js",
    `// Made by scripts/islands.mjs; never edited.

export const guides = new Map(${JSON.stringify(renderGuides(), null, 1)});
`,
  );
}

/** Writes a generated module where it is not that already. */
function keep(folder, name, text) {
  const file = folder + name;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildIslands();
