import * as z from "zod";
import { once } from "../../../base/cache";
import { type Env, QUOTA } from "../../../base/env";
import { JURISDICTIONS } from "../../../base/jurisdiction";
import { name as schoolName } from "../../../catalogue/options/fields";
import { listQuery, mapPage, pageOf } from "../../../db/lists/list";
import { logSizes, MAIN } from "../../../db/log";
import { schoolDocument, toSchoolDocument } from "../../../schools/document";
import { getSchool, listSchools } from "../../../schools/find";
import { changeSchool } from "../../../schools/life/change";
import { createSchool, faultsOfNew } from "../../../schools/life/create";
import { deleteSchool } from "../../../schools/life/delete";
import { logState, startLogMove } from "../../../schools/platform/log-move";
import { settingsChange } from "../../../world/settings";
import { forgetOrigins } from "../../access/cors";
import { forgetCredentials, whoOf } from "../../access/credentials";
import { forgetNobodies } from "../../access/strangers";
import { accepted, created, defineRoute, noContent, ok } from "../../route";
import { rfc3339, timeIn, timeOut } from "../../times";

export { schoolName };

const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "a slug: a–z, 0–9 and hyphens within, 64 at most");

const jurisdiction = z.enum(JURISDICTIONS).nullable();

const quota = z
  .int("a whole number")
  .min(QUOTA.least, `at least ${QUOTA.least}`)
  .max(QUOTA.most, `at most ${QUOTA.most}`)
  .nullable()
  .optional()
  .meta({
    description:
      "Its quota, by all its keys, hooks and learners together, each event of a batch counted; null: what is usual here.",
  });

const newSchool = z.strictObject({
  id: slug.optional(),
  name: schoolName,
  mode: z.enum(["live", "test"]),
  now: timeIn.nullish().meta({ description: "Where a test school's clock begins; the present when left out." }),
  settings: settingsChange().optional(),
  jurisdiction: jurisdiction.optional().meta({
    description: "Where its objects and its log lie, for ever; left out or null: wherever they are nearest.",
  }),
  requests_per_minute: quota,
});

const change = z.strictObject({
  name: schoolName.optional(),
  suspended: z.boolean().optional(),
  settings: settingsChange().optional(),
  jurisdiction: jurisdiction.optional().meta({ description: "As it is: it never changes." }),
  requests_per_minute: quota,
});

const logDocument = once(() =>
  z
    .object({
      log: z.string().meta({ description: '"main", or the database\'s name behind LOG_: "0", "EU_0".' }),
      moves_to: z.string().nullable(),
      move: z
        .object({ to: z.string(), rows: z.number(), began_at: timeOut, ended_at: timeOut.nullable() })
        .nullable()
        .meta({ description: "The last that began; null: it never moved." }),
    })
    .meta({ component: "SchoolLog" }),
);

async function logOfSchool(env: Env, id: string): Promise<z.input<ReturnType<typeof logDocument>>> {
  const { log, movesTo, move } = await logState(env, id);
  return {
    ...{ log, moves_to: movesTo },
    move: move && {
      ...{ to: move.to, rows: move.done, began_at: rfc3339(move.beganAt) },
      ended_at: move.endedAt === null ? null : rfc3339(move.endedAt),
    },
  };
}

const schoolsQuery = listQuery.extend({
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: "Whose name begins so, in small letters or capitals; in the order of their names." }),
});

/** Schools, for the platform token. */
export const schoolsRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/schools",
    scope: "platform",
    summary: "Make a school, and a key with every scope, which is shown this once.",
    body: newSchool,
    faultsBeside: ({ env }, { requests_per_minute: quota, ...part }) => faultsOfNew(env, { ...part, quota }),
    answersSecret: true,
    answers: () => ({ 201: z.object({ school: schoolDocument(), api_key: z.string() }) }),
    handle: async ({ env, body, credential }) => {
      const { school, key } = await createSchool(env, { ...body, quota: body.requests_per_minute }, whoOf(credential));
      forgetOrigins();
      forgetNobodies();
      return created({ school: toSchoolDocument(env, school), api_key: key });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/schools",
    scope: "platform",
    summary: "List the schools, oldest first.",
    query: schoolsQuery,
    answers: () => ({ 200: pageOf(schoolDocument()) }),
    handle: async ({ env, query }) =>
      ok(mapPage(await listSchools(env, query), (school) => toSchoolDocument(env, school))),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/schools/:id",
    scope: "platform",
    summary: "Get a school.",
    answers: () => ({ 200: schoolDocument() }),
    handle: async ({ env, params }) => ok(toSchoolDocument(env, await getSchool(env, params.id))),
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
      const school = await changeSchool(
        env,
        params.id,
        { ...body, quota: body.requests_per_minute },
        whoOf(credential),
      );
      forgetOrigins();
      return ok(toSchoolDocument(env, school));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/logs",
    scope: "platform",
    summary: "The databases in which schools' logs lie, and how large they are.",
    answers: () => ({ 200: z.object({ data: z.array(z.object({ log: z.string(), bytes: z.number() })) }) }),
    handle: async ({ env }) =>
      ok({ data: (await logSizes(env)).map(({ place, bytes }) => ({ log: place ?? MAIN, bytes })) }),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/schools/:id/log",
    scope: "platform",
    summary: "Where a school's log lies, and what became of its last move.",
    answers: () => ({ 200: logDocument() }),
    handle: async ({ env, params }) => ok(await logOfSchool(env, params.id)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/schools/:id/log",
    scope: "platform",
    summary: "Move a school's log to another database.",
    description:
      "Nothing is lost or counted twice. Until it has moved the log stands still: what happens meanwhile is told afterwards, and " +
      "an erasure is a 503.",
    body: z.strictObject({
      to: z.string().max(20).meta({ description: '"main", or a database\'s name behind LOG_: "0", "EU_0".' }),
    }),
    answers: () => ({ 202: logDocument() }),
    handle: async ({ env, params, body, credential }) => {
      await startLogMove(env, params.id, body.to, whoOf(credential));
      return accepted(await logOfSchool(env, params.id));
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
