import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { processorMs } from "../../../test/cpu";
import {
  checkTemplate,
  renderData,
  renderHtml,
  renderLine,
  renderText,
  TemplateError,
  unknownVariables,
  variablesOfOthers,
} from "./template";

const scope = {
  user: {
    id: "anna",
    username: "Tom & Jerry",
    email: "anna@example.com",
    fields: { department: "Sales", script: "<script>alert(1)</script>", empty: "", list: [], nothing: null },
  },
  school: { name: "School", url: "https://school.test" },
  event: { course: "js-101", amount: 12.5, count: 0, ok: false, names: ["a", "b"], deep: { "first name": "x" } },
  current_year: 2026,
};
const one = (value: unknown) => ({ user: { username: value } });

describe("what can be saved", () => {
  test.each([
    "",
    "plain text, 100 % of it",
    "{{ user.username }}",
    "{{ user.fields.x | default: 'friend' | upcase }}",
    "{% if user.username == 'Anna' %}yes{% elsif user.email %}perhaps{% else %}no{% endif %}",
    "{% unless user.email %}no{% endunless %}",
    "{% case event.course %}{% when 'a', 'b' %}1{% else %}2{% endcase %}",
    "{% assign name = user.username | strip %}{{ name }}",
    "{% capture hello %}<b>Hi {{ user.username }}</b>{% endcapture %}{{ hello }}",
    "{% comment %}{% for %}{% if %}{{ x | nothing }}{% endcomment %}",
    "{{- user.username -}}",
    "{{ current_year | date: '%Y' }}",
    '{{ event.deep["first name"] }}',
    `${"{% if a %}".repeat(20)}x${"{% endif %}".repeat(20)}`,
    "x".repeat(256 * 1024),
  ])("%#: %.60s", (text) => {
    expect(checkTemplate(text)).toBeNull();
  });

  const hostile: [what: string, text: string][] = [
    ["a loop", "{% for i in (1..100000000) %}x{% endfor %}"],
    ["nested loops", "{% for i in (1..9) %}{% for j in (1..9) %}x{% endfor %}{% endfor %}"],
    ["an include", "{% include '/etc/passwd' %}"],
    ["a render", "{% render 'x' %}"],
    ["a layout", "{% layout 'x' %}"],
    ["a block", "{% block a %}{% endblock %}"],
    ["raw", "{% raw %}{{ x }}{% endraw %}"],
    ["liquid", "{% liquid assign x = 1 %}"],
    ["echo", "{% echo x %}"],
    ["a table row", "{% tablerow x in y %}{% endtablerow %}"],
    ["a counter", "{% increment x %}"],
    ["a cycle", "{% cycle 'a', 'b' %}"],
    ["an inline comment", "{% # x %}"],
    ["the filter raw", "{{ x | raw }}"],
    ["the filter json", "{{ user | json }}"],
    ["the filter inspect", "{{ user | inspect }}"],
    ["the filter replace", "{{ x | replace: 'a', 'b' }}"],
    ["the filter join", "{{ x | join }}"],
    ["the filter where_exp", "{{ x | where_exp: 'i', 'i' }}"],
    ["an unknown filter", "{{ 'x' | constructor }}"],
    ["an unknown filter of a prototype", "{{ 'x' | __proto__ }}"],
    ["an unknown filter in a condition", "{% if x | nothing %}{% endif %}"],
    ["a wide date", "{{ 'now' | date: '%9999999d' }}"],
    ["a wide date with flags", "{{ 'now' | date: '%_9999999d' }}"],
    ["an unclosed output", "{{"],
    ["an unclosed filter", "{{ user.username | "],
    ["an unclosed if", "{% if user.email %}unfinished"],
    ["an unclosed capture", "{% capture x %}"],
    ["an unclosed comment", "{% comment %}"],
    ["a stray end", "x{% endif %}"],
    ["a stray else", "{% else %}"],
    ["nothing to output", "{{ }}"],
    ["2,500 nested ifs", `${"{% if a %}".repeat(2_500)}${"{% endif %}".repeat(2_500)}`],
    ["21 nested ifs", `${"{% if a %}".repeat(21)}${"{% endif %}".repeat(21)}`],
    ["too many outputs", "{{ a }}".repeat(501)],
    ["too long a text", "x".repeat(256 * 1024 + 1)],
    ["deep brackets", `{{ ${"a[".repeat(3_000)}a${"]".repeat(3_000)} }}`],
    ["deep parentheses", `{{ ${"(".repeat(30_000)} }}`],
    ["brackets behind a quoted end", `{{ "}}" | default: ${"a[".repeat(3_000)} }}`],
    ["many unclosed outputs", "{{".repeat(50_000)],
    ["many unclosed tags", "{%".repeat(50_000)],
    ["many unclosed quotes", `{{ ${"'".repeat(49_999)}`],
    ["raw without an end", `{% raw %}${"{% endraw".repeat(10_000)}`],
    ["many dots", `{{ a${".".repeat(90_000)} `],
  ];
  test.each(hostile)("refused, soon: %s", (_, text) => {
    expect(processorMs(() => expect(checkTemplate(text)).toEqual(expect.stringMatching(/./)))).toBeLessThan(50);
  });

  test("the largest that is taken is parsed and rendered soon", () => {
    const text = `${`{{ user.username | upcase | downcase | default: 'x' }}${" ".repeat(40)}`.repeat(500)}`;
    const took = processorMs(() => {
      expect(checkTemplate(text)).toBeNull();
      renderHtml(text, scope);
    });
    expect(took).toBeLessThan(200);
  });

  test("nothing makes it throw or answer anything but a message", () => {
    const part = fc.constantFrom(
      ...[
        "{{",
        "}}",
        "{%",
        "%}",
        "if",
        "endif",
        "else",
        "case",
        "when",
        "capture",
        "endcapture",
        "assign",
        "comment",
        "endcomment",
      ],
      ...[
        "raw",
        "endraw",
        "a",
        "b.c",
        "[",
        "]",
        "(",
        ")",
        "'",
        '"',
        "|",
        "date",
        ":",
        ",",
        "=",
        "==",
        "..",
        "-",
        " ",
        "\n",
        "1",
        "\\",
        "<",
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const message = checkTemplate(text);
        expect(message).not.toBe("");
        if (message !== null) return;
        for (const render of [renderText, renderHtml, unknownVariables]) {
          try {
            render(text, scope);
          } catch (error) {
            expect(error).toBeInstanceOf(TemplateError);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("rendering text", () => {
  test.each([
    ["Hi {{ user.username }}", "Hi Tom & Jerry"],
    ["[{{ user.fields.nothing }}{{ nothing.at.all }}]", "[]"],
    ["{{ user.username | upcase }} {{ user.fields.x | default: 'friend' }}", "TOM & JERRY friend"],
    ["{% if user.username == 'Tom & Jerry' %}yes{% else %}no{% endif %}", "yes"],
    ["{% unless user.fields.nothing %}none{% endunless %}", "none"],
    ["{% case event.course %}{% when 'js-101' %}one{% else %}two{% endcase %}", "one"],
    ["{% assign x = event.amount | times: 2 %}{{ x }}", "25"],
    ["{% capture x %}a{{ user.id }}{% endcapture %}{{ x }}{{ x | size }}{% if x == 'aanna' %}!{% endif %}", "aanna5!"],
    ["{{ event.count }} {{ event.ok }} {{ event.names }} {{ current_year }}", "0 false a, b 2026"],
    ["{{ event.names.size }}{{ event.names[1] }}{{ event.names.first }}", "2ba"],
    ["{{ event.deep['first name'] }}", "x"],
    ["{{ user }}{{ user.fields }}", ""],
    ["{{ user.username | escape }}", "Tom &amp; Jerry"],
    ["{{ user.username | url_encode }}", "Tom+%26+Jerry"],
    ["{{ user.username | truncate: 6 }}", "Tom..."],
    ["a\r\nb {{ user.id }}", "a\r\nb anna"],
    ["no braces: { } %", "no braces: { } %"],
  ])("%s", (text, is) => {
    expect(renderText(text, scope)).toBe(is);
  });

  test("a name with dots of its own is found by it, before a path", () => {
    const event = { "utm.source": "ad", utm: { source: "path", medium: "mail" }, deep: { "a.b": "in" } };
    const dotted = { event, user: { fields: { "first.name": "Anna" } } };
    const text = "{{ event.utm.source }} {{ event.utm.medium }} {{ event.deep.a.b }} {{ user.fields.first.name }}";
    expect(renderText(text, dotted)).toBe("ad mail in Anna");
    expect(renderText("{% if event.utm.source == 'ad' %}{{ event['utm.source'] }}{% endif %}", dotted)).toBe("ad");
    expect(unknownVariables(`${text} {{ event.utm.term }}`, dotted)).toEqual(["event.utm.term"]);
  });

  test("what a user writes is no template", () => {
    expect(renderText("Hi {{ user.username }}", one("{{ school.name }}{% raw %}"))).toBe(
      "Hi {{ school.name }}{% raw %}",
    );
  });

  test("prototypes are out of reach, functions are never called", () => {
    const call = () => {
      throw new Error("called");
    };
    const trap = {
      user: { username: call, toLiquid: call, toJSON: call, next: call, inner: { valueOf: call, equals: call } },
    };
    expect(renderText("{{ user.username }}{{ user.inner }}{% if user.inner == 1 %}x{% endif %}", trap)).toBe("");
    for (const path of [
      "constructor",
      "user.constructor",
      "user.__proto__",
      "user.username.constructor",
      "event.names.join",
      "__proto__",
    ])
      expect(renderText(`{{ ${path} }}`, scope), path).toBe("");
    for (const name of ["constructor", "__proto__", "valueOf", "parts", "toLiquid"])
      expect(renderText(`{% capture x %}y{% endcapture %}{{ x.${name} }}`, scope), name).toBe("");
  });

  test("a key of the data may be __proto__", () => {
    const data = JSON.parse('{"event": {"__proto__": {"admin": "yes"}}}');
    expect(renderText("{{ event.__proto__.admin }}{{ event.admin }}", data)).toBe("yes");
    renderText("{% capture __proto__ %}x{% endcapture %}{% assign constructor = 'x' %}", data);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test("nothing is left of one rendering in the next", () => {
    renderText("{% assign user = 'x' %}{% assign left = 'y' %}", scope);
    expect(renderText("{{ user.id }}{{ left }}", scope)).toBe("anna");
  });
});

describe("work is bounded", () => {
  const doubling = `{% capture a %}xxxxxxxxxx{% endcapture %}${"{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(40)}{{ a }}`;
  test.each([
    ["captures that double", doubling],
    ["captures of nothing that double", doubling.replaceAll("xxxxxxxxxx", "{{ gone }}")],
    ["filters that double", `{% assign a = 'xxxxxxxx' %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`],
    [
      "a wide date from a variable",
      "{% capture f %}%9999{% endcapture %}{% assign f = f | append: '999d' %}{{ 'now' | date: f }}{{ 0 | date: f }}",
    ],
    ["encoding over and over", `{{ user.fields.long${" | url_encode".repeat(2_000)} }}`],
    ["a long value many times", "{{ user.fields.long }}".repeat(400)],
  ])("%s", (_, text) => {
    expect(checkTemplate(text)).toBeNull();
    const long = { user: { fields: { long: "%".repeat(60_000) } } };
    for (const render of [renderText, renderHtml, (text: string) => renderData({ text }, long)]) {
      expect(processorMs(() => expect(() => render(text, long)).toThrow(TemplateError))).toBeLessThan(50);
    }
  });

  test("the texts of one JSON value share it", () => {
    const long = { x: "y".repeat(60_000) };
    expect(() => renderData(Array(20).fill("{{ x }}"), long)).toThrow(TemplateError);
  });
});

describe("one line", () => {
  test("breaks and control characters become spaces", () => {
    expect(renderLine("Hi {{ user.username }}", one("a\r\nBcc: x@y.z\u0000\u2028b\u0085c\t"))).toBe(
      "Hi a Bcc: x@y.z b c",
    );
    expect(renderLine(" \n {{ user.username }} ", one(""))).toBe("");
    expect(renderLine("\n{% if 1 %}\n x \n{% endif %}\n", scope)).toBe("x");
  });
});

describe("HTML", () => {
  const html = (text: string, value: unknown) => renderHtml(text, one(value));

  test.each([
    ["<p>{{ user.username }}</p>", "Tom & Jerry", "<p>Tom &amp; Jerry</p>"],
    ["<p>{{ user.username }}</p>", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"],
    ["<p>{{ user.username | escape }}</p>", "a & b", "<p>a &amp; b</p>"],
    ["<p>{{ user.username | upcase }}</p>", "<b>", "<p>&lt;B&gt;</p>"],
    ["<p>{{ user.username | escape | upcase }}</p>", "&", "<p>&amp;AMP;</p>"],
    ["{% capture x %}<b>{{ user.username }}</b>{% endcapture %}<p>{{ x }}</p>", "a & b", "<p><b>a &amp; b</b></p>"],
    ["{% capture x %}<b>{{ user.username }}</b>{% endcapture %}{{ x | upcase }}", "a", "&lt;B&gt;A&lt;/B&gt;"],
    ["{% assign x = user.username %}{{ x }}", "<i>", "&lt;i&gt;"],
    ['<a title="{{ user.username }}">', '" onmouseover="x', '<a title="&quot; onmouseover=&quot;x">'],
    ["<a title='{{ user.username }}'>", "' onmouseover='x", "<a title='&#39; onmouseover=&#39;x'>"],
    ["<a title={{ user.username }} class=b>", "a onmouseover=x", "<a title=a&#32;onmouseover&#61;x class=b>"],
    ["<a title={{ user.username }} class=b>", "", '<a title="" class=b>'],
    ["<a {{ user.username }}>", "onclick=alert(1)", "<a >"],
    ["<{{ user.username }}>", "script src=x", "<>"],
    ["<a onclick=\"go('{{ user.username }}')\">", "');alert(1)//", "<a onclick=\"go('')\">"],
    [
      "<script>var x = '{{ user.username }}';</script>{{ user.username }}",
      "a';alert(1)//<",
      "<script>var x = '';</script>a&#39;;alert(1)//&lt;",
    ],
    [
      "<style>p { color: {{ user.username }} }</style><p>{{ user.username }}",
      "red",
      "<style>p { color:  }</style><p>red",
    ],
    ['<b style="width: {{ user.username }}%">', 40, '<b style="width: 40%">'],
    ['<b style="width: {{ user.username }}">', "1;background:url(x)", '<b style="width: ">'],
    ["<!-- {{ user.username }} -->", "--><b>", "<!-- --&gt;&lt;b&gt; -->"],
    [
      '<!--[if mso]><!-->{{ user.username }}<a href="{{ user.username }}"><!--<![endif]-->',
      "javascript:x",
      '<!--[if mso]><!-->javascript:x<a href="#"><!--<![endif]-->',
    ],
    ["<!doctype html><p>{{ user.username }}", "<", "<!doctype html><p>&lt;"],
    ["1 < 2 {{ user.username }}", "<", "1 < 2 &lt;"],
    ["<textarea>{{ user.username }}</textarea>", "</textarea><b>", "<textarea>&lt;/textarea&gt;&lt;b&gt;</textarea>"],
  ])("%s with %j", (text, value, is) => {
    expect(html(text, value)).toBe(is);
  });

  test.each([
    ["javascript:alert(1)", "#"],
    [" JaVaScript:alert(1)", "#"],
    ["java\nscript:alert(1)", "#"],
    ["data:text/html,x", "#"],
    ["vbscript:x", "#"],
    ["//evil.example", "#"],
    ["relative/path", "#"],
    ["https://a.test/?x=1&y=2", "https://a.test/?x=1&amp;y=2"],
    ["HTTP://a.test", "HTTP://a.test"],
    ["mailto:a@b.test", "mailto:a@b.test"],
    ["", ""],
  ])("an address of %j", (value, is) => {
    expect(html('<a href="{{ user.username }}">', value)).toBe(`<a href="${is}">`);
    expect(html("<img alt='x' SRC = '{{ user.username }}'>", value)).toBe(`<img alt='x' SRC = '${is}'>`);
  });

  test.each([
    ['<a href="https://a.test/{{ user.username }}">', "javascript:x", '<a href="https://a.test/javascript:x">'],
    ['<a href="/course/{{ user.username }}">', "js-101", '<a href="/course/js-101">'],
    ['<a href="mailto:{{ user.username }}">', "a@b.test", '<a href="mailto:a@b.test">'],
    ['<a href="tel:{{ user.username }}">', "+30 210", '<a href="tel:+30 210">'],
    ['<a href="java{{ user.username }}">', "script:alert(1)", '<a href="java#">'],
    ['<img src="course-{{ user.username }}.png">', "1", '<img src="course-1.png">'],
    ['<a href="{{ user.username }}/courses">', "https://a.test", '<a href="https://a.test/courses">'],
    ["<a href={{ user.username }}>", "javascript:x", "<a href=#>"],
    ['<a href="x"title="{{ user.username }}">', "javascript:x", '<a href="x"title="javascript:x">'],
  ])("%s with %j", (text, value, is) => {
    expect(html(text, value)).toBe(is);
  });

  test("whatever a value holds, the tags and attributes stay those of the author", () => {
    const shell =
      "<p class=\"{{ user.username }}\">{{ user.username }}</p><a href='{{ user.username }}' title={{ user.username }}>x</a>";
    const piece = fc.constantFrom(
      "<",
      ">",
      '"',
      "'",
      "=",
      " ",
      "/",
      "&",
      "script",
      "onload",
      "javascript:",
      "-->",
      "`",
      "\n",
      "a",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const made = html(shell, pieces.join(""));
        expect(made).toMatch(
          /^<p class="[^"<>]*">[^<>"]*<\/p><a href='(?:#|https?:[^'<>]*|mailto:[^'<>]*|\s*)' title=(?:""|[^\s"'<>=`]+)>x<\/a>$/,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("JSON", () => {
  test("its texts are rendered, keys and the rest stay", () => {
    const value = {
      "{{ key }}": "{{ user.id }}",
      n: 1,
      t: true,
      z: null,
      list: ["{{ event.course }}", { a: "{{ user.id | upcase }}" }],
    };
    expect(renderData(value, scope)).toEqual({
      "{{ key }}": "anna",
      n: 1,
      t: true,
      z: null,
      list: ["js-101", { a: "ANNA" }],
    });
    expect(JSON.stringify(renderData(JSON.parse('{"__proto__": "{{ user.id }}"}'), scope))).toBe(
      '{"__proto__":"anna"}',
    );
  });
});

describe("unknown variables", () => {
  test.each([
    ["<p>{{ user.fields.nothing }}</p>", ["user.fields.nothing"]],
    ["{{ school.nonsense }}{{ user.username }}{{ user.fields.nothing }}", ["school.nonsense", "user.fields.nothing"]],
    [
      "{{ user.fields.empty }}{{ user.fields.list }}{{ event.count }}{{ event.ok }}",
      ["user.fields.empty", "user.fields.list"],
    ],
    ["{{ b }}\n{{ a }}{{ b }}{{ a.c }}", ["b", "a", "a.c"]],
    [
      "{% if x.y == 1 %}{{ z }}{% elsif w %}{% endif %}{% case v %}{% when u %}{% endcase %}",
      ["x.y", "z", "w", "v", "u"],
    ],
    ["{% assign x = gone %}{{ x }}{% capture y %}{{ lost }}{% endcapture %}{{ y }}", ["gone", "lost"]],
    ["{{ user.fields.x | default: user.fields.z | append: 'a' }}", ["user.fields.x", "user.fields.z"]],
    ["{{ event.names.size }}{{ event.names[0] }}{{ event.names[5] }}", ["event.names[5]"]],
    ["{{ event.deep['first name'] }}{{ event.deep['last name'] }}", ["event.deep['last name']"]],
    ["{{ user.fields[event.course] }}", ["user.fields[event.course]"]],
    ["{{ 'text' }} {{ 1 }} {{ true }} {{ nil }} {{ current_year }}", []],
    ["{% comment %}{{ hidden }}{% endcomment %}", []],
    ["nothing at all", []],
  ])("%s", (text, names) => {
    expect([...unknownVariables(text, scope)]).toEqual(names);
  });

  test.each([
    ["{{ user }} and\n{{- user.fields -}} {{event}}", ["user", "user.fields", "event"]],
    ["{{ user['fields'] }}{{ event.deep }}", ["user.fields", "event.deep"]],
    ["{{ user.fields.list }}{{ event.names }}{{ user.username }}{{ nothing }}", []],
    ["{% if event %}{% unless user.fields %}none{% endunless %}{% endif %}{{ user.fields | size }}", []],
    ["{% assign user = 'Anna' %}{{ user }}{% comment %}{{ school }}{% endcomment %}", []],
  ])("%s: what stands as text and holds others", (text, names) => {
    expect(variablesOfOthers(text, scope)).toEqual(names);
  });

  test("a template that does not parse is an error", () => {
    expect(() => variablesOfOthers("{{", scope)).toThrow(TemplateError);
    expect(() => unknownVariables("{{", scope)).toThrow(TemplateError);
    expect(() => renderText("{{", scope)).toThrow(TemplateError);
  });
});

describe("dates", () => {
  const clock = { nowMs: Date.parse("2026-03-29T23:30:00Z"), zone: "Europe/Athens" };
  test.each([
    ["{{ 'now' | date: '%Y-%m-%d %H:%M %z' }}", "2026-03-30 02:30 +0300"],
    ["{{ '2026-01-31' | date: '%A, %-d %B %Y' }}", "Saturday, 31 January 2026"],
    ["{{ '2026-01-31T23:30:00Z' | date: '%d/%m/%y %I:%M %p' }}", "01/02/26 01:30 AM"],
    ["{{ 0 | date: '%F %T' }}", "1970-01-01 02:00:00"],
    ["{{ '2026-01-05' | date: '%a %b %e %j %u %w %^a %_d %% %Q' }}", "Mon Jan  5 005 1 1 MON  5 % %Q"],
    ["{{ '2026-01-05' | date }}", "2026-01-05"],
    ["{{ 'someday' | date: '%Y' }}", "someday"],
    ["{{ nothing | date: '%Y' }}", ""],
  ])("%s", (text, is) => {
    expect(renderText(text, scope, clock)).toBe(is);
  });

  test("no clock of the machine has a say", () => {
    expect(renderText("{{ 'now' | date: '%Y' }}{{ '2026-01-31T23:30:00Z' | date: ' %d' }}", scope)).toBe("now 31");
  });
});
