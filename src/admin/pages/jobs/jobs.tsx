import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { figure, inWords, later, say, type Text, weave } from "../../../language/say";
import { Banner, EmptyState, Progress, StatusBadge } from "../../components/bits";
import { ActionButton } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { howFar, howFast } from "../../components/how-far";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { seeOther, type Visit } from "../../visit";
import { namesFor } from "../../words/names";
import { EVIDENCE } from "../evidence/path";
import { messageNames } from "../undo/messages";
import { ToldOfUndo, toldIn } from "../undo/told";
import { aboutJobs, aboutLink } from "./about";
import { countedBy } from "./counted";

type Job = AnswerTo<"GET /v1/jobs/:id">;

export const jobPath = (visit: Visit, id: string) => visit.path(`/jobs/${encodeURIComponent(id)}`);

const KINDS: Readonly<Record<string, string>> = {
  users_import: later("Import of learners"),
  segments_import: later("Import of segments"),
  members_import: later("Import of members"),
  products_import: later("Import of names"),
  roster_import: later("Import of a OneRoster set"),
  lms_sync: later("Bringing in from the LMS"),
  lms_reconcile: later("Comparing with the LMS"),
  enrol: later("Start of an automation"),
  enrol_candidates: later("Start of an automation"),
  enrol_count: later("For whom an automation would start"),
  align: later("Updating memberships"),
  backtest: later("How often an automation would have run"),
  missed: later("Who was missed by an automation"),
  prune: later("Deletion by an import, on hold"),
  undo_run: later("Undo of a run"),
  undo_automation: later("Undo of an automation"),
  evidence: later("Evidence pack"),
  resend: later("Sending of messages"),
  course_ids: later("Update of courses’ ids"),
  course_dates: later("Update of courses’ dates"),
};

export const jobName = (kind: string): string =>
  inWords(Object.hasOwn(KINDS, kind) ? (KINDS[kind] ?? kind) : kind.replaceAll("_", " "));

/** What came of a job stands on another page. */
function resultOf({ id, kind, status, about }: Job): { to: string; text: Text } | null {
  if (status !== "done") return null;
  if (kind === "evidence") return { to: EVIDENCE, text: later("To the pack") };
  if (kind === "missed" && about)
    return { to: `/catch-up?${new URLSearchParams({ automation: about.id, job: id })}`, text: later("See who") };
  return null;
}

/** Of no line and nobody: why the job itself ended. */
const isWhy = ({ line, user }: Job["errors"][number]): boolean => line === undefined && user === undefined;

const isLive = (job: Job): boolean => job.status === "queued" || job.status === "running";

export const jobsPages = new Pages();

jobsPages.get("/jobs", "viewer", async (c) => {
  const visit = c.var.visit;
  const cursor = c.req.query("cursor");
  const page = await visit.api.call("GET /v1/jobs", { query: { order: "desc", cursor, limit: 50 } });
  const about = await aboutJobs(c, page.data);
  return c.html(
    <Layout title={say("Jobs")} viewer={visit.viewer} section="segments">
      <PageHead title={say("Jobs")} />
      {page.data.length === 0 ? (
        <EmptyState title={say("No jobs yet")}>
          <p>
            {say(
              "Work over many learners is shown here, while it goes on and afterwards: imports, new rules, syncs, starts by hand.",
            )}
          </p>
        </EmptyState>
      ) : (
        <>
          <Table
            caption={say("Jobs")}
            rows={page.data}
            keyOf={(job) => job.id}
            columns={[
              {
                head: say("Job"),
                names: true,
                cell: (job) => <a href={jobPath(visit, job.id)}>{jobName(job.kind)}</a>,
              },
              { head: say("About"), cell: (job) => aboutLink(about(job)) },
              { head: say("State"), cell: (job) => <StatusBadge status={job.status} /> },
              {
                head: say("Done"),
                number: true,
                cell: (job) => howFar(job.done, job.total, isLive(job)),
              },
              {
                head: say("Left out"),
                number: true,
                cell: (job) => figure(job.errors.filter((one) => !isWhy(one)).length),
              },
              {
                head: say("Begun"),
                cell: (job) => (
                  <Moment atMs={Date.parse(job.created_at)} nowMs={Date.now()} timezone={visit.timezone} />
                ),
              },
            ]}
          />
          <Pager page={page} at={visit.path("/jobs")} c={c} />
        </>
      )}
    </Layout>,
  );
});

jobsPages.get("/jobs/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const job = await visit.api.call("GET /v1/jobs/:id", { params: c.req.param() });
  const told = toldIn(job.result);
  const next = resultOf(job);
  const [names, messages, about, counted] = await Promise.all([
    told ? namesFor(c.env, visit.school.id, told) : {},
    messageNames(visit, told),
    aboutJobs(c, [job]).then((of) => of(job)),
    countedBy(c, job),
  ]);
  return c.html(
    <Layout
      title={jobName(job.kind)}
      viewer={visit.viewer}
      section="segments"
      islands={isLive(job) ? ["progress"] : []}
    >
      <PageHead title={jobName(job.kind)}>
        <StatusBadge status={job.status} />
        {isLive(job) && visit.mayEdit ? (
          <ActionButton action={`${jobPath(visit, job.id)}/cancel`} tone="danger">
            {say("Stop; what is done stays")}
          </ActionButton>
        ) : null}
      </PageHead>
      <Notice c={c} />
      {about ? <p class="lead">{weave("About: {what}", { what: aboutLink(about) })}</p> : null}
      <div id="job" data-job={isLive(job) ? job.id : undefined}>
        <Progress label={jobName(job.kind)} done={job.done} total={job.total} isLive={isLive(job)} />
        {isLive(job) ? <p class="hint">{howFast(job.rate_lately, job.ends_at, Date.now())}</p> : null}
      </div>
      {isLive(job) ? (
        <p class="hint after">
          {say("It continues by itself; you may leave this page.")}{" "}
          <noscript>
            <a href={jobPath(visit, job.id)}>{say("See how far it is")}</a>
          </noscript>
        </p>
      ) : null}
      {counted}
      {told ? <ToldOfUndo told={told} names={{ ...names, ...messages }} timezone={visit.timezone} isDone /> : null}
      {job.errors.filter(isWhy).map((one) => (
        <Banner tone="fault">
          <span>
            ✕ {heard(one.message)} {say("What was done until then stays; begin it anew once that is mended.")}
          </span>
        </Banner>
      ))}
      {job.errors.every(isWhy) ? null : (
        <>
          <h2 class="part">{say("Left out")}</h2>
          <ul class="plain">
            {job.errors
              .filter((one) => !isWhy(one))
              .map((one) => (
                <li>
                  {one.line === undefined ? null : <b>{say("Line {line}", { line: String(one.line) })}: </b>}
                  {one.user === undefined ? null : <b>{one.user}: </b>}
                  {heard(one.message)}
                </li>
              ))}
          </ul>
        </>
      )}
      <p class="inline after">
        {next ? (
          <a class="button is-main" href={visit.path(next.to)}>
            {inWords(next.text)}
          </a>
        ) : null}
        <a class="button" href={visit.path("/jobs")}>
          {say("All jobs")}
        </a>
      </p>
    </Layout>,
  );
});

jobsPages.post("/jobs/:id/cancel", "editor", async (c) => {
  const id = c.req.param("id");
  await c.var.visit.api.call("POST /v1/jobs/:id/cancel", { params: { id } });
  return seeOther(c, jobPath(c.var.visit, id));
});
