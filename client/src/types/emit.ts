import { comment, keyOf, type Overrides, type Schema, writerOf } from "./schema.ts";

/*
 * Types of a Schoolbell, from what it says of itself: `GET /v1/catalogue` and `GET /openapi.json`.
 */

interface Entry {
  type: string;
  description?: string;
  params: Schema;
  browser?: boolean;
}

export interface Catalogue {
  events: Entry[];
  triggers: Entry[];
  listeners: Entry[];
  conditions: Entry[];
  actions: Entry[];
  steps: Entry[];
}

interface Operation {
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** What stands at these places of an automation; everything else of one is as its schema says. */
const PARTS: Readonly<Record<string, string>> = {
  when: "Trigger[]",
  exit_when: "(Trigger | Listener)[]",
  only_if: "Condition | null",
  exit_if: "Condition | null",
  then: "Step[]",
};

const WIDGETS: Readonly<Record<string, string>> = {
  trigger: "Trigger | Listener",
  condition: "Condition",
  steps: "Step[]",
};

const HEAD = `/* Made of the catalogue and the OpenAPI document; never edited. */

/** ISO 8601: "P2D", "PT1H". */
export type Duration = \`P\${string}\` | \`-P\${string}\`;
`;

/** A card's name in types is a text of its own: \`custom.<name>\` stands for each name. */
const typeName = (type: string): string =>
  type.includes("<") ? `\`${type.replaceAll(/<\w+>/g, "$" + "{string}")}\`` : JSON.stringify(type);

export function emitTypes(catalogue: Catalogue, openApi: OpenApi): string {
  const isAutomation = (schema: Schema): boolean =>
    ["when", "then", "exit_when"].every((name) => schema.properties?.[name] !== undefined);
  let inAutomation = false;
  const overrides: Overrides = (schema, name) => {
    if (schema.widget !== undefined && WIDGETS[schema.widget]) return WIDGETS[schema.widget];
    if (inAutomation && PARTS[name]) return PARTS[name];
    if (isAutomation(schema) && !inAutomation) {
      inAutomation = true;
      const type = writer.object(schema);
      inAutomation = false;
      return type;
    }
    return undefined;
  };
  const find = (ref: string): Schema | undefined => openApi.components.schemas[ref.split("/").at(-1) ?? ""];
  const writer = writerOf(find, overrides);

  const union = (name: string, says: string, entries: readonly Entry[], common: readonly string[] = []): string => {
    const members = entries.map(
      ({ type, params, description }) =>
        `${comment(description, "  ")}  | ${writer.object(params, [`type: ${typeName(type)};`, ...common], 1)}`,
    );
    return `${comment(says)}export type ${name} =\n${members.join("\n")};\n`;
  };

  const data = catalogue.events.map(
    ({ type, params, description }) =>
      `${comment(description, "  ")}  ${type.includes("<") ? `[custom: ${typeName(type)}]` : keyOf(type)}: ${writer.object(params, [], 1)};`,
  );
  const fromPages = catalogue.events.filter((one) => one.browser).map((one) => typeName(one.type));

  const request = (method: string, path: string): Schema => {
    const body = openApi.paths[path]?.[method]?.requestBody?.content["application/json"]?.schema;
    if (!body) throw new Error(`${method} ${path} takes no body here`);
    return body;
  };
  const answer = (method: string, path: string, status = "200"): Schema => {
    const body = openApi.paths[path]?.[method]?.responses[status]?.content?.["application/json"]?.schema;
    if (!body) throw new Error(`${method} ${path} answers no ${status} here`);
    return body;
  };
  const named = (name: string, says: string, schema: Schema): string =>
    `${comment(says)}export type ${name} = ${writer.typeOf(schema)};\n`;
  const without = (schema: Schema, name: string): Schema => {
    const whole = schema.$ref === undefined ? schema : (find(schema.$ref) ?? {});
    return {
      ...whole,
      properties: Object.fromEntries(Object.entries(whole.properties ?? {}).filter(([key]) => key !== name)),
    };
  };
  const itemOf = (schema: Schema): Schema => {
    const whole = schema.$ref === undefined ? schema : (find(schema.$ref) ?? {});
    return whole.properties?.data?.items ?? {};
  };

  return [
    HEAD,
    `/** What events carry, by their type. */\nexport interface EventData {\n${data.join("\n")}\n}\n`,
    `export type EventType = keyof EventData;\n`,
    `/** Events that a learner's page may send. */\nexport type PageEventType = ${fromPages.join(" | ")};\n`,
    `/** An event of one type, as \`POST /v1/events\` takes it. */\nexport type Event = {\n  [Type in EventType]: Omit<EventEnvelope, "type" | "data"> & { type: Type } & (Record<string, never> extends EventData[Type]\n        ? { data?: EventData[Type] }\n        : { data: EventData[Type] });\n}[EventType];\n`,
    named("EventEnvelope", "What all events have.", request("post", "/v1/events")),
    named("EventAnswer", "What an event is answered.", answer("post", "/v1/events")),
    union("Trigger", "What starts an automation.", catalogue.triggers),
    union("Listener", "What `exit_when` and `wait_for` may name beside triggers.", catalogue.listeners),
    union("ConditionCard", "One thing that holds or does not.", catalogue.conditions),
    "/** A condition, or several joined. */\nexport type Condition = ConditionCard | { all: Condition[] } | { any: Condition[] } | { not: Condition };\n",
    union("Action", "What a step does.", catalogue.actions, ["id?: string;", 'on_error?: "continue" | "stop";']),
    union("Flow", "A step that says how to go on.", catalogue.steps, ["id?: string;"]),
    "/** A step of an automation. */\nexport type Step = Action | Flow;\n",
    named("Automation", "An automation as it is written.", request("post", "/v1/automations")),
    named("AutomationAnswer", "An automation as it is answered.", answer("get", "/v1/automations/{id}")),
    named("Run", "One user going through one automation.", answer("get", "/v1/runs/{id}")),
    named("User", "A user as it is answered.", answer("get", "/v1/users/{id}")),
    named("ListedUser", "A user in a list.", itemOf(answer("get", "/v1/users"))),
    named("UserAttributes", "What may be written of a user.", request("put", "/v1/users/{id}")),
    named("Job", "Work over many users.", answer("get", "/v1/jobs/{id}")),
    named("OtherDefinitions", "Definitions beside automations.", without(request("put", "/v1/import"), "automations")),
    "/** All definitions of a school, as a folder of files has them. */\nexport type Definitions = OtherDefinitions & { automations?: (Automation & { id: string })[] };\n",
  ].join("\n");
}
