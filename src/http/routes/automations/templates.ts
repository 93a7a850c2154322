import * as z from "zod";
import { automationDocument } from "../../../automations/document";
import { getTemplate, listTemplates, type Template } from "../../../automations/templates";
import { faultsOfParams, useTemplate } from "../../../automations/templates/use";
import { notFound } from "../../../base/errors/errors";
import { name } from "../../../catalogue/options/fields";
import { jsonSchemaOf } from "../../../catalogue/options/json-schema";
import { listQuery, pageOf, pageOfArray } from "../../../db/lists/list";
import { whoOf } from "../../access/credentials";
import { created, defineRoute, ok } from "../../route";

const templateDocument = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  params: z.record(z.string(), z.unknown()).meta({ description: "A JSON Schema." }),
});

const toDocument = ({ id, name, description, params }: Template) => ({
  id,
  name,
  description,
  params: jsonSchemaOf(params, "input"),
});

/** Ready-made automations. */
export const templateRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/templates",
    scope: "read",
    summary: "List the ready-made automations.",
    query: listQuery,
    answers: () => ({ 200: pageOf(templateDocument) }),
    handle: ({ query }) => {
      const page = pageOfArray(query, listTemplates(), (template) => template.id);
      return ok({ data: page.data.map(toDocument), next_cursor: page.next_cursor });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/templates/:id",
    scope: "read",
    summary: "Get a ready-made automation, with what it asks for.",
    answers: { 200: templateDocument },
    handle: ({ params }) => {
      const template = getTemplate(params.id);
      if (!template) throw notFound("template");
      return ok(toDocument(template));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/templates/:id/use",
    scope: "write",
    summary: "Make an inactive automation of a template.",
    body: z.strictObject({
      name: name.optional(),
      params: z.record(z.string(), z.unknown()).default({}),
    }),
    faultsBeside: ({ params: { id } }, { params = {} }) => faultsOfParams(id, params),
    answers: { 201: automationDocument },
    handle: async ({ env, school, params, body, credential }) =>
      created(await useTemplate(env, school, params.id, body, whoOf(credential)), { etag: '"1"' }),
  }),
];
