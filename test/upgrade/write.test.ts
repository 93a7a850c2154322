import { expect, test } from "vitest";
import { fill } from "./fill";
import { textOf } from "./release";

/*
 * Writes what a release stores, for all later ones to be opened with:
 * at that commit, VITE_RELEASE=<commit> npx vitest run test/upgrade/write.test.ts --update && npx biome check --write test/upgrade
 */
const RELEASE: unknown = import.meta.env.VITE_RELEASE;

test.runIf(typeof RELEASE === "string")("what this release stores is written down", async () => {
  const release = await fill(String(RELEASE));
  await expect(textOf(release)).toMatchFileSnapshot(`./releases/${RELEASE}.json`);
});
