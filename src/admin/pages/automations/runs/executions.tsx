import type { FC } from "hono/jsx";
import { type AutomationState, automationNames, automationStates } from "../../../../automations/find";
import { mostCounted, type Total } from "../../../../base/counted";
import { csv } from "../../../../base/text/csv";
import { startOfDay } from "../../../../catalogue/dates/time";
import { allSteps } from "../../../../definition/walk";
import type { AnswerTo } from "../../../../http/answering/answers";
import { inWords, say, weave } from "../../../../language/say";
import { countAll, countRunsOf } from "../../../../schools/costs/totals";
import { userNames } from "../../../../users/finding/list";
import { AskedFilters, OddFilters } from "../../../components/asked";
import { EmptyState } from "../../../components/bits";
import { csvAnswer } from "../../../components/csv";
import {
  BY_AGE,
  FilterChoice,
  FilterDay,
  Filters,
  hrefWith,
  SearchBox,
  usedOf,
} from "../../../components/forms/filters";
import { meantLearner, WhoWasMeant } from "../../../components/forms/learner-filter";
import { ChooseFilter, WhatWasMeant } from "../../../components/forms/pick";
import { Layout, PageHead } from "../../../components/frame/layout";
import { Moment } from "../../../components/moment";
import { LookedThrough, Pager, Table } from "../../../components/table";
import { SpansText as Says } from "../../../components/words";
import { Pages } from "../../../page";
import { attempt, type Ctx, type Visit } from "../../../visit";
import { knownWith, soughtWord } from "../../../words/meant";
import { schoolWords } from "../../../words/names";
import { factSentence } from "../../../words/sentences/fact";
import { stateText } from "../../../words/sentences/reasons";
import { capital, plain, stepSentence, type Words } from "../../../words/sentences/sentence";
import { RefusalNotice } from "../../problem";
import { RunState } from "./run-state";

type Run = AnswerTo<"GET /v1/runs/:id">;

export const RUN_STATUSES = [
  "queued",
  "running",
  "waiting",
  "held",
  "completed",
  "exited",
  "cancelled",
  "failed",
] as const;

const PAGE = 50;
/** How often a page asks on for a step that few runs came to, each time through some thousands of runs. */
const ASKS = 6;
/** How much a file holds. */
const FILE_MOST = 10_000;

interface Query {
  user: string;
  automation: string;
  status: string;
  /** A day of the school's zone. */
  since: string;
  step: string;
  /** `oldest`, or empty: newest first. */
  sort: string;
  cursor: string;
}

const queryOf = (given: AskedFilters, automation: string): Query => ({
  user: given.text("user"),
  automation,
  status: given.choice("status", RUN_STATUSES),
  since: given.day("since"),
  step: given.text("step"),
  sort: given.choice(
    "sort",
    BY_AGE.map(([order]) => order),
  ),
  cursor: given.text("cursor"),
});

/** What the route is asked. */
const asked = ({ user, automation, status, since, step, sort }: Query, visit: Visit) => ({
  user,
  automation,
  status,
  step,
  since: since === "" ? "" : new Date(startOfDay(since, visit.timezone)).toISOString(),
  order: sort === "oldest" ? "asc" : "desc",
});

/** How many runs there are: by counters of an automation, all that ever ran; else as many as are counted. */
function totalOf(c: Ctx, { user, automation, status, since, step }: Query): Promise<Total | undefined> {
  const school = c.var.visit.school.id;
  if (user || since || step || (status && !automation)) return Promise.resolve(undefined);
  if (automation) return countRunsOf(c.env, school, automation, status);
  return countAll(c.env, school, "runs", mostCounted(c.req.query("count")));
}

interface RunTableProps {
  runs: readonly Run[];
  automations: ReadonlyMap<string, AutomationState>;
  users: ReadonlyMap<string, string>;
  words: Words;
  visit: Visit;
}

