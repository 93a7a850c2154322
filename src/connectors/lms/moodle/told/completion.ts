import * as z from "zod";
import type { CarriedOut } from "../../port";
import type { Moodle } from "../call";
import { type Carry, done } from "../carry";
import { MoodleFault, refuse } from "../faults";
import { moodleActivityId } from "../ids";
import { courseOf, personOf } from "../known";

/*
 * Completion of activities is overridden, as a teacher does it in the report. Moodle overrides for anybody, those who
 * are not in the course and those who do not exist among them, so whom it tracks is looked up before.
 */

const INCOMPLETE = 0;
const COMPLETE = 1;
type State = typeof INCOMPLETE | typeof COMPLETE;

const tracked = z.object({
  statuses: z.array(
    z.object({
      cmid: z.number(),
      /** 0 incomplete, 1 complete, 2 passed, 3 failed. */
      state: z.number(),
      istrackeduser: z.boolean().optional(),
    }),
  ),
});
type Status = z.output<typeof tracked>["statuses"][number];

const overridden = z.object({ state: z.number() });

export const completed: Carry<"activity.completed"> = (moodle, { user, data }) =>
  override(moodle, user, data, COMPLETE);
export const reset: Carry<"activity.progress_reset"> = (moodle, { user, data }) =>
  override(moodle, user, data, INCOMPLETE);
export const courseCompleted: Carry<"course.completed"> = (moodle, { user, data }) =>
  override(moodle, user, data, COMPLETE);
export const courseReset: Carry<"course.progress_reset"> = (moodle, { user, data }) =>
  override(moodle, user, data, INCOMPLETE);

interface What {
  course: string;
  /** Left out: all that the course tracks. */
  activity?: string;
}

async function override(moodle: Moodle, user: string, { course, activity }: What, state: State): Promise<CarriedOut> {
  const userid = await personOf(moodle, user);
  const courseid = await courseOf(moodle, course);
  const wanted = activity === undefined ? null : activityOf(activity);
  const { statuses } = await moodle.call(
    "core_completion_get_activities_completion_status",
    { courseid, userid },
    tracked,
  );
  const meant = wanted === null ? statuses : statuses.filter(({ cmid }) => cmid === wanted);
  if (meant.length === 0) throw refuse(wanted === null ? NO_ACTIVITIES : noActivity(wanted, courseid));
  if (!meant.every(({ istrackeduser }) => istrackeduser)) throw refuse(NOT_TRACKED);
  const open = meant.filter((status) => isComplete(status) !== (state === COMPLETE));
  if (open.length === 0) return done("it was so already");
  await overrideEach(moodle, userid, open, state);
  return done();
}

/** Passed and failed are complete too: an override would take that away. */
const isComplete = ({ state }: Status) => state !== INCOMPLETE;

/** For the next attempt to look who is left, where the time for this one is short. */
const ENOUGH_MS = 1_500;
const SOON_MS = 1_000;

async function overrideEach(moodle: Moodle, userid: number, open: readonly Status[], newstate: State): Promise<void> {
  for (const [index, { cmid }] of open.entries()) {
    if (index > 0 && moodle.remainingMs() < ENOUGH_MS)
      throw new MoodleFault(`${index} of ${open.length} activities are done; the others follow`, {
        retry: true,
        retryAfterMs: SOON_MS,
      });
    const { state } = await moodle.call(
      "core_completion_override_activity_completion_status",
      { userid, cmid, newstate },
      overridden,
    );
    if ((state === INCOMPLETE) !== (newstate === INCOMPLETE)) throw refuse(`Moodle left activity ${cmid} as it was`);
  }
}

function activityOf(activity: string): number {
  const id = moodleActivityId(activity);
  if (id === null) throw refuse(`"${activity}" is no number of an activity in Moodle`);
  return Number(id);
}

const NO_ACTIVITIES = "Moodle tracks no activity of this course, or hides it from the service user";
const NOT_TRACKED = "this person is not in the course in Moodle, or not as somebody whose completion is tracked";
const noActivity = (cmid: number, course: number) =>
  `Moodle tracks no activity ${cmid} in the course ${course}, or hides it from the service user`;
