import type { FC } from "hono/jsx";
import type { AutomationState } from "../../../../automations/find";
import type { AnswerTo } from "../../../../http/answering/answers";
import { later, say, weave } from "../../../../language/say";
import { StatusBadge } from "../../../components/bits";
import { Moment } from "../../../components/moment";
import type { Visit } from "../../../visit";
import { reasonText } from "../../../words/sentences/reasons";

type Run = AnswerTo<"GET /v1/runs/:id">;

/* Where a run stands, in one and the same way wherever runs are shown. */

/** What keeps a live run from going on: why, and when it goes on. */
const HOLDS = {
  deleting: [
    later("the automation is being deleted"),
    later("It goes on if the deletion of the automation is taken back, and ends with it otherwise."),
  ],
  off: [later("the automation is switched off"), later("It goes on when the automation is switched on again.")],
  paused: [later("the school is paused"), later("It goes on when the school does.")],
} as const;

export type Hold = keyof typeof HOLDS;

export const holdText = (hold: Hold): string => say(HOLDS[hold][0]);
export const goesOnText = (hold: Hold): string => say(HOLDS[hold][1]);

/** As the API answers one. */
export const stateOf = (automation: AnswerTo<"GET /v1/automations/:id"> | null): AutomationState | undefined =>
  automation
    ? { name: automation.name, isActive: automation.active, isDeleting: automation.delete_at !== undefined }
    : undefined;

/** What keeps a run from going on; null: nothing does, or it is over. */
export function holdOf(
  run: Pick<Run, "status" | "reason" | "ended_at">,
  automation: AutomationState | undefined,
  { school }: Pick<Visit, "school">,
): Hold | null {
  if (run.ended_at !== null) return null;
  if (automation?.isDeleting) return "deleting";
  if (automation && !automation.isActive) return "off";
  return school.paused || school.suspended || (run.status === "held" && run.reason === "paused") ? "paused" : null;
}

/** Its state, until when it waits, and why it ended or does not go on. */
export const RunState: FC<{ run: Run; automation: AutomationState | undefined; visit: Visit }> = ({
  run,
  automation,
  visit,
}) => {
  const hold = holdOf(run, automation, visit);
  const moment = (at: string) => <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} named />;
  const why = hold ? holdText(hold) : run.reason && run.reason !== "undone" ? reasonText(run.reason) : null;
  return (
    <span class="inline">
      <StatusBadge status={run.status} />
      {run.wake_at ? <small class="soft">{weave("until {when}", { when: moment(run.wake_at) })}</small> : null}
      {why ? <small class="soft">{why}</small> : null}
      {run.undone ? (
        <small class="soft">
          {run.undone.at ? weave("undone {when}", { when: moment(run.undone.at) }) : say("it was undone")}
        </small>
      ) : null}
    </span>
  );
};
