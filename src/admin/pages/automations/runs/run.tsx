import type { Child, FC } from "hono/jsx";
import { definitionAt } from "../../../../automations/find";
import type { Draft, Step } from "../../../../definition/types";
import { allSteps } from "../../../../definition/walk";
import { GOAL_STEP } from "../../../../engine/runs";
import type { AnswerTo } from "../../../../http/answering/answers";
import { inWords, many, say, weave } from "../../../../language/say";
import { StatusBadge } from "../../../components/bits";
import { hrefWith } from "../../../components/forms/filters";
import { ActionButton, AskedButton } from "../../../components/forms/form";
import { Layout } from "../../../components/frame/layout";
import { Notice } from "../../../components/frame/notice";
import { timelineAt } from "../../../components/giver";
import { Moment } from "../../../components/moment";
import { SpansText as Says } from "../../../components/words";
import { Pages } from "../../../page";
import { type Ctx, seeOther, type Visit } from "../../../visit";
import { schoolWords } from "../../../words/names";
import { factSentence } from "../../../words/sentences/fact";
import { reasonText, stateText } from "../../../words/sentences/reasons";
import { capital, stepSentence, type Words } from "../../../words/sentences/sentence";
import { DeliveryState } from "../../sending/delivery-table";
import { optionText } from "./option-text";
import { RunGave } from "./run-gave";
import { goesOnText, holdOf, holdText, stateOf } from "./run-state";
import { UndoneNotice, undoerOf } from "./run-undone";

type Automation = AnswerTo<"GET /v1/automations/:id">;
type Delivery = AnswerTo<"GET /v1/deliveries/:id">;
type Learner = AnswerTo<"GET /v1/users/:id">;
type Run = AnswerTo<"GET /v1/runs/:id">;
type Entry = Run["steps"][number];

const MARKS: Readonly<Record<string, string>> = { done: "✓", skipped: "–", failed: "✕", waiting: "◷", exited: "■" };

const isText = (value: unknown): value is string => typeof value === "string";
const listText = (value: unknown, nameOf: (id: string) => string): string =>
  Array.isArray(value)
    ? value.map((one) => nameOf(String(one))).join(", ")
    : isText(value)
      ? nameOf(value)
      : JSON.stringify(value);

/** What a step's `detail` says: what changed, which way, until when, or why nothing. */
const Detail: FC<{
  detail: Record<string, unknown>;
  /** The name of an id that the step is about. */
  nameOf: (id: string) => string;
  moment: (at: string) => Child;
}> = ({ detail, nameOf, moment }) => {
  // To whom is said by the deliveries below.
  const { reason, until, branch, path, case: way, rounds, answered, to: _, ...changed } = detail;
  return (
    <>
      {reason === undefined ? null : <span>: {reasonText(reason)}</span>}
      {isText(until) ? <span> {weave("until {when}", { when: moment(until) })}</span> : null}
      {isText(branch) ? <span>: {inWords(branch)}</span> : null}
      {typeof path === "number" ? <span>: {say("way {n}", { n: path + 1 })}</span> : null}
      {typeof way === "number" ? <span>: {say("case {n}", { n: way + 1 })}</span> : null}
      {way === "else" ? <span>{say(": none of the cases")}</span> : null}
      {typeof rounds === "number" ? <span>: {many(rounds, "{n} round", "{n} rounds")}</span> : null}
      {typeof answered === "boolean" ? <span>: {answered ? say("it happened") : say("timed out")}</span> : null}
      {Object.entries(changed).map(([key, value]) => (
        <span class="soft">
          {" "}
          · {optionText(key)}: {listText(value, nameOf)}
        </span>
      ))}
    </>
  );
};

interface StepProps {
  entry: Entry;
  step: Step | undefined;
  words: Words;
  deliveries: readonly Delivery[];
  moment: (at: string) => Child;
  visit: Visit;
}

/** That what the automation is to bring about has come, and by what. */
const GoalSays: FC<{ fact: unknown; words: Words }> = ({ fact, words }) => (
  <>
    {say("The goal was reached")}
    {typeof fact === "string" ? `: ${words.entry("trigger", fact)?.label ?? fact}` : ""}
  </>
);

