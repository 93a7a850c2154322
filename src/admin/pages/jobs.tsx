import type { FC } from "hono/jsx";
import { Problem } from "../../base/errors";
import type { AnswerTo, RouteName } from "../../http/answers";
import { EmptyState, Progress, StatusBadge } from "../components/bits";
import { ActionButton, CheckField, Form } from "../components/form";
import { howFar } from "../components/how-far";
import { Layout, PageHead } from "../components/layout";
import { Moment } from "../components/moment";
import { Notice } from "../components/notice";
import { Pager, Table } from "../components/table";
import { Pages } from "../page";
import { attempt, formFieldsOf, seeOther, type Visit } from "../visit";
import { RefusalNotice } from "./problem";

type Job = AnswerTo<"GET /v1/jobs/:id">;

const jobPath = (visit: Visit, id: string) => visit.path(`/jobs/${encodeURIComponent(id)}`);

const KINDS: Readonly<Record<string, string>> = {
  users_import: "Import of learners",
  segments_import: "Import of segments",
  members_import: "Import of members",
  products_import: "Import of names",
  roster_import: "Import of a OneRoster set",
  lms_sync: "Bringing in from the LMS",
  lms_reconcile: "Comparing with the LMS",
  enrol: "Start of an automation",
  align: "Bringing learners in line",
};

export const jobName = (kind: string): string =>
  Object.hasOwn(KINDS, kind) ? (KINDS[kind] ?? kind) : kind.replaceAll("_", " ");

const isLive = (job: Job): boolean => job.status === "queued" || job.status === "running";

export const jobsPages = new Pages();

jobsPages.get("/jobs", "viewer", async (c) => {
  const visit = c.var.visit;
  const cursor = c.req.query("cursor");
  const page = await visit.api.call("GET /v1/jobs", { query: { order: "desc", cursor, limit: 50 } });
  return c.html(
    <Layout title="Jobs" viewer={visit.viewer} section="segments">
      <PageHead title="Jobs" />
      {page.data.length === 0 ? (
        <EmptyState title="No jobs yet">
          <p>
            Work over many learners stands here while it goes on, and after: imports, new rules, syncs, starts by hand.
          </p>
        </EmptyState>
      ) : (
        <>
          <Table
            caption="Jobs"
            rows={page.data}
            keyOf={(job) => job.id}
            columns={[
              { head: "Job", names: true, cell: (job) => <a href={jobPath(visit, job.id)}>{jobName(job.kind)}</a> },
              { head: "State", cell: (job) => <StatusBadge status={job.status} /> },
              {
                head: "Done",
                number: true,
                cell: (job) => howFar(job.done, job.total, isLive(job)),
              },
              { head: "Passed over", number: true, cell: (job) => job.errors.length },
              {
                head: "Begun",
                cell: (job) => (
                  <Moment atMs={Date.parse(job.created_at)} nowMs={Date.now()} timezone={visit.timezone} />
                ),
              },
            ]}
          />
          <Pager page={page} at={visit.path("/jobs")} cursor={cursor} />
        </>
      )}
    </Layout>,
  );
});