/** Runs, newest first; shared with the page of a learner. */
export const RunTable: FC<RunTableProps> = ({ runs, automations, users, words, visit }) => {
  const moment = (at: string) => <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} />;
  return (
    <Table
      caption={say("Executions")}
      rows={runs}
      keyOf={(run) => run.id}
      columns={[
        {
          head: say("Learner"),
          names: true,
          cell: (run) => (
            <a href={visit.path(`/runs/${encodeURIComponent(run.id)}`)}>{users.get(run.user_id) ?? run.user_id}</a>
          ),
        },
        {
          head: say("Automation"),
          cell: (run) => automations.get(run.automation_id)?.name ?? <span class="soft">{say("deleted")}</span>,
        },
        {
          head: say("State"),
          cell: (run) => <RunState run={run} automation={automations.get(run.automation_id)} visit={visit} />,
        },
        { head: say("Started by"), cell: (run) => <Says spans={capital(factSentence(run.trigger, words))} /> },
        { head: say("Started"), cell: (run) => moment(run.started_at) },
        { head: say("Steps"), number: true, cell: (run) => run.steps.length },
      ]}
    />
  );
};

export const executionsPages = new Pages();

executionsPages.get("/executions", "viewer", async (c) => {
  const visit = c.var.visit;
  const given = new AskedFilters(c);
  const typed = given.text("automation");
  const sought = await soughtWord(c, "automation", typed);
  const query = queryOf(given, sought.id);
  const { user, automation, status, since, step, sort } = query;
  const [known, meant, total] = await Promise.all([
    knownWith(c, "automation", automation),
    meantLearner(visit, user),
    totalOf(c, query),
  ]);
  // What was meant is asked above the list: what was typed finds nothing, and nothing is said of that.
  const isUnclear = meant.id === null || sought.others.length > 0;
  const none = { data: [], next_cursor: null };
  const found = await attempt(async () =>
    isUnclear
      ? none
      : visit.api.gather(
          "GET /v1/runs",
          { query: { ...asked({ ...query, user: meant.id ?? "" }, visit), cursor: query.cursor } },
          { most: PAGE, asks: ASKS },
        ),
  );
  const page = found.value ?? none;
  const isPartial = page.data.length < PAGE && page.next_cursor !== null;
  const definition =
    step && automation ? await visit.api.find("GET /v1/automations/:id", { params: { id: automation } }) : null;
  const [automations, users, words] = await Promise.all([
    automationStates(c.env, visit.school.id, [automation, ...page.data.map((run) => run.automation_id)]),
    userNames(
      c.env,
      visit.school.id,
      page.data.map((run) => run.user_id),
    ),
    schoolWords(
      c.env,
      visit.school.id,
      page.data.map((run) => run.trigger),
      definition,
    ),
  ]);
  const of = automations.get(automation);
  const shownStep = allSteps(definition?.then ?? [], words.lanesOf).find(({ id }) => id === step);
  const narrowed = { user, automation, status, since, step };
  const filters = { ...narrowed, sort };
  const isFiltered = Object.values(narrowed).some((value) => value !== "");
  const placed = { at: visit.path("/executions"), filters, c };
  return c.html(
    <Layout title={say("Executions")} viewer={visit.viewer} section="executions">
      <PageHead title={of ? say("Executions of “{name}”", { name: of.name }) : say("Executions")}>
        {of ? (
          <a class="button" href={visit.path(`/automations/${encodeURIComponent(automation)}`)}>
            {say("To the automation")}
          </a>
        ) : null}
        <a class="button" href={hrefWith(visit.path("/executions.csv"), filters)} download>
          {say("Export CSV")}
          <small class="soft"> {say("{n} at most", { n: FILE_MOST })}</small>
        </a>
      </PageHead>
      <OddFilters asked={given} />
      <Filters
        action={visit.path("/executions")}
        clear={isFiltered}
        used={usedOf(automation, status, since, sort)}
        search={<SearchBox name="user" label={say("Learner")} placeholder={say("Name, email or id")} value={user} />}
      >
        <ChooseFilter kind="automation" name="automation" label={say("Automation")} value={automation} known={known} />
        <FilterChoice
          name="status"
          label={say("State")}
          value={status}
          options={[["", say("Any")], ...RUN_STATUSES.map((one) => [one, stateText(one)] as const)]}
        />
        <FilterDay name="since" label={say("Started since")} value={since} />
        <FilterChoice
          name="sort"
          label={say("Sorted by")}
          value={sort}
          options={BY_AGE.map(([order, called]) => [order, inWords(called)] as const)}
        />
        {step ? <input type="hidden" name="step" value={step} /> : null}
      </Filters>
      <WhoWasMeant typed={user} meant={meant} at={visit.path("/executions")} filters={filters} />
      <WhatWasMeant
        typed={typed}
        others={sought.others}
        to={(id) => hrefWith(visit.path("/executions"), { ...filters, automation: id })}
      />
      <RefusalNotice problem={found.refused} />
      {step ? (
        <p class="soft">
          {weave("Those that reached the step {step}.", {
            step: shownStep ? <Says spans={stepSentence(shownStep, words)} /> : <code>{step}</code>,
          })}{" "}
          <a href={hrefWith(visit.path("/executions"), { ...filters, step: "" })}>{say("All steps")}</a>
        </p>
      ) : null}
      {isPartial ? <LookedThrough {...placed} visit={visit} page={page} isBack={sort === ""} /> : null}
      {isUnclear ? null : page.data.length === 0 && !isPartial ? (
        <EmptyState title={isFiltered ? say("No run like that") : say("Nothing has run yet")}>
          <p>
            {isFiltered
              ? say("No run matches. If you expected somebody, ask on their page why it did not run.")
              : say(
                  "Each time a learner goes through an automation is a run, and is shown here with everything it did. Switch an automation on, and send an event.",
                )}
          </p>
          <a class="button" href={visit.path(isFiltered ? "/executions" : "/automations")}>
            {isFiltered ? say("Show all") : say("To the automations")}
          </a>
        </EmptyState>
      ) : (
        <>
          {page.data.length === 0 ? null : (
            <RunTable runs={page.data} automations={automations} users={users} words={words} visit={visit} />
          )}
          <Pager {...placed} page={page} total={total} />
        </>
      )}
    </Layout>,
  );
});

