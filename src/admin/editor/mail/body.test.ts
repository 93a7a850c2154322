import fc from "fast-check";
import type { Mark, Node } from "prosemirror-model";
import { expect, test } from "vitest";
import { isPlainBody } from "../../../definition/paragraphs";
import { readBody } from "./read";
import { BUTTON_STYLE, IMAGE_STYLE, schema } from "./schema";
import { writeBody } from "./write";

/** What the editor would write of a body, had it been touched. */
const written = (body: string): string | null => {
  const document = readBody(body);
  return document && writeBody(document);
};

test.each([
  "",
  '<p>Hello {{ user.username | default: "you" }}, <strong>bold <em>both</em></strong></p>\n<p><br></p>',
  "<h2>Title</h2>\n<ul>\n<li>one</li>\n<li>two<ol>\n<li>inner</li>\n</ol></li>\n</ul>",
  `<p><a href="https://acme.com/?a=1&amp;b={{ user.id | url_encode }}">here</a> <a href="{{ school.url }}" style="${BUTTON_STYLE}">Go</a></p>`,
  `<p><img src="https://acme.com/a.png" alt="A &quot;b&quot;"><img src="https://acme.com/b.png" style="${IMAGE_STYLE}"></p>`,
  "{% if user.fields.team %}\n<p>Tom &amp; Jerry &lt;3{% if a < b %} x{% endif %}</p>\n{% endif %}",
  "<p>a&nbsp;b<br>c</p>",
])("what is held is written as it stood: %s", (body) => {
  expect(written(body)).toBe(body);
});

test.each([
  ["<p>Hi</p>  \n <P>you</P>", "<p>Hi</p>\n<p>you</p>"],
  ["<p> <b>a</b>\n <i>b</i> </p>", "<p><strong>a</strong> <em>b</em></p>"],
  ["Line one\nLine two\n\nNext", "<p>Line one<br>Line two</p>\n<p>Next</p>"],
  ["Hi {{ user.username }}, 1 < 2", "<p>Hi {{ user.username }}, 1 &lt; 2</p>"],
])("blanks and names of tags that mean the same become one: %j", (body, html) => {
  expect(written(body)).toBe(html);
});

test.each([
  "<p style='color:teal'>Hello</p>",
  "<table><tr><td>a</td></tr></table>",
  "Hello <b>you</b>",
  "<p>a</p>b",
  "<p>unclosed",
  "<p><b>a</p></b>",
  "<p></p>",
  "<!-- x --><p>a</p>",
  "<!doctype html><html><body><p>a</p></body></html>",
  '<p><a href="javascript:alert(1)">x</a></p>',
  '<p><a href="https://a.com" target="_blank">x</a></p>',
  '<p><img src="https://a.com/x.png" onerror="alert(1)"></p>',
  "<p>&copy; 2026</p>",
  "<p>a &copy b</p>",
  "<ul>{% if a %}<li>x</li>{% endif %}</ul>",
  "<p>{{ '{' }}</p>",
  "<div>x</div>",
  "<p>a</p><script>x</script>",
  "<style>p{}</style><p>a</p>",
])("what says more than the editor holds is not held: %s", (body) => {
  expect(readBody(body)).toBeNull();
});

// ---- Whatever is written ----

const { nodes, marks } = schema;
const word = fc.constantFrom("Hello", "a < b", "x & y", "€", '"q"', "it's", "&amp;", "1 > 0", "<b>");
const code = fc.constantFrom(
  "{{ user.username }}",
  "{{ a | default: '<' }}",
  "{% if a < b %}",
  "{% endif %}",
  '{{ "x" }}',
);
const address = fc.constantFrom(
  "https://a.com/?x=1&y=2",
  "mailto:a@b.com",
  "{{ school.url }}",
  'https://a.com/"{{ "q" }}',
);
const link = fc.record({ href: address, button: fc.boolean() }).map((attrs) => marks.link.create(attrs));
const markSet = fc
  .array(fc.oneof(fc.constantFrom(marks.strong.create(), marks.em.create()), link), { maxLength: 3 })
  .map((list) => list.reduce((set, mark) => mark.addToSet(set), [] as readonly (typeof list)[number][]));
const leaf = fc.tuple(
  fc.oneof(
    word.map((text) => (set: readonly Mark[]) => schema.text(text, set)),
    code.map((one) => (set: readonly Mark[]) => nodes.liquid.create({ code: one }, null, set)),
    fc.constant((set: readonly Mark[]) => nodes.hard_break.create(null, null, set)),
    fc
      .boolean()
      .map(
        (fits) => (set: readonly Mark[]) =>
          nodes.image.create({ src: "https://a.com/a.png", alt: fits ? 'A "b"' : null, fits }, null, set),
      ),
  ),
  markSet,
);
const line = fc
  .array(leaf, { maxLength: 6 })
  .map((list) => list.map(([make, set]) => make(set)))
  // A lone break is how an empty line is written.
  .map((list) => (list.length === 1 && list[0]?.type === nodes.hard_break ? [] : list));
const paragraph = line.map((list) => nodes.paragraph.create(null, list));
const item = (depth: number): fc.Arbitrary<Node> =>
  depth === 0
    ? paragraph.map((one) => nodes.list_item.create(null, one))
    : fc
        .tuple(paragraph, fc.option(list(depth - 1)))
        .map(([one, inner]) => nodes.list_item.create(null, inner ? [one, inner] : one));
const list = (depth: number): fc.Arbitrary<Node> =>
  fc
    .tuple(fc.boolean(), fc.array(item(depth), { minLength: 1, maxLength: 3 }))
    .map(([isNumbered, items]) => (isNumbered ? nodes.ordered_list : nodes.bullet_list).create(null, items));
const block = fc.oneof(
  paragraph,
  fc.tuple(fc.integer({ min: 1, max: 3 }), line).map(([level, one]) => nodes.heading.create({ level }, one)),
  list(2),
  fc.constantFrom("{% if a %}", "{% endif %}").map((one) => nodes.logic.create({ code: one })),
);

test("what the editor writes it reads again as the same, and writes the same of it", () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
      const html = writeBody(nodes.doc.create(null, blocks));
      // Liquid alone is no HTML yet.
      fc.pre(!isPlainBody(html));
      const document = readBody(html);
      expect(document, html).not.toBeNull();
      expect(document && writeBody(document)).toBe(html);
    }),
    { numRuns: 500 },
  );
});

test("whatever a body is, it is held whole or not at all: nothing that is seen goes", () => {
  const part = fc.constantFrom(
    ...[
      "<p>",
      "</p>",
      "<b>",
      "</b>",
      "<br>",
      "<ul>",
      "<li>",
      "</li>",
      "</ul>",
      " ",
      "\n",
      "word",
      "&amp;",
      "&lt;",
      "&",
    ],
    ...["{{ x }}", "{% if a %}", "<a href='https://a.com'>", "</a>", "<i>", "</i>", "<h2>", "</h2>", "<", ">", '"'],
  );
  const seen = (html: string): string => html.replace(/<\/?[a-z][^>]*>/g, "").replace(/\s+/g, "");
  let held = 0;
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const body = `<p>${parts.join("")}</p>`;
      const html = written(body);
      if (html === null) return;
      held++;
      expect(seen(html)).toBe(
        seen(body)
          .replaceAll(">", "&gt;")
          .replace(/&(?!\w+;)/g, "&amp;"),
      );
      expect(written(html)).toBe(html);
    }),
    { numRuns: 3_000 },
  );
  expect(held).toBeGreaterThan(20);
});
