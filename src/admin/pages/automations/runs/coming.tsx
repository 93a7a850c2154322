import type { FC } from "hono/jsx";
import type { AnswerTo } from "../../../../http/answering/answers";
import { later, say, type Text, weave } from "../../../../language/say";
import { Moment } from "../../../components/moment";
import { SpansText as Says } from "../../../components/words";
import type { Visit } from "../../../visit";
import { triggerSentence, type Words } from "../../../words/sentences/sentence";

/* What time alone will bring about for a learner, and what runs under way are waiting for. */

type Why = AnswerTo<"GET /v1/automations/:id/why">;
type Coming = Why["coming"][number];
type Waiting = Why["waiting"][number];

const At: FC<{ at: string; visit: Visit; named?: boolean }> = ({ at, visit, named = false }) => (
  <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} named={named} />
);

const FROM = {
  visit: later("Last visit {when}"),
  registration: later("No visit so far; here since {when}"),
  enrolment: later("No visit so far; enrolled {when}"),
  trial: later("The trial ends {when}"),
  date: later("The date is {when}"),
} satisfies Record<Coming["counted"], Text>;

const NEVER = {
  told: later("; it would not start: it has started for this already."),
  before_active: later("; it would not start: that was over when it was switched on, or when we heard of it."),
  inactive: later("; it would not start: it is off."),
  deleted: later("; it would not start: it is to be deleted."),
} satisfies Record<NonNullable<Coming["why"]>, Text>;

/** What holds a run now, and what will where its wait is not over. */
const HELD = {
  paused: [later(", and is held: the school is paused"), later("; after that it is held: the school is paused")],
  inactive: [later(", and is held: the automation is off"), later("; after that it is held: the automation is off")],
  deleted: [
    later(", and is held: the automation is to be deleted"),
    later("; after that it is held: the automation is to be deleted"),
  ],
} satisfies Record<NonNullable<Waiting["held"]>, readonly [now: Text, then: Text]>;

const ComingLine: FC<{ one: Coming; visit: Visit }> = ({ one, visit }) => (
  <li>
    {one.about === undefined ? null : (
      <>
        <b>{one.about}</b>:{" "}
      </>
    )}
    {weave(FROM[one.counted], { when: <At at={one.from} visit={visit} /> })}
    {one.at === null
      ? say(NEVER[one.why ?? "told"])
      : weave("; it would start {when}.", { when: <At at={one.at} visit={visit} /> })}
  </li>
);

const WaitingLine: FC<{ one: Waiting; visit: Visit; words: Words }> = ({ one, visit, words }) => {
  const run = <a href={visit.path(`/runs/${encodeURIComponent(one.run_id)}`)}>{say("A run")}</a>;
  return (
    <li>
      {one.event
        ? weave("{run} waits that the learner {happens}", {
            run,
            happens: <Says spans={triggerSentence({ ...one.event.params, type: one.event.type }, words)} />,
          })
        : weave("{run} waits", { run })}
      {one.until === null
        ? null
        : weave(", until {when} at the latest", { when: <At at={one.until} visit={visit} named /> })}
      {one.held ? say(HELD[one.held][one.until === null ? 0 : 1]) : ""}.
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
