import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDefinition } from "../../catalogue/checking/check";
import { catalogueDocument } from "../../catalogue/document";
import type { CatalogueEntry, OptionSchema } from "../../definition/catalogue";
import { type Definition, isRecord, type Path } from "../../definition/types";
import { type Touch, touchesOf, touchesOfAutoGroup, touchesOfHolder, touchesOfRule, touchesOfSync } from "./edges";

const checked = (body: Record<string, unknown>): Definition => {
  const { definition, faults } = checkDefinition({ when: [{ type: "user.signed_in" }], then: [], ...body });
  expect(faults).toEqual([]);
  return definition;
};
const said = (touches: Iterable<Touch>, kind?: string): string[] =>
  [...touches]
    .filter(({ thing }) => kind === undefined || thing.kind === kind)
    .map(({ thing, way, kind: role, path }) => `${way} ${role} ${thing.kind}:${thing.id} /${path.join("/")}`);
const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<string | number, unknown> | undefined)?.[key], value);

/** Every text in a definition, with the keys that lead to it. */
function* textsIn(value: unknown, path: Path = []): Generator<{ text: string; path: Path }> {
  if (typeof value === "string") yield { text: value, path };
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value))
      yield* textsIn(one, [...path, Array.isArray(value) ? Number(key) : key]);
}

// ---- Every reference is an edge ----

/* The options are filled by what the catalogue says of them to the outside: ids are texts that begin with this. */
const MARK = "id-";

const catalogue = catalogueDocument() as unknown as Record<
  "triggers" | "listeners" | "conditions" | "actions",
  CatalogueEntry[]
>;
const isThing = (picker: string | undefined): boolean => picker !== undefined && picker !== "collaborator";

/** Options of a card with an id in every place that asks for one; of what is no id, as little as it takes. */
function filled(schema: OptionSchema, number: () => number): unknown {
  const picker = schema.picker ?? schema.items?.picker;
  const id = () => `${picker === "attribute" ? "fields." : ""}${MARK}${number()}`;
  if (isThing(picker)) return schema.type === "array" ? [id(), id()] : id();
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return filled(first, number);
  if (schema.type === "array") return [filled(schema.items ?? {}, number)];
  if (schema.type === "object") {
    const needed = Object.entries(schema.properties ?? {}).filter(
      ([name, one]) => schema.required?.includes(name) || JSON.stringify(one).includes('"picker"'),
    );
    return Object.fromEntries(needed.map(([name, one]) => [name, filled(one, number)]));
  }
  if (schema.type === "boolean") return true;
  if (schema.type === "number" || schema.type === "integer") return schema.minimum ?? 1;
  return schema.format === "date" ? "2026-01-31" : schema.picker ? "role:owner" : "a.example";
}

/** What one card wants besides, or wants left out. */
const AS_WELL: Readonly<Record<string, Record<string, unknown>>> = {
  custom: { name: "own" },
  "webhook.send": { url: "https://a.example/x" },
  "date.reached": { of: undefined, courses: undefined, offset: undefined, every: undefined },
  "event.data_is": { op: "is", value: "x" },
  "user.field_is": { op: "is", value: "x" },
  "email.user": { reply_to: undefined },
  "email.collaborators": { to: ["role:owner"] },
  "ga4.event": { name: "own_event" },
};

const numbers = () => {
  let last = 0;
  return () => ++last;
};
const use = (entry: CatalogueEntry, number: () => number) => ({
  type: entry.type,
  // A card's options are an object.
  ...(filled(entry.params, number) as Record<string, unknown>),
  ...AS_WELL[entry.type],
});