const StepLine: FC<StepProps> = ({ entry, step, words, deliveries, moment, visit }) => (
  <li class={`is-${entry.status}`}>
    <span class="log-time">{moment(entry.at)}</span>
    <div>
      <span class="log-mark" aria-hidden="true">
        {MARKS[entry.status] ?? "·"}
      </span>{" "}
      <span class="sr-only">{inWords(entry.status)}: </span>
      {entry.step_id === GOAL_STEP ? (
        <GoalSays fact={entry.detail?.fact} words={words} />
      ) : step ? (
        <Says spans={capital(stepSentence(step, words))} />
      ) : (
        entry.type
      )}
      {entry.round ? <span class="soft"> · {say("round {n}", { n: entry.round })}</span> : null}
      {entry.detail && entry.step_id !== GOAL_STEP ? (
        <Detail detail={entry.detail} nameOf={(id) => words.nameOf(entry.type.split(".")[0], id)} moment={moment} />
      ) : null}
      {deliveries.map((one) => (
        <div class="log-more">
          <DeliveryState delivery={one} visit={visit} />{" "}
          {one.to.length ? say("to {whom}", { whom: one.to.join(", ") }) : inWords(one.channel)}{" "}
          <a href={visit.path(`/deliveries/${encodeURIComponent(one.id)}`)}>
            {say("See it")}
            <span class="sr-only"> ({inWords(one.channel)})</span>
          </a>
        </div>
      ))}
    </div>
  </li>
);

const LIVE = new Set(["queued", "running", "waiting", "held"]);

const Actions: FC<{ run: Run; visit: Visit }> = ({ run, visit }) => {
  const path = visit.path(`/runs/${encodeURIComponent(run.id)}`);
  if (!visit.mayEdit) return null;
  return (
    <>
      {run.status === "waiting" ? <ActionButton action={`${path}/skip`}>{say("Skip the wait")}</ActionButton> : null}
      {run.status === "failed" && run.reason !== "undone" ? (
        <ActionButton action={`${path}/retry`} tone="main">
          {say("Retry from the failed step")}
        </ActionButton>
      ) : null}
      {LIVE.has(run.status) ? (
        <AskedButton
          ask={say("End this run…")}
          follows={say("Nothing more of it happens, and it cannot go on later.")}
          action={`${path}/cancel`}
        >
          {say("End it")}
        </AskedButton>
      ) : null}
      {run.undone ? null : (
        <a class="button" href={`${path}/undo`}>
          {say("Undo…")}
        </a>
      )}
    </>
  );
};

interface PageProps {
  c: Ctx;
  visit: Visit;
  run: Run;
  automation: Automation | null;
  definition: Pick<Draft, "then"> | null;
  learner: Learner | null;
  deliveries: readonly Delivery[];
  words: Words;
  /** Who undid it, as they are called. */
  undoer: string | null;
}

