import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clientTypes, typesFile } from "../scripts/client-types.mjs";

test("the client's types are those of today's catalogue and routes: npm run client:types", async () => {
  expect(readFileSync(typesFile, "utf8")).toBe(await clientTypes());
});
