import { Hono } from "hono";
import type { Child, FC } from "hono/jsx";
import { Badge, Banner, EmptyState } from "../components/bits";
import { Flow } from "../components/flow";
import { ActionButton, SelectField, TextField } from "../components/form";
import { Layout, PageHead } from "../components/layout";
import { Moment } from "../components/moment";
import { Notice } from "../components/notice";
import { Words as Says } from "../components/words";
import { type Change, changes } from "../diff";
import type { Listed } from "../client";
import type { Automation, Learner, Stats, Version } from "../documents";
import { durationText } from "../duration";
import type { Definition, StepStats } from "../model";
import { walk } from "../model";
import { automationNames, schoolWords, whoText } from "../names";
import { Refusal } from "../problem";
import { sentence } from "../sentence";
import { type AdminEnv, attempt, type Ctx, fieldsOf, seeOther, type Visit } from "../visit";
import { Warnings } from "./automations";
import { WhyForm, WhyList, type WhyRow, whyRows } from "./why";

const path = (id: string) => `/admin/automations/${encodeURIComponent(id)}`;
const route = (id: string) => `/automations/${encodeURIComponent(id)}`;

const TABS = [
  ["", "Preview"],
  ["/executions", "Executions"],
  ["/versions", "Versions"],
  ["/why", "Why not?"],
  ["/enrol", "Enrol"],
] as const;
type Tab = (typeof TABS)[number][0];

interface HeadProps {
  c: Ctx;
  visit: Visit;
  automation: Automation;
  tab: Tab;
  children?: Child;
}

