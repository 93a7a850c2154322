import { describe, expect, test } from "vitest";
import { catalogueDocument as served } from "../../../../catalogue/document";
import type { Catalogue, CatalogueEntry, OptionSchema } from "../../../../definition/catalogue";
import type { Draft, Step } from "../../../../definition/types";
import { checkDraft, fits, unreachable, warn } from "../check";
import { blank, fieldOf, fieldsOfForm, written } from "./form";
import { schemaFaults } from "./schema-faults";

// What the route answers, as the editor is given it.
const { steps: kinds } = served();

const widget = (schema: OptionSchema): string => fieldOf("x", schema, true).widget;

describe("a form from a schema", () => {
  test.each<[string, OptionSchema]>([
    ["text", { type: "string" }],
    ["number", { type: "integer", minimum: 1 }],
    ["boolean", { type: "boolean" }],
    ["choice", { type: "string", enum: ["a", "b"] }],
    ["choice", { anyOf: [{ const: "a" }, { const: "b" }] }],
    ["choices", { type: "array", items: { type: "string", enum: ["a"] } }],
    ["ids", { type: "array", items: { type: "string" }, picker: "course" }],
    ["ids", { type: "array", items: { type: "string" } }],
    ["id", { type: "string", picker: "course" }],
    ["duration", { type: "string", format: "duration" }],
    ["date", { type: "string", format: "date" }],
    ["template", { type: "string", template: "html" }],
    ["template", { anyOf: [{ type: "string", template: "line" }, { type: "null" }] }],
    ["data", { template: "data" }],
    ["data", { type: "object", additionalProperties: {}, template: "data" }],
    ["pairs", { type: "object", additionalProperties: { type: "string" } }],
    ["rows", { type: "array", items: { type: "object", properties: {} } }],
    ["value", {}],
  ])("%s", (expected, schema) => {
    expect(widget(schema)).toBe(expected);
  });

  test("null and fixed words beside a shape are set apart", () => {
    const field = fieldOf(
      "since",
      { anyOf: [{ const: "trigger" }, { type: "string", format: "duration" }], default: "trigger" },
      false,
    );
    expect(field).toMatchObject({ widget: "duration", instead: ["trigger"], nullable: false });
    expect(fieldOf("value", { type: ["string", "null"] }, true)).toMatchObject({ widget: "text", nullable: true });
  });

  const clause: OptionSchema = {
    type: "object",
    properties: {
      note: { type: "string" },
      field: { type: "string", picker: "field" },
      op: { type: "string", enum: ["is", "is_empty", "in"] },
      value: {},
    },
    required: ["field", "op"],
  };

  test("fields stand as in the schema, and a comparison's value is part of it", () => {
    expect(fieldsOfForm(clause, {}).map((field) => [field.key, field.required])).toEqual([
      ["note", false],
      ["field", true],
      ["op", true],
      ["value", true],
    ]);
  });

  test("a comparison's value follows how it is compared", () => {
    const value = (op: string): string | undefined =>
      fieldsOfForm(clause, { op }).find((field) => field.key === "value")?.widget;
    expect([value("is"), value("is_empty"), value("in")]).toEqual(["value", undefined, "ids"]);
  });

  test("a new card has what is needed and nothing more", () => {
    const params: OptionSchema = {
      properties: {
        subject: { type: "string", template: "line" },
        kind: { type: "string", enum: ["transactional", "marketing"], default: "transactional" },
        tags: { type: "array", items: { type: "string" } },
        days: { type: "integer" },
      },
      required: ["subject", "tags", "days"],
    };
    expect(blank("email.user", params)).toEqual({ type: "email.user", subject: "", tags: [] });
  });

  test("an option emptied is left out, a needed one stays and is at fault", () => {
    const list: OptionSchema = { type: "array", items: { type: "string" } };
    expect(written(fieldOf("x", list, false), [])).toBeUndefined();
    expect(written(fieldOf("x", list, true), [])).toEqual([]);
    expect(written(fieldOf("x", { type: ["string", "null"] }, false), "")).toBeNull();
  });
});

