import * as z from "zod";
import { isSameSecret } from "../../../base/bytes";
import type { Env } from "../../../base/env";
import { notFound, Problem } from "../../../base/errors/errors";
import { takeLearnworlds } from "../../../inbound/learnworlds/take";
import { takeMoodle } from "../../../inbound/moodle-take";
import { schoolOfHookKey } from "../../../schools/keys/hook-key";
import { connectorsOf } from "../../../world/connectors";
import type { School } from "../../../world/snapshot";
import { requireRate } from "../../access/rate";
import { schoolNamed } from "../../access/strangers";
import { defineRoute, ok } from "../../route";

/*
 * Webhooks of an LMS. The school's hook key in the address is their credential. Copies and what says nothing to us are
 * answered as the first message was: an LMS that is refused sends the same again for days.
 */

const MAX_KEY_LENGTH = 256;
export const hookParams = z.object({ key: z.string().max(MAX_KEY_LENGTH) });
/** 404 for a key that is no school's, before anything is said of what came. */
export const hookFinds = ({ env, request, params }: { env: Env; request: Request; params: { key: string } }) =>
  schoolOfHook(env, request, params.key);
export const TAKEN = { received: true } as const;

const hook = {
  method: "POST",
  openQuery: true,
  scope: "none",
  params: hookParams,
  finds: hookFinds,
  // Any JSON: what is of no form known is counted.
  body: z.unknown().nonoptional(),
  // Plugins call their JSON a form.
  contentTypes: [],
  lenient: { maxDepth: 32 },
  answers: () => ({ 200: z.object({ received: z.literal(true) }) }),
} as const;

/** The school of a hook key; 404 for any that is no school's. */
export async function schoolOfHook(env: Env, request: Request, key: string): Promise<School> {
  const school = await schoolOfHookKey(key, (id) => schoolNamed(env, request, id));
  if (!school) throw notFound("hook");
  if (school.suspended) throw new Problem("forbidden", "The school is suspended.");
  await requireRate(env, { kind: "key", id: `hook:${school.id}`, school: school.id, scopes: ["events"] }, school);
  return school;
}

const SIGNATURE = "learnworlds-webhook-signature";

/** The token of LearnWorlds is the same on every webhook: it proves who sends, and nothing of the body. */
async function requireToken(env: Env, school: School, headers: Headers): Promise<void> {
  const { learnworlds_webhook: chosen } = await connectorsOf(env, school);
  if (typeof chosen?.token !== "string") return;
  const given = headers.get(SIGNATURE)?.trim() ?? "";
  if (!(await isSameSecret(given, `v1=${chosen.token}`)))
    throw new Problem("unauthorized", "Learnworlds-Webhook-Signature is not v1= and the school's token.");
}

export const hookRoutes = [
  defineRoute({
    ...hook,
    path: "/hooks/learnworlds/:key",
    summary: "Take a webhook of LearnWorlds.",
    description:
      "The key is the school's hook_key. Where connectors.learnworlds_webhook has a token, Learnworlds-Webhook-Signature must be v1= and that token. Types without an event of ours are counted.",
    handle: async ({ env, request, params, headers, body, bodyFaults, trace }) => {
      const school = await schoolOfHook(env, request, params.key);
      await requireToken(env, school, headers);
      await takeLearnworlds(env, school, body, bodyFaults, trace);
      return ok(TAKEN);
    },
  }),
  defineRoute({
    ...hook,
    path: "/hooks/moodle/:key",
    summary: "Take an event of Moodle, as local_webhooks posts it.",
    description:
      "The key is the school's hook_key. Events of Moodle without one of ours are counted. A cohort is the segment of its id, where that is kept by hand.",
    handle: async ({ env, request, params, body, bodyFaults, trace }) => {
      const school = await schoolOfHook(env, request, params.key);
      await takeMoodle(env, school, body, bodyFaults, trace);
      return ok(TAKEN);
    },
  }),
];
