// The fakes of test/fakes/, which are TypeScript as bundlers read it, brought into this process.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  stdin: {
    contents: ["learnworlds", "moodle", "serve"].map((name) => `export * from "./${name}";`).join("\n"),
    resolveDir: fileURLToPath(new URL("../fakes", import.meta.url)),
  },
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
  logLevel: "error",
});

export const { FakeLearnworlds, FakeMoodle, serve, CLIENT, TOKEN } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`
);
