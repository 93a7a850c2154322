import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { database } from "../../db/client";
import { after, inOrder, listQuery, pageOf, toPage } from "../../db/list";
import { apiKeys } from "../../db/schema";
import { type ApiKey, createApiKey, deleteApiKey, getApiKey, KEY_SCOPES, toApiKey } from "../../schools/api-keys";
import { forgetCredentials, whoOf } from "../credentials";
import { created, defineRoute, noContent, ok } from "../route";
import { rfc3339, timeOut } from "../times";
import { schoolName } from "./schools";

const scope = z.enum(KEY_SCOPES);

const keyDocument = z.object({ id: z.string(), name: z.string(), scopes: z.array(scope), created_at: timeOut });

const toDocument = ({ id, name, scopes, createdAt }: ApiKey) => ({ id, name, scopes, created_at: rfc3339(createdAt) });

/** A school's secret keys. */
export const apiKeysRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/api-keys",
    scope: "read",
    summary: "List the school's keys, oldest first.",
    query: listQuery,
    answers: { 200: pageOf(keyDocument) },
    handle: async ({ env, school, query }) => {
      const rows = await database(env.DB)
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.school, school.id), after(query, [apiKeys.id])))
        .orderBy(...inOrder(query, [apiKeys.id]))
        .limit(query.limit + 1);
      return ok(
        toPage(
          query,
          rows,
          (row) => [row.id],
          (row) => toDocument(toApiKey(row)),
        ),
      );
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/api-keys",
    scope: "write",
    role: "owner",
    summary: "Make a key, which is shown this once.",
    description: "It can have no scope that its maker lacks. To rotate, make another and delete the old one.",
    body: z.strictObject({
      name: schoolName,
      scopes: z
        .array(scope)
        .min(1)
        .max(KEY_SCOPES.length)
        .refine((scopes) => new Set(scopes).size === scopes.length, "the same scope twice"),
    }),
    answersSecret: true,
    answers: { 201: keyDocument.extend({ key: z.string() }) },
    handle: async ({ env, school, body, credential }) => {
      const maker = { who: whoOf(credential), scopes: credential.scopes };
      const made = await createApiKey(env, school, body, maker);
      return created({ ...toDocument(made), key: made.key });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/api-keys/:id",
    scope: "read",
    summary: "Get a key, without its text.",
    answers: { 200: keyDocument },
    handle: async ({ env, school, params }) => ok(toDocument(await getApiKey(env, school.id, params.id))),
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/api-keys/:id",
    scope: "write",
    role: "owner",
    summary: "Delete a key; it is refused everywhere within 5 seconds.",
    answers: { 204: null },
    handle: async ({ env, school, params, credential }) => {
      await deleteApiKey(env, school.id, params.id, whoOf(credential));
      forgetCredentials({ key: params.id });
      return noContent();
    },
  }),
];
