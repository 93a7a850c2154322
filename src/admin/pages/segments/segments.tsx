import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors";
import type { AnswerTo } from "../../../http/answers";
import { figure, later, many, say } from "../../../language/say";
import { memberCounts } from "../../../segments/members";
import { Badge, EmptyState } from "../../components/bits";
import { FilterChoice, Filters } from "../../components/filters";
import { CheckField, Form, TextField } from "../../components/form";
import { HELD_SHOWN, HeldList, type HeldRow, heldRows } from "../../components/held";
import { Layout, PageHead } from "../../components/layout";
import { Notice } from "../../components/notice";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { RefusalNotice } from "../problem";

type Segment = AnswerTo<"GET /v1/segments/:id">;

/** Where a segment's page is. */
export const segmentPath = (visit: Visit, id: string): string => visit.path(`/segments/${encodeURIComponent(id)}`);

const SUB = [
  ["/segments", later("Segments")],
  ["/syncs", later("Syncs with courses")],
  ["/auto-groups", later("Auto groups")],
  ["/courses", later("Self-enrolment")],
  ["/lms", later("LMS")],
  ["/import/segments", later("Import segments")],
  ["/import/members", later("Import members")],
  ["/jobs", later("Jobs")],
] as const;

/** What belongs to segments, on pages of their own. */
export const SegmentsNav: FC<{ visit: Visit; here: (typeof SUB)[number][0] }> = ({ visit, here }) => (
  <nav class="tabs" aria-label={say("Of segments")}>
    {SUB.map(([path, label]) => (
      <a href={visit.path(path)} aria-current={path === here ? "page" : undefined}>
        {say(label)}
      </a>
    ))}
  </nav>
);

interface ListProps {
  c: Ctx;
  visit: Visit;
  segments: readonly Segment[];
  sort: string;
  counts: ReadonlyMap<string, number>;
  held: readonly HeldRow[];
  refused?: Problem | null;
  values?: { id: string; name: string };
}

const ListPage: FC<ListProps> = ({ c, visit, segments, sort, counts, held, refused, values }) => (
  <Layout title={say("Segments")} viewer={visit.viewer} section="segments">
    <PageHead title={say("Segments")} />
    <SegmentsNav visit={visit} here="/segments" />
    <Notice c={c} />
    {segments.length === 0 ? (
      <EmptyState title={say("No segments yet")}>
        <p>
          {say(
            "A segment is a set of learners: all whose department is Sales, or some you choose by hand. Joining or leaving it can start automations, and a sync enrols its members in a course. Create the first one below.",
          )}
        </p>
      </EmptyState>
    ) : (
      <>
        {segments.length > 1 ? (
          <Filters action={visit.path("/segments")} button={say("Sort")}>
            <FilterChoice
              name="sort"
              label={say("Sorted by")}
              value={sort}
              options={[
                ["", say("Oldest first")],
                ["name", say("Name")],
                ["members", say("Most members first")],
              ]}
            />
          </Filters>
        ) : null}
        <Table
          caption={say("Segments")}
          rows={segments}
          keyOf={(one) => one.id}
          columns={[
            {
              head: say("Name"),
              names: true,
              cell: (one) => (
                <>
                  <a href={segmentPath(visit, one.id)}>{one.name}</a> <small class="soft">{one.id}</small>
                </>
              ),
            },
            { head: say("Members"), number: true, cell: (one) => figure(counts.get(one.id) ?? 0) },
            {
              head: say("Membership"),
              cell: (one) =>
                one.managed ? <Badge tone="accent">{say("by rules")}</Badge> : <Badge>{say("by hand")}</Badge>,
            },
          ]}
        />
        <p class="soft after">{many(segments.length, "{n} segment", "{n} segments")}</p>
      </>
    )}
    <HeldList visit={visit} kind="segment" rows={held} />
    {visit.mayEdit ? (
      <>
        <h2 class="part">{say("New segment")}</h2>
        <RefusalNotice problem={refused} />
        <Form action={visit.path("/segments")} class="form">
          <TextField
            name="name"
            label={say("Name")}
            required
            value={values?.name ?? ""}
            fault={faultAt(refused, "/name")}
          />
          <TextField
            name="id"
            label={say("Id")}
            optional
            value={values?.id ?? ""}
            hint={say("What the LMS calls it; leave it empty to have one made up.")}
            fault={faultAt(refused, "/id")}
          />
          <CheckField
            name="managed"
            label={say("Kept by rules")}
            hint={say("Its members are exactly those for whom a rule holds.")}
          />
          <button type="submit" class="button is-main">
            {say("Create segment")}
          </button>
        </Form>
      </>
    ) : null}
  </Layout>
);

export const segmentsPages = new Pages();

const listed = async (c: Ctx, more: Pick<ListProps, "refused" | "values"> = {}): Promise<Html> => {
  const visit = c.var.visit;
  const [segments, counts, deleted] = await Promise.all([
    visit.api.all("GET /v1/segments"),
    memberCounts(c.env, visit.school.id),
    visit.api.all("GET /v1/segments", { query: { deleted: true } }, HELD_SHOWN),
  ]);
  const sort = c.req.query("sort") ?? "";
  const sorted = segments.toSorted((one, other) =>
    sort === "name"
      ? one.name.localeCompare(other.name, "en")
      : sort === "members"
        ? (counts.get(other.id) ?? 0) - (counts.get(one.id) ?? 0)
        : 0,
  );
  const held = heldRows(deleted, ({ id, name }) => ({ id, name }));
  return <ListPage c={c} visit={visit} segments={sorted} sort={sort} counts={counts} held={held} {...more} />;
};

segmentsPages.get("/segments", "viewer", async (c) => c.html(await listed(c)));

segmentsPages.post("/segments", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const values = { id: fields.text("id"), name: fields.text("name") };
  const { value, refused } = await attempt(() =>
    c.var.visit.api.call("POST /v1/segments", {
      body: {
        name: values.name,
        managed: fields.has("managed"),
        ...(values.id === "" ? {} : { id: values.id }),
      },
    }),
  );
  if (refused) return c.html(await listed(c, { refused, values }), refused.status);
  return seeOther(c, segmentPath(c.var.visit, value.id), { done: "added" });
});