/** A definition in which cards stand wherever a card of their sort may. */
const definitions = fc
  .record({
    when: fc.subarray(catalogue.triggers, { minLength: 1, maxLength: 3 }),
    asked: fc.shuffledSubarray(
      catalogue.conditions.filter((one) => !one.only_with),
      { minLength: 4, maxLength: 4 },
    ),
    acts: fc.shuffledSubarray(
      catalogue.actions.filter((one) => !one.only_with),
      { minLength: 4, maxLength: 4 },
    ),
    listens: fc.shuffledSubarray([...catalogue.triggers.filter(({ starting }) => !starting), ...catalogue.listeners], {
      minLength: 2,
      maxLength: 2,
    }),
  })
  .map(({ when, asked, acts, listens }) => {
    const number = numbers();
    const [a, b, c, d] = asked.map((one) => use(one, number));
    const [w, x, y, z] = acts.map((one) => use(one, number));
    const [e, f] = listens.map((one) => use(one, number));
    return {
      when: when.map((one) => use(one, number)),
      only_if: { any: [a, { not: { all: [b] } }] },
      then: [
        w,
        { type: "branch", if: { not: c }, yes: [x], no: [] },
        { type: "wait_for", event: e, timeout: "P1D", on_event: [], on_timeout: [y] },
        { type: "match", on: `fields.${MARK}${number()}`, cases: [{ is: ["x"], steps: [z] }], else: [] },
        { type: "wait", until_field: `${MARK}${number()}` },
        { type: "repeat", times: 2, until: d, steps: [] },
      ],
      exit_when: [f],
      exit_if: d,
    };
  });

describe("an automation", () => {
  test("every id that stands in it is an edge, and every edge's path leads to what it names", () => {
    fc.assert(
      fc.property(definitions, (body) => {
        const definition = checked(body);
        const touches = [...touchesOf(definition)];
        const places = new Map(
          touches.flatMap((one) => (one.thing.kind === "event" ? [] : [[one.path.join("/"), one]])),
        );
        for (const { text, path } of textsIn(definition)) {
          if (!text.includes(MARK)) continue;
          const found = places.get(path.join("/"));
          expect(found?.thing.id, `${path.join("/")}: ${text}`).toBe(text.replace(/^fields\./, ""));
        }
        for (const { thing, path, way, kind } of touches) {
          const there = at(definition, path);
          if (thing.kind === "event") expect(isRecord(there) && typeof there.type).toBe("string");
          else expect(there).toSatisfy((text) => text === thing.id || text === `fields.${thing.id}`);
          expect(way).toBe(kind === "gives" || kind === "takes" ? "out" : "in");
        }
      }),
      { numRuns: 300 },
    );
  });

  test("what starts it, what it asks for, what ends it, and what it gives and takes", () => {
    const definition = checked({
      when: [
        { type: "course.enrolled", courses: ["js"] },
        { type: "custom", name: "own.thing" },
      ],
      only_if: { all: [{ type: "tags.has", tags: ["vip"] }, { not: { type: "segment.is_member", segments: ["s"] } }] },
      then: [
        { type: "tags.add", tags: ["a"] },
        { type: "course.unenroll", courses: ["css"] },
        { type: "wait_for", event: { type: "tag.added", tags: ["b"] }, timeout: "P1D", on_event: [], on_timeout: [] },
      ],
      exit_when: [{ type: "course.completed", courses: ["js"] }],
      exit_if: { type: "group.is_member", groups: ["g"] },
    });
    expect(said(touchesOf(definition))).toEqual([
      "in starts event:course.enrolled /when/0",
      "in starts course:js /when/0/courses/0",
      "in starts event:custom.own.thing /when/1",
      "in needs tag:vip /only_if/all/0/tags/0",
      "in needs segment:s /only_if/all/1/not/segments/0",
      "out gives event:tag.added /then/0",
      "out gives tag:a /then/0/tags/0",
      "out gives event:course.unenrolled /then/1",
      "out takes course:css /then/1/courses/0",
      "in needs event:tag.added /then/2/event",
      "in needs tag:b /then/2/event/tags/0",
      "in ends event:course.completed /exit_when/0",
      "in ends course:js /exit_when/0/courses/0",
      "in ends group:g /exit_if/groups/0",
    ]);
  });

  test("$trigger is what every trigger names, a product among them; where one names none, nothing is known of it", () => {
    const then = [{ type: "course.complete", courses: ["$trigger", "css"] }];
    const js = { type: "course.enrolled", courses: ["js"] };
    const paid = { type: "payment.made", products: ["sold"] };
    const of = (...when: unknown[]) =>
      said(touchesOf(checked({ when, then })), "course").filter((one) => one.includes("gives"));
    expect(of(js)).toEqual(["out gives course:js /then/0/courses/0", "out gives course:css /then/0/courses/1"]);
    expect(of(js, paid)).toEqual([
      "out gives course:js /then/0/courses/0",
      "out gives course:sold /then/0/courses/0",
      "out gives course:css /then/0/courses/1",
    ]);
    expect(of(js, { type: "user.signed_in" })).toEqual(["out gives course:css /then/0/courses/1"]);
  });

  test("clauses within a condition name fields, tags and courses", () => {
    const fields = [
      { field: "plan", op: "is", value: "x" },
      { field: "tags", op: "in", value: ["a"] },
    ];
    const definition = checked({
      when: [{ type: "inactivity.school", days: 7 }],
      only_if: { type: "inactivity.matches", enrolled_in: ["js"], fields },
    });
    expect(said(touchesOf(definition)).slice(1)).toEqual([
      "in needs course:js /only_if/enrolled_in/0",
      "in needs field:plan /only_if/fields/0/field",
      "in needs tag:a /only_if/fields/1/value/0",
    ]);
  });

  test("fields: those that it compares, waits for, writes, and names in its messages; attributes; nothing of the event", () => {
    const definition = checked({
      when: [
        { type: "user.updated", fields: ["email", "fields.level"] },
        { type: "date.reached", field: "renews" },
      ],
      only_if: { type: "user.field_is", field: "plan", op: "is", value: "x" },
      then: [
        { type: "user.set_field", field: "level", value: "{{ user.fields.plan }}" },
        { type: "wait", until_field: "event.starts" },
        { type: "wait", until_field: "course.ends_at" },
        { type: "match", on: "event.kind", cases: [{ is: ["x"], steps: [] }], else: [] },
        { type: "match", on: "email", cases: [{ is: ["x"], steps: [] }], else: [] },
        {
          type: "email.user",
          subject: "{% if user.fields.a %}x{% endif %}",
          body: "{{user.fields['b'] | upcase}} fields.c",
        },
        { type: "webhook.send", url: "https://a.example", body: { x: ["{{ user.fields.d }}"] } },
      ],
    });
    expect(said(touchesOf(definition), "field")).toEqual([
      "in starts field:email /when/0/fields/0",
      "in starts field:level /when/0/fields/1",
      "in starts field:renews /when/1/field",
      "in needs field:plan /only_if/field",
      "out gives field:level /then/0/field",
      "in needs field:plan /then/0/value",
      "in needs field:email /then/4/on",
      "in needs field:a /then/5/subject",
      "in needs field:b /then/5/body",
      "in needs field:d /then/6/body/x/0",
    ]);
  });
});

