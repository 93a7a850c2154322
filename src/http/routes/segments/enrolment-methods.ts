import * as z from "zod";
import type { Env } from "../../../base/env";
import { id, role } from "../../../catalogue/options/fields";
import { listQuery, pageOf } from "../../../db/lists/list";
import type { KeyScope } from "../../../schools/keys/api-keys";
import {
  changeMethod,
  createMethod,
  deleteMethod,
  getMethod,
  keyOf,
  listMethods,
  type MethodRow,
} from "../../../segments/self-enrolment/methods";
import { selfEnrol } from "../../../segments/self-enrolment/self-enrol";
import { whoIs } from "../../../users/merging/moved";
import { courseIdIn } from "../../../world/naming/ids";
import type { School } from "../../../world/snapshot";
import { whoOf } from "../../access/credentials";
import { created, defineRoute, noContent, ok } from "../../route";
import { rfc3339, rfc3339OrNull, timeIn, timeOut } from "../../times";

const type = z.literal("self");
const key = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^\P{Cc}*$/u, "no control characters");
const limit = z.int().min(1).max(1_000_000).meta({ description: "How many learners may enrol by it." });
const course = z.object({ id });
const method = course.extend({ method: id });

const document = z.object({
  id: z.string(),
  type,
  course: z.string(),
  key: z.string().nullable().meta({ description: "Shown to the scope admin." }),
  group: z.string().nullable(),
  role: z.string(),
  limit: z.int().nullable(),
  taken: z.int().meta({ description: "How many have enrolled by it." }),
  ends_at: timeOut.nullable(),
  active: z.boolean(),
  created_at: timeOut,
});

async function toDocument(
  env: Env,
  school: School,
  row: MethodRow,
  scopes: readonly KeyScope[],
): Promise<z.input<typeof document>> {
  return {
    id: row.id,
    type: "self",
    course: (await courseIdIn(env, school))(row.course),
    key: scopes.includes("admin") ? await keyOf(env, row) : null,
    group: row.group,
    role: row.role,
    limit: row.limit,
    taken: row.taken,
    ends_at: rfc3339OrNull(row.endsAt),
    active: row.active,
    created_at: rfc3339(row.createdAt),
  };
}

const PATH = "/v1/courses/:id/enrolment-methods";

/** Ways into a course by a key that its learners are told, and the way in itself. */
export const enrolmentMethodRoutes = [
  defineRoute({
    method: "GET",
    path: PATH,
    scope: "read",
    summary: "List the enrolment methods of a course, oldest first.",
    params: course,
    query: listQuery,
    answers: () => ({ 200: pageOf(document) }),
    handle: async ({ env, school, params, query, credential }) => {
      const { data, next_cursor } = await listMethods(env, school, params.id, query);
      return ok({
        data: await Promise.all(data.map((row) => toDocument(env, school, row, credential.scopes))),
        next_cursor,
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: `${PATH}/:method`,
    scope: "read",
    summary: "Get an enrolment method of a course.",
    params: method,
    answers: { 200: document },
    handle: async ({ env, school, params, credential }) =>
      ok(await toDocument(env, school, await getMethod(env, school, params.id, params.method), credential.scopes)),
  }),
  defineRoute({
    method: "POST",
    path: PATH,
    scope: "write",
    summary: "Give a course a key by which learners enrol themselves.",
    params: course,
    body: z.strictObject({
      type: type.default("self"),
      key,
      group: id.nullable().default(null),
      role: role.default("student"),
      limit: limit.nullable().default(null),
      ends_at: timeIn.nullable().default(null),
      active: z.boolean().default(true),
    }),
    answersSecret: true,
    answers: { 201: document },
    handle: async ({ env, school, params, body, credential }) => {
      const { type: _, ends_at: endsAt, ...rest } = body;
      const row = await createMethod(env, school, params.id, { ...rest, endsAt }, whoOf(credential));
      return created(await toDocument(env, school, row, credential.scopes));
    },
  }),
  defineRoute({
    method: "PATCH",
    path: `${PATH}/:method`,
    scope: "write",
    summary: "Change an enrolment method; whoever is enrolled by it stays.",
    params: method,
    body: z.strictObject({
      key: key.optional(),
      group: id.nullable().optional(),
      role: role.optional(),
      limit: limit.nullable().optional(),
      ends_at: timeIn.nullable().optional(),
      active: z.boolean().optional(),
    }),
    answersSecret: true,
    answers: { 200: document },
    handle: async ({ env, school, params, body, credential }) => {
      const { ends_at: endsAt, ...rest } = body;
      const change = { ...rest, endsAt };
      const row = await changeMethod(env, school, params.id, params.method, change, whoOf(credential));
      return ok(await toDocument(env, school, row, credential.scopes));
    },
  }),
  defineRoute({
    method: "DELETE",
    path: `${PATH}/:method`,
    scope: "write",
    summary: "Take a key away; whoever is enrolled by it stays.",
    params: method,
    answers: { 204: null },
    handle: async ({ env, school, params, credential }) => {
      await deleteMethod(env, school, params.id, params.method, whoOf(credential));
      return noContent();
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/courses/:id/self-enrolments",
    scope: "user",
    summary: "Enrol the token's user by a key of the course.",
    description:
      "403 for a wrong key, 409 where no place is left or its time is over, 429 after ten wrong keys in an hour. Who has a " +
      "place by the key is answered 200, and enrolled again where that had ended.",
    params: course,
    body: z.strictObject({ key: z.string().max(1_000) }),
    answers: () => ({
      200: z.object({ course: z.string(), role: z.string(), group: z.string().nullable() }),
      201: z.object({ course: z.string(), role: z.string(), group: z.string().nullable() }),
    }),
    handle: async ({ env, school, params, body, credential }) => {
      const asked = { course: params.id, user: await whoIs(env, school, credential.user), key: body.key };
      const { method, course, isNew } = await selfEnrol(env, school, asked);
      const answer = { course, role: method.role, group: method.group };
      return isNew ? created(answer) : ok(answer);
    },
  }),
];
