import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kept } from "./kept";
import { textDiff } from "./text-diff";

describe("what differs between two texts", () => {
  test("is told word by word, as a reader sees it, without the markup of a mail", () => {
    expect(textDiff("<p>Hello Anna</p><p>See you <b>soon</b></p>", "<p>Hello Ben</p><p>See you soon</p>")).toEqual([
      { kind: "same", text: "Hello " },
      { kind: "gone", text: "Anna" },
      { kind: "new", text: "Ben" },
      { kind: "same", text: "\n\nSee you soon" },
    ]);
  });

  test("names where a link leads, so that another address shows", () => {
    const link = (to: string) => `<a href="${to}">Book</a>`;
    expect(textDiff(link("https://a.example"), link("https://b.example"))).toEqual([
      { kind: "same", text: "Book " },
      { kind: "gone", text: "(https://a.example)" },
      { kind: "new", text: "(https://b.example)" },
    ]);
  });

  test("adds up to both texts, and what is kept stands in both in its order", () => {
    const words = fc.array(fc.constantFrom("a", "b", "c", " "), { maxLength: 12 });
    fc.assert(
      fc.property(words, words, (one, other) => {
        const [before, after] = [one.join(" "), other.join(" ")];
        const pieces = textDiff(before, after);
        const of = (kind: "gone" | "new") =>
          pieces.flatMap((piece) => (piece.kind === "same" || piece.kind === kind ? [piece.text] : [])).join("");
        expect([of("gone"), of("new")]).toEqual([before, after]);
        const places = kept(one, other);
        for (const [i, j] of places) expect(one[i]).toBe(other[j]);
        expect(places.toSorted(([a], [b]) => a - b)).toEqual(places);
      }),
    );
  });
});
