import type { FC } from "hono/jsx";
import { definitionsNow } from "../../../automations/find";
import { STEPS as KINDS, lanesOf } from "../../../catalogue/steps";
import type { Definition } from "../../../definition/types";
import { stepsAfter } from "../../../definition/walk";
import type { AnswerTo } from "../../../http/answering/answers";
import { many, say, weave } from "../../../language/say";
import { dayOf } from "../../components/chart";
import { Moment } from "../../components/moment";
import type { Ctx, Visit } from "../../visit";

/* What goes out next: by day, what automations go on with, for how many learners. */

type Health = AnswerTo<"GET /v1/health">;
export type Coming = Health["coming"];

/** So many automations are looked into for what they send. */
const LOOKED_INTO = 30;

/** What the automations of a calendar do. */
export const definitionsOf = (c: Ctx, coming: Coming): Promise<Map<string, Definition>> => {
  const ids = [...new Set(coming.days.map((one) => one.automation_id))].slice(0, LOOKED_INTO);
  return ids.length ? definitionsNow(c.env, c.var.visit.school.id, ids) : Promise.resolve(new Map());
};

/** The subject of what is sent right after a wait: none where nothing is, or where it depends on more. */
export function sentAfter(definition: Definition | undefined, step: string): string | null {
  for (const next of stepsAfter(definition?.then ?? [], step, lanesOf) ?? []) {
    if (KINDS.has(next.type)) return null;
    const { subject, title } = next;
    const said = typeof subject === "string" ? subject : title;
    if (typeof said === "string" && said !== "") return said;
  }
  return null;
}

interface CalendarProps {
  visit: Visit;
  coming: Coming;
  names: ReadonlyMap<string, string>;
  definitions: ReadonlyMap<string, Definition>;
}

export const Calendar: FC<CalendarProps> = ({ visit, coming, names, definitions }) => {
  const days = [...Map.groupBy(coming.days, ({ date }) => date)];
  if (days.length === 0) return <p class="soft">{say("Nothing waits for its time within the next 30 days.")}</p>;
  return (
    <>
      <ol class="calendar">
        {days.map(([date, ones]) => (
          <li>
            <h3>{dayOf(date)}</h3>
            <ul class="plain">
              {ones.map((one) => {
                const subject = sentAfter(definitions.get(one.automation_id), one.step_id);
                const name = (
                  <a href={visit.path(`/automations/${encodeURIComponent(one.automation_id)}`)}>
                    {names.get(one.automation_id) ?? one.automation_id}
                  </a>
                );
                const within = `/executions?automation=${encodeURIComponent(one.automation_id)}&status=waiting&step=${encodeURIComponent(one.step_id)}`;
                const learners = <a href={visit.path(within)}>{many(one.count, "{n} learner", "{n} learners")}</a>;
                return (
                  <li>
                    <span class="soft">
                      <Moment atMs={Date.parse(one.at)} nowMs={visit.nowMs} timezone={visit.timezone} clock />
                    </span>{" "}
                    {subject === null
                      ? weave("{automation} goes on for {learners}", { automation: name, learners })
                      : weave("{automation} sends “{subject}” to {learners}", { automation: name, subject, learners })}
                  </li>
                );
              })}
            </ul>
          </li>
        ))}
      </ol>
      <p class="hint">
        {coming.more
          ? say("These are the next thousand learners: more follow, on the last of these days too.")
          : say("The next step of each learner within 30 days, if nothing else happens.")}{" "}
        {say("Each time is when the first of that day goes out.")}
      </p>
    </>
  );
};