test("a rule asks for its fields, tags and courses; a sync, an auto group and a bundle are edges of theirs", () => {
  const where = [
    { field: "department", op: "is" as const, value: "Sales" },
    { field: "tags", op: "in" as const, value: ["a", "b"] },
    { field: "enrolled", op: "is_not" as const, value: "js" },
    { field: "completed", op: "is_empty" as const },
  ];
  expect(said(touchesOfRule({ segment: "s", where }))).toEqual([
    "out gives segment:s /segment",
    "in needs field:department /where/0/field",
    "in needs tag:a /where/1/value/0",
    "in needs tag:b /where/1/value/1",
    "in needs course:js /where/2/value",
    "in needs field:completed /where/3/field",
  ]);
  const sync = { segment: "s", course: "js", group: "g" };
  expect(said(touchesOfSync({ ...sync, enrol: true }))).toEqual([
    "in starts segment:s /segment",
    "out gives course:js /course",
    "out gives group:g /group",
  ]);
  expect(said(touchesOfSync({ ...sync, group: null, enrol: false }))).toEqual([
    "in starts segment:s /segment",
    "in needs course:js /course",
  ]);
  expect(said(touchesOfAutoGroup({ course: "js", field: "f" }))).toEqual([
    "in needs course:js /course",
    "in needs field:f /field",
  ]);
  expect(said(touchesOfHolder(["js", "css"]))).toEqual([
    "out gives course:js /courses/0",
    "out gives course:css /courses/1",
  ]);
});
