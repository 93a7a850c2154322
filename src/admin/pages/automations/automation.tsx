import type { FC } from "hono/jsx";
import { alreadyThere } from "../../../automations/enrol/already";
import { automationNames } from "../../../automations/find";
import { troubleOfEach } from "../../../automations/runs/trouble";
import { listTemplates } from "../../../automations/templates";
import type { StepStats } from "../../../definition/answers";
import type { CardUse, Draft } from "../../../definition/types";
import type { AnswerTo } from "../../../http/answering/answers";
import { figure, later, say, type Text, weave } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Flow } from "../../components/flow";
import { ActionButton } from "../../components/forms/form";
import { lookingAt } from "../../components/frame/held";
import { Moment } from "../../components/moment";
import { SpansText as Says } from "../../components/words";
import { Pages } from "../../page";
import type { Visit } from "../../visit";
import { catalogue, namesFor } from "../../words/names";
import { type Names, sentence, triggerSentence, type Words, wordsOf } from "../../words/sentences/sentence";
import { durationText, limitText } from "../../words/values/durations";
import { evidenceOf } from "../evidence/path";
import { AutomationPage, automationPath } from "./automation-frame";
import { Labels } from "./list/table";
import { TroubleMark } from "./list/trouble-mark";
import { Figures, percent } from "./runs/funnel";
import { Checklist } from "./switching-on";
import { Warnings } from "./warnings";

type Automation = AnswerTo<"GET /v1/automations/:id">;

const REENTRY = {
  always: later("each time it happens"),
  one_at_a_time: later("not while one run is under way"),
  restart: later("each time, ending the run under way"),
  once: later("once"),
} satisfies Record<Draft["reentry"], Text>;

/** How many runs brought about what the automation is for. */
const Goal: FC<{ goal: CardUse; conversions: number; runs: number; words: Words }> = ({
  goal,
  conversions,
  runs,
  words,
}) => (
  <>
    <dt>{say("The goal")}</dt>
    <dd>
      {weave("the learner {happens}: reached by {reached} of {runs} runs", {
        happens: <Says spans={triggerSentence(goal, words)} />,
        reached: figure(conversions),
        runs: figure(runs),
      })}
      {runs > 0 ? ` (${percent(conversions, runs)})` : ""}
    </dd>
  </>
);

interface FactsProps {
  automation: Automation;
  conversions: number;
  words: Words;
  visit: Visit;
}

const Facts: FC<FactsProps> = ({ automation, conversions, words, visit }) => (
  <dl class="facts">
    <dt>{say("Runs")}</dt>
    <dd>
      {weave("{all}, {n} waiting", {
        all: (
          <a href={visit.path(`/executions?automation=${encodeURIComponent(automation.id)}`)}>
            {say("{n} so far", { n: automation.run_count })}
          </a>
        ),
        n: figure(automation.waiting_count),
      })}
    </dd>
    {automation.goal ? (
      <Goal goal={automation.goal} conversions={conversions} runs={automation.run_count} words={words} />
    ) : null}
    <dt>{say("A learner enters")}</dt>
    <dd>
      {say(REENTRY[automation.reentry])}
      {automation.reentry_per === "trigger" ? say(", counted for each product") : ""}
      {automation.cooldown ? say("; at most every {duration}", { duration: durationText(automation.cooldown) }) : ""}
      {automation.limit ? `; ${limitText(automation.limit)}` : ""}
    </dd>
    <dt>{say("When it happens")}</dt>
    <dd>{automation.synchronous ? say("before the event is answered") : say("in the background, within seconds")}</dd>
    {automation.note ? (
      <>
        <dt>{say("Note")}</dt>
        <dd class="is-written">{automation.note}</dd>
      </>
    ) : null}
    <dt>{say("Version")}</dt>
    <dd>
      {weave("{version}, edited {when}", {
        version: <a href={`${automationPath(visit, automation.id)}/versions`}>{automation.version}</a>,
        when: <Moment atMs={Date.parse(automation.updated_at)} nowMs={visit.nowMs} timezone={visit.timezone} />,
      })}
    </dd>
  </dl>
);

