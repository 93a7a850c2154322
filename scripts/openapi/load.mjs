// What the source says of itself, read without a platform: a module of ours is bundled for Node and run here.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a module exports whose text is `entry`; its paths begin at the root. */
export async function loadModule(entry) {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" },
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
  return module.exports;
}
