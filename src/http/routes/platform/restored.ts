import * as z from "zod";
import { once } from "../../../base/cache";
import type { Env } from "../../../base/env";
import { invalid, notFound } from "../../../base/errors/errors";
import { namedAt } from "../../../base/errors/faults";
import { getSchool } from "../../../schools/find";
import { lastRestored, type Restored, startRestored } from "../../../schools/platform/restored";
import { bringBack, learnFromLog, retellUser } from "../../../users/past/retell";
import type { School } from "../../../world/snapshot";
import { accepted, defineRoute, ok } from "../../route";
import { rfc3339, timeIn, timeOut } from "../../times";

const document = once(() =>
  z
    .object({
      to: timeOut.meta({ description: "To when the database was brought back." }),
      status: z.enum(["under_way", "done"]),
      total: z.number(),
      done: z.number().meta({ description: "Users gone over." }),
      counts: z.record(z.string(), z.number()).meta({
        description:
          "`told` users whom the database knows again as their objects do; `erased` and `moved` (merged), who were so since " +
          "and are again; `deleted` schools likewise; `failed`, of whom the log tells.",
      }),
      per_second: z.number().nullable(),
      began_at: timeOut,
      ended_at: timeOut.nullable(),
    })
    .meta({ component: "Restored" }),
);

const present = ({ to, perSecond, beganAt, endedAt, ...rest }: Restored): z.input<ReturnType<typeof document>> => ({
  ...rest,
  ...{ to: rfc3339(to), per_second: perSecond, began_at: rfc3339(beganAt) },
  ended_at: endedAt === null ? null : rfc3339(endedAt),
});

async function last(env: Parameters<typeof lastRestored>[0]): Promise<z.input<ReturnType<typeof document>>> {
  const found = await lastRestored(env);
  if (!found) throw notFound("restore");
  return present(found);
}

/** The school that a body names. */
async function schoolNamed(env: Env, id: string): Promise<School> {
  const { found, faults } = await namedAt("/school", getSchool(env, id));
  if (!found) throw invalid(faults);
  return found;
}

const faultsOfSchool = async ({ env }: { env: Env }, { school }: { school?: string }) =>
  school === undefined ? [] : (await namedAt("/school", getSchool(env, school))).faults;

const userIds = z.array(z.string().min(1).max(400)).min(1).max(100);

/** What follows when the database, or one learner's object, went back and the other did not; for the platform token. */
export const restoredRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/restored",
    scope: "platform",
    summary: "How far it is to make good for the last restore of the database.",
    refuses: ["not_found"],
    answers: () => ({ 200: document() }),
    handle: async ({ env }) => ok(await last(env)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/restored",
    scope: "platform",
    summary: "The database was brought back: have learners' objects tell it what it lost.",
    description: "Also ends every sign-in session. Call it right after the restore, before anything is edited.",
    body: z.strictObject({
      to: timeIn
        .refine((at) => at <= Date.now(), "a moment that is past: what the database was brought back to")
        .meta({ description: "The moment that the database was brought back to." }),
    }),
    answers: () => ({ 202: document() }),
    handle: async ({ env, body }) => {
      await startRestored(env, body.to);
      return accepted(await last(env));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/restored/users",
    scope: "platform",
    summary: "Have the database know of these learners what their objects do.",
    description: "For who came since the moment and has not come again: no list of them is left.",
    body: z.strictObject({ school: z.string().max(64), users: userIds }),
    faultsBeside: faultsOfSchool,
    answers: () => ({ 200: z.object({ data: z.array(z.object({ user: z.string(), became: z.string() })) }) }),
    handle: async ({ env, body }) => {
      const school = await schoolNamed(env, body.school);
      const data: { user: string; became: string }[] = [];
      for (const user of body.users) data.push({ user, became: await retellUser(env, school, user, null) });
      return ok({ data });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/restored/object",
    scope: "platform",
    summary:
      "Bring one learner's object back to a moment, or, where it has gone back, have it learn what has left since.",
    description:
      "First with `back: true`: the object goes back, and `bookmark` brings it forward again. Then, a moment later, " +
      "without: what the database knows to have left does not leave again, and the database hears the learner anew. " +
      "409 where nobody is there: who was erased stays erased.",
    body: z.strictObject({
      ...{ school: z.string().max(64), user: z.string().min(1).max(400), to: timeIn },
      back: z.boolean().default(false),
    }),
    faultsBeside: faultsOfSchool,
    answers: () => ({ 200: z.object({ bookmark: z.string().nullable() }) }),
    handle: async ({ env, body }) => {
      const school = await schoolNamed(env, body.school);
      if (body.back) return ok({ bookmark: await bringBack(env, school, body.user, body.to) });
      await learnFromLog(env, school, body.user, body.to);
      return ok({ bookmark: null });
    },
  }),
];