/** The head that all pages of one automation share. */
const AutomationPage: FC<HeadProps> = ({ c, visit, automation, tab, children }) => (
  <Layout title={automation.name} viewer={visit.viewer} section="automations">
    <PageHead title={automation.name}>
      {automation.active ? <Badge tone="good">active</Badge> : <Badge>off</Badge>}
      {visit.mayEdit ? (
        <ActionButton
          action={`${path(automation.id)}/active`}
          fields={{ active: automation.active ? "false" : "true", back: path(automation.id) }}
        >
          {automation.active ? "Switch off" : "Switch on"}
        </ActionButton>
      ) : null}
      <a class="button is-main" href={`${path(automation.id)}/edit`}>
        {visit.mayEdit ? "Edit" : "Look into"}
      </a>
    </PageHead>
    <nav class="tabs" aria-label="Of this automation">
      {TABS.map(([end, label]) => (
        <a
          href={end === "/executions" ? `/admin/executions?automation=${encodeURIComponent(automation.id)}` : path(automation.id) + end}
          aria-current={tab === end ? "page" : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
    <Notice c={c} />
    {children}
  </Layout>
);

const REENTRY: Readonly<Record<Definition["reentry"], string>> = {
  always: "each time it happens",
  one_at_a_time: "not while one run is under way",
  restart: "each time, ending the run under way",
  once: "once",
};

const Facts: FC<{ automation: Automation; visit: Visit }> = ({ automation, visit }) => (
  <dl class="facts">
    <dt>Runs</dt>
    <dd>
      <a href={`/admin/executions?automation=${encodeURIComponent(automation.id)}`}>
        {automation.run_count.toLocaleString("en")} so far
      </a>
      , {automation.waiting_count.toLocaleString("en")} waiting
    </dd>
    <dt>A learner enters</dt>
    <dd>
      {REENTRY[automation.reentry]}
      {automation.reentry_per === "trigger" ? ", counted for each product" : ""}
      {automation.cooldown ? `; at most every ${durationText(automation.cooldown)}` : ""}
    </dd>
    <dt>When it happens</dt>
    <dd>{automation.synchronous ? "before the event is answered" : "in the background, within seconds"}</dd>
    <dt>Version</dt>
    <dd>
      <a href={`${path(automation.id)}/versions`}>{automation.version}</a>, edited{" "}
      <Moment atMs={Date.parse(automation.updated_at)} nowMs={visit.nowMs} timezone={visit.timezone} />
    </dd>
  </dl>
);

export const automationPages = new Hono<AdminEnv>();

automationPages.get("/automations/:id", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.get<Automation>(route(c.req.param("id")));
  const [words, names, stats] = await Promise.all([
    schoolWords(c.env, visit.school.id),
    automationNames(c.env, visit.school.id),
    visit.api.find<Stats>(`${route(automation.id)}/stats`),
  ]);
  const counts = stats ? new Map<string, StepStats>(stats.steps.map((one) => [one.step_id, one])) : undefined;
  const hasSteps = [...walk(automation.then)].length > 0;
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="">
      <p class="lead">
        <Says spans={sentence(automation, words)} />
      </p>
      {automation.description ? <p class="soft">{automation.description}</p> : null}
      <Warnings automation={automation} names={names} />
      <Facts automation={automation} visit={visit} />
      {hasSteps ? null : (
        <Banner tone="warning">
          It does nothing yet. <a href={`${path(automation.id)}/edit`}>Add a step</a>
        </Banner>
      )}
      <section class="drawing" aria-label="Drawing" tabindex={0}>
        <Flow
          definition={automation}
          words={words}
          {...(counts ? { stats: counts } : {})}
          href={(step) =>
            step.id === undefined
              ? undefined
              : `/admin/executions?automation=${encodeURIComponent(automation.id)}&step=${encodeURIComponent(step.id)}`
          }
        />
      </section>
      <p class="hint">A step leads to the runs that came to it.</p>
      {visit.mayEdit ? (
        <div class="inline after">
          <ActionButton action={`${path(automation.id)}/duplicate`}>Duplicate</ActionButton>
          <a class="button is-danger" href={`${path(automation.id)}/delete`}>
            Delete…
          </a>
        </div>
      ) : null}
    </AutomationPage>,
  );
});

// ---- Versions ----

const MARKS: Readonly<Record<Change["kind"], readonly [mark: string, word: string]>> = {
  added: ["+", "added"],
  removed: ["−", "removed"],
  changed: ["~", "changed"],
  moved: ["↕", "moved"],
};

/** Differences in words. */
export const Changes: FC<{ changes: readonly Change[] }> = ({ changes: all }) => (
  <ul class="changes">
    {all.map((change) => {
      const [mark, word] = MARKS[change.kind];
      return (
        <li class={`is-${change.kind}`}>
          <span class="change-mark" aria-hidden="true">
            {mark}
          </span>
          <span>
            <span class="sr-only">{word}: </span>
            <Says spans={change.what} />
          </span>
        </li>
      );
    })}
  </ul>
);

const definitionOf = (version: Version, name: string): Definition => ({ ...version, name, description: "", active: true });

automationPages.get("/automations/:id/versions", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.get<Automation>(route(c.req.param("id")));
  const words = await schoolWords(c.env, visit.school.id);
  const versions = await visit.api.all<Version>(`${route(automation.id)}/versions`);
  const shown = versions.map((version, index) => ({ version, before: versions[index - 1] })).reverse();
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/versions">
      <p class="soft">
        A run finishes on the version it began on. Name, description and the switch make no new version.
      </p>
      <ol class="stack">
        {shown.map(({ version, before }) => (
          <li class="panel-box">
            <h2>
              Version {version.version} {version.version === automation.version ? <Badge tone="good">in use</Badge> : null}
            </h2>
            <p class="soft">
              <Moment atMs={Date.parse(version.created_at)} nowMs={visit.nowMs} timezone={visit.timezone} />
              {version.created_by ? `, ${whoText(version.created_by)}` : ""}
            </p>
            {before ? (
              <Changes changes={changes(definitionOf(before, ""), definitionOf(version, ""), words)} />
            ) : (
              <p>
                <Says spans={sentence(definitionOf(version, ""), words)} />
              </p>
            )}
            {version.version === automation.version || !visit.mayEdit ? null : (
              <ActionButton action={`${path(automation.id)}/versions/${version.version}`}>
                Go back to this version
              </ActionButton>
            )}
          </li>
        ))}
      </ol>
    </AutomationPage>,
  );
});

automationPages.post("/automations/:id/versions/:version", async (c) => {
  const { api } = c.var.visit;
  const id = c.req.param("id");
  const versions = await api.all<Version>(`${route(id)}/versions`);
  const found = versions.find((one) => String(one.version) === c.req.param("version"));
  if (found) {
    const { version: _, created_at: __, created_by: ___, ...definition } = found;
    await api.send("PATCH", route(id), definition);
  }
  return seeOther(c, `${path(id)}/versions`, { done: "saved" });
});

