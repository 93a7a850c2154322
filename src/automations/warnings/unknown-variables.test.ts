import { expect, test } from "vitest";
import { makeSchool } from "../../../test/workers/live";
import { checkDefinition } from "../../catalogue/checking/check";
import { namedVariables } from "../../catalogue/text/template";
import { namesIn } from "../../definition/variables";
import { unknownVariables } from "./unknown-variables";

const mail = (subject: string, body = "<p>Hello</p>") => ({ type: "email.user", subject, body });

function warned(then: unknown[], fields: string[] = []): string[] {
  const { definition, faults } = checkDefinition({ when: [{ type: "user.signed_in" }], then });
  expect(faults).toEqual([]);
  return unknownVariables(definition, new Map(fields.map((key) => [key, key]))).map(({ message }) => message);
}

test("a variable is known that is listed, of a declared field, or of what the event brings", () => {
  const known =
    "{{ user.username }} {{ user.fields.team | upcase }} {{ event.any.thing }} {{ course.percent }} {{ bundle.name }}";
  expect(
    warned([mail(`${known}{% assign x = 1 %}{{ x }} {{ unsubscribe_url }} {{ current_year }}`)], ["team"]),
  ).toEqual([]);
  const branch = { type: "branch", if: { type: "user.is_paying" }, yes: [mail("{{ user.fields.team }}")], no: [] };
  expect(
    warned([branch, mail("Hi", "{% if user.nam %}{{ name }}{% endif %}"), mail("{{ name }} {{ course.more }}")]),
  ).toEqual([
    "“Send Email to User” names {{ user.fields.team }}, which nobody has declared: it stays empty.",
    "“Send Email to User” names {{ user.nam }}, which nobody has declared: it stays empty.",
    "“Send Email to User” names {{ name }}, which nobody has declared: it stays empty.",
    "“Send Email to User” names {{ course.more }}, which nobody has declared: it stays empty.",
  ]);
});

test("texts within a body of data are looked at too", () => {
  const hook = { type: "webhook.send", url: "https://hooks.acme.example/in", body: { a: [{ b: "{{ user.phone }}" }] } };
  expect(warned([hook])).toEqual([expect.stringContaining("{{ user.phone }}")]);
});

test("where nothing is filled in, one is refused at its place: in addresses (encoded too), headers, tags and ids", () => {
  const faultsOf = (...then: unknown[]) => checkDefinition({ when: [{ type: "user.signed_in" }], then }).faults;
  const hook = { type: "webhook.send", url: "https://hooks.acme.example/in" };
  expect(
    faultsOf(
      { ...hook, url: `${hook.url}/{{ user.id }}` },
      { ...hook, url: `${hook.url}?user=%7B%7Buser.id%7D%7D` },
      { ...hook, url: "https://{{ school.host }}/in" },
      { ...hook, headers: { "x-user": "{{ user.id }}" } },
      { type: "push.user", title: "Hi", body: "{{ user.id }}", url: "https://acme.example/{{ course.id }}" },
      { type: "tags.add", tags: ["vip", "{{ event.plan }}"] },
      { type: "course.enroll", courses: ["{% if true %}js{% endif %}"] },
      { ...hook, body: { url: "https://acme.example/{{ user.id }}" } },
      { type: "tags.add", tags: ["{braces}", "$trigger"] },
    ).map(({ path, message }) => `${path}: ${message}`),
  ).toEqual([
    "/then/0/url: an address holds no variables: put them into the body",
    "/then/1/url: an address holds no variables: put them into the body",
    "/then/2/url: an address holds no variables: put them into the body",
    "/then/3/headers: a header holds no variables: put them into the body",
    "/then/4/url: an address holds no variables: put them into the body",
    "/then/5/tags/1: no variable is filled in here: name it, or take $trigger",
    "/then/6/courses/0: no variable is filled in here: name it, or take $trigger",
  ]);
});

test("they are told at save, until the school has declared the field", async () => {
  const school = await makeSchool("test");
  const body = { name: "A", when: [{ type: "user.signed_in" }], then: [mail("Hi {{ user.fields.team }}")] };
  const codes = (answer: { warnings: { code: string }[] }) => answer.warnings.map(({ code }) => code);
  const made = await school.ask("POST", "/v1/automations", body);
  expect(codes(made.body)).toEqual(["unknown_variable"]);
  await school.ask("POST", "/v1/profile-fields", { key: "team", name: "The team", type: "text" });
  expect(codes((await school.ask("GET", `/v1/automations/${made.body.id}`)).body)).toEqual([]);
  const { data } = (await school.ask("GET", "/v1/variables")).body;
  expect(data).toContainEqual({ type: "user.fields.team", label: "The team" });
  expect(data.map(({ type }: { type: string }) => type)).not.toContain("user.fields.<name>");
});

test.each([
  "{{ user.username }} and {{ user.fields.first-name | default: 'friend' | upcase }}",
  "{{- a -}}{%- if a.b == 'x.y' and c contains \"d\" or e > 3 -%}{{ f }}{%- elsif g -%}{%- endif -%}",
  "{% assign x = a | append: b %}{{ x }}{{ c.size }}",
  "{% capture t %}{{ a }}{% endcapture %}{{ t }}",
  "{% case a %}{% when 'x', b %}{% else %}{% endcase %}{% unless c %}{% endunless %}",
  "{% comment %}{{ a }}{% if b %}{% endif %}{% endcomment %}{{ c }}",
  "{{ event.names[0] }}{{ user.fields[which] }}{{ 'now' | date: '%Y' }}{{ nil }}{{ 12.5 }}",
  "{{ current_year | minus: 1 }}{{ a | truncate: n, '…' }}",
  "no template { at } {all}",
])("the browser's quick look finds what the parser finds: %s", (text) => {
  // What stands in brackets, and what it is of, it leaves alone.
  const written = namedVariables(text).filter((name) => !/\.\d+$|^which$/.test(name));
  expect(namesIn(text).sort()).toEqual(written.sort());
});

test("a piece is known that the school has written, and named where it is told of", async () => {
  const school = await makeSchool("test");
  const body = { name: "A", when: [{ type: "user.signed_in" }], then: [mail("Hi", "{{ pieces.signature }}")] };
  const { id, warnings } = (await school.ask("POST", "/v1/automations", body)).body;
  expect(warnings).toMatchObject([{ code: "unknown_variable", message: expect.stringContaining("pieces.signature") }]);
  const mail_pieces = [{ id: "signature", name: "Signature", body: "Yours, {{ school.name }}" }];
  expect((await school.ask("PATCH", "/v1/school", { settings: { mail_pieces } })).status).toBe(200);
  expect((await school.ask("GET", `/v1/automations/${id}`)).body.warnings).toEqual([]);
  expect((await school.ask("GET", "/v1/variables")).body.data).toContainEqual({
    type: "pieces.signature",
    label: "Signature",
  });
});
