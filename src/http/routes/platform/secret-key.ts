import * as z from "zod";
import { once } from "../../../base/cache";
import type { Env } from "../../../base/env";
import { rotation } from "../../../queue/platform-jobs";
import { rotationWarning, secretKeyState, startRotation } from "../../../schools/platform/rotation";
import { accepted, defineRoute, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";

const document = once(() =>
  z
    .object({
      key: z.string().meta({ description: "Names the secret that all is made by now; it tells nothing of it." }),
      before: z.string().nullable().meta({ description: "The one before, which still opens; null: none is set." }),
      rotation: z
        .object({
          status: z.enum(["not_begun", "under_way", "waiting", "done"]),
          total: z.number(),
          done: z.number().meta({ description: "Rows looked at, in the last look." }),
          sealed: z.number().meta({ description: "Secrets sealed anew in it." }),
          left: z.number().meta({ description: "What no secret opens, or was being changed; the log says which." }),
          per_second: z.number().nullable(),
          began_at: timeOut.nullable(),
          ended_at: timeOut.nullable(),
          needed_until: timeOut
            .nullable()
            .meta({ description: "When it is looked again; until then both are needed." }),
          keep_links: z.boolean().nullable(),
        })
        .nullable(),
      warning: z.string().nullable().meta({ description: "What is to be done next, in words." }),
    })
    .meta({ component: "SecretKey" }),
);

const orNull = (at: number | null): string | null => (at === null ? null : rfc3339(at));

async function present(env: Env): Promise<z.input<ReturnType<typeof document>>> {
  const { key, before, rotation } = await secretKeyState(env);
  return {
    ...{ key, before, warning: await rotationWarning(env) },
    rotation: rotation && {
      ...{ status: rotation.status, total: rotation.total, done: rotation.done, sealed: rotation.sealed },
      ...{ left: rotation.left, per_second: rotation.perSecond, keep_links: rotation.keepsLinks },
      ...{ began_at: orNull(rotation.beganAt), ended_at: orNull(rotation.endedAt) },
      needed_until: orNull(rotation.neededUntil),
    },
  };
}

const start = z.strictObject({
  keep_links: z.boolean().default(true).meta({
    description: "False where the secret before is in wrong hands: unsubscribe links made by it end with it.",
  }),
});

/** The Worker's secret, for the platform token. */
export const secretKeyRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/secret-key",
    scope: "platform",
    summary: "Which secret all is sealed by, and how far a change of it is.",
    answers: () => ({ 200: document() }),
    handle: async ({ env }) => ok(await present(env)),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/secret-key/rotation",
    scope: "platform",
    summary: "Seal anew what the secret before has sealed, so that it can go.",
    description: "It goes on by itself, and looks again a day later. 409 where no second secret is set.",
    body: start,
    answers: () => ({ 202: document() }),
    handle: async ({ env, body }) => {
      await startRotation(env, rotation, body.keep_links);
      return accepted(await present(env));
    },
  }),
];
