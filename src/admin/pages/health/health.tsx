import type { FC } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import { troubleByAutomation } from "../../../automations/runs/trouble";
import { heard } from "../../../language/heard";
import { say, weave } from "../../../language/say";
import { Badge, EmptyState } from "../../components/bits";
import { DayCharts } from "../../components/chart";
import { ActionButton } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Moment } from "../../components/moment";
import { Pages } from "../../page";
import { seeOther, type Visit } from "../../visit";
import { type Kept, KeptNotice, keptOf, notSetUpText } from "../sending/kept";
import { Calendar, definitionsOf } from "./calendar";
import { type HealthProblem, mendingsOf } from "./mending";
import { Punctual } from "./punctual";
import { Today } from "./today";
import { namedIn, Troubled, worstFirst } from "./trouble";

/* The home of a school: what needs a person, in the order of harm; what happened of late, and what goes out next. */

type Names = ReadonlyMap<string, string>;

/** What stops something of the school's is a failure; all else is to be looked at. */
const stateOf = ({ code }: HealthProblem): readonly ["failure" | "warning", string] => {
  if (code === "automation_stopped") return ["failure", say("stopped")];
  return code === "lms_broken" || code.endsWith("_failing")
    ? ["failure", say("failing")]
    : ["warning", say("to look at")];
};

const nameOf = (names: Names, id: string): string => names.get(id) ?? id;

/** Nobody is told of an automation that stopped itself any more. */
const Known: FC<{ visit: Visit; id: string; name: string }> = ({ visit, id, name }) =>
  visit.mayEdit ? (
    <ActionButton small action={visit.path(`/automations/${encodeURIComponent(id)}/dismiss`)}>
      {say("I know")}
      <span class="sr-only"> {say("that {name} has stopped itself", { name })}</span>
    </ActionButton>
  ) : null;

interface ProblemProps {
  visit: Visit;
  problem: HealthProblem;
  names: Names;
  kept: Kept;
}

const Problem: FC<ProblemProps> = ({ visit, problem, names, kept }) => {
  const { since, message, code, automations = [] } = problem;
  // How much did not leave, where that is what is wrong.
  const said = code === "email_not_set_up" && kept.count ? notSetUpText(kept.count) : heard(message);
  const [tone, state] = stateOf(problem);
  return (
    <li class="panel-box">
      <p>
        <Badge tone={tone}>{state}</Badge> {said}
        {since === null ? null : (
          <>
            {" "}
            <span class="soft">
              {weave("Since {moment}.", {
                moment: (
                  <Moment atMs={Date.parse(since)} nowMs={visit.viewer.school.nowMs} timezone={visit.timezone} exact />
                ),
              })}
            </span>
          </>
        )}
      </p>
      {automations.length > 1 ? (
        <ul>
          {automations.map((id) => (
            <li>
              <a href={visit.path(`/automations/${encodeURIComponent(id)}`)}>{nameOf(names, id)}</a>{" "}
              <Known visit={visit} id={id} name={nameOf(names, id)} />
            </li>
          ))}
        </ul>
      ) : null}
      <span class="inline">
        {mendingsOf(visit, problem).map(({ label, href }, index) => (
          <a class={index === 0 ? "button is-small is-main" : "button is-small"} href={href}>
            {label}
          </a>
        ))}
        {automations.length === 1 && automations[0] !== undefined ? (
          <Known visit={visit} id={automations[0]} name={nameOf(names, automations[0])} />
        ) : null}
      </span>
    </li>
  );
};

/** Of a live school in which nothing is kept yet because nobody has set up how mail leaves. */
const NotSetUp: FC<{ visit: Visit }> = ({ visit }) => (
  <li class="panel-box">
    <p>
      <Badge tone="warning">{say("not set up")}</Badge>{" "}
      {say("Mail is not set up: what automations mail is kept, not sent.")}
    </p>
    {visit.mayEdit ? (
      <span class="inline">
        <a class="button is-small is-main" href={visit.path("/settings/connectors/email")}>
          {say("Set up email")}
        </a>
      </span>
    ) : null}
  </li>
);

const FirstSteps: FC<{ visit: Visit }> = ({ visit }) => (
  <EmptyState title={say("No automations yet")}>
    <p>{say("Once there are some, this page says what needs you, what was sent today and what goes out next.")}</p>
    <span class="inline">
      <a class="button is-main" href={visit.path("/templates")}>
        {say("Choose a template")}
      </a>
      <a class="button" href={visit.path("/automations")}>
        {say("Automations")}
      </a>
    </span>
  </EmptyState>
);

export const healthPages = new Pages();

healthPages.get("/health", "viewer", async (c) => {
  const { visit } = c.var;
  const [health, trouble, kept, some] = await Promise.all([
    visit.api.call("GET /v1/health"),
    troubleByAutomation(c.env, visit.school),
    keptOf(c),
    visit.api.call("GET /v1/automations", { query: { limit: "1" } }),
  ]);
  const { problems, days, coming, warnings = [] } = health;
  const troubles = worstFirst(trouble);
  const ids = [
    ...namedIn(troubles),
    ...coming.days.map((one) => one.automation_id),
    ...problems.flatMap(({ automations = [] }) => automations),
  ];
  const [names, definitions] = await Promise.all([
    ids.length ? automationNames(c.env, visit.school.id, [...new Set(ids)]) : new Map<string, string>(),
    definitionsOf(c, coming),
  ]);
  const isTest = visit.school.mode === "test";
  const isKept = kept.isSetUp && kept.count > 0;
  const isUnset = !isTest && !kept.isSetUp && !problems.some(({ code }) => code === "email_not_set_up");
  return c.html(
    <Layout title={say("Home")} viewer={visit.viewer} section="health">
      <PageHead title={say("Home")}>
        <a class="button is-quiet" href={visit.path("/catch-up")}>
          {say("Catch up")}
        </a>
        {visit.mayOwn ? (
          <a class="button is-quiet" href={visit.path("/settings/pause")}>
            {visit.school.paused ? say("Let the school go on…") : say("Pause everything…")}
          </a>
        ) : null}
      </PageHead>
      <Notice c={c} />
      {kept.isSetUp ? <KeptNotice visit={visit} kept={kept} /> : null}
      {problems.length === 0 && troubles.length === 0 && !isUnset ? (
        isKept ? null : (
          <p>
            <Badge tone="good">{say("All is well.")}</Badge>
          </p>
        )
      ) : (
        <ul class="stack">
          {problems.map((problem) => (
            <Problem visit={visit} problem={problem} names={names} kept={kept} />
          ))}
          <Troubled visit={visit} troubles={troubles} names={names} />
          {isUnset ? <NotSetUp visit={visit} /> : null}
        </ul>
      )}
      {warnings.map((warning) => (
        <p class="hint">{heard(warning)}</p>
      ))}
      {some.data.length === 0 && days.every(({ runs }) => runs === 0) ? (
        <FirstSteps visit={visit} />
      ) : (
        <>
          <Today visit={visit} health={health} />
          <Punctual lateness={health.lateness} />
          <DayCharts days={days} captured={isTest} />
          <section aria-labelledby="next">
            <h2 class="part" id="next">
              {say("What goes out next")}
            </h2>
            <Calendar visit={visit} coming={coming} names={names} definitions={definitions} />
          </section>
        </>
      )}
    </Layout>,
  );
});

healthPages.post("/automations/:id/dismiss", "editor", async (c) => {
  const { visit } = c.var;
  await visit.api.call("POST /v1/automations/:id/dismiss", { params: c.req.param() });
  return seeOther(c, visit.path("/health"));
});
