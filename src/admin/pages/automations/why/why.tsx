import type { FC } from "hono/jsx";
import { type CardUse, isRecord } from "../../../../definition/types";
import type { AnswerTo } from "../../../../http/answering/answers";
import { inWords, later, many, say, weave } from "../../../../language/say";
import { Badge } from "../../../components/bits";
import { Moment } from "../../../components/moment";
import { SpansText as Says } from "../../../components/words";
import type { Visit } from "../../../visit";
import { factSentence } from "../../../words/sentences/fact";
import { capital, conditionSentence, plain, triggerSentence, type Words } from "../../../words/sentences/sentence";
import { ComingList } from "../runs/coming";
import { type AskedAutomation, decidedBy, eitherOf, type Learner, nameOf, WhyAnswer } from "./answer";
import { conditionOf, seenText, type WhyRow } from "./row";
import { type RunTold, runTold } from "./sent";

/* Why an automation ran for a learner, or why it did not. */

export type WhyTold = AnswerTo<"GET /v1/automations/:id/why">;

/** What is told of a learner, with what became of the newest run. */
export interface WhyAsked {
  told: WhyTold;
  ran: RunTold | null;
}

/** So many pages of older facts are looked through for the one that decided it. */
const MOST_PAGES = 100;

/** The newest facts; where none of them decided it, with the newest one that did. */
async function toldOf(visit: Visit, automation: string, user: string): Promise<WhyTold> {
  const page = (query: Record<string, string>): Promise<WhyTold> =>
    visit.api.call("GET /v1/automations/:id/why", { params: { id: automation }, query: { user, ...query } });
  const told = await page({});
  if (decidedBy(told.data)) return told;
  let cursor = told.next_cursor;
  for (let pages = 0; cursor !== null && pages < MOST_PAGES; pages++) {
    const older = await page({ cursor, limit: "100" });
    const decided = decidedBy(older.data);
    if (decided) return { ...told, data: [...told.data, decided] };
    cursor = older.next_cursor;
  }
  return told;
}

export async function whyOfLearner(visit: Visit, automation: string, user: string): Promise<WhyAsked> {
  const told = await toldOf(visit, automation, user);
  const run = decidedBy(told.data)?.run_id;
  return { told, ran: run ? await runTold(visit, run) : null };
}

export const WhyForm: FC<{ action: string; user: string }> = ({ action, user }) => (
  <form method="get" action={action} class="filters">
    <label class="filter is-wide">
      <span>{say("Learner: name, email or id")}</span>
      <input name="user" value={user} required autocomplete="off" />
    </label>
    <button type="submit" class="button is-main">
      {say("Ask")}
    </button>
  </form>
);

/** What stopped it, and what would have let it through; said by `inWords` where it is shown. */
export const REASONS: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  trigger: [later("it listened to something else"), ""],
  inactive: [later("it was off"), later("Switch it on: it starts next time.")],
  not_there: [later("there was no such automation then"), later("It sees what happens since it was made.")],
  quiet: [
    later("the change came with an import, a merge or a bulk change"),
    later("Imports, first syncs and bulk changes start nothing unless somebody asks for it."),
  ],
  before_active: [later("it had happened before"), later("It happened more than a day before this was switched on.")],
  loop_stopped: [later("it would have gone round in a circle"), later("A run of its own had brought this about.")],
  already_running: [later("a run was under way already"), later("Re-entry allows one at a time.")],
  once: [later("it had run before"), later("Re-entry allows one run for each learner.")],
  cooldown: [later("it had run a short while ago"), later("The pause between two starts was not over.")],
  limit: [
    later("it had started as often as it may"),
    later("Its limit of starts, or 500 runs of the learner under way."),
  ],
  only_if: [later("“only if” was not met"), ""],
};

/** What it started by in the version of that moment, and what it saw in its place. */
const Meant: FC<{ row: WhyRow; automation: AskedAutomation; words: Words }> = ({ row, automation, words }) => {
  const then = isRecord(row.expected) && typeof row.expected.type === "string" ? row.expected : null;
  if (!then)
    return (
      <p class="why-line">
        {say("It starts when a learner {happens}.", {
          happens: eitherOf(automation.when.map((card) => plain(triggerSentence(card, words)))),
        })}
      </p>
    );
  return (
    <p class="why-line">
      {/* A trigger of an earlier version, as it was checked then. */}
      {row.seen === undefined
        ? weave("At that time it started when a learner {happens}.", {
            happens: <Says spans={triggerSentence(then as CardUse, words)} />,
          })
        : weave("At that time it started when a learner {happens}. It saw: {seen}.", {
            happens: <Says spans={triggerSentence(then as CardUse, words)} />,
            seen: <b>{seenText(row.seen, words)}</b>,
          })}
    </p>
  );
};

