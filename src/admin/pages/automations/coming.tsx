import type { Child, FC } from "hono/jsx";
import type { AnswerTo } from "../../../http/answers";
import { say } from "../../../language/say";
import { Moment } from "../../components/moment";
import { SpansText as Says } from "../../components/words";
import type { Visit } from "../../visit";
import { triggerSentence, type Words } from "../../words/sentence";

/* What time alone will bring about for a learner, and what runs under way are waiting for. */

type Why = AnswerTo<"GET /v1/automations/:id/why">;
type Coming = Why["coming"][number];
type Waiting = Why["waiting"][number];

const At: FC<{ at: string; visit: Visit }> = ({ at, visit }) => (
  <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} />
);

const FROM: Readonly<Record<Coming["counted"], string>> = {
  visit: "Last visit",
  registration: "No visit so far; here since",
  enrolment: "No visit so far; enrolled",
  trial: "The trial ends",
  date: "The date is",
};

const NEVER: Readonly<Record<NonNullable<Coming["why"]>, string>> = {
  told: "it has started for this already",
  before_active: "that was over when it was switched on, or when we heard of it",
  inactive: "it is off",
};

const ComingLine: FC<{ one: Coming; visit: Visit }> = ({ one, visit }) => (
  <li>
    {one.about === undefined ? null : (
      <>
        <b>{one.about}</b>:{" "}
      </>
    )}
    {FROM[one.counted]} <At at={one.from} visit={visit} />
    {one.at === null ? (
      `; it would not start: ${NEVER[one.why ?? "told"]}.`
    ) : (
      <>
        ; it would start <At at={one.at} visit={visit} />.
      </>
    )}
  </li>
);

const WaitingLine: FC<{ one: Waiting; visit: Visit; words: Words }> = ({ one, visit, words }) => {
  const ended: Child = one.event ? (
    <>
      {" "}
      that the learner <Says spans={triggerSentence({ ...one.event.params, type: one.event.type }, words)} />
    </>
  ) : null;
  return (
    <li>
      <a href={visit.path(`/runs/${encodeURIComponent(one.run_id)}`)}>{say("A run")}</a> waits{ended}
      {one.until === null ? null : (
        <>
          , until <At at={one.until} visit={visit} /> at the latest
        </>
      )}
      {one.held ? `, and is held: ${one.held === "paused" ? "the school is paused" : "the automation is off"}` : ""}.
    </li>
  );
};

export const ComingList: FC<{ told: Why; visit: Visit; words: Words }> = ({ told, visit, words }) =>
  told.coming.length + told.waiting.length === 0 ? null : (
    <section class="panel-box" aria-labelledby="why-coming">
      <h2 class="why-fact" id="why-coming">
        {say("What comes next")}
      </h2>
      <ul class="plain">
        {told.waiting.map((one) => (
          <WaitingLine one={one} visit={visit} words={words} />
        ))}
        {told.coming.map((one) => (
          <ComingLine one={one} visit={visit} />
        ))}
      </ul>
    </section>
  );
