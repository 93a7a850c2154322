// Vitest in workerd with one text of the source replaced, as its file is loaded: what is on the disk stays as it is.
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createVitest } from "vitest/node";
import { requirePlace } from "./place.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Vitest joins the names of a test and of what it stands in. */
export const patternOf = (name) => new RegExp(escaped(name).replaceAll(" ", "(?: > | )"));
const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Puts a fault into its file as it is loaded. */
export function plant(fault) {
  requirePlace(fault);
  const path = join(ROOT, fault.file);
  return {
    // One name for all: what is cached goes by the names of plug-ins.
    name: "plant",
    enforce: "pre",
    // Else the file is taken from a cache, as it was with the fault before.
    configureVitest: ({ defineCacheKeyGenerator }) =>
      defineCacheKeyGenerator(({ id }) => (id === path ? false : undefined)),
    transform: (code, id) => (id.split("?")[0] === path ? code.replace(fault.find, () => fault.plant) : null),
  };
}

/**
 * Runs those tests of files whose names a pattern knows, or all, with plug-ins, values and other settings given:
 * [{file, name, state, errors, figures, ms}].
 */
export async function vitest({ include, testNamePattern, plugins = [], provide = {}, settings = {} }) {
  const { default: configure } = await import("../../vitest.config.ts");
  const { test } = await configure();
  const workers = test.projects.find((one) => one.test.name === "workers");
  const context = await createVitest("test", {
    config: false,
    root: ROOT,
    watch: false,
    reporters: [{}],
    ...(testNamePattern ? { testNamePattern } : {}),
    onConsoleLog: () => false,
    projects: [
      {
        ...workers,
        root: ROOT,
        plugins: [...workers.plugins, ...plugins],
        test: { ...workers.test, include, provide, ...settings },
      },
    ],
  });
  try {
    const { testModules } = await context.start();
    return testModules.flatMap((module) =>
      [...module.children.allTests()].map((one) => ({
        file: relative(ROOT, module.moduleId),
        name: one.fullName.replaceAll(" > ", " "),
        state: one.result().state,
        errors: (one.result().errors ?? []).map(({ message }) => message).join("; "),
        figures: one.meta().figures ?? {},
        ms: one.diagnostic()?.duration ?? 0,
      })),
    );
  } finally {
    await context.close();
  }
}
