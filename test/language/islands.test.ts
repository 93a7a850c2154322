import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { germanInBrowsers } from "../../src/language/german/browsers";
import { saidIn } from "./said.mjs";

const ROOT = join(import.meta.dirname, "../..");
const ISLANDS = "src/admin/islands";

/** Every file of ours that some island brings into a browser. */
async function filesInBrowsers(): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: readdirSync(join(ROOT, ISLANDS))
      .filter((file) => file.endsWith(".tsx"))
      .map((file) => `${ISLANDS}/${file}`),
    outdir: "unwritten",
    write: false,
    bundle: true,
    metafile: true,
    format: "esm",
    tsconfigRaw: { compilerOptions: { jsx: "react-jsx", jsxImportSource: "hono/jsx/dom" } },
  });
  return Object.keys(metafile.inputs).filter((file) => file.startsWith("src/") && !file.startsWith("src/language/"));
}

test("what islands say is known to browsers in German", async () => {
  const files = await filesInBrowsers();
  expect(files).toContain("src/admin/editor/stage/app.tsx");
  const unknown = files.flatMap((file) =>
    saidIn(join(ROOT, file))
      .filter((text) => !Object.hasOwn(germanInBrowsers, text))
      .map((text) => `${file}: ${text}`),
  );
  expect(unknown).toEqual([]);
});
