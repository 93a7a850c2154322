import type { Child, FC } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import type { Listed } from "../../client";
import { EmptyState } from "../../components/bits";
import { Layout, PageHead } from "../../components/layout";
import { Moment } from "../../components/moment";
import { Notice } from "../../components/notice";
import { Pager } from "../../components/table";
import { Words as Says } from "../../components/words";
import type { Automation, Delivery, Learner, Run, TimelineEntry } from "../../documents";
import { Pages } from "../../page";
import { attempt, type Ctx, fieldsOf, seeOther, type Visit } from "../../visit";
import { factSentence } from "../../words/fact";
import { schoolWords } from "../../words/names";
import { capital } from "../../words/sentence";
import { RunTable } from "../automations/executions";
import { WhyList, type WhyRow, whyRows } from "../automations/why";
import { Refusal } from "../problem";
import { DeliveryTable } from "../sending/deliveries";
import { Profile } from "./profile";

const path = (id: string) => `/admin/learners/${encodeURIComponent(id)}`;
const route = (id: string) => `/users/${encodeURIComponent(id)}`;
const called = (learner: Learner) => learner.username || learner.email || learner.id;

const TABS = [
  ["", "Profile"],
  ["/timeline", "Timeline"],
  ["/runs", "Executions"],
  ["/messages", "Messages"],
  ["/why", "Why did … (not) run?"],
] as const;
type Tab = (typeof TABS)[number][0];

const LearnerPage: FC<{ c: Ctx; visit: Visit; learner: Learner; tab: Tab; children?: Child }> = ({
  c,
  visit,
  learner,
  tab,
  children,
}) => (
  <Layout title={called(learner)} viewer={visit.viewer} section="learners">
    <PageHead title={called(learner)}>
      <a class="button" href={`${path(learner.id)}/export`} download>
        Export
      </a>
      {visit.mayEdit ? (
        <a class="button is-danger" href={`${path(learner.id)}/erase`}>
          Erase…
        </a>
      ) : null}
    </PageHead>
    <nav class="tabs" aria-label="Of this learner">
      {TABS.map(([end, label]) => (
        <a href={path(learner.id) + end} aria-current={tab === end ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
    <Notice c={c} />
    {children}
  </Layout>
);

const learnerOf = (c: Ctx): Promise<Learner> => c.var.visit.api.get<Learner>(route(c.req.param("id") ?? ""));

export const learnerPages = new Pages();

learnerPages.get("/learners/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const [learner, words] = await Promise.all([learnerOf(c), schoolWords(c.env, visit.school.id)]);
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="">
      <Profile learner={learner} words={words} visit={visit} />
    </LearnerPage>,
  );
});

learnerPages.get("/learners/:id/timeline", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const cursor = c.req.query("cursor");
  const [page, words, names] = await Promise.all([
    visit.api.get<Listed<TimelineEntry>>(`${route(learner.id)}/timeline`, { order: "desc", cursor, limit: 100 }),
    schoolWords(c.env, visit.school.id),
    automationNames(c.env, visit.school.id),
  ]);
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/timeline">
      {page.data.length === 0 ? (
        <EmptyState title="Nothing happened yet">
          <p>What becomes true of this learner stands here, with the runs it started.</p>
        </EmptyState>
      ) : (
        <>
          <ol class="log">
            {page.data.map((entry) => (
              <li class={entry.kind === "run" ? "is-run" : ""}>
                <span class="log-time">
                  <Moment atMs={Date.parse(entry.at)} nowMs={visit.nowMs} timezone={visit.timezone} exact />
                </span>
                <div>
                  {entry.kind === "run" ? (
                    <>
                      started{" "}
                      <a href={`/admin/runs/${encodeURIComponent(entry.run_id ?? "")}`}>
                        {names.get(entry.automation_id ?? "") ?? "a deleted automation"}
                      </a>
                    </>
                  ) : (
                    <>
                      <Says spans={capital(factSentence({ type: entry.type ?? "", data: entry.data ?? {} }, words))} />
                      {entry.quiet ? <small class="soft"> quiet: it starts nothing</small> : null}
                      {entry.event_id ? <small class="soft"> · event {entry.event_id}</small> : null}
                    </>
                  )}
                </div>
              </li>
            ))}
          </ol>
          <Pager
            shown={page.data.length}
            next={
              page.next_cursor === null
                ? null
                : `${path(learner.id)}/timeline?cursor=${encodeURIComponent(page.next_cursor)}`
            }
            first={cursor ? `${path(learner.id)}/timeline` : null}
          />
        </>
      )}
    </LearnerPage>,
  );
});

