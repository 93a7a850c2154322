import { and, eq, sql } from "drizzle-orm";
import { Hono } from "hono";
import type { Child, FC } from "hono/jsx";
import { database } from "../../db/client";
import { userMarks } from "../../db/schema";
import type { Env } from "../../env";
import type { Problem } from "../../errors";
import { Badge, Banner, EmptyState } from "../components/bits";
import { ActionButton, CheckField, TextField } from "../components/form";
import { Layout, PageHead } from "../components/layout";
import { Notice } from "../components/notice";
import { Pager, Table } from "../components/table";
import type { Listed } from "../client";
import type { Learner, ProfileField, Rule, Segment, Sync } from "../documents";
import { Refusal } from "../problem";
import { type AdminEnv, attempt, type Ctx, faultAt, fieldsOf, seeOther, type Visit } from "../visit";
import { RuleWords } from "./rules";

const path = (id: string) => `/admin/segments/${encodeURIComponent(id)}`;
const route = (id: string) => `/segments/${encodeURIComponent(id)}`;

const SUB = [
  ["/admin/segments", "Segments"],
  ["/admin/syncs", "Syncs with courses"],
  ["/admin/auto-groups", "Auto groups"],
  ["/admin/import/segments", "Import segments"],
  ["/admin/import/members", "Import members"],
  ["/admin/jobs", "Jobs"],
] as const;

/** What belongs to segments, on pages of their own. */
export const SegmentsNav: FC<{ here: string }> = ({ here }) => (
  <nav class="tabs" aria-label="Of segments">
    {SUB.map(([href, label]) => (
      <a href={href} aria-current={href === here ? "page" : undefined}>
        {label}
      </a>
    ))}
  </nav>
);

/** How many are in each segment, by the directory. */
async function memberCounts(env: Env, school: string): Promise<Map<string, number>> {
  const rows = await database(env.DB)
    .select({ segment: userMarks.value, count: sql<number>`count(*)` })
    .from(userMarks)
    .where(and(eq(userMarks.school, school), eq(userMarks.kind, "segment")))
    .groupBy(userMarks.value);
  return new Map(rows.map(({ segment, count }) => [segment, count]));
}

interface ListProps {
  c: Ctx;
  visit: Visit;
  segments: readonly Segment[];
  counts: ReadonlyMap<string, number>;
  refused?: Problem | null;
  values?: { id: string; name: string };
}

const ListPage: FC<ListProps> = ({ c, visit, segments, counts, refused, values }) => (
  <Layout title="Segments" viewer={visit.viewer} section="segments">
    <PageHead title="Segments" />
    <SegmentsNav here="/admin/segments" />
    <Notice c={c} />
    {segments.length === 0 ? (
      <EmptyState title="No segments yet">
        <p>
          A segment is a set of learners: all whose department is Sales, or some you choose by hand. Joining or leaving it
          can start automations, and a sync enrols its members in a course. Make the first one below.
        </p>
      </EmptyState>
    ) : (
      <Table
        caption="Segments"
        rows={segments}
        keyOf={(one) => one.id}
        columns={[
          {
            head: "Name",
            names: true,
            cell: (one) => (
              <>
                <a href={path(one.id)}>{one.name}</a> <small class="soft">{one.id}</small>
              </>
            ),
          },
          { head: "Members", number: true, cell: (one) => (counts.get(one.id) ?? 0).toLocaleString("en") },
          { head: "Kept", cell: (one) => (one.managed ? <Badge tone="accent">by rules</Badge> : <Badge>by hand</Badge>) },
        ]}
      />
    )}
    {visit.mayEdit ? (
      <>
        <h2 class="part">New segment</h2>
        <Refusal problem={refused} />
        <form method="post" class="form">
          <TextField name="name" label="Name" required value={values?.name ?? ""} fault={faultAt(refused, "/name")} />
          <TextField
            name="id"
            label="Id"
            optional
            value={values?.id ?? ""}
            hint="What the LMS calls it; one is made when left out."
            fault={faultAt(refused, "/id")}
          />
          <CheckField name="managed" label="Kept by rules" hint="Its members are exactly those for whom a rule holds." />
          <button type="submit" class="button is-main">
            Make the segment
          </button>
        </form>
      </>
    ) : null}
  </Layout>
);

export const segmentsPages = new Hono<AdminEnv>();

const listed = async (c: Ctx, more: Pick<ListProps, "refused" | "values"> = {}): Promise<Child> => {
  const visit = c.var.visit;
  const [segments, counts] = await Promise.all([visit.api.all<Segment>("/segments"), memberCounts(c.env, visit.school.id)]);
  return <ListPage c={c} visit={visit} segments={segments} counts={counts} {...more} />;
};