executionsPages.get("/executions.csv", "viewer", async (c) => {
  const visit = c.var.visit;
  const given = new AskedFilters(c);
  const typed = queryOf(given, (await soughtWord(c, "automation", given.text("automation"))).id);
  const query = { ...typed, user: (await meantLearner(visit, typed.user)).id ?? typed.user };
  const runs = (await visit.api.all("GET /v1/runs", { query: asked(query, visit) }, FILE_MOST)).slice(0, FILE_MOST);
  const names = await automationNames(
    c.env,
    visit.school.id,
    runs.map((run) => run.automation_id),
  );
  const triggers = runs.map((run) => run.trigger);
  const words = await schoolWords(c.env, visit.school.id, triggers);
  const rows = runs.map((run) => [
    run.id,
    names.get(run.automation_id) ?? run.automation_id,
    String(run.version),
    run.user_id,
    run.status,
    run.reason ?? "",
    plain(factSentence(run.trigger, words)),
    run.event_id ?? "",
    run.started_at,
    run.ended_at ?? "",
    run.undone ? (run.undone.at ?? "yes") : "",
    run.undone?.by ?? "",
    run.steps.map((step) => `${step.step_id} ${step.type} ${step.status}`).join("; "),
  ]);
  const head = [
    "run",
    "automation",
    "version",
    "learner",
    "state",
    "reason",
    "started by",
    "event",
    "started",
    "ended",
    "undone",
    "undone by",
    "steps",
  ];
  return csvAnswer(c, "executions.csv", csv(head, rows));
});
