// Builds the package: dist/page.js for browsers, dist/server.js, dist/cli.js, each with all it needs inside, so that
// whoever installs the package installs nothing else; and their types.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The page client as it is served and packed: one small ES module. */
export async function buildPage() {
  const { outputFiles } = await build({
    entryPoints: [join(here, "src/page/index.ts")],
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/** Everything but the types, which take seconds. */
export async function buildPackage() {
  const common = { bundle: true, outdir: join(here, "dist"), format: "esm", logLevel: "warning" };
  await Promise.all([
    build({ ...common, entryPoints: { page: join(here, "src/page/index.ts") }, minify: true, target: "es2022" }),
    build({
      ...common,
      entryPoints: { server: join(here, "src/server/index.ts"), cli: join(here, "src/cli/main.ts") },
      platform: "node",
      target: "node22",
      // Among what is bundled is CommonJS, which calls for Node's own modules.
      banner: {
        js: 'import { createRequire as requires } from "node:module";\nconst require = requires(import.meta.url);',
      },
    }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPackage();
  const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], { stdio: "inherit" });
}