segmentsPages.get("/segments", async (c) => c.html(<>{await listed(c)}</>));

segmentsPages.post("/segments", async (c) => {
  const fields = await fieldsOf(c);
  const values = { id: fields.text("id"), name: fields.text("name") };
  const { value, refused } = await attempt(() =>
    c.var.visit.api.send<Segment>("POST", "/segments", {
      name: values.name,
      managed: fields.has("managed"),
      ...(values.id === "" ? {} : { id: values.id }),
    }),
  );
  if (refused) return c.html(<>{await listed(c, { refused, values })}</>, refused.status);
  return seeOther(c, path(value.id), { done: "added" });
});

// ---- One segment ----

interface Preview {
  would_join: number;
  would_leave: number;
}

/** Who would come and go, in a sentence. */
export const previewText = ({ would_join: join, would_leave: leave }: Preview): string => {
  const people = (count: number): string => (count === 1 ? "1 learner" : `${count.toLocaleString("en")} learners`);
  return join === 0 && leave === 0 ? "Nobody would join or leave." : `${people(join)} would join, ${people(leave)} would leave.`;
};

interface SegmentProps {
  c: Ctx;
  visit: Visit;
  segment: Segment;
  rules: readonly Rule[];
  fields: readonly ProfileField[];
  syncs: readonly Sync[];
  members: Listed<Learner>;
  count: number;
  preview: Preview | null;
}

const Members: FC<SegmentProps> = ({ c, visit, segment, members }) => (
  <>
    {visit.mayEdit && !segment.managed ? (
      <form method="post" action={`${path(segment.id)}/members`} class="filters">
        <label class="filter">
          <span>Learner (id)</span>
          <input name="user" required autocomplete="off" />
        </label>
        <button type="submit" class="button">
          Put into the segment
        </button>
      </form>
    ) : null}
    {members.data.length === 0 ? (
      <EmptyState title="Nobody is in it">
        <p>{segment.managed ? "Nobody meets its rules. Add a rule, or look at what the rules compare." : "Put learners in by hand above, or import them."}</p>
      </EmptyState>
    ) : (
      <>
        <Table
          caption="Members"
          rows={members.data}
          keyOf={(one) => one.id}
          columns={[
            {
              head: "Learner",
              names: true,
              cell: (one) => <a href={`/admin/learners/${encodeURIComponent(one.id)}`}>{one.username || one.email || one.id}</a>,
            },
            { head: "Id", cell: (one) => one.id },
            { head: "Email", cell: (one) => one.email ?? "" },
            ...(visit.mayEdit && !segment.managed
              ? [
                  {
                    head: "Actions",
                    cell: (one: Learner) => (
                      <ActionButton small action={`${path(segment.id)}/members/remove`} fields={{ user: one.id }}>
                        Take out<span class="sr-only"> {one.username || one.id}</span>
                      </ActionButton>
                    ),
                  },
                ]
              : []),
          ]}
        />
        <Pager
          shown={members.data.length}
          next={members.next_cursor === null ? null : `${path(segment.id)}?cursor=${encodeURIComponent(members.next_cursor)}`}
          first={c.req.query("cursor") ? path(segment.id) : null}
        />
      </>
    )}
  </>
);

const Keeping: FC<SegmentProps> = ({ visit, segment, preview }) =>
  visit.mayEdit ? (
    <>
      <h2 class="part">How it is kept</h2>
      {preview ? (
        <form method="post" action={`${path(segment.id)}/managed`} class="inline">
          <span>{segment.managed ? "Its members stay, and are kept by hand from then on." : previewText(preview)}</span>
          <button type="submit" class="button is-main" name="managed" value={segment.managed ? "false" : "true"}>
            {segment.managed ? "Keep it by hand" : "Keep it by its rules"}
          </button>
        </form>
      ) : (
        <p>
          {segment.managed ? "By its rules." : "By hand; its rules wait."}{" "}
          <a href={`${path(segment.id)}?managed=ask`}>{segment.managed ? "Keep it by hand…" : "Keep it by its rules…"}</a>
        </p>
      )}
      <h2 class="part">Delete</h2>
      <ActionButton action={`${path(segment.id)}/delete`} tone="danger">
        Delete the segment and its rules; its members leave it
      </ActionButton>
    </>
  ) : null;