const RunPage: FC<PageProps> = (props) => {
  const { c, visit, run, automation, definition, learner, deliveries, words, undoer } = props;
  const hold = holdOf(run, stateOf(automation), visit);
  const { nowMs, timezone } = visit;
  const moment = (at: string) => <Moment atMs={Date.parse(at)} nowMs={nowMs} timezone={timezone} />;
  const exact = (at: string, zone = timezone) => <Moment atMs={Date.parse(at)} nowMs={nowMs} timezone={zone} exact />;
  const who = learner?.username || learner?.email || run.user_id;
  const steps = new Map(
    allSteps(definition?.then ?? [], words.lanesOf).flatMap((step) =>
      step.id === undefined ? [] : [[step.id, step] as const],
    ),
  );
  /** The goal may come once the run has ended. */
  const isAfterwards = (entry: Entry): boolean =>
    entry.step_id === GOAL_STEP && run.ended_at !== null && Date.parse(entry.at) > Date.parse(run.ended_at);
  const line = (entry: Entry) => (
    <StepLine
      entry={entry}
      step={steps.get(entry.step_id)}
      words={words}
      deliveries={deliveries.filter((one) => one.step_id === entry.step_id)}
      moment={exact}
      visit={visit}
    />
  );
  return (
    <Layout
      title={`${who} · ${automation?.name ?? say("deleted automation")}`}
      viewer={visit.viewer}
      section="executions"
    >
      <div class="page-head">
        <h1>
          {who} · {automation?.name ?? say("deleted automation")} <small class="soft">v{run.version}</small>
        </h1>
        <a
          class="button"
          href={hrefWith(visit.path(`/learners/${encodeURIComponent(run.user_id)}/why`), {
            automation: run.automation_id,
          })}
        >
          {say("Why did it run?")}
        </a>
        <Actions run={run} visit={visit} />
      </div>
      <Notice c={c} />
      <p class="lead inline">
        <StatusBadge status={run.status} />
        {run.wake_at ? (
          <span>
            {weave("until {when}", { when: exact(run.wake_at) })}
            {learner?.timezone && learner.timezone !== timezone ? (
              <> · {weave("for them {when}", { when: exact(run.wake_at, learner.timezone) })}</>
            ) : null}
          </span>
        ) : null}
        {hold ? (
          <span>
            {say("On hold: {why}.", { why: holdText(hold) })} {goesOnText(hold)}
          </span>
        ) : run.reason && !run.undone ? (
          <span>{reasonText(run.reason)}</span>
        ) : null}
      </p>
      {run.undone ? <UndoneNotice undone={run.undone} who={undoer} moment={exact} /> : null}
      <p class="inline">
        <span class="soft">{say("Learner")}</span>{" "}
        <a href={visit.path(`/learners/${encodeURIComponent(run.user_id)}`)}>{who}</a>{" "}
        <span class="soft">{say("Automation")}</span>{" "}
        {automation ? (
          <a href={visit.path(`/automations/${encodeURIComponent(automation.id)}`)}>{automation.name}</a>
        ) : (
          <a href={visit.path(`/automations/${encodeURIComponent(run.automation_id)}/undo`)}>
            {say("deleted automation")}
          </a>
        )}
      </p>
      <ol class="log">
        <li>
          <span class="log-time">{exact(run.started_at)}</span>
          <div>
            {say("Started")}: <Says spans={factSentence(run.trigger, words)} />
            {run.event_id ? (
              <span class="soft">
                {" "}
                (
                <a
                  href={timelineAt(visit, run.user_id, run.started_at)}
                  title={say("Id of the event: {id}", { id: run.event_id })}
                >
                  {say("in their timeline")}
                </a>
                )
              </span>
            ) : null}
          </div>
        </li>
        {run.steps.filter((entry) => !isAfterwards(entry)).map(line)}
        {run.ended_at ? (
          <li>
            <span class="log-time">{exact(run.ended_at)}</span>
            <div>
              {stateText(run.status)}
              {run.reason
                ? `${run.status === "failed" && run.reason === "undone" ? ";" : ":"} ${reasonText(run.reason)}`
                : ""}
            </div>
          </li>
        ) : null}
        {run.steps.filter(isAfterwards).map(line)}
        {run.undone?.at && run.reason !== "undone" ? (
          <li>
            <span class="log-time">{exact(run.undone.at)}</span>
            <div>
              <span class="log-mark" aria-hidden="true">
                ↶
              </span>{" "}
              {say("Undone")}
            </div>
          </li>
        ) : null}
      </ol>
      {learner ? <RunGave run={run.id} learner={learner} who={who} words={words} visit={visit} /> : null}
      {run.steps.length === 0 ? (
        <p class="soft">{weave("It has not taken a step yet ({when}).", { when: moment(run.started_at) })}</p>
      ) : null}
    </Layout>
  );
};

export const runPages = new Pages();

runPages.get("/runs/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const run = await visit.api.call("GET /v1/runs/:id", { params: c.req.param() });
  const [automation, definition, learner, deliveries] = await Promise.all([
    visit.api.find("GET /v1/automations/:id", { params: { id: run.automation_id } }),
    definitionAt(c.env, visit.school.id, run.automation_id, run.version),
    visit.api.find("GET /v1/users/:id", { params: { id: run.user_id } }),
    visit.api.all("GET /v1/deliveries", { query: { run: run.id } }, 500),
  ]);
  const [words, undoer] = await Promise.all([
    schoolWords(c.env, visit.school.id, run, definition, learner?.givers),
    undoerOf(c.env, visit.school.id, run.undone),
  ]);
  return c.html(
    <RunPage
      c={c}
      visit={visit}
      run={run}
      automation={automation}
      definition={definition}
      learner={learner}
      deliveries={deliveries}
      words={words}
      undoer={undoer}
    />,
  );
});

const DONE = { skip: "skipped", cancel: "cancelled", retry: "retried" } as const;
/** What is told where nothing of it happens yet, as the automation is off or being deleted, or the school is paused. */
const HELD = { skip: "skipped_held", retry: "retried_held" } as const;

for (const what of ["skip", "cancel", "retry"] as const)
  runPages.post(`/runs/:id/${what}`, "editor", async (c) => {
    const { visit } = c.var;
    const run = await visit.api.call(`POST /v1/runs/:id/${what}`, { params: { id: c.req.param("id") } });
    const automation = await visit.api.find("GET /v1/automations/:id", { params: { id: run.automation_id } });
    const isHeld = what !== "cancel" && holdOf(run, stateOf(automation), visit) !== null;
    const done = isHeld ? HELD[what] : DONE[what];
    return seeOther(c, visit.path(`/runs/${encodeURIComponent(run.id)}`), { done });
  });
