import * as z from "zod";
import type { Env } from "../../base/env";
import { duration } from "../../catalogue/options/fields";
import type { HeldKind } from "../../db/deleting/held";
import { figuresDocument } from "../../held/figures";
import { deletionFigures, holdDefinition } from "../../held/hold";
import type { School } from "../../world/snapshot";
import { whoOf } from "../access/credentials";
import { accepted, defineRoute, ok } from "../route";
import { fireQuery, flag, jobAnswer, onlyWith } from "./flag";

/* What the routes of all definitions have in common that can be held, to be deleted later. */

const hold = duration.optional().meta({
  description: "Deletes it after so long only, `P7D` at most, by the school's clock; until then it can be restored.",
});
const dryRun = flag.meta({ description: "Only tells what would follow." });

export const deleteQuery = z.object({ hold, dry_run: dryRun });
/** The same where a job follows at once. */
export const deleteFireQuery = fireQuery.extend({ hold, dry_run: dryRun });

/** Of a list. */
export const deleted = flag.meta({ description: "Those that are held, to be deleted, in the place of the others." });

/** What DELETE says of it. */
export const HOLDS =
  "With `hold` it is deleted then, and gives nothing new until then; 202 tells what will follow in figures of now. " +
  "`dry_run` tells that alone. What is held already is deleted at once.";
export const RESTORES =
  "As it was: runs go on, and users are brought in line by a job. Nothing that was missed is started. 409 for what is not " +
  "held, or names what is.";

/** Answers a DELETE that only tells, or is for later; null: it is for now. */
export async function putOff(
  env: Env,
  school: School,
  kind: HeldKind,
  id: string,
  { hold, dry_run, who }: { hold?: string | undefined; dry_run: boolean; who: string },
) {
  if (dry_run) return ok(await deletionFigures(env, school, kind, id, hold));
  return hold === undefined ? null : accepted(await holdDefinition(env, school, kind, id, { hold, who }));
}

/** What is deleted at once is followed by a job. */
const deletion = onlyWith([jobAnswer, figuresDocument], ["", "hold"]);

/** The route that deletes a definition at once, whereupon a job takes back what it gave, or later. */
export const defineDeletion = <const Path extends string>(spec: {
  /** Of one: it has `:id`. */
  path: Path;
  kind: HeldKind;
  summary: string;
  /** @returns the job */
  remove(env: Env, school: School, id: string, options: { fire: boolean; who: string }): Promise<string>;
}) =>
  defineRoute({
    method: "DELETE",
    path: spec.path,
    scope: "write",
    summary: spec.summary,
    description: HOLDS,
    query: deleteFireQuery,
    answers: () => ({ 200: figuresDocument, 202: deletion }),
    handle: async ({ env, school, params, query, credential }) => {
      // The path has it, which its type does not say while it is open.
      const { id } = params as { id: string };
      const who = whoOf(credential);
      const later = await putOff(env, school, spec.kind, id, { ...query, who });
      return later ?? accepted({ job_id: await spec.remove(env, school, id, { fire: query.fire, who }) });
    },
  });