const SegmentPage: FC<SegmentProps> = (props) => {
  const { c, visit, segment, rules, fields, syncs, count } = props;
  return (
    <Layout title={segment.name} viewer={visit.viewer} section="segments">
      <PageHead title={segment.name}>
        {segment.managed ? <Badge tone="accent">by rules</Badge> : <Badge>by hand</Badge>}
        <span class="soft">
          {count.toLocaleString("en")} {count === 1 ? "member" : "members"}
        </span>
      </PageHead>
      <SegmentsNav here="/admin/segments" />
      <Notice c={c} />
      <h2 class="part">Rules</h2>
      {rules.length === 0 ? (
        <EmptyState title="No rules">
          <p>
            A rule says who belongs: “department is Sales”. Several rules add up: who meets any of them is in.
            {segment.managed ? "" : " This segment is kept by hand; rules would wait until you have it kept by them."}
          </p>
        </EmptyState>
      ) : (
        <>
          {segment.managed ? null : <Banner tone="warning">These rules wait: the segment is kept by hand.</Banner>}
          <ul class="stack">
            {rules.map((rule) => (
              <li class="panel-box">
                <RuleWords rule={rule} fields={fields} />
                {visit.mayEdit ? (
                  <span class="inline">
                    <a class="button is-small" href={`/admin/rules/${encodeURIComponent(rule.id)}`}>
                      Change
                    </a>
                    <ActionButton small action={`/admin/rules/${encodeURIComponent(rule.id)}/delete`} fields={{ segment: segment.id }} tone="danger">
                      Delete; who meets no other rule leaves
                    </ActionButton>
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
      {visit.mayEdit ? (
        <p class="after">
          <a class="button is-main" href={`${path(segment.id)}/rules/new`}>
            Add a rule
          </a>
        </p>
      ) : null}
      <h2 class="part">Courses it is synced with</h2>
      {syncs.length === 0 ? (
        <p class="soft">
          None. A sync enrols the members in a course, and un-enrols who leaves.{" "}
          {visit.mayEdit ? <a href={`/admin/syncs?segment=${encodeURIComponent(segment.id)}`}>Make one</a> : null}
        </p>
      ) : (
        <ul class="plain">
          {syncs.map((sync) => (
            <li>
              <a href={`/admin/syncs/${encodeURIComponent(sync.id)}`}>{sync.name}</a>: {sync.course} as {sync.role}{" "}
              {sync.active ? null : <Badge>off</Badge>}
            </li>
          ))}
        </ul>
      )}
      <h2 class="part">Members</h2>
      <Members {...props} />
      <Keeping {...props} />
    </Layout>
  );
};

segmentsPages.get("/segments/:id", async (c) => {
  const visit = c.var.visit;
  const { api } = visit;
  const segment = await api.get<Segment>(route(c.req.param("id")));
  const asks = c.req.query("managed") === "ask";
  const [rules, fields, syncs, members, counts, preview] = await Promise.all([
    api.all<Rule>("/segment-rules", { segment: segment.id }),
    api.all<ProfileField>("/profile-fields"),
    api.all<Sync>("/segment-syncs", { segment: segment.id }),
    api.get<Listed<Learner>>(`${route(segment.id)}/members`, { cursor: c.req.query("cursor"), limit: 50 }),
    memberCounts(c.env, visit.school.id),
    asks && visit.mayEdit
      ? api.send<Preview>("PATCH", `${route(segment.id)}?dry_run=true`, { managed: !segment.managed })
      : null,
  ]);
  const count = counts.get(segment.id) ?? 0;
  return c.html(<SegmentPage {...{ c, visit, segment, rules, fields, syncs, members, count, preview }} />);
});

segmentsPages.post("/segments/:id/members", async (c) => {
  const user = (await fieldsOf(c)).text("user");
  await c.var.visit.api.get(`/users/${encodeURIComponent(user)}`);
  await c.var.visit.api.send("PUT", `${route(c.req.param("id"))}/members/${encodeURIComponent(user)}`);
  return seeOther(c, path(c.req.param("id")), { done: "added" });
});

segmentsPages.post("/segments/:id/members/remove", async (c) => {
  const user = (await fieldsOf(c)).text("user");
  await c.var.visit.api.send("DELETE", `${route(c.req.param("id"))}/members/${encodeURIComponent(user)}`);
  return seeOther(c, path(c.req.param("id")), { done: "removed" });
});

segmentsPages.post("/segments/:id/managed", async (c) => {
  const managed = (await fieldsOf(c)).text("managed") === "true";
  const { job_id } = await c.var.visit.api.send<{ job_id?: string }>("PATCH", route(c.req.param("id")), { managed });
  return job_id
    ? seeOther(c, `/admin/jobs/${encodeURIComponent(job_id)}`, { done: "started" })
    : seeOther(c, path(c.req.param("id")), { done: "saved" });
});

segmentsPages.post("/segments/:id/delete", async (c) => {
  await c.var.visit.api.send("DELETE", route(c.req.param("id")));
  return seeOther(c, "/admin/segments", { done: "removed" });
});
