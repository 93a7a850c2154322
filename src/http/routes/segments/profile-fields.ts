import * as z from "zod";
import { oneLine } from "../../../base/text/text";
import { FIELD_TYPES } from "../../../catalogue/facts/facts";
import { deleteAtOut, withDeleteAt } from "../../../db/deleting/held";
import { listQuery } from "../../../db/lists/list";
import { figuresDocument } from "../../../held/figures";
import { restoreDefinition } from "../../../held/hold";
import {
  changeField,
  createField,
  deleteField,
  faultsOfDeclared,
  getField,
  listFields,
} from "../../../segments/fields/fields";
import { whoOf } from "../../access/credentials";
import { defineResource } from "../../resource";
import { created, defineRoute, noContent, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";
import { jobId, withJob } from "../flag";
import { deleted, deleteQuery, HOLDS, putOff, RESTORES } from "../held";
import { schoolName as name } from "../platform/schools";

/** Templates name fields by their keys, so these are words. */
export const key = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "a key has letters, digits, _ and -, 64 at most, and begins with a letter or digit",
  );
export const type = z.enum(FIELD_TYPES);
export const choices = z
  .array(z.string().overwrite(oneLine).min(1).max(128))
  .min(1)
  .max(200)
  .refine((list) => new Set(list).size === list.length, "the same choice twice");

export const category = name.meta({ description: "What the field is shown under." });

const document = z.object({
  key: z.string(),
  name: z.string(),
  type,
  choices: z.array(z.string()).nullable().meta({ description: "Of a choice, and of a list that has some." }),
  category: z.string().nullable(),
  created_at: timeOut,
  delete_at: deleteAtOut,
});
const written = document.extend({ job_id: jobId });

const toDocument = ({ createdAt, deleteAt, ...field }: Awaited<ReturnType<typeof getField>>) => ({
  ...field,
  created_at: rfc3339(createdAt),
  ...withDeleteAt({ deleteAt }),
});

const KIND = "profile_field";

/** Fields of users that the school declares: their values are checked, and rules of segments may name them. */
export const profileFieldRoutes = [
  ...defineResource({
    path: "/v1/profile-fields",
    by: "key",
    scope: "read",
    many: "the declared fields",
    one: "a declared field",
    query: listQuery.extend({ deleted }),
    document,
    list: (env, { id }, query) => listFields(env, id, query),
    get: getField,
    toDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/profile-fields",
    scope: "write",
    summary: "Declare a field.",
    body: z.strictObject({
      key,
      name,
      type,
      choices: choices.nullable().optional(),
      category: category.nullable().default(null),
    }),
    faultsBeside: (_, { key, type, choices }, given) =>
      // Whether choices that cannot be read would do for the type is not known.
      faultsOfDeclared({ key, choices, type: choices === undefined && given.choices !== undefined ? undefined : type }),
    answers: { 201: document },
    handle: async ({ env, school, body, credential }) =>
      created(
        toDocument(await createField(env, school, { ...body, choices: body.choices ?? null }, whoOf(credential))),
      ),
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/profile-fields/:key",
    scope: "write",
    summary: "Change a declared field.",
    description:
      "Values that users have stay as they are; new ones are checked by what the field is now. A text in a field that became a list counts as a list of one. Where a field becomes a list, or is one no more, members of segments whose rules name it come and go, by a job.",
    body: z.strictObject({
      name: name.optional(),
      type: type.optional(),
      choices: choices.nullable().optional(),
      category: category.nullable().optional(),
    }),
    answers: { 200: written },
    handle: async ({ env, school, params, body, credential }) => {
      const changed = await changeField(env, school, params.key, body, whoOf(credential));
      return ok({ ...toDocument(changed.field), ...withJob(changed.jobId) });
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/profile-fields/:key",
    scope: "write",
    summary: "Take a declaration away; users keep their values.",
    description: HOLDS,
    query: deleteQuery,
    answers: { 200: figuresDocument, 202: figuresDocument, 204: null },
    handle: async ({ env, school, params, query, credential }) => {
      const who = whoOf(credential);
      const later = await putOff(env, school, KIND, params.key, { ...query, who });
      if (later) return later;
      await deleteField(env, school, params.key, { who });
      return noContent();
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/profile-fields/:key/restore",
    scope: "write",
    summary: "Bring a field back that is held, to be deleted.",
    description: RESTORES,
    answers: { 200: written },
    handle: async ({ env, school, params, credential }) => {
      const jobId = await restoreDefinition(env, school, KIND, params.key, whoOf(credential));
      return ok({ ...toDocument(await getField(env, school.id, params.key)), ...withJob(jobId) });
    },
  }),
];
