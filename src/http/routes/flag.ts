import * as z from "zod";

export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");

const fire = flag.meta({ description: "What the job changes starts automations; else it is quiet." });
const dryRun = flag.meta({ description: "Only counts who would join and leave." });

/** Query of a write that a job follows. */
export const fireQuery = z.object({ fire });
export const fireOrDryRunQuery = z.object({ fire, dry_run: dryRun });

/** The job that follows a write. */
export const jobId = z
  .string()
  .optional()
  .meta({ description: "The job that brings users in line, when one follows." });
/**
 * An answer of several forms, and for each the query parameter without which it does not come; "": there is none. Who does
 * not know a parameter meets no form of it: `npm run openapi` goes by that.
 */
export const onlyWith = <const Forms extends readonly [z.ZodType, ...z.ZodType[]]>(
  forms: Forms,
  parameters: { [N in keyof Forms]: string },
) => z.union(forms).meta({ only_with: parameters });

export const jobAnswer = z.object({ job_id: z.string() });
export const withJob = (id: string | undefined) => (id === undefined ? {} : { job_id: id });

export const previewDocument = z.object({
  would_join: z.int(),
  would_leave: z.int(),
  estimated: z.boolean().meta({ description: "True: counted over the first 1,000 users by id and projected." }),
});

export const circleWarnings = z
  .array(z.object({ code: z.enum(["cycle"]), message: z.string() }))
  .optional()
  .meta({ description: "`cycle`: a rule asks for what a sync gives, and that leads back to the sync's segment." });
