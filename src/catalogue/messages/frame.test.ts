import { describe, expect, test } from "vitest";
import { framedHtml, framedText } from "./frame";

const frame = {
  school: 'Acme "A" & <B>',
  mail: { logo: "https://acme.com/logo.png?a=1&b=2", footer: "Acme <Ltd>\nMain Street 1" },
  signature: "",
  locale: "en",
  unsubscribe: "https://bell.acme.com/unsubscribe/x",
  preferences: "https://bell.acme.com/preferences/y",
};

describe("the frame of a mail", () => {
  test("stands around it, with what a school wrote as text", () => {
    const html = framedHtml("<p>Hello</p>", frame);
    expect(html).toContain('alt="Acme &quot;A&quot; &amp; &lt;B&gt;"');
    expect(html).toContain('src="https://acme.com/logo.png?a=1&amp;b=2"');
    expect(html).toContain("Acme &lt;Ltd&gt;<br>Main Street 1");
    expect(html.indexOf("logo.png")).toBeLessThan(html.indexOf("Hello"));
    expect(html.indexOf("Hello")).toBeLessThan(html.indexOf(">Unsubscribe<"));
  });

  test("stands within the body of a whole document", () => {
    const html = framedHtml("<html><head></head><BODY class='a'><p>Hello</p></BODY></html>", frame);
    expect(html).toMatch(/^<html><head><\/head><BODY class='a'><p><img .*<p>Hello<\/p><hr .*<\/BODY><\/html>$/s);
  });

  test("names no link that the mail holds already", () => {
    const html = framedHtml(`<a href="${frame.unsubscribe}">No more</a>`, frame);
    expect(html.split(frame.unsubscribe)).toHaveLength(2);
    expect(html).toContain(frame.preferences);
  });

  test("of plain text has the footer and the links as they are", () => {
    expect(framedText("Hello\n", frame)).toBe(
      `Hello\n\n-- \nAcme <Ltd>\nMain Street 1\nUnsubscribe: ${frame.unsubscribe}\nYour mail from us: ${frame.preferences}\n`,
    );
  });

  test("has the school's signature between what is written and the footer, once", () => {
    const signed = { ...frame, signature: "Kind regards\nMia <Acme>" };
    const html = framedHtml("<p>Hello</p>", signed);
    expect(html).toMatch(/<p>Hello<\/p><p>Kind regards<br>Mia &lt;Acme&gt;<\/p><hr /);
    expect(framedText("Hello\n", signed)).toMatch(/^Hello\n\nKind regards\nMia <Acme>\n\n-- \nAcme/);
    const own = "<p>Hello</p><p>Kind regards<br>Mia &lt;Acme&gt;</p>";
    expect(framedHtml(own, signed).split("Kind regards")).toHaveLength(2);
  });

  test("names its links in the language of whoever reads it", () => {
    expect(framedHtml("<p>Hallo</p>", { ...frame, locale: "de-AT" })).toContain(">Abmelden</a>");
    expect(framedText("Hallo", { ...frame, locale: "de" })).toContain("Ihre E-Mails von uns: https://");
    for (const locale of ["", "fr", "den"]) expect(framedHtml("", { ...frame, locale })).toContain(">Unsubscribe</a>");
  });

  test("is nothing where there is nothing to say", () => {
    const none = { school: "S", mail: {}, signature: "", locale: "en", unsubscribe: null, preferences: null };
    expect([framedHtml("<p>Hello</p>", none), framedText("Hello", none)]).toEqual(["<p>Hello</p>", "Hello"]);
  });
});
