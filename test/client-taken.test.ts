import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { listTemplates } from "../src/automations/templates";

/*
 * What the client's types take. What they refuse is in `client/test/refused.ts`.
 */

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, "dist/client-taken");
const TSC = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");

interface Schema {
  type?: string;
  default?: unknown;
  enum?: unknown[];
  items?: Schema;
  minimum?: number;
  minItems?: number;
  format?: string;
  properties?: Record<string, Schema>;
}

/** A value for a template's param. */
function sample({
  type,
  default: given,
  enum: some,
  items,
  minimum,
  minItems = 1,
  format,
  properties,
}: Schema): unknown {
  if (given !== undefined) return given;
  if (some) return some[0];
  if (type === "array") return Array.from({ length: minItems }, () => sample(items ?? {}));
  if (type === "integer" || type === "number") return minimum ?? 1;
  if (type === "boolean") return true;
  if (type === "object") return filled(properties ?? {});
  return SAMPLES[format ?? ""] ?? "sample";
}
const SAMPLES: Record<string, string> = { date: "2026-03-01", duration: "P2D", domain: "acme.com" };
const filled = (properties: Record<string, Schema>) =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, sample(schema)]));

/** Automations of the contract's text: the blocks of JSON with a `when`. */
const examples = (): unknown[] =>
  [...readFileSync(join(ROOT, "docs/contract.md"), "utf8").matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, text = ""]) => text)
    .filter((text) => text.includes('"when"'))
    .map((text) => JSON.parse(text));

test("every template, and the contract's own example, is an automation to them", async () => {
  const templates = listTemplates().map((template) => {
    // What zod writes is JSON Schema.
    const { properties = {} } = z.toJSONSchema(template.params, { io: "input", unrepresentable: "any" }) as Schema;
    return { name: template.name, ...template.build(filled(properties)) };
  });
  const all = [...templates, ...examples()];
  expect(all.length).toBeGreaterThan(20);
  mkdirSync(FOLDER, { recursive: true });
  const text = all.map((one) => `  ${JSON.stringify(one)},`).join("\n");
  writeFileSync(
    join(FOLDER, "taken.ts"),
    `import type { Automation } from "../../client/src/server/index.ts";\nexport const taken: Automation[] = [\n${text}\n];\n`,
  );
  writeFileSync(
    join(FOLDER, "tsconfig.json"),
    JSON.stringify({ extends: "../../client/tsconfig.json", include: ["taken.ts"] }),
  );
  const said = await promisify(execFile)(process.execPath, [TSC, "-p", FOLDER]).then(
    () => "",
    ({ stdout }) => stdout,
  );
  expect(said).toBe("");
});
