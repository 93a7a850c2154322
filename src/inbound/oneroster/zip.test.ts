import { strToU8, type Zippable, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { Problem } from "../../base/errors/errors";
import { openZip } from "./zip";

const MIB = 1024 * 1024;
const zip = (files: Record<string, string | Uint8Array>, level: 0 | 9 = 9) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, typeof content === "string" ? strToU8(content) : content]),
    ) as Zippable,
    { level },
  );

const whole = (pieces: Iterable<Uint8Array> | undefined) => Buffer.concat([...(pieces ?? [])]);

/** What a zip is refused with, all of its files having been asked for. */
function refusal(bytes: Uint8Array) {
  try {
    for (const content of openZip(bytes).values()) for (const _ of content());
  } catch (error) {
    if (error instanceof Problem) return { status: error.status, faults: error.faults };
    throw error;
  }
  return null;
}
const faultOf = (bytes: Uint8Array) => {
  const found = refusal(bytes);
  return found && [found.status, ...(found.faults ?? []).map(({ message }) => message)];
};

/** Changes a number of a zip of one file: `at` counts from its entry in the directory. */
function lying(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  view.setUint32(view.getUint32(changed.length - 6, true) + at, value, true);
  return changed;
}
const PACKED = 20;
const SIZE = 24;

describe("a zip", () => {
  test.each([0, 9] as const)("gives back what was put into it, level %d", (level) => {
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const text = "sourcedId,email\n".repeat(20_000);
    const files = openZip(zip({ "users.csv": text, "noise.csv": noise, "empty.csv": "" }, level));
    expect(whole(files.get("users.csv")?.()).toString()).toBe(text);
    expect(whole(files.get("noise.csv")?.()).equals(noise)).toBe(true);
    expect(whole(files.get("empty.csv")?.())).toHaveLength(0);
    // Whenever it is asked for.
    expect(whole(files.get("users.csv")?.()).toString()).toBe(text);
  });

  test("gives a large file in small pieces, and inflates what is asked for", () => {
    let text = "sourcedId,email\n";
    for (let n = 0; text.length < 20 * MIB; n++) text += `user-${n},user${n * 7919}@school.example\n`;
    const file = openZip(zip({ "users.csv": text })).get("users.csv");
    const sizes = [...(file?.() ?? [])].map(({ length }) => length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(text.length);
    expect(Math.max(...sizes)).toBeLessThan(MIB / 4);
    const [first] = file?.() ?? [];
    expect(first?.length).toBeLessThan(MIB / 4);
  });

  test("may end with a comment", () => {
    const bytes = zip({ "a.csv": "a" });
    const commented = new Uint8Array([...bytes, ...strToU8("hello")]);
    commented[bytes.length - 2] = 5;
    expect(whole(openZip(commented).get("a.csv")?.()).toString()).toBe("a");
  });

  test.each(["../users.csv", "csv/users.csv", "/users.csv", "..\\users.csv", "..", "a\0.csv"])(
    "with a file named %j is refused",
    (name) => {
      expect(faultOf(zip({ "orgs.csv": "a", [name]: "b" }))).toEqual([422, expect.stringContaining("root of the zip")]);
    },
  );

  test.each([
    ["of a Mac", { "users.csv": "a", "__MACOSX/._users.csv": "m", ".DS_Store": "d", "__MACOSX/": "" }],
    ["of Windows", { "export\\users.csv": "a", "export\\Thumbs.db": "t", "desktop.ini": "d" }],
    ["of a folder", { "export/": "", "export/users.csv": "a" }],
    [
      "of a folder on a Mac",
      { "my export/users.csv": "a", "my export/.DS_Store": "d", "__MACOSX/my export/._users.csv": "m" },
    ],
  ])("%s is taken: what was put beside the files is passed over", (_, files) => {
    const found = openZip(zip(files));
    expect([...found.keys()]).toEqual(["users.csv"]);
    expect(whole(found.get("users.csv")?.()).toString()).toBe("a");
  });

  test("of two folders, or of folders in a folder, is refused", () => {
    for (const names of [["a/users.csv", "b/users.csv"], ["a/b/users.csv"], ["../users.csv"]])
      expect(refusal(zip(Object.fromEntries(names.map((name) => [name, "x"]))))?.status).toBe(422);
  });

  test("is refused with everything that is wrong with it", () => {
    expect(refusal(zip({ "../a.csv": "a", "b/c.csv": "b" }))?.faults?.map(({ path }) => path)).toEqual([
      "/..~1a.csv",
      "/b~1c.csv",
    ]);
  });

  test("that would inflate too far, or too much, is refused before it is inflated", () => {
    expect(faultOf(zip({ "users.csv": new Uint8Array(10 * MIB) }))).toEqual([
      422,
      "users.csv: it inflates more than 100 times",
    ]);
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const large = lying(zip({ "users.csv": noise }, 0), SIZE, 33 * MIB);
    expect(faultOf(lying(large, PACKED, MIB))).toEqual([422, expect.stringContaining("at most 33554432 bytes")]);
  });

  test("that says less of a file than comes out is refused as soon as that is seen", () => {
    const bomb = zip({ "users.csv": new Uint8Array(30 * MIB) });
    expect(faultOf(lying(bomb, SIZE, 1_000))).toEqual([422, expect.stringContaining("larger than the zip says")]);
  });

  test("that says more of a file than comes out is refused", () => {
    expect(faultOf(lying(zip({ "users.csv": "abc" }), SIZE, 5))).toEqual([
      422,
      expect.stringContaining("smaller than the zip says"),
    ]);
  });

  test("with too many files is refused", () => {
    const files = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`${n}.csv`, "a"]));
    expect(faultOf(zip(files))).toEqual([422, expect.stringContaining("at most 100 files")]);
  });

  test("with a file twice, or an encrypted one, is refused", () => {
    const twice = zip({ "a.csv": "1", "b.csv": "2" });
    const text = new TextDecoder("latin1").decode(twice).replaceAll("b.csv", "a.csv");
    expect(faultOf(Uint8Array.from(text, (c) => c.charCodeAt(0)))).not.toBeNull();
    expect(faultOf(lying(zip({ "a.csv": "1" }), 8, 0x00080001))).toEqual([422, "a.csv: it is encrypted"]);
  });

  test("cut off anywhere is refused", () => {
    const bytes = zip({ "users.csv": "sourcedId\nanna\n", "orgs.csv": "x".repeat(500) });
    for (let length = 0; length < bytes.length; length++)
      expect(refusal(bytes.slice(0, length))).toMatchObject({ status: 422 });
  });

  test("with any byte changed is read or refused, and never fails otherwise", () => {
    const bytes = zip({ "users.csv": "sourcedId\nanna\n".repeat(30), "orgs.csv": "x" });
    for (let at = 0; at < bytes.length; at++) {
      for (const bits of [0x01, 0x80, 0xff]) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ bits;
        expect(refusal(changed)?.status ?? 422).toBe(422);
      }
    }
  });
});
