import * as z from "zod";
import { email } from "../../../catalogue/account/email";
import { SUPPRESSION_REASONS } from "../../../catalogue/messages/suppression";
import { listQuery } from "../../../db/lists/list";
import {
  getSuppression,
  liftSuppression,
  listSuppressions,
  type SuppressionRow,
  suppress,
} from "../../../schools/suppressions";
import { whoOf } from "../../access/credentials";
import { defineResource } from "../../resource";
import { created, defineRoute, noContent, ok } from "../../route";
import { rfc3339, timeOut } from "../../times";

const document = z
  .object({
    id: z.string(),
    address: z.string(),
    reason: z.enum(SUPPRESSION_REASONS).meta({
      description: "`complained` keeps back marketing alone, the others all mail.",
    }),
    source: z.string().meta({ description: "Who said so: `postmark`, `resend`, `ses`, or `hand`." }),
    detail: z.string().nullable(),
    at: timeOut,
  })
  .meta({ component: "Suppression" });

const toDocument = ({ id, address, reason, source, detail, at }: SuppressionRow): z.input<typeof document> => ({
  ...{ id, address, reason, source, detail },
  at: rfc3339(at),
});

/** Addresses that a school's mail does not go to. */
export const suppressionRoutes = [
  ...defineResource({
    path: "/v1/suppressions",
    scope: "read",
    many: "the suppressed addresses",
    one: "a suppressed address, by its id or the address itself",
    query: listQuery,
    document,
    list: listSuppressions,
    get: getSuppression,
    toDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/suppressions",
    scope: "write",
    summary: "Let no mail of the school go to an address.",
    description: "Transactional mail neither. 200 where it was suppressed already; of two reasons the stronger stays.",
    body: z.strictObject({
      address: email,
      detail: z.string().trim().max(1_000).nullish().meta({ description: "Why, in words of your own." }),
    }),
    answers: { 200: document, 201: document },
    handle: async ({ env, school, body, credential }) => {
      const wanted = { address: body.address, reason: "by_hand", source: "hand", detail: body.detail || null } as const;
      const { row, isNew } = await suppress(env, school, wanted, whoOf(credential));
      return isNew ? created(toDocument(row)) : ok(toDocument(row));
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/v1/suppressions/:id",
    scope: "write",
    summary: "Let mail go to an address again, by its id or the address itself.",
    description: "What was suppressed meanwhile stays so.",
    answers: { 204: null },
    handle: async ({ env, school, params, credential }) => {
      await liftSuppression(env, school, params.id, whoOf(credential));
      return noContent();
    },
  }),
];