learnerPages.get("/learners/:id/runs", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const cursor = c.req.query("cursor");
  const [page, words, names] = await Promise.all([
    visit.api.get<Listed<Run>>("/runs", { user: learner.id, order: "desc", cursor, limit: 50 }),
    schoolWords(c.env, visit.school.id),
    automationNames(c.env, visit.school.id),
  ]);
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/runs">
      {page.data.length === 0 ? (
        <EmptyState title="No executions">
          <p>No automation has run for {called(learner)} yet.</p>
          <a class="button" href={`${path(learner.id)}/why`}>
            Ask why
          </a>
        </EmptyState>
      ) : (
        <>
          <RunTable
            runs={page.data}
            names={names}
            users={new Map([[learner.id, called(learner)]])}
            words={words}
            visit={visit}
          />
          <Pager
            shown={page.data.length}
            next={
              page.next_cursor === null
                ? null
                : `${path(learner.id)}/runs?cursor=${encodeURIComponent(page.next_cursor)}`
            }
            first={cursor ? `${path(learner.id)}/runs` : null}
          />
        </>
      )}
    </LearnerPage>,
  );
});

learnerPages.get("/learners/:id/messages", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const cursor = c.req.query("cursor");
  const page = await visit.api.get<Listed<Delivery>>("/deliveries", {
    user: learner.id,
    order: "desc",
    cursor,
    limit: 50,
  });
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/messages">
      {page.data.length === 0 ? (
        <EmptyState title="No messages">
          <p>
            Mail, pushes, messages and calls that automations made for {called(learner)} stand here, as they were
            rendered.
          </p>
        </EmptyState>
      ) : (
        <>
          <DeliveryTable rows={page.data} users={new Map([[learner.id, called(learner)]])} visit={visit} />
          <Pager
            shown={page.data.length}
            next={
              page.next_cursor === null
                ? null
                : `${path(learner.id)}/messages?cursor=${encodeURIComponent(page.next_cursor)}`
            }
            first={cursor ? `${path(learner.id)}/messages` : null}
          />
        </>
      )}
    </LearnerPage>,
  );
});

learnerPages.get("/learners/:id/why", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const [words, names] = await Promise.all([
    schoolWords(c.env, visit.school.id),
    automationNames(c.env, visit.school.id),
  ]);
  const chosen = c.req.query("automation") ?? "";
  const automation = names.has(chosen)
    ? await visit.api.find<Automation>(`/automations/${encodeURIComponent(chosen)}`)
    : null;
  const asked = automation ? await attempt((): Promise<WhyRow[]> => whyRows(visit, automation.id, learner.id)) : null;
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/why">
      {names.size === 0 ? (
        <EmptyState title="No automations yet">
          <p>There is nothing that could have run.</p>
        </EmptyState>
      ) : (
        <form method="get" class="filters">
          <label class="filter is-wide">
            <span>Why did this run for {called(learner)}, or why not?</span>
            <select name="automation">
              {[...names].map(([id, name]) => (
                <option value={id} selected={id === chosen}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="button is-main">
            Ask
          </button>
        </form>
      )}
      <Refusal problem={asked?.refused} />
      {automation && asked?.value ? (
        <WhyList rows={asked.value} automation={automation} user={learner.id} words={words} visit={visit} />
      ) : null}
    </LearnerPage>,
  );
});

learnerPages.get("/learners/:id/export", "viewer", async (c) => {
  const held = await c.var.visit.api.get<unknown>(`${route(c.req.param("id"))}/export`);
  const name = c.req.param("id").replaceAll(/[^A-Za-z0-9_-]/g, "_");
  return c.body(JSON.stringify(held, null, 2), 200, {
    "content-type": "application/json",
    "content-disposition": `attachment; filename="learner-${name}.json"`,
  });
});

learnerPages.get("/learners/:id/erase", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  return c.html(
    <Layout title={`Erase ${called(learner)}`} viewer={visit.viewer} section="learners">
      <PageHead title={`Erase “${called(learner)}”?`} />
      <div class="prose">
        <p>
          What is known of them, their runs, waits and messages go, and their personal data in the log. What has not
          been sent yet is not sent. This cannot be undone; a later event of theirs begins afresh.
        </p>
        <form method="post" class="form">
          <label class="field">
            <span>
              Write <b>{learner.id}</b> to go on
            </span>
            <input name="id" required autocomplete="off" />
          </label>
          <span class="inline">
            <button type="submit" class="button is-danger">
              Erase for good
            </button>
            <a class="button" href={path(learner.id)}>
              Keep
            </a>
          </span>
        </form>
      </div>
    </Layout>,
  );
});

learnerPages.post("/learners/:id/erase", "editor", async (c) => {
  const id = c.req.param("id");
  if ((await fieldsOf(c)).text("id") !== id) return seeOther(c, `${path(id)}/erase`);
  await c.var.visit.api.send("DELETE", route(id));
  return seeOther(c, "/admin/learners", { done: "erased" });
});
