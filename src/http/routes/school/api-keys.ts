import * as z from "zod";
import { listQuery } from "../../../db/lists/list";
import { isRecord } from "../../../definition/types";
import {
  type ApiKey,
  createApiKey,
  deleteApiKey,
  getApiKey,
  KEY_SCOPES,
  type KeyMaker,
  listApiKeys,
  requireOwn,
} from "../../../schools/keys/api-keys";
import { forgetCredentials, type KeyCredential, type SessionCredential, whoOf } from "../../access/credentials";
import { defineResource } from "../../resource";
import { created, defineRoute, noContent } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { schoolName } from "../platform/schools";

const scope = z.enum(KEY_SCOPES);

const keyDocument = z.object({ id: z.string(), name: z.string(), scopes: z.array(scope), created_at: timeOut });

const toDocument = ({ id, name, scopes, createdAt }: ApiKey) => ({ id, name, scopes, created_at: rfc3339(createdAt) });

const makerOf = (credential: KeyCredential | SessionCredential): KeyMaker => ({
  who: whoOf(credential),
  scopes: credential.scopes,
});

/** A school's secret keys. */
export const apiKeysRoutes = [
  ...defineResource({
    path: "/v1/api-keys",
    scope: "read",
    many: "the school's keys",
    one: "a key, without its text",
    query: listQuery,
    document: keyDocument,
    list: (env, { id }, query) => listApiKeys(env, id, query),
    get: getApiKey,
    toDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/api-keys",
    scope: "write",
    role: "owner",
    summary: "Make a key, which is shown this once.",
    description: "It can have no scope that its maker lacks. To rotate, make another and delete the old one.",
    requires: ({ scopes }, { body }) => {
      const asked = isRecord(body) && Array.isArray(body.scopes) ? body.scopes : [];
      requireOwn(
        { scopes },
        KEY_SCOPES.filter((one) => asked.includes(one)),
      );
    },
    body: z.strictObject({
      name: schoolName,
      scopes: z
        .array(scope)
        .min(1)
        .max(KEY_SCOPES.length)
        .refine((scopes) => new Set(scopes).size === scopes.length, "the same scope twice"),
    }),
    answersSecret: true,
    answers: () => ({ 201: keyDocument.extend({ key: z.string() }) }),
    handle: async ({ env, school, body, credential }) => {
      const made = await createApiKey(env, school, body, makerOf(credential));
      return created({ ...toDocument(made), key: made.key });
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/api-keys/:id",
    scope: "write",
    role: "owner",
    summary: "Delete a key; it is refused everywhere within 5 seconds.",
    description: "It can be no key with a scope that the credential lacks.",
    answers: { 204: null },
    handle: async ({ env, school, params, credential }) => {
      await deleteApiKey(env, school.id, params.id, makerOf(credential));
      forgetCredentials({ key: params.id });
      return noContent();
    },
  }),
];