// ---- Why not ----

/** The id of a learner, also found by an email or a name that only one has. */
async function learnerId(c: Ctx, typed: string): Promise<string> {
  const { api } = c.var.visit;
  if (typed === "" || (await api.find<Learner>(`/users/${encodeURIComponent(typed)}`))) return typed;
  const { data } = await api.get<Listed<Learner>>("/users", { q: typed.slice(0, 300), limit: 2 });
  return data.length === 1 && data[0] ? data[0].id : typed;
}

automationPages.get("/automations/:id/why", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.get<Automation>(route(c.req.param("id")));
  const user = await learnerId(c, c.req.query("user")?.trim() ?? "");
  const words = await schoolWords(c.env, visit.school.id);
  const asked = user === "" ? null : await attempt((): Promise<WhyRow[]> => whyRows(visit, automation.id, user));
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/why">
      <p class="soft">Why did it run for a learner, or why not? Ask, and see for each of their recent facts what decided.</p>
      <WhyForm action={`${path(automation.id)}/why`} user={user} />
      {asked === null ? null : asked.refused ? (
        <Refusal problem={asked.refused} />
      ) : (
        <WhyList rows={asked.value} automation={automation} user={user} words={words} visit={visit} />
      )}
    </AutomationPage>,
  );
});

// ---- Enrol ----

const WHOM: readonly (readonly [string, string])[] = [
  ["users", "These learners, by id"],
  ["tag", "Everybody with the tag"],
  ["segment", "Everybody in the segment (its id)"],
  ["all", "Everybody"],
];

const bodyOf = (whom: string, value: string): Record<string, unknown> =>
  whom === "all"
    ? { all: true }
    : whom === "users"
      ? { users: value.split(/[\s,]+/).filter(Boolean) }
      : { [whom === "tag" ? "tag" : "segment"]: value };

const EnrolForm: FC<{ id: string; whom: string; value: string; count: number | null }> = ({ id, whom, value, count }) => (
  <>
    <form method="get" action={`${path(id)}/enrol`} class="form">
      <SelectField name="whom" label="Whom" value={whom} options={WHOM} />
      <TextField name="value" label="Ids, tag or segment" value={value} optional hint="Several ids with blanks or commas." />
      <button type="submit" class="button">
        How many would that be?
      </button>
    </form>
    {count === null ? null : count === 0 ? (
      <EmptyState title="Nobody">
        <p>No learner matches that.</p>
      </EmptyState>
    ) : (
      <form method="post" action={`${path(id)}/enrol`} class="inline after">
        <input type="hidden" name="whom" value={whom} />
        <input type="hidden" name="value" value={value} />
        <button type="submit" class="button is-main">
          Start it for {count.toLocaleString("en")} {count === 1 ? "learner" : "learners"} now
        </button>
        <span class="hint">“Only if” and re-entry hold for each of them.</span>
      </form>
    )}
  </>
);

automationPages.get("/automations/:id/enrol", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.get<Automation>(route(c.req.param("id")));
  const whom = c.req.query("whom") ?? "";
  const value = c.req.query("value")?.trim() ?? "";
  const asked = whom === "" ? null : await attempt(() => visit.api.send<{ count: number }>("POST", `${route(automation.id)}/enrol`, { ...bodyOf(whom, value), dry_run: true }));
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/enrol">
      <p class="soft">
        An automation sees what happens from the moment it is on. Here it is started for learners who are there already.
      </p>
      <Refusal problem={asked?.refused} />
      {visit.mayEdit ? (
        <EnrolForm id={automation.id} whom={whom || "users"} value={value} count={asked?.value?.count ?? null} />
      ) : (
        <Banner>Only editors and owners may start it.</Banner>
      )}
    </AutomationPage>,
  );
});

automationPages.post("/automations/:id/enrol", async (c) => {
  const fields = await fieldsOf(c);
  const { job_id } = await c.var.visit.api.send<{ job_id: string }>(
    "POST",
    `${route(c.req.param("id"))}/enrol`,
    bodyOf(fields.text("whom"), fields.text("value")),
  );
  return seeOther(c, `/admin/jobs/${encodeURIComponent(job_id)}`, { done: "started" });
});
