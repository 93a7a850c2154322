import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors";
import { Badge, EmptyState } from "../../components/bits";
import { ActionButton, CheckField, SelectField, TextField } from "../../components/form";
import { Layout, PageHead } from "../../components/layout";
import { Notice } from "../../components/notice";
import { Table } from "../../components/table";
import type { AutoGroup, ProfileField, Segment, Sync } from "../../documents";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, fieldsOf, type Html, seeOther } from "../../visit";
import { Refusal } from "../problem";
import { SegmentsNav } from "./segments";

/* Syncs enrol the members of a segment in a course; auto groups group the members of a course by a field. */

const syncPath = (id: string) => `/admin/syncs/${encodeURIComponent(id)}`;
const groupPath = (id: string) => `/admin/auto-groups/${encodeURIComponent(id)}`;

/** To the job that a write has started, else back to the list. */
const afterWrite = (c: Ctx, answer: { job_id?: string }, otherwise: string): Response =>
  answer.job_id
    ? seeOther(c, `/admin/jobs/${encodeURIComponent(answer.job_id)}`, { done: "started" })
    : seeOther(c, otherwise, { done: "saved" });

const LEAVE = [
  ["unenrol", "they are un-enrolled; progress is kept for a return"],
  ["suspend", "their enrolment is suspended"],
] as const;

const SwitchButton: FC<{ path: string; active: boolean; what: string; off: string }> = ({
  path,
  active,
  what,
  off,
}) => (
  <ActionButton action={`${path}/active`} fields={{ active: active ? "false" : "true" }}>
    {active ? off : "Switch on: all members are brought in line"}
    <span class="sr-only"> {what}</span>
  </ActionButton>
);

async function syncsPage(
  c: Ctx,
  refused: Problem | null = null,
  values: Readonly<Record<string, string>> = {},
): Promise<Html> {
  const visit = c.var.visit;
  const [syncs, segments] = await Promise.all([
    visit.api.all<Sync>("/segment-syncs"),
    visit.api.all<Segment>("/segments"),
  ]);
  const names = new Map(segments.map((one) => [one.id, one.name]));
  return (
    <Layout title="Syncs" viewer={visit.viewer} section="segments">
      <PageHead title="Syncs with courses" />
      <SegmentsNav here="/admin/syncs" />
      <Notice c={c} />
      {syncs.length === 0 ? (
        <EmptyState title="No syncs yet">
          <p>
            A sync is a way into a course: whoever joins the segment is enrolled, whoever leaves is not any more. What
            somebody has by another way, they keep.
          </p>
        </EmptyState>
      ) : (
        <Table
          caption="Syncs"
          rows={syncs}
          keyOf={(one) => one.id}
          columns={[
            { head: "Name", names: true, cell: (one) => <a href={syncPath(one.id)}>{one.name}</a> },
            {
              head: "Segment",
              cell: (one) => (
                <a href={`/admin/segments/${encodeURIComponent(one.segment)}`}>
                  {names.get(one.segment) ?? one.segment}
                </a>
              ),
            },
            { head: "Course", cell: (one) => one.course },
            { head: "As", cell: (one) => (one.group ? `${one.role}, in ${one.group}` : one.role) },
            { head: "State", cell: (one) => (one.active ? <Badge tone="good">on</Badge> : <Badge>off</Badge>) },
          ]}
        />
      )}
      {visit.mayEdit && segments.length > 0 ? (
        <>
          <h2 class="part">New sync</h2>
          <Refusal problem={refused} />
          <form method="post" action="/admin/syncs" class="form">
            <TextField name="name" label="Name" required value={values.name ?? ""} fault={faultAt(refused, "/name")} />
            <SelectField
              name="segment"
              label="Segment"
              value={values.segment ?? c.req.query("segment") ?? ""}
              options={segments.map((one) => [one.id, one.name])}
            />
            <TextField
              name="course"
              label="Course (id)"
              required
              value={values.course ?? ""}
              fault={faultAt(refused, "/course")}
            />
            <TextField name="role" label="Role" value={values.role ?? "student"} fault={faultAt(refused, "/role")} />
            <TextField
              name="group"
              label="Group (id)"
              optional
              value={values.group ?? ""}
              fault={faultAt(refused, "/group")}
            />
            <SelectField
              name="on_leave"
              label="When somebody leaves the segment"
              options={LEAVE}
              value={values.on_leave ?? "unenrol"}
            />
            <CheckField
              name="active"
              label="Switched on"
              checked
              hint="Members who are there already are enrolled at once."
            />
            <button type="submit" class="button is-main">
              Make the sync
            </button>
          </form>
        </>
      ) : null}
    </Layout>
  );
}

export const syncsPages = new Pages();

syncsPages.get("/syncs", "viewer", async (c) => c.html(await syncsPage(c)));

syncsPages.post("/syncs", "editor", async (c) => {
  const fields = await fieldsOf(c);
  const text = (name: string) => fields.text(name);
  const values = Object.fromEntries(
    ["name", "segment", "course", "role", "group", "on_leave"].map((name) => [name, text(name)]),
  );
  const { value, refused } = await attempt(() =>
    c.var.visit.api.send<{ job_id?: string }>("POST", "/segment-syncs", {
      ...values,
      role: text("role") || "student",
      group: text("group") || null,
      active: fields.has("active"),
    }),
  );
  return refused ? c.html(await syncsPage(c, refused, values), refused.status) : afterWrite(c, value, "/admin/syncs");
});

