import { describe, expect, test } from "vitest";
import { isAllowed, lockFile, passedOn } from "../../scripts/releases/licences.mjs";
import { released } from "../../scripts/releases/sbom.mjs";

describe("a licence", () => {
  test.each(["MIT", "MIT OR GPL-3.0-only", "(GPL-3.0-only OR MIT) AND ISC", "Apache-2.0 AND (MIT OR LGPL-3.0-only)"])(
    "may be %s",
    (expression) => expect(isAllowed(expression)).toBe(true),
  );
  test.each([
    "GPL-3.0-only",
    "MIT AND LGPL-3.0-only",
    "SEE LICENSE IN file",
    "UNLICENSED",
    "",
    "(MIT",
    "MIT)",
    "MIT OR",
  ])("may not be “%s”", (expression) => expect(isAllowed(expression)).toBe(false));
});

const lock = {
  packages: {
    "": { version: "1.0.0" },
    client: { version: "1.0.0", license: "MIT" },
    "node_modules/@schoolbell/client": { version: "1.0.0", link: true },
    "node_modules/a": { version: "1.0.0", license: "MIT", dependencies: { b: "1" } },
    "node_modules/a/node_modules/b": { version: "1.0.0", license: "GPL-3.0-only" },
    "node_modules/b": { version: "2.0.0", license: "MIT", dev: true },
    "node_modules/tool": { version: "1.0.0", license: "LGPL-3.0-only", dev: true },
    "node_modules/c": { version: "1.0.0", dev: true, dependencies: { b: "2" } },
  },
};

test("what is passed on is what the Worker needs, however deep, and what the client has bundled", () => {
  expect(passedOn(lock, ["c"])).toEqual([
    ["node_modules/a", "1.0.0", "MIT"],
    ["node_modules/a/node_modules/b", "1.0.0", "GPL-3.0-only"],
    ["node_modules/b", "2.0.0", "MIT"],
    ["node_modules/c", "1.0.0", undefined],
  ]);
  expect(passedOn(lock, []).map(([place]) => place)).toEqual(["node_modules/a", "node_modules/a/node_modules/b"]);
});

test("every package that we depend on says its licence", () => {
  const all = passedOn(lockFile(), ["commander", "yaml"]);
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter(([, , licence]) => licence === undefined)).toEqual([]);
});

test("the bill of materials names what is passed on alone, and the release by its name", () => {
  const component = (ref: string) => ({ "bom-ref": ref });
  const document = released(
    {
      metadata: { component: { ...component("schoolbell@1.0.0"), name: "folder" } },
      components: [component("a@1.0.0"), component("tool@1.0.0")],
      dependencies: [
        { ref: "schoolbell@1.0.0", dependsOn: ["a@1.0.0", "tool@1.0.0"] },
        { ref: "tool@1.0.0", dependsOn: [] },
      ],
    },
    ["a@1.0.0"],
    { name: "schoolbell", version: "1.0.0" },
  );
  expect(document.components).toEqual([component("a@1.0.0")]);
  expect(document.dependencies).toEqual([{ ref: "schoolbell@1.0.0", dependsOn: ["a@1.0.0"] }]);
  expect(document.metadata.component.name).toBe("schoolbell");
});
