// npm run sbom: all that a release is made of, as CycloneDX 1.5, into dist/sbom.cdx.json: npm's own, without the tools of
// development, and with what is bundled into client/.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundledInClient, lockFile, passedOn } from "./licences.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * npm's document with what is passed on alone.
 * @param {{metadata: Record<string, any>, components: Record<string, any>[], dependencies: {ref: string, dependsOn: string[]}[]}} document
 * @param {readonly string[]} passed what is passed on, `name@version`
 * @param {{name: string, version: string}} release
 */
export function released(document, passed, { name, version }) {
  const own = document.metadata.component;
  const components = document.components.filter((one) => passed.includes(one["bom-ref"]));
  const refs = new Set([own["bom-ref"], ...components.map((one) => one["bom-ref"])]);
  return {
    ...document,
    // npm calls the package by the folder that it lies in.
    metadata: { ...document.metadata, component: { ...own, type: "application", name, version } },
    components,
    dependencies: document.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const said = execFileSync("npm", ["sbom", "--sbom-format=cyclonedx"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  const passed = passedOn(lockFile(), bundledInClient()).map(
    ([place, version]) => `${place.split("node_modules/").at(-1)}@${version}`,
  );
  const document = released(JSON.parse(said), passed, JSON.parse(readFileSync(`${root}package.json`, "utf8")));
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(`${root}dist/sbom.cdx.json`, `${JSON.stringify(document, null, 1)}\n`);
  console.log(`sbom: ${document.components.length} components in dist/sbom.cdx.json`);
}
