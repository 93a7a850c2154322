import * as z from "zod";
import { once } from "../../../base/cache";
import type { CarriedOut } from "../port";
import { type Answer, carriedOut, GIVEN } from "./answer";
import { segment } from "./api";
import { type Doing, way } from "./way";

/* Progress is changed by jobs of LearnWorlds' own, whose end is waited for a moment. */

const LOOKS_MS = [200, 600, 1_200];

const begun = once(() =>
  z.object({ async: z.literal(true), job_id: z.union([z.string().min(1), z.number()]).transform(String) }),
);
const job = once(() =>
  z.object({
    state: z.enum(["in-progress", "completed", "failed"]),
    errors: z.array(z.unknown()).nullish(),
    results: z.object({ numOfUnitsCompleted: z.number().nullish(), numOfUnitsSkipped: z.number().nullish() }).nullish(),
  }),
);

type What = "complete" | "reset";

/** Changes the progress in a course: all of it, or that in some of its units. */
async function change(doing: Doing, what: What, course: string, units: readonly string[]): Promise<CarriedOut> {
  const body = { units, ...(what === "complete" ? { send_course_complete_email: false } : {}) };
  const answer = await doing.ask((uid) =>
    doing.api.request("POST", `/v2/users/${uid}/courses/${segment(course)}/${what}`, body),
  );
  const id = answer.ok ? begun().safeParse(answer.json).data?.job_id : undefined;
  return id === undefined ? carriedOut(answer, GIVEN) : outcomeOf(doing, answer, id);
}

/** It was taken: what cannot be heard of its job is no reason to begin another. */
async function outcomeOf({ api }: Doing, taken: Answer, id: string): Promise<CarriedOut> {
  for (const waitMs of LOOKS_MS) {
    if (!(await api.pause(waitMs))) break;
    const answer = await api.request("GET", `/v2/async-actions/${segment(id)}`);
    if (!answer.ok) return carriedOut(taken, GIVEN, `taken as job ${id}, of which nothing was heard: ${answer.error}`);
    const found = job().safeParse(answer.json).data;
    if (found?.state === "failed")
      return { status: "failed", error: `LearnWorlds' job ${id} failed: ${faultsOf(found.errors)}`, retry: false };
    if (found?.state === "completed") {
      const { numOfUnitsCompleted: done, numOfUnitsSkipped: skipped } = found.results ?? {};
      const counts = [...(done == null ? [] : [`${done} units done`]), ...(skipped ? [`${skipped} skipped`] : [])];
      return carriedOut(taken, GIVEN, counts.length ? counts.join(", ") : undefined);
    }
  }
  return carriedOut(taken, GIVEN, `in progress at LearnWorlds, as job ${id}`);
}

const faultsOf = (errors: unknown): string => JSON.stringify(errors ?? []).slice(0, 500);

export const progressWays = [
  way("course.completed", (doing, { course }) => change(doing, "complete", course, [])),
  way("activity.completed", (doing, { course, activity }) => change(doing, "complete", course, [activity])),
  way("course.progress_reset", (doing, { course }) => change(doing, "reset", course, [])),
  way("activity.progress_reset", (doing, { course, activity }) => change(doing, "reset", course, [activity])),
];