/** The courses that it leads through, where it leads from one to the next. */
const Chain: FC<{ courses: readonly string[]; names: Names }> = ({ courses, names }) => (
  <section aria-labelledby="chain">
    <h2 id="chain">{say("The path")}</h2>
    <ol class="chain">
      {courses.map((course) => (
        <li>{names.course?.[course] ?? course}</li>
      ))}
    </ol>
  </section>
);

const chainOf = (automation: Automation): string[] | null => {
  for (const { chain } of listTemplates()) {
    const courses = chain?.(automation);
    if (courses) return courses;
  }
  return null;
};

export const automationPages = new Pages();

automationPages.get("/automations/:id", "viewer", async (c) => {
  const automation = await c.var.visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  const visit = lookingAt(c.var.visit, automation);
  const isOff = !automation.active && visit.mayEdit;
  const [called, names, stats, trouble, already] = await Promise.all([
    namesFor(c.env, visit.school.id, automation),
    automationNames(
      c.env,
      visit.school.id,
      automation.warnings.flatMap((warning) => warning.automations ?? []),
    ),
    visit.api.find("GET /v1/automations/:id/stats", { params: { id: automation.id } }),
    troubleOfEach(c.env, visit.school.id, [automation.id]),
    isOff ? alreadyThere(c.env, visit.school.id, automation) : null,
  ]);
  const counts = stats ? new Map<string, StepStats>(stats.steps.map((one) => [one.step_id, one])) : undefined;
  const words = wordsOf(catalogue(), called);
  const chain = chainOf(automation);
  const hasSteps = automation.then.length > 0;
  return c.html(
    <AutomationPage c={c} visit={c.var.visit} automation={automation} tab="">
      <p class="lead">
        <Says spans={sentence(automation, words)} />
      </p>
      {automation.description ? <p class="soft">{automation.description}</p> : null}
      <Warnings {...{ automation, names, words, visit }} back={automationPath(visit, automation.id)} />
      {trouble.has(automation.id) ? (
        <p>
          <TroubleMark id={automation.id} trouble={trouble.get(automation.id)} visit={visit} />
        </p>
      ) : null}
      {isOff && hasSteps ? <Checklist automation={automation} already={already} names={called} visit={visit} /> : null}
      {automation.labels.length ? (
        <p>
          <Labels labels={automation.labels} visit={visit} />
        </p>
      ) : null}
      <Facts automation={automation} conversions={stats?.conversions ?? 0} words={words} visit={visit} />
      {hasSteps ? null : (
        <Banner tone="warning">
          {say("It does nothing yet.")} <a href={`${automationPath(visit, automation.id)}/edit`}>{say("Add a step")}</a>
        </Banner>
      )}
      {chain ? <Chain courses={chain} names={called} /> : null}
      <section class="drawing" aria-label={say("Drawing")} tabindex={0}>
        <Flow
          definition={automation}
          words={words}
          {...(counts ? { stats: counts } : {})}
          href={(step) =>
            step.id === undefined
              ? undefined
              : visit.path(
                  `/executions?automation=${encodeURIComponent(automation.id)}&step=${encodeURIComponent(step.id)}`,
                )
          }
        />
      </section>
      <p class="hint">{say("Select a step to see the runs that reached it.")}</p>
      {stats && counts ? (
        <Figures
          days={stats.days}
          opens={stats.opens}
          steps={automation.then}
          stats={counts}
          runs={automation.run_count}
          conversions={automation.goal ? stats.conversions : null}
          words={words}
          visit={visit}
        />
      ) : null}
      <div class="inline after">
        {visit.mayEdit ? (
          <ActionButton action={`${automationPath(visit, automation.id)}/duplicate`}>{say("Duplicate")}</ActionButton>
        ) : null}
        <a class="button" href={`${automationPath(visit, automation.id)}/export.json`} download>
          {say("Export")}
        </a>
        {visit.mayEdit ? (
          <a class="button" href={`${automationPath(visit, automation.id)}/undo`}>
            {say("Undo what it did since…")}
          </a>
        ) : null}
        {visit.mayOwn ? (
          <a class="button" href={evidenceOf(visit, { kind: "automation", id: automation.id })}>
            {say("Evidence")}
          </a>
        ) : null}
        {visit.mayEdit ? (
          <a class="button is-danger" href={`${automationPath(visit, automation.id)}/delete`}>
            {say("Delete…")}
          </a>
        ) : null}
      </div>
    </AutomationPage>,
  );
});
