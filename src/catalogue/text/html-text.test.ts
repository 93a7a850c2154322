import { expect, test } from "vitest";
import { htmlToText } from "./html-text";

test.each([
  ["<p>Hi Anna</p>", "Hi Anna"],
  ["<h1>Title</h1>\n<p>One\n two</p><p>Three</p>", "Title\n\nOne two\n\nThree"],
  ["<div>a<br>b<br/>c</div><div>d</div>", "a\nb\nc\nd"],
  ["<ul><li>one</li><li>two <b>bold</b>!</li></ul>after", "- one\n- two bold!\n\nafter"],
  ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"],
  [
    'About you: <a href="https://meet.test/42?a=1&amp;b=2">join</a>.',
    "About you: join (https://meet.test/42?a=1&b=2).",
  ],
  ['<a href="https://a.test">https://a.test</a>', "https://a.test"],
  ["<a href='mailto:a@b.test'>write</a> <a href='#top'>top</a>", "write (a@b.test) top"],
  ['<a href="https://a.test"><img src="x.png" alt="The school"></a>', "The school (https://a.test)"],
  ['<a href="https://a.test"><img src="x.png"></a>', "https://a.test"],
  [
    "Tom &amp; Jerry &lt;3 &#8364; &#x20AC; &nbsp;&euro; &unknown; &constructor;",
    "Tom & Jerry <3 € € € &unknown; &constructor;",
  ],
  // Every name of HTML, those too that mails of old write without an end, and numbers as browsers read them.
  ["&Agrave;&ccedil;&alpha;&heartsuit;&CounterClockwiseContourIntegral; &copy 2026 &#x80;", "Àçα♥∳ © 2026 €"],
  // In an address only what is ended is one.
  ['<a href="https://a.test?x=1&copy=2&amp;y=&eacute;">go</a>', "go (https://a.test?x=1&copy=2&y=é)"],
  [
    "<div>Hello&zwnj;&nbsp;&zwnj;&nbsp;&#847;&zwnj;&nbsp;</div><p>\u0645\u06cc&zwnj;\u0634\u0648\u062f co&shy;operate</p>",
    "Hello\n\n\u0645\u06cc\u200c\u0634\u0648\u062f cooperate",
  ],
  ["<head><title>x</title></head><style>p { a > b }</style><script>if (a < b) x()</script><p>body</p>", "body"],
  ["a<!-- <p>hidden</p> -->b", "ab"],
  ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
  ["<p title='a > b'>x</p>", "x"],
  ["plain\ntext", "plain text"],
  ["", ""],
  ["<p>It's <i>an</i> apostrophe's</p>", "It's an apostrophe's"],
])("%s", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test("whatever it is given, it takes time in proportion", () => {
  for (const part of [
    "<",
    "<!--",
    "<a ",
    "<a href='",
    '<a href="',
    "</",
    "&",
    "&#",
    "<script>",
    "<p>",
    "<li>",
    "<a href=x>",
    "x ",
    "<td>",
    "&zwnj;",
    "&zwnj; ",
    "&notanentity",
  ]) {
    // Its own time: the clock on the wall goes by whatever else the machine does.
    const start = process.cpuUsage();
    htmlToText(part.repeat(200_000 / part.length));
    expect(process.cpuUsage(start).user, part).toBeLessThan(300_000);
  }
});
