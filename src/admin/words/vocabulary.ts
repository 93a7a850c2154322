import * as z from "zod";
import { wordsLike } from "../../automations/finding/pickers";
import { defineRoute, ok } from "../../http/route";

/** What pickers offer. Of no use to the outside, which knows its own ids: not part of the contract. */
export const vocabularyRoutes = [
  defineRoute({
    method: "GET",
    path: "/vocabulary",
    scope: "read",
    summary: "Ids known of a kind, for pickers.",
    query: z.object({ kind: z.string().min(1).max(160), q: z.string().max(128).default("") }),
    answers: { 200: z.object({ data: z.array(z.object({ value: z.string(), label: z.string().optional() })) }) },
    handle: async ({ env, school, query }) => ok({ data: await wordsLike(env, school, query.kind, query.q) }),
  }),
];
