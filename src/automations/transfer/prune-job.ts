import * as z from "zod";
import { defineSteps } from "../../jobs/define";

/** Says how much an import put off, to be deleted: it was held in the batch that wrote the job. */
export const pruneJob = defineSteps({
  name: "prune",
  params: z.object({ count: z.int() }),
  state: z.null(),
  step: async (_, { count }) => ({ next: null, done: count }),
  total: async (_, { count }) => count,
});
