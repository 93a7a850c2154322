import type { z } from "zod";
import { type JsonSchema, jsonSchemaOf } from "../../catalogue/options/json-schema";
import { type Deprecation, deprecatedSchema, deprecationIn, deprecationText } from "../answering/deprecation";
import type { TakenHeader } from "../declared";
import type { BodyKind } from "../reading/body-kinds";
import type { Route, Scope } from "../route";
import { nameCards, type ShownCatalogue } from "./cards";
import { Components } from "./components";
import { REFUSALS, refusalsOf } from "./refusals";
import { eventUser, webhooksOf } from "./webhooks";

const KEY = { secret_key: [] };
const SECURITY: Record<Scope, object[]> = {
  none: [],
  platform: [{ platform_token: [] }],
  read: [KEY],
  write: [KEY],
  events: [KEY],
  admin: [KEY],
  user: [{ user_token: [] }],
};

const BODY_TYPES: Record<BodyKind, readonly string[]> = {
  none: [],
  unread: [],
  json: ["application/json"],
  csv: ["text/csv"],
  bytes: ["application/octet-stream"],
  pieces: ["application/octet-stream"],
};

/** An OpenAPI 3.1 document of some routes. */
export function openApiDocument(routes: readonly Route[], server: string, catalogue: ShownCatalogue = {}): JsonSchema {
  const components = new Components();
  components.name("Problem", PROBLEM);
  nameCards(components, catalogue, catalogue.events ? components.place(eventUser(), "EventUser") : null);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:([^/]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Schoolbell",
      version: "1",
      description: "Automations for online schools: when something happens to a learner, only if, then.",
      license: { name: "MIT", identifier: "MIT" },
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: server }],
    tags: [...new Set(routes.map(topicOf))].map((name) => ({ name, description: DESCRIBED(name) })),
    paths,
    ...(catalogue.events ? { webhooks: webhooksOf(components) } : {}),
    components: {
      schemas: components.schemas,
      responses: REFUSALS,
      securitySchemes: {
        platform_token: {
          type: "http",
          scheme: "bearer",
          description: "The platform token: schools, nothing inside one.",
        },
        secret_key: {
          type: "http",
          scheme: "bearer",
          description: "A secret key, sb_live_… or sb_test_…; also as the user name of Basic.",
        },
        user_token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "HS256 with the school's signing secret: sub, school, aud schoolbell, exp at most 24 h ahead.",
        },
      },
    },
  };
}

/** `post /v1/automations/:id/enrol` → `post_automations_id_enrol`. */
/** Names of operations whose paths say the same without their version. */
const NAMED: Readonly<Record<string, string>> = { "GET /v1/health": "get_school_health" };

const operationId = ({ method, path }: Route) =>
  NAMED[`${method} ${path}`] ??
  [method.toLowerCase(), ...path.split("/").filter((part) => part !== "" && part !== "v1")]
    .join("_")
    .replaceAll(/[^A-Za-z0-9_]/g, "");

function operation(route: Route, components: Components): JsonSchema {
  const id = operationId(route);
  const embed = (schema: z.ZodType, io: "input" | "output", name: string) =>
    components.place(jsonSchemaOf(schema, io), `${id}_${name}`);
  const forms = route.forms?.routes ?? [];
  const bodies = new Map<string, JsonSchema>();
  const answers = new Map<string, z.ZodType | null>();
  // What the route itself says of a content type or a status stands; a form's description tells where it differs.
  for (const [n, form] of [route, ...forms].entries()) {
    const body = form.body ? embed(form.body, "input", n === 0 ? "body" : `body${n}`) : { type: "string" };
    for (const type of form.contentTypes.length ? form.contentTypes : BODY_TYPES[form.bodyKind])
      if (!bodies.has(type)) bodies.set(type, body);
    for (const [status, schema] of Object.entries(form.answers)) if (!answers.has(status)) answers.set(status, schema);
  }
  const description = [
    route.deprecated ? deprecationText(route.deprecated) : [],
    route.description ?? [],
    forms.map(describeForm),
  ]
    .flat()
    .join("\n\n");
  return {
    operationId: id,
    tags: [topicOf(route)],
    summary: route.summary,
    ...(description ? { description } : {}),
    ...deprecationIn(route.deprecated),
    // Each way once: which scopes a key must have, the form cannot say.
    security: [...new Set(route.scopes.flatMap((scope) => SECURITY[scope]))],
    "x-scopes": route.scopes,
    parameters: [
      ...[...route.path.matchAll(/:([^/]+)/g)].map(([, name]) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
      })),
      ...(route.query ? queryParameters(embed(route.query, "input", "query"), route.deprecatedQuery) : []),
      ...(route.takesHeaders ?? []).map(takenHeader),
      ...(route.method === "GET" ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...(bodies.size === 0
      ? {}
      : {
          requestBody: {
            required: !route.body?.safeParse(undefined).success,
            content: Object.fromEntries([...bodies].map(([type, schema]) => [type, { schema }])),
          },
        }),
    responses: {
      ...Object.fromEntries(
        [...answers].map(([status, schema]) => [
          status,
          {
            description: DESCRIPTIONS[status] ?? "Done",
            ...(schema
              ? { content: { [route.answersAs ?? "application/json"]: { schema: embed(schema, "output", status) } } }
              : {}),
          },
        ]),
      ),
      ...refusalsOf(route),
    },
  };
}

const describeForm = ({ contentTypes, summary, description }: Route): string =>
  [`${contentTypes.join(", ")}: ${summary}`, description ?? []].flat().join(" ");

/** What a route is about: the first part of its path. */
export const topicOf = ({ path }: Route): string => path.split("/").filter((part) => part !== "v1")[1] ?? "";

const DESCRIBED = (topic: string): string => `${topic.charAt(0).toUpperCase()}${topic.slice(1).replaceAll("-", " ")}.`;

const DESCRIPTIONS: Record<string, string> = { 200: "Done", 201: "Made", 202: "Taken; a job follows", 204: "Done" };

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "The same key and body within 24 h answers the first answer again.",
  schema: { type: "string", maxLength: 255 },
};

const TAKEN_HEADERS: Record<TakenHeader, string> = {
  "If-Match": "An `ETag` that was read: 412 where it is an older one. `*` is any.",
  Prefer: "`return=minimal` leaves the learner out of the answer; `wait=<s>` is how long it may wait for the LMS.",
};

const takenHeader = (name: TakenHeader): JsonSchema => ({
  name,
  in: "header",
  required: false,
  description: TAKEN_HEADERS[name],
  schema: { type: "string" },
});

const PROBLEM: JsonSchema = {
  type: "object",
  description: "RFC 9457.",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "message"],
        properties: {
          path: { type: "string", description: "A JSON pointer into the body." },
          message: { type: "string" },
        },
      },
    },
  },
};

function queryParameters(schema: JsonSchema, deprecated: Readonly<Record<string, Deprecation>> = {}): JsonSchema[] {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, JsonSchema>; required?: string[] };
  const shown = Object.entries(properties).map(
    ([name, property]) => [name, deprecatedSchema(property, deprecated[name])] as const,
  );
  return shown.map(([name, property]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...deprecationIn(deprecated[name]),
    ...(typeof property.description === "string" ? { description: property.description } : {}),
    schema: property,
  }));
}
