import * as z from "zod";
import { rotateSigningSecret } from "../../../schools/keys/signing-secret";
import { whoOf } from "../../access/credentials";
import { created, defineRoute } from "../../route";

export const signingSecretRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/signing-secret",
    scope: "admin",
    summary: "Make a new secret that signs user tokens, shown this once.",
    description: "The one before stays good for 24 hours.",
    answersSecret: true,
    answers: () => ({ 201: z.object({ secret: z.string() }) }),
    handle: async ({ env, school, credential }) =>
      created({ secret: await rotateSigningSecret(env, school.id, whoOf(credential)) }),
  }),
];