syncsPages.get("/syncs/:id", "viewer", async (c) => {
  const visit = c.var.visit;
  const sync = await visit.api.get<Sync>(`/segment-syncs/${encodeURIComponent(c.req.param("id"))}`);
  const segment = await visit.api.find<Segment>(`/segments/${encodeURIComponent(sync.segment)}`);
  return c.html(
    <Layout title={sync.name} viewer={visit.viewer} section="segments">
      <PageHead title={sync.name}>{sync.active ? <Badge tone="good">on</Badge> : <Badge>off</Badge>}</PageHead>
      <SegmentsNav here="/admin/syncs" />
      <Notice c={c} />
      <p class="lead">
        Who is in <a href={`/admin/segments/${encodeURIComponent(sync.segment)}`}>{segment?.name ?? sync.segment}</a> is
        enrolled in <b>{sync.course}</b> as {sync.role}
        {sync.group ? `, in the group ${sync.group}` : ""}. When somebody leaves,{" "}
        {LEAVE.find(([value]) => value === sync.on_leave)?.[1]}.
      </p>
      {sync.active ? null : (
        <p class="soft">While it is off it enrols nobody; what it gave stays, and leaving the segment still ends it.</p>
      )}
      {visit.mayEdit ? (
        <span class="inline after">
          <SwitchButton
            path={syncPath(sync.id)}
            active={sync.active}
            what=""
            off="Switch off: it enrols nobody from then on"
          />
          <ActionButton action={`${syncPath(sync.id)}/delete`} tone="danger">
            Delete: what it gave is withdrawn
          </ActionButton>
        </span>
      ) : null}
    </Layout>,
  );
});

syncsPages.post("/syncs/:id/active", "editor", async (c) => {
  const active = (await fieldsOf(c)).text("active") === "true";
  const id = c.req.param("id");
  const answer = await c.var.visit.api.send<{ job_id?: string }>("PATCH", `/segment-syncs/${encodeURIComponent(id)}`, {
    active,
  });
  return afterWrite(c, answer, syncPath(id));
});

syncsPages.post("/syncs/:id/delete", "editor", async (c) =>
  afterWrite(
    c,
    await c.var.visit.api.send("DELETE", `/segment-syncs/${encodeURIComponent(c.req.param("id"))}`),
    "/admin/syncs",
  ),
);

// ---- Auto groups ----

async function autoGroupsPage(
  c: Ctx,
  refused: Problem | null = null,
  values: Readonly<Record<string, string>> = {},
): Promise<Html> {
  const visit = c.var.visit;
  const [groups, fields] = await Promise.all([
    visit.api.all<AutoGroup>("/auto-groups"),
    visit.api.all<ProfileField>("/profile-fields"),
  ]);
  return (
    <Layout title="Auto groups" viewer={visit.viewer} section="segments">
      <PageHead title="Auto groups" />
      <SegmentsNav here="/admin/auto-groups" />
      <Notice c={c} />
      {groups.length === 0 ? (
        <EmptyState title="No auto groups yet">
          <p>
            The members of a course are grouped by a field of theirs: one group for each department, made as needed.
          </p>
        </EmptyState>
      ) : (
        <Table
          caption="Auto groups"
          rows={groups}
          keyOf={(one) => one.id}
          columns={[
            { head: "Course", names: true, cell: (one) => one.course },
            { head: "By", cell: (one) => fields.find((field) => field.key === one.field)?.name ?? one.field },
            { head: "State", cell: (one) => (one.active ? <Badge tone="good">on</Badge> : <Badge>off</Badge>) },
            ...(visit.mayEdit
              ? [
                  {
                    head: "Actions",
                    cell: (one: AutoGroup) => (
                      <span class="inline is-end">
                        <SwitchButton
                          path={groupPath(one.id)}
                          active={one.active}
                          what={one.course}
                          off="Switch off: groups stay as they are"
                        />
                        <ActionButton small action={`${groupPath(one.id)}/delete`} tone="danger">
                          Delete: members leave its groups<span class="sr-only"> {one.course}</span>
                        </ActionButton>
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {visit.mayEdit ? (
        <>
          <h2 class="part">New auto group</h2>
          <Refusal problem={refused} />
          <form method="post" action="/admin/auto-groups" class="form">
            <TextField
              name="course"
              label="Course (id)"
              required
              value={values.course ?? ""}
              fault={faultAt(refused, "/course")}
            />
            <TextField
              name="field"
              label="Profile field (key)"
              required
              value={values.field ?? ""}
              {...(fields.length ? { hint: `Declared: ${fields.map((field) => field.key).join(", ")}` } : {})}
              fault={faultAt(refused, "/field")}
            />
            <button type="submit" class="button is-main">
              Make the auto group
            </button>
          </form>
        </>
      ) : null}
    </Layout>
  );
}

syncsPages.get("/auto-groups", "viewer", async (c) => c.html(await autoGroupsPage(c)));

syncsPages.post("/auto-groups", "editor", async (c) => {
  const fields = await fieldsOf(c);
  const values = { course: fields.text("course"), field: fields.text("field") };
  const { value, refused } = await attempt(() =>
    c.var.visit.api.send<{ job_id?: string }>("POST", "/auto-groups", values),
  );
  return refused
    ? c.html(await autoGroupsPage(c, refused, values), refused.status)
    : afterWrite(c, value, "/admin/auto-groups");
});

syncsPages.post("/auto-groups/:id/active", "editor", async (c) => {
  const active = (await fieldsOf(c)).text("active") === "true";
  const answer = await c.var.visit.api.send<{ job_id?: string }>(
    "PATCH",
    `/auto-groups/${encodeURIComponent(c.req.param("id"))}`,
    { active },
  );
  return afterWrite(c, answer, "/admin/auto-groups");
});

syncsPages.post("/auto-groups/:id/delete", "editor", async (c) =>
  afterWrite(
    c,
    await c.var.visit.api.send("DELETE", `/auto-groups/${encodeURIComponent(c.req.param("id"))}`),
    "/admin/auto-groups",
  ),
);