const Reason: FC<{ row: WhyRow; automation: AskedAutomation; words: Words; visit: Visit }> = ({
  row,
  automation,
  words,
  visit,
}) => {
  if (row.fired) {
    return (
      <p class="why-line">
        {row.stopped_by === "paused" ? (
          <>
            <Badge tone="warning">{say("held")}</Badge>{" "}
            {say("The school was paused: it goes on, or ends, with the pause.")}
          </>
        ) : (
          <Badge tone="good">{say("ran")}</Badge>
        )}{" "}
        {row.run_id ? <a href={visit.path(`/runs/${encodeURIComponent(row.run_id)}`)}>{say("See the run")}</a> : null}
      </p>
    );
  }
  const [what, advice] =
    row.stopped_by === "inactive" && automation.isDeleted
      ? [later("it was off, or about to be deleted"), ""]
      : (REASONS[row.stopped_by ?? ""] ?? [row.stopped_by ?? later("it did not start"), ""]);
  const condition = conditionOf(row);
  return (
    <>
      {row.stopped_by === "trigger" ? null : <p class="why-line is-met">{say("✓ it listens to this")}</p>}
      <p class="why-line is-unmet">✕ {inWords(what)}</p>
      {condition ? (
        <p class="why-line">
          {weave("It asked that they {are}. This learner had: {seen}.", {
            are: <Says spans={conditionSentence(condition, words)} />,
            seen: <b>{seenText(row.seen, words)}</b>,
          })}
        </p>
      ) : null}
      {row.stopped_by === "trigger" ? <Meant row={row} automation={automation} words={words} /> : null}
      {advice && !automation.isDeleted ? <p class="why-line soft">{inWords(advice)}</p> : null}
    </>
  );
};

interface ListProps extends WhyAsked {
  automation: AskedAutomation;
  learner: Learner;
  words: Words;
  visit: Visit;
}

const Rows: FC<Omit<ListProps, "told" | "ran"> & { rows: readonly WhyRow[] }> = ({
  rows,
  automation,
  words,
  visit,
}) => (
  <ol class="stack">
    {rows.map((row) => (
      <li class="panel-box">
        <h2 class="why-fact">
          <Moment atMs={Date.parse(row.at)} nowMs={visit.nowMs} timezone={visit.timezone} /> ·{" "}
          <Says spans={capital(factSentence(row.fact, words))} />
        </h2>
        <Reason row={row} automation={automation} words={words} visit={visit} />
      </li>
    ))}
  </ol>
);

/** The answer; then what could have started it, with what decided, newest first; those of other kinds are but counted. */
export const WhyList: FC<ListProps> = (props) => {
  const { told, automation, learner, words, visit } = props;
  const rows = told.data;
  // What was of a kind that it listened to then, and still not meant, says what it was.
  const isHeard = ({ stopped_by: by, path }: WhyRow): boolean => by !== "trigger" || path !== undefined;
  const [heard, others] = [true, false].map((wanted) => rows.filter((row) => isHeard(row) === wanted));
  return (
    <>
      <WhyAnswer {...props} rows={heard ?? []} />
      <ComingList told={told} visit={visit} words={words} />
      {heard?.length ? (
        <>
          <h2 class="part">{say("What decided each time")}</h2>
          <Rows {...props} rows={heard} />
        </>
      ) : (
        <p class="soft after">
          {weave("Nothing that is on record of {learner} starts “{automation}”.", {
            learner: <a href={visit.path(`/learners/${encodeURIComponent(learner.id)}`)}>{nameOf(learner)}</a>,
            automation: automation.name,
          })}
        </p>
      )}
      {told.since === null ? null : (
        <p class="soft after">
          {weave("What happened before {when} is not on record any more.", {
            when: <Moment atMs={Date.parse(told.since)} nowMs={visit.nowMs} timezone={visit.timezone} />,
          })}
        </p>
      )}
      {others?.length ? (
        <details class="after">
          <summary>
            {many(
              others.length,
              "{n} other thing happened that does not start it",
              "{n} other things happened that do not start it",
            )}
          </summary>
          <ul class="plain after">
            {others.map((row) => (
              <li class="soft">
                <Moment atMs={Date.parse(row.at)} nowMs={visit.nowMs} timezone={visit.timezone} /> ·{" "}
                <Says spans={capital(factSentence(row.fact, words))} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
};
