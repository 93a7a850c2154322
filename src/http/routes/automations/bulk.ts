import * as z from "zod";
import { label } from "../../../automations/envelope";
import { duration } from "../../../catalogue/options/fields";
import { figuresDocument } from "../../../held/figures";
import { BULK_VERBS, doToMany, MOST_AT_ONCE } from "../../../held/many";
import { whoOf } from "../../access/credentials";
import { defineRoute, ok } from "../../route";
import { flag } from "../flag";

const bulkBody = z
  .strictObject({
    ids: z.array(z.string().min(1).max(128)).min(1).max(MOST_AT_ONCE),
    do: z.enum(BULK_VERBS),
    label: label.optional(),
    hold: duration.optional(),
  })
  .superRefine(({ do: verb, label, hold }, context) => {
    const needsLabel = verb === "label" || verb === "unlabel";
    if (needsLabel && label === undefined)
      context.addIssue({ code: "custom", path: ["label"], message: "which label" });
    if (!needsLabel && label !== undefined)
      context.addIssue({ code: "custom", path: ["label"], message: 'goes with "label" and "unlabel" alone' });
    if (verb !== "delete" && hold !== undefined)
      context.addIssue({ code: "custom", path: ["hold"], message: 'goes with "delete" alone' });
  });
const bulkResult = z.union([
  z.object({ id: z.string(), ok: z.literal(true), changes: z.boolean(), deletes: figuresDocument.optional() }),
  z.object({ id: z.string(), ok: z.literal(false), error: z.string() }),
]);

/** One verb on many automations. */
export const automationsBulkRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/automations/bulk",
    scope: "write",
    summary: "Do one thing to many automations.",
    description:
      "One after another; one that cannot be changed stops no other. `hold` goes with `delete` alone, which `restore` takes back until its time has come.",
    query: z.object({ dry_run: flag }),
    body: bulkBody,
    answers: () => ({ 200: z.object({ results: z.array(bulkResult) }) }),
    handle: async ({ env, school, body, query, credential }) => {
      const { ids, ...asked } = body;
      const options = { who: whoOf(credential), isDry: query.dry_run };
      return ok({ results: await doToMany(env, school, ids, asked, options) });
    },
  }),
];
