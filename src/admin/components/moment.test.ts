import type { Context } from "hono";
import { describe, expect, test } from "vitest";
import { speakingWith } from "../../language/speaking";
import { exactText, namedText, relativeText } from "./moment";

const NOW = Date.UTC(2026, 0, 5, 11);
const MINUTE = 60_000;
const AWAY = [0, -5 * MINUTE, 5 * MINUTE, -2 * 60 * MINUTE, 2 * 60 * MINUTE, 3 * 24 * 60 * MINUTE];
const texts = () => AWAY.map((ms) => relativeText(NOW + ms, NOW, "UTC"));

// A locale that is spoken needs nothing of the request.
const inGerman = <T>(work: () => T) => speakingWith({} as Context, "de", async () => work());

describe("a moment", () => {
  test("is told by how far away it is", () => {
    expect(texts()).toEqual(["now", "5 min ago", "in 5 min", "2 h ago", "in 2 h", "Thu 8 Jan, 11:00"]);
  });

  test("that comes within a minute is not now, and behind “until” it is called by its day", () => {
    expect(relativeText(NOW + 30_000, NOW, "UTC")).toBe("in a moment");
    expect(relativeText(NOW - 30_000, NOW, "UTC")).toBe("now");
    expect(namedText(NOW + 5 * MINUTE, NOW, "UTC")).toBe("Mon 5 Jan, 11:05");
  });

  test("is told in the reader's language", async () => {
    expect(await inGerman(texts)).toEqual([
      ...["jetzt", "vor 5 Min.", "in 5 Min.", "vor 2 Std.", "in 2 Std."],
      "Do., 8. Jan., 11:00",
    ]);
    expect(await inGerman(() => exactText(NOW, "UTC"))).toBe("05.01.2026, 11:00:00");
  });
});
