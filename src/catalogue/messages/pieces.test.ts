import { describe, expect, test } from "vitest";
import { bodyHtml } from "../../definition/paragraphs";
import { mailPieces } from "./mail-settings";
import { type Piece, withPiecesHtml, withPiecesText } from "./pieces";

const PIECES: Piece[] = [
  { id: "signature", name: "Signature", body: "Yours,\n{{ school.name }}" },
  { id: "offer", name: "Offer", body: "<h2>Now</h2><p>For {{ user.username }}</p>" },
];
const html = (body: string) => withPiecesHtml(bodyHtml(body), PIECES);

describe("a piece", () => {
  test("stands in a mail as if it had been written there", () => {
    expect(html("<p>Hello</p>{{ pieces.offer }}")).toBe("<p>Hello</p><h2>Now</h2><p>For {{ user.username }}</p>");
    expect(html("<p>Bye {{pieces.signature}}</p>")).toContain("Bye <p>Yours,<br>\n{{ school.name }}</p>");
  });

  test("that has a line of plain text to itself is no paragraph within one", () => {
    expect(html("Hello\n\n{{ pieces.offer }}\n\n{{- pieces.signature -}}")).toBe(
      "<p>Hello</p>\n<h2>Now</h2><p>For {{ user.username }}</p>\n<p>Yours,<br>\n{{ school.name }}</p>",
    );
  });

  test("in plain text is plain text", () => {
    expect(withPiecesText("Hello\n\n{{ pieces.offer }}", PIECES)).toBe("Hello\n\nNow\n\nFor {{ user.username }}");
  });

  test("that nobody has written stays what it was: a variable without a value", () => {
    expect([html("<p>{{ pieces.gone }}</p>"), withPiecesText("{{ pieces.gone }}", [])]).toEqual([
      "<p>{{ pieces.gone }}</p>",
      "{{ pieces.gone }}",
    ]);
  });

  test("takes no time that grows faster than the text, whatever that is", () => {
    const begun = performance.now();
    withPiecesHtml("<p>".repeat(50_000) + "{{ pieces.offer ".repeat(10_000) + " ".repeat(100_000), PIECES);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

describe("pieces of a school", () => {
  const faults = (pieces: unknown) =>
    mailPieces.safeParse(pieces).error?.issues.map(({ path, message }) => [path, message]);
  const piece = (more: Partial<Piece> = {}) => ({ id: "a", name: "A", body: "Hello", ...more });

  test("are Liquid that can be read, with ids that a variable may have, each once", () => {
    expect(faults([piece(), piece({ id: "b" })])).toBeUndefined();
    expect(faults([piece({ id: "A b" })])).toEqual([[[0, "id"], expect.stringContaining("a–z")]]);
    expect(faults([piece({ body: "{{ user" })])).toEqual([[[0, "body"], expect.stringContaining("has no end")]]);
    expect(faults([piece(), piece()])).toEqual([[[], "the same id twice"]]);
  });

  test("hold no other piece, nor nothing at all", () => {
    expect(faults([piece({ body: "{{ pieces.b }}" })])).toEqual([[[0, "body"], "a piece holds no other piece"]]);
    expect(faults([piece({ body: " \u200b" })])).toEqual([[[0, "body"], "nothing of it is seen"]]);
  });
});
