import { describe, expect, test } from "vitest";
import { actions, conditions, eventOf, events, triggers } from "../../catalogue";
import { checkDefinition } from "../../catalogue/checking/check";
import { catalogueDocument } from "../../catalogue/document";
import { STEPS } from "../../catalogue/steps";
import { isRecord } from "../../definition/types";
import { routes } from "../routes";
import { componentOf } from "./cards";
import { openApiDocument } from "./openapi";

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  webhooks: Record<string, unknown>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

// Made of records and texts alone.
const document = openApiDocument(routes, "https://schoolbell.acme.com", catalogueDocument()) as unknown as Document;
const { schemas } = document.components;

const exampleOf = (type: string, kind: string): Record<string, unknown> => {
  const [example] = (schemas[componentOf(type, kind)]?.examples ?? []) as Record<string, unknown>[];
  if (!example) throw new Error(`${type} has no example`);
  return example;
};

const walk = (part: unknown, seen: (record: Record<string, unknown>) => void): void => {
  if (Array.isArray(part)) for (const one of part) walk(one, seen);
  if (!isRecord(part)) return;
  seen(part);
  for (const one of Object.values(part)) walk(one, seen);
};

const step = { type: "tags.add", tags: ["vip"] };
const faultsOf = (body: Record<string, unknown>) =>
  checkDefinition({ when: [{ type: "user.signed_up" }], then: [step], ...body }).faults;
/** A definition in which a card may stand: some go with some triggers alone. */
const whenFor = (only: readonly string[] | undefined) => (only ? { when: [exampleOf(only[0] ?? "", "Trigger")] } : {});

describe("every card is a type of its own, with an example that may be copied", () => {
  test.each([...triggers.values()].map((one) => [one.type, one.listening] as const))(
    "the trigger %s",
    (type, listening) => {
      const example = exampleOf(type, "Trigger");
      expect(faultsOf(listening ? { exit_when: [example] } : { when: [example] })).toEqual([]);
    },
  );
  test.each([...conditions.values()].map((one) => [one.type, one.onlyWith] as const))(
    "the condition %s",
    (type, only) => {
      expect(faultsOf({ ...whenFor(only), only_if: exampleOf(type, "Condition") })).toEqual([]);
    },
  );
  test.each([...actions.values()].map((one) => [one.type, one.onlyWith] as const))("the action %s", (type, only) => {
    expect(faultsOf({ ...whenFor(only), then: [exampleOf(type, "Action")] })).toEqual([]);
  });
  test.each([...STEPS.keys()])("the step %s", (type) => {
    expect(faultsOf({ then: [exampleOf(type, "Step")] })).toEqual([]);
  });
  test.each([...events.keys()].filter((type) => !type.includes("<")))("the event %s", (type) => {
    expect(eventOf(type)?.data.safeParse(exampleOf(type, "Event").data ?? {}).error?.issues).toBeUndefined();
  });
});

test("choices tell their cards apart by type", () => {
  for (const [name, count] of [
    ["Trigger", [...triggers.values()].filter((one) => !one.listening).length],
    ["Listened", triggers.size],
    ["CardCondition", conditions.size],
    ["Step", actions.size + STEPS.size],
    ["KnownEvent", [...events.keys()].filter((type) => !type.includes("<")).length],
  ] as const) {
    const { oneOf, discriminator } = schemas[name] as { oneOf: unknown[]; discriminator: { mapping: object } };
    expect([name, oneOf.length, Object.keys(discriminator.mapping).length]).toEqual([name, count, count]);
  }
});

test("no two operations are called the same", () => {
  const ids: unknown[] = [];
  walk(document.paths, ({ operationId }) => {
    if (operationId !== undefined) ids.push(operationId);
  });
  expect(ids.length).toBeGreaterThan(100);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test("every reference leads somewhere", () => {
  const broken: unknown[] = [];
  walk(document, ({ $ref: ref }) => {
    if (typeof ref !== "string") return;
    const found = ref
      .slice(2)
      .split("/")
      .reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), document);
    if (!found) broken.push(ref);
  });
  expect(broken).toEqual([]);
});

test("secrets are write only, and every operation documents its refusals", () => {
  const smtp: unknown[] = [];
  walk(document, (record) => {
    if (isRecord(record.pass)) smtp.push(record.pass.writeOnly);
  });
  expect(smtp.length).toBeGreaterThan(0);
  expect(new Set(smtp)).toEqual(new Set([true]));
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, { responses }] of Object.entries(operations))
      expect(Object.keys(responses), `${method} ${path}`).toEqual(expect.arrayContaining(["4XX", "5XX"]));
});

test("each body that we send stands under webhooks", () => {
  expect(Object.keys(document.webhooks)).toEqual(
    expect.arrayContaining(["webhook.send", "change.course.enrolled", "change.batch", "push.user", "webhook.test"]),
  );
});

describe("what a route takes by headers, and refuses, stands in the document", () => {
  const operation = (method: string, path: string) =>
    document.paths[path]?.[method] as unknown as { parameters: { name: string }[]; responses: Record<string, unknown> };

  test.each([
    ["put", "/v1/automations/{id}", "If-Match"],
    ["patch", "/v1/automations/{id}", "If-Match"],
    ["delete", "/v1/automations/{id}", "If-Match"],
    ["post", "/v1/events", "Prefer"],
    ["post", "/v1/events/batch", "Prefer"],
    ["post", "/v1/users/{id}/events", "Prefer"],
  ])("%s %s takes %s", (method, path, header) => {
    const { parameters, responses } = operation(method, path);
    expect(parameters.map(({ name }) => name)).toContain(header);
    expect("412" in responses).toBe(header === "If-Match");
  });

  test.each([
    ["/v1/graph", "404"],
    ["/v1/payments", "404"],
    ["/v1/restored", "404"],
    ["/v1/lms/check", "409"],
    ["/v1/lms/drift", "409"],
    ["/v1/changes", "410"],
  ])("get %s may be answered %s", (path, status) => {
    expect(operation("get", path).responses).toHaveProperty(status);
  });

  test("an automation of an export, and of an import, has its id", () => {
    expect(schemas.AutomationItem?.properties).toHaveProperty("id");
  });
});