jobsPages.get("/jobs/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const job = await visit.api.call("GET /v1/jobs/:id", { params: c.req.param() });
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
            Stop; what is done stays
          </ActionButton>
        ) : null}
      </PageHead>
      <Notice c={c} />
      <div id="job" data-job={isLive(job) ? job.id : undefined}>
        <Progress label={jobName(job.kind)} done={job.done} total={job.total} isLive={isLive(job)} />
      </div>
      {isLive(job) ? (
        <p class="hint after">
          It goes on by itself; this page may be left.{" "}
          <noscript>
            <a href={jobPath(visit, job.id)}>See how far it is</a>
          </noscript>
        </p>
      ) : null}
      {job.errors.length > 0 ? (
        <>
          <h2 class="part">Passed over</h2>
          <ul class="plain">
            {job.errors.map((one) => (
              <li>
                {one.line === undefined ? null : <b>Line {one.line}: </b>}
                {one.user === undefined ? null : <b>{one.user}: </b>}
                {one.message}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <p class="after">
        <a class="button" href={visit.path("/jobs")}>
          All jobs
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

// ---- Imports ----

type ImportRoute = Extract<RouteName, `POST ${string}/import`>;

const IMPORTS: Readonly<
  Record<string, { title: string; route: ImportRoute; columns: string; example: string; fires: boolean }>
> = {
  users: {
    title: "Import learners",
    route: "POST /v1/users/import",
    columns: "id, and any of email, username, registered_at, source, tags (with | between them), fields.<name>",
    example: "id,email,username,tags,fields.department\nanna,anna@acme.com,Anna,vip|parent,Sales",
    fires: true,
  },
  segments: {
    title: "Import segments",
    route: "POST /v1/segments/import",
    columns: "name, and id: without one a segment is made",
    example: "id,name\nparents,Parents",
    fires: false,
  },
  members: {
    title: "Import members of segments",
    route: "POST /v1/segments/members/import",
    columns: "segment (its id), one of user (the id), email and username, and action (add, or remove)",
    example: "user,segment,action\nanna,parents,add",
    fires: true,
  },
  products: {
    title: "Import names of products",
    route: "POST /v1/products/import",
    columns:
      "type, id, and any of name, url, image_url, parent, courses (with | between them), starts_at, ends_at, due_at",
    example: "type,id,name,url\ncourse,js-101,JavaScript 101,https://school.example.com/courses/js-101",
    fires: false,
  },
};

const importOf = (what: string) => {
  const found = Object.hasOwn(IMPORTS, what) ? IMPORTS[what] : undefined;
  if (!found) throw new Problem("not_found", "There is no such import.");
  return found;
};

const ImportPage: FC<{ visit: Visit; what: string; refused?: Problem | null }> = ({ visit, what, refused }) => {
  const { title, columns, example, fires } = importOf(what);
  return (
    <Layout
      title={title}
      viewer={visit.viewer}
      section={what === "users" ? "learners" : what === "products" ? "products" : "segments"}
    >
      <PageHead title={title} />
      <RefusalNotice problem={refused} />
      <Form action={visit.path(`/import/${what}`)} enctype="multipart/form-data" class="form">
        <div class="field">
          <label for="f-file">CSV file</label>
          <input id="f-file" type="file" name="file" accept=".csv,text/csv" required aria-describedby="f-file-says" />
          <span class="hint" id="f-file-says">
            UTF-8 with a header; 32 MiB at most. Columns: {columns}. An empty cell leaves what is there.
          </span>
        </div>
        {fires ? (
          <CheckField
            name="fire"
            label="Start automations for what changes"
            hint="Left out, the import is quiet: it changes state and starts nothing."
          />
        ) : null}
        <button type="submit" class="button is-main">
          Import
        </button>
      </Form>
      <h2 class="part">Example</h2>
      <pre class="panel-box is-code" tabindex={0}>
        {example}
      </pre>
    </Layout>
  );
};

jobsPages.get("/import/:what", "viewer", (c) => c.html(<ImportPage visit={c.var.visit} what={c.req.param("what")} />));

jobsPages.post("/import/:what", "editor", async (c) => {
  const visit = c.var.visit;
  const what = c.req.param("what");
  const { route } = importOf(what);
  const fields = await formFieldsOf(c);
  const file = fields.file("file");
  const { value, refused } = await attempt(async () => {
    if (!file || file.size === 0) throw new Problem("invalid", "Choose a file.");
    const query = fields.has("fire") ? { fire: true } : {};
    return visit.api.call(route, { query, body: await file.arrayBuffer(), contentType: "text/csv" });
  });
  if (refused) return c.html(<ImportPage visit={visit} what={what} refused={refused} />, refused.status);
  return seeOther(c, jobPath(visit, value.job_id), { done: "started" });
});
