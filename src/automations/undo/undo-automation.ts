import pMap from "p-map";
import * as z from "zod";
import type { Env } from "../../base/env";
import { invalid, notFound } from "../../base/errors/errors";
import { isTransient } from "../../calls/reaching/again";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { Undone } from "../../calls/undo";
import { formatInstant } from "../../catalogue/dates/time";
import type { AuditEntry } from "../../db/audit";
import { database } from "../../db/client";
import { runsOf } from "../../db/lists/ended";
import { logOf } from "../../db/log";
import { idsFrom } from "../../engine/identity";
import { CannotRead, defineSteps } from "../../jobs/define";
import { startJob } from "../../jobs/start";
import { HEARD_MS } from "../../schools/health/lateness";
import { nowOf, type School } from "../../world/snapshot";
import { wasAutomation } from "../find";
import { addTo, noSums, type Sums, sumsDocument } from "./document";

const DAY_MS = 86_400_000;
/** So many runs are looked at for a preview. */
const MOST_ASKED = 1_000;
const AT_ONCE = 12;
/** So many runs are seen to in a step of the job. */
const STEP_RUNS = 60;

export interface UndoSince {
  /** ms, by the school's clock. */
  since: number;
  chain: boolean;
  /** Who asked for it: an email or the id of a key; null: nobody knows. */
  hand: string | null;
}

/** 422 for a moment ahead, or before which the log is not kept. */
function checkSince(school: School, since: number): void {
  const now = nowOf(school);
  const earliest = now - school.settings.log_retention_days * DAY_MS;
  if (since > now) throw invalid([{ path: "/since", message: "it is still ahead" }]);
  const minute = `${formatInstant(earliest).slice(0, 16).replace("T", " ")} UTC`;
  if (since < earliest)
    throw invalid([{ path: "/since", message: `is before ${minute}, from when on the log is kept` }]);
}

/** 404 for what never was an automation. What one did that is deleted by now is undone as well. */
export async function requireRan(env: Env, school: string, automation: string): Promise<void> {
  if (!(await wasAutomation(env, school, automation))) throw notFound("automation");
}

const ask = (
  env: Env,
  school: School,
  { automation, since, chain, hand }: UndoSince & { automation: string },
  row: { id: string; user: string },
  isDry: boolean,
): Promise<Undone> =>
  userObject(env, school, row.user).undo(referenceOf(school), {
    run: row.id,
    all: { automation, since },
    chain,
    isDry,
    origin: { by: "undo", id: automation },
    hand,
  });

/** What an undo would do, of the first thousand runs. */
export async function previewUndoSince(env: Env, school: School, automation: string, asked: UndoSince): Promise<Sums> {
  await requireRan(env, school.id, automation);
  checkSince(school, asked.since);
  const ran = { school: school.id, automation, after: idsFrom("run", asked.since) };
  const rows = await runsOf(database(await logOf(env, school.id)), ran, MOST_ASKED + 1);
  const firsts = [...Map.groupBy(rows.slice(0, MOST_ASKED), ({ user }) => user).values()].flatMap((of) => of[0] ?? []);
  const sums = noSums();
  const answers = await pMap(firsts, (row) => ask(env, school, { ...asked, automation }, row, true), {
    concurrency: AT_ONCE,
  });
  for (const [index, told] of answers.entries()) if ("runs" in told) addTo(sums, firsts[index]?.user ?? "", told);
  return { ...sums, ...(rows.length > MOST_ASKED ? { more: true } : {}) };
}

/** Undoes what an automation did since a moment, by a job; answers with its id. */
export async function undoSince(
  env: Env,
  school: School,
  automation: string,
  asked: UndoSince,
  entry: AuditEntry | null,
): Promise<string> {
  await requireRan(env, school.id, automation);
  checkSince(school, asked.since);
  const given = { automation, ...asked, heardBy: Date.now() + HEARD_MS };
  return startJob(env, school, undoAutomationJob, given, { entry });
}

export const undoAutomationJob = defineSteps({
  name: "undo_automation",
  params: z.lazy(() =>
    z.object({
      automation: z.string(),
      since: z.number(),
      chain: z.boolean(),
      hand: z.string().nullable().default(null),
      /** Real time, ms: what had begun when it was asked for is in the log by then. */
      heardBy: z.number().default(0),
    }),
  ),
  state: z.lazy(() => z.object({ after: z.string(), sums: sumsDocument() })),
  about: ({ automation: id }) => ({ kind: "automation", id }),
  step: async ({ env, school }, asked, state, most) => {
    const limit = Math.min(most, STEP_RUNS);
    const { after, sums } = state ?? { after: idsFrom("run", asked.since), sums: noSums() };
    const waitMs = asked.heardBy - Date.now();
    if (school.mode === "live" && waitMs > 0) return { next: { after, sums }, done: 0, waitMs };
    const ran = { school: school.id, automation: asked.automation, after };
    const rows = await runsOf(database(await logOf(env, school.id)), ran, limit);
    const faults: { user: string; message: string }[] = [];
    const answers = await pMap(
      rows,
      async (row): Promise<Undone | null> => {
        try {
          return await ask(env, school, asked, row, false);
        } catch (error) {
          if (isTransient(error)) throw new CannotRead("A user gave no answer.", { afterMs: 0 });
          faults.push({ user: row.user, message: "It failed for a fault of ours, and was passed over." });
          return null;
        }
      },
      { concurrency: AT_ONCE },
    );
    for (const [index, { user }] of rows.entries()) {
      const told = answers[index];
      if (told && "runs" in told) addTo(sums, user, told);
    }
    const last = rows.at(-1)?.id;
    const next = last === undefined || rows.length < limit ? null : { after: last, sums };
    return { next, done: rows.length, faults, result: sums };
  },
});
