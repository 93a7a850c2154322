import * as z from "zod";
import { getRun } from "../../../automations/runs/find";
import { sumsDocument, undoneDocument, undoneDocumentOf } from "../../../automations/undo/document";
import { previewUndoSince, requireRan, undoSince } from "../../../automations/undo/undo-automation";
import { previewUndo, undoRun } from "../../../automations/undo/undo-run";
import { handOf } from "../../access/credentials";
import { accepted, defineRoute, ok } from "../../route";
import { timeIn } from "../../times";
import { flag, jobAnswer } from "../flag";

const query = z.object({ dry_run: flag.meta({ description: "Only tells what would be taken back." }) });
const chain = () => z.boolean().default(false).meta({ description: "With the runs that theirs began." });

/** What runs gave is taken back, where nobody else gave it and nobody changed it since. */
export const undoRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/runs/:id/undo",
    scope: "write",
    summary: "Undo a run: end what is live of it, and take back, quietly, what it alone gave.",
    description:
      "Messages, payments, resets and what it took away are listed as `not_callable`. Twice does nothing. 409 where no " +
      "record of the run is kept any more.",
    query,
    body: z.lazy(() => z.strictObject({ chain: chain() }).default({ chain: false })),
    audits: { what: "run.undone", inBatch: true },
    answers: () => ({ 200: z.lazy(undoneDocument), 202: jobAnswer }),
    handle: async ({ env, school, params, query, body, entry, credential }) => {
      const row = await getRun(env, school.id, params.id);
      if (query.dry_run) return ok(undoneDocumentOf(await previewUndo(env, school, row, body.chain)));
      return accepted({ job_id: await undoRun(env, school, row, { ...body, hand: handOf(credential).id }, entry) });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/undo",
    scope: "write",
    summary: "Undo all runs of an automation that began at a moment or later.",
    description: "The dry run looks at 1,000 runs: with `more` there are more.",
    query,
    finds: ({ env, school, params }) => requireRan(env, school.id, params.id),
    body: z.lazy(() => z.strictObject({ since: timeIn, chain: chain() })),
    audits: { what: "automation.undone", inBatch: true },
    answers: () => ({ 200: z.lazy(sumsDocument), 202: jobAnswer }),
    handle: async ({ env, school, params, query, body, entry, credential }) => {
      const asked = { ...body, hand: handOf(credential).id };
      if (query.dry_run) return ok(await previewUndoSince(env, school, params.id, asked));
      return accepted({ job_id: await undoSince(env, school, params.id, asked, entry) });
    },
  }),
];
