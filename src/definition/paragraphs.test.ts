import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyHtml, plainBody } from "./paragraphs";

test.each([
  ["Line one\nLine two\n\nParagraph", "<p>Line one<br>\nLine two</p>\n<p>Paragraph</p>"],
  ["\r\n One\r\n \r\n\r\nTwo \r", "<p>One</p>\n<p>Two</p>"],
  [
    "Tom & Jerry <3 {{ user.username | default: '<b>' }} &euro;",
    "<p>Tom &amp; Jerry &lt;3 {{ user.username | default: '<b>' }} &euro;</p>",
  ],
  ["Write to <anna@acme.com>", "<p>Write to &lt;anna@acme.com&gt;</p>"],
  ["A\n{% if x %}\nB\n{% endif %}\nC", "<p>A<br>\n{% if x %}\nB<br>\n{% endif %}\nC</p>"],
  ["{% assign x = 1 %}\n\n{{ x }}", "{% assign x = 1 %}\n<p>{{ x }}</p>"],
  ["{% if a\n\nb %}Hi{% endif %}", "<p>{% if a\n\nb %}Hi{% endif %}</p>"],
  ["", ""],
])("text becomes paragraphs, and Liquid stays: %j", (text, html) => {
  expect(bodyHtml(text)).toBe(html);
});

test.each([
  "<p>Hi</p>\n\nyou",
  "a<br>b",
  "Hi <B>you</B>",
  "<!-- x -->",
  "<!doctype html>x",
  "a {% if x %}<i>b</i>{% endif %}",
])("a body with a tag stays byte for byte: %j", (html) => {
  expect(bodyHtml(html)).toBe(html);
});

test("what was made of a text is HTML, whatever the text was, and is not made anew", () => {
  const part = fc.constantFrom(
    "\n",
    "\n\n",
    " ",
    "a",
    "&",
    "<",
    ">",
    "{{ x }}",
    "{% if x %}",
    "{{",
    "%}",
    "&amp;",
    "<3",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const html = bodyHtml(parts.join(""));
      expect(bodyHtml(html)).toBe(html);
    }),
  );
});

test.each([
  ["<p>Hello {{ user.username }},</p><p>Begin today.</p>", "Hello {{ user.username }},\n\nBegin today."],
  ["<p>Two &lt; three.</p>\n<p>So it is.</p>", "Two &lt; three.\n\nSo it is."],
])("HTML of paragraphs alone is shown as the plain text that becomes it: %j", (html, plain) => {
  expect(plainBody(html)).toBe(plain);
  expect(bodyHtml(plain).replaceAll("\n", "")).toBe(html.replaceAll("\n", ""));
});

test.each(["<p>See <a href='x'>this</a></p>", "<h1>Hi</h1><p>x</p>", "<p>a<br>b</p>", "<p>a</p> b", "Plain", ""])(
  "any other body stays as it is written: %j",
  (body) => expect(plainBody(body)).toBe(body),
);
