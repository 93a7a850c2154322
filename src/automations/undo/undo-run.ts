import * as z from "zod";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { AuditEntry } from "../../db/audit";
import { defineSteps } from "../../jobs/define";
import { startJob } from "../../jobs/start";
import { tellUser } from "../../journal/tell";
import type { School } from "../../world/snapshot";
import type { RunRow } from "../runs/find";
import { type Told, undoneDocumentOf } from "./document";

const WHY_NOT = {
  unkept: "No record of the run is kept any more: what it gave is not known.",
  moved: "Its user is being merged into another: ask again in a while, the run goes along.",
  not_first: "The run is not there.",
} as const;

async function ask(
  env: Env,
  school: School,
  { run, user, chain, hand }: { run: string; user: string; chain: boolean; hand?: string | null },
  isDry: boolean,
): Promise<Told> {
  const origin = { by: "undo", id: run } as const;
  const told = await userObject(env, school, user).undo(referenceOf(school), {
    ...{ run, chain, isDry, origin },
    hand: hand ?? null,
  });
  if ("none" in told) throw new Problem("conflict", WHY_NOT[told.none]);
  return told;
}

/** What an undo of the run would do; 409 where no record of it is kept. */
export const previewUndo = (
  env: Env,
  school: School,
  row: Pick<RunRow, "id" | "user">,
  chain: boolean,
): Promise<Told> => ask(env, school, { run: row.id, user: row.user, chain }, true);

/** Undoes a run by a job, whose result tells of it; 409 as of a preview. Answers with the job's id. */
export async function undoRun(
  env: Env,
  school: School,
  row: RunRow,
  { chain, hand }: { chain: boolean; hand: string | null },
  entry: AuditEntry | null,
): Promise<string> {
  await previewUndo(env, school, row, chain);
  return startJob(env, school, undoRunJob, { run: row.id, user: row.user, chain, hand }, { inline: true, entry });
}

export const undoRunJob = defineSteps({
  name: "undo_run",
  params: z.lazy(() =>
    z.object({ run: z.string(), user: z.string(), chain: z.boolean(), hand: z.string().nullable().default(null) }),
  ),
  state: z.lazy(() => z.null()),
  about: ({ run: id }) => ({ kind: "run", id }),
  total: async () => 1,
  step: async ({ env, school }, asked) => {
    const told = await ask(env, school, asked, false);
    await tellUser(env, school, asked.user, { exact: false });
    return { next: null, done: 1, result: undoneDocumentOf(told) };
  },
});
