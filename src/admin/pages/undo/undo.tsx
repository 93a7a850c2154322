import type { Child, FC } from "hono/jsx";
import { isLocalDateTime, localToInstant } from "../../../catalogue/dates/time";
import { many, say } from "../../../language/say";
import { Banner } from "../../components/bits";
import { Form } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Moment } from "../../components/moment";
import { Pages } from "../../page";
import { afterWrite, attempt, formFieldsOf, type Visit } from "../../visit";
import { namesFor } from "../../words/names";
import { automationPath } from "../automations/automation-frame";
import { UndoneNotice, undoerOf } from "../automations/runs/run-undone";
import { RefusalNotice } from "../problem";
import { messageNames } from "./messages";
import { countOf, type Told, ToldOfUndo } from "./told";

const runPath = (visit: Visit, id: string): string => visit.path(`/runs/${encodeURIComponent(id)}`);

const countsOf = ({ runs, users }: { runs: number; users: number }) => ({
  runs: many(runs, "{n} run", "{n} runs"),
  learners: many(users, "{n} learner@of", "{n} learners@of"),
});

/** The button that does what was shown. */
const UndoForm: FC<{ visit: Visit; action: string; back: string; told: Told; children?: Child }> = ({
  visit,
  action,
  back,
  told,
  children,
}) =>
  visit.mayEdit ? (
    <Form action={action} class="inline after">
      {children}
      <button type="submit" class="button is-danger">
        {countOf(told) === 0
          ? say("Undo: nothing to take back")
          : many(countOf(told), "Undo: take back {n} thing", "Undo: take back {n} things")}
      </button>
      <a class="button" href={back}>
        {say("Leave it")}
      </a>
    </Form>
  ) : (
    <Banner>{say("Only editors and owners may undo it.")}</Banner>
  );

export const undoPages = new Pages();

undoPages.get("/runs/:id/undo", "viewer", async (c) => {
  const { visit } = c.var;
  const id = c.req.param("id");
  const chain = c.req.query("chain") === "true";
  const run = await visit.api.call("GET /v1/runs/:id", { params: { id } });
  const asked = await attempt(() =>
    visit.api.call("POST /v1/runs/:id/undo", { params: { id }, query: { dry_run: "true" }, body: { chain } }),
  );
  // Twice is as once; those that it began may still be.
  const undone = chain ? undefined : run.undone;
  const undoer = await undoerOf(c.env, visit.school.id, undone);
  const told = asked.value && "takes" in asked.value ? asked.value : null;
  const names = { ...(await namesFor(c.env, visit.school.id, told)), ...(await messageNames(visit, told)) };
  const isChained = told?.stays.some(({ why }) => why === "chained");
  return c.html(
    <Layout title={say("Undo a run")} viewer={visit.viewer} section="executions">
      <PageHead title={say("Undo this run?")} />
      <p class="lead">
        {say("What is live of it ends, and what it alone gave is taken back. Nothing starts by it; the LMS is told.")}
      </p>
      <RefusalNotice problem={asked.refused} />
      {undone ? (
        <UndoneNotice
          undone={undone}
          who={undoer}
          moment={(at) => <Moment atMs={Date.parse(at)} nowMs={visit.nowMs} timezone={visit.timezone} exact />}
        />
      ) : null}
      {told ? (
        <>
          {undone ? null : <ToldOfUndo told={told} names={names} timezone={visit.timezone} />}
          {isChained ? (
            <p>
              <a href={`${runPath(visit, id)}/undo?chain=true`}>{say("See it with the runs that it began")}</a>
            </p>
          ) : null}
          {undone ? (
            <a class="button" href={runPath(visit, id)}>
              {say("To the run")}
            </a>
          ) : (
            <UndoForm visit={visit} action={`${runPath(visit, id)}/undo`} back={runPath(visit, id)} told={told}>
              <input type="hidden" name="chain" value={String(chain)} />
            </UndoForm>
          )}
        </>
      ) : null}
    </Layout>,
  );
});

undoPages.post("/runs/:id/undo", "editor", async (c) => {
  const { visit } = c.var;
  const id = c.req.param("id");
  const chain = (await formFieldsOf(c)).text("chain") === "true";
  const started = await visit.api.call("POST /v1/runs/:id/undo", { params: { id }, body: { chain } });
  return afterWrite(c, started, runPath(visit, id));
});

undoPages.get("/automations/:id/undo", "viewer", async (c) => {
  const { visit } = c.var;
  const { id } = c.req.param();
  const automation = await visit.api.find("GET /v1/automations/:id", { params: { id } });
  const local = c.req.query("since") ?? "";
  const since = isLocalDateTime(local) ? new Date(localToInstant(local, visit.timezone)).toISOString() : null;
  const asked =
    since === null
      ? null
      : await attempt(() =>
          visit.api.call("POST /v1/automations/:id/undo", {
            params: c.req.param(),
            query: { dry_run: "true" },
            body: { since },
          }),
        );
  const told = asked?.value && "takes" in asked.value ? asked.value : null;
  const names = await namesFor(c.env, visit.school.id, told);
  const path = automationPath(visit, id);
  const back = automation ? path : visit.path("/executions");
  return c.html(
    <Layout
      title={automation ? say("Undo {name}", { name: automation.name }) : say("Undo a deleted automation")}
      viewer={visit.viewer}
      section="automations"
    >
      <PageHead
        title={
          automation
            ? say("Undo what “{name}” did", { name: automation.name })
            : say("Undo what a deleted automation did")
        }
      />
      <p class="lead">
        {say("Its runs since a moment end, and what they alone gave is taken back.")}
        {automation?.active ? ` ${say("It is switched on: runs that begin meanwhile go on.")}` : ""}
      </p>
      <form method="get" action={`${path}/undo`} class="form">
        <div class="field">
          <label for="f-since">{say("Since ({timezone})", { timezone: visit.timezone })}</label>
          <input id="f-since" name="since" type="datetime-local" value={local} required />
        </div>
        <button type="submit" class="button">
          {say("What would that be?")}
        </button>
      </form>
      <RefusalNotice problem={asked?.refused} />
      {told && since !== null ? (
        <>
          <p>
            {told.more
              ? say("More than {runs} of {learners}", countsOf(told))
              : say("{runs} of {learners}", countsOf(told))}
          </p>
          <ToldOfUndo told={told} names={names} timezone={visit.timezone} />
          <UndoForm visit={visit} action={`${path}/undo`} back={back} told={told}>
            <input type="hidden" name="since" value={since} />
          </UndoForm>
        </>
      ) : null}
    </Layout>,
  );
});

undoPages.post("/automations/:id/undo", "editor", async (c) => {
  const since = (await formFieldsOf(c)).text("since");
  const started = await c.var.visit.api.call("POST /v1/automations/:id/undo", {
    params: c.req.param(),
    body: { since },
  });
  return afterWrite(c, started, automationPath(c.var.visit, c.req.param("id")));
});
