import { z } from "zod";
import { name as schoolName } from "../../catalogue/fields";
import { listQuery, mapPage, pageOf } from "../../db/list";
import { changeSchool } from "../../schools/change";
import { createSchool } from "../../schools/create";
import { deleteSchool } from "../../schools/delete";
import { schoolDocument, toSchoolDocument } from "../../schools/document";
import { getSchool, listSchools } from "../../schools/find";
import { settingsChange } from "../../world/settings";
import { forgetOrigins } from "../cors";
import { forgetCredentials, whoOf } from "../credentials";
import { created, defineRoute, noContent, ok } from "../route";
import { forgetNobodies } from "../strangers";
import { timeIn } from "../times";

export { schoolName };

const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "a slug: a–z, 0–9 and hyphens within, 64 at most");

const newSchool = z.strictObject({
  id: slug.optional(),
  name: schoolName,
  mode: z.enum(["live", "test"]),
  now: timeIn.optional().meta({ description: "Where a test school's clock begins; the present when left out." }),
  settings: settingsChange.optional(),
});

const change = z.strictObject({
  name: schoolName.optional(),
  suspended: z.boolean().optional(),
  settings: settingsChange.optional(),
});

/** Schools, for the platform token. */
export const schoolsRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/schools",
    scope: "platform",
    summary: "Make a school, and a key with every scope, which is shown this once.",
    body: newSchool,
    answersSecret: true,
    answers: () => ({ 201: z.object({ school: schoolDocument(), api_key: z.string() }) }),
    handle: async ({ env, body, credential }) => {
      const { school, key } = await createSchool(env, body, whoOf(credential));
      forgetOrigins();
      forgetNobodies();
      return created({ school: toSchoolDocument(school), api_key: key });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/schools",
    scope: "platform",
    summary: "List the schools, oldest first.",
    query: listQuery,
    answers: () => ({ 200: pageOf(schoolDocument()) }),
    handle: async ({ env, query }) => ok(mapPage(await listSchools(env, query), toSchoolDocument)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/schools/:id",
    scope: "platform",
    summary: "Get a school.",
    answers: () => ({ 200: schoolDocument() }),
    handle: async ({ env, params }) => ok(toSchoolDocument(await getSchool(env, params.id))),
  }),
  defineRoute({
    method: "PATCH",
    path: "/v1/schools/:id",
    scope: "platform",
    summary: "Change a school, or suspend it.",
    description:
      "While it is suspended its credentials answer 403, none of its steps happen, and waits that end are held.",
    body: change,
    answers: () => ({ 200: schoolDocument() }),
    handle: async ({ env, params, body, credential }) => {
      const school = await changeSchool(env, params.id, body, whoOf(credential));
      forgetOrigins();
      return ok(toSchoolDocument(school));
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/schools/:id",
    scope: "platform",
    summary: "Delete a school with all that is held of it.",
    answers: { 204: null },
    handle: async ({ env, params, credential }) => {
      await deleteSchool(env, params.id, whoOf(credential));
      forgetCredentials({ school: params.id });
      forgetOrigins();
      return noContent();
    },
  }),
];