describe("faults told before the server does", () => {
  const tags: OptionSchema = {
    type: "object",
    properties: { tags: { type: "array", items: { type: "string" }, minItems: 1 } },
    required: ["tags"],
  };
  const entry = (
    type: string,
    params: OptionSchema = { type: "object" },
    more: Partial<CatalogueEntry> = {},
  ): CatalogueEntry => ({
    type,
    label: type,
    category: "c",
    params,
    ...more,
  });
  const catalogue: Catalogue = {
    events: [],
    triggers: [entry("user.signed_up"), entry("tag.added", tags)],
    listeners: [entry("school.visited")],
    conditions: [entry("tags.has", tags)],
    actions: [
      entry("tags.add", tags),
      entry("tags.add_email_domain", { type: "object" }, { only_with: ["user.signed_up"] }),
    ],
    steps: kinds,
    variables: [],
    facts: [],
    categories: [],
    kinds: [],
  };
  const good: Draft = {
    name: "Drip",
    description: "",
    active: true,
    labels: [],
    note: "",
    goal: null,
    synchronous: false,
    when: [{ type: "user.signed_up" }],
    only_if: null,
    then: [{ id: "s1", type: "tags.add", tags: ["a"] }],
    exit_when: [],
    exit_if: null,
    reentry: "once",
    reentry_per: "user",
    cooldown: null,
    limit: null,
  };
  const paths = (change: Partial<Draft>): string[] =>
    checkDraft({ ...good, ...change }, catalogue).map((fault) => fault.path);

  test("none for a good one", () => expect(paths({})).toEqual([]));

  test.each<[string, Partial<Draft>, string[]]>([
    ["no name", { name: " " }, ["/name"]],
    ["nothing starts it", { when: [] }, ["/when"]],
    ["an option that is needed", { when: [{ type: "tag.added" }] }, ["/when/0/tags"]],
    ["an empty list", { then: [{ type: "tags.add", tags: [] }] }, ["/then/0/tags"]],
    ["an unknown type", { then: [{ type: "nothing" }] }, ["/then/0/type"]],
    [
      "an action of other triggers",
      { when: [{ type: "tag.added", tags: ["a"] }], then: [{ type: "tags.add_email_domain" }] },
      ["/then/0"],
    ],
    [
      "a condition within not within all",
      { only_if: { all: [{ not: { type: "tags.has" } }] } },
      ["/only_if/all/0/not/tags"],
    ],
    ["an empty group", { exit_if: { any: [] } }, ["/exit_if"]],
    ["a wait of no kind", { then: [{ type: "wait" }] }, ["/then/0"]],
    ["a wait of two kinds", { then: [{ type: "wait", for: "P1D", until: "2026-01-01T09:00" }] }, ["/then/0"]],
    ["a wait without days", { then: [{ type: "wait", for: "P1D", window: { days: [] } }] }, ["/then/0/window/days"]],
    [
      "a wait for nothing",
      { then: [{ type: "wait_for", event: null, timeout: "" }] },
      ["/then/0/event", "/then/0/timeout"],
    ],
    ["a branch by nothing", { then: [{ type: "branch", if: null }] }, ["/then/0/if"]],
    [
      "percentages",
      {
        then: [
          {
            type: "split",
            paths: [
              { percent: 40, steps: [] },
              { percent: 50, steps: [] },
            ],
          },
        ],
      },
      ["/then/0/paths"],
    ],
    [
      "a step in a way",
      { then: [{ type: "split", paths: [{ percent: 100, steps: [{ type: "tags.add" }] }] }] },
      ["/then/0/paths/0/steps/0/tags"],
    ],
  ])("%s", (_, change, expected) => {
    expect(paths(change)).toEqual(expected);
  });

  test("too many steps, too deep", () => {
    const nest = (n: number): Step[] =>
      n === 0 ? [] : [{ type: "branch", if: { type: "tags.has", tags: ["a"] }, yes: nest(n - 1), no: [] }];
    expect(paths({ then: nest(6) })).toEqual(["/then"]);
    expect(paths({ then: Array.from({ length: 101 }, () => ({ type: "exit" })) })).toEqual(["/then"]);
  });

  test("what only listens may be waited for, not started from", () => {
    expect(paths({ exit_when: [{ type: "school.visited" }] })).toEqual([]);
    expect(paths({ when: [{ type: "school.visited" }] })).toEqual(["/when/0/type"]);
  });

  test("a union is good when one of its shapes is", () => {
    const since: OptionSchema = { anyOf: [{ const: "trigger" }, { type: "string", format: "duration" }] };
    expect([schemaFaults("trigger", since, []), schemaFaults("P1D", since, [])]).toEqual([[], []]);
    expect(schemaFaults("soon", since, ["since"])).toMatchObject([{ path: "/since" }]);
  });

  test("an entry fits when all triggers are among those it needs", () => {
    const only = entry("x", {}, { only_with: ["user.signed_up"] });
    expect([
      fits(only, [{ type: "user.signed_up" }]),
      fits(only, [{ type: "user.signed_up" }, { type: "tag.added" }]),
    ]).toEqual([true, false]);
  });

  test("steps below an end, or on a way of none, are never reached", () => {
    const exit: Step = { id: "e", type: "exit" };
    const step = (id: string): Step => ({ id, type: "tags.add", tags: ["a"] });
    expect(unreachable([step("a"), exit, step("b")], catalogue)).toEqual(["b"]);
    expect(unreachable([{ id: "x", type: "branch", yes: [exit], no: [exit] }, step("b")], catalogue)).toEqual(["b"]);
    expect(unreachable([{ id: "x", type: "branch", yes: [exit], no: [] }, step("b")], catalogue)).toEqual([]);
    expect(
      unreachable(
        [
          {
            id: "x",
            type: "split",
            paths: [
              { percent: 0, steps: [step("a")] },
              { percent: 100, steps: [] },
            ],
          },
        ],
        catalogue,
      ),
    ).toEqual(["a"]);
  });

  test("a wait without a limit of entries is warned of", () => {
    const waits: Draft = { ...good, reentry: "always", then: [{ type: "wait", for: "P1D" }] };
    expect(warn(waits, catalogue).map((warning) => warning.code)).toEqual(["waits_without_reentry_limit"]);
    expect(warn({ ...waits, cooldown: "P1D" }, catalogue)).toEqual([]);
  });
});
