import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { figure, later, many, say } from "../../../language/say";
import { memberCounts } from "../../../segments/members";
import type { Page } from "../../client";
import { Badge, EmptyState } from "../../components/bits";
import { FilterChoice, Filters } from "../../components/forms/filters";
import { CheckField, Form, TextField } from "../../components/forms/form";
import { PickFilter, WhatWasMeant } from "../../components/forms/pick";
import { HELD_SHOWN, HeldList, type HeldRow, heldRows } from "../../components/frame/held";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { attempt, type Ctx, faultAt, formFieldsOf, type Html, seeOther, type Visit } from "../../visit";
import { knownOf, type SoughtWord, soughtWord } from "../../words/meant";
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
    {SUB.map(([path, label]) =>
      path.startsWith("/import/") && !visit.mayEdit ? null : (
        <a href={visit.path(path)} aria-current={path === here ? "page" : undefined}>
          {say(label)}
        </a>
      ),
    )}
  </nav>
);

interface ListProps {
  c: Ctx;
  visit: Visit;
  /** Sorted where they are all there are. */
  page: Page<Segment>;
  /** Whether there are more than one page shows: then one is opened by its name, and none are sorted. */
  isMore: boolean;
  sort: string;
  /** Some of them, to choose from. */
  known: readonly Word[];
  counts: ReadonlyMap<string, number>;
  held: readonly HeldRow[];
  refused?: Problem | null;
  values?: { id: string; name: string };
  /** Which may have been meant by what was typed to be opened. */
  sought?: { typed: string; others: SoughtWord["others"] };
}

const ListPage: FC<ListProps> = ({ c, visit, page, isMore, known, sort, counts, held, refused, values, sought }) => (
  <Layout title={say("Segments")} viewer={visit.viewer} section="segments">
    <PageHead title={say("Segments")} />
    <SegmentsNav visit={visit} here="/segments" />
    <Notice c={c} />
    {sought ? <WhatWasMeant {...sought} to={(id) => segmentPath(visit, id)} /> : null}
    {page.data.length === 0 ? (
      <EmptyState title={say("No segments yet")}>
        <p>
          {say(
            "A segment is a set of learners: all whose department is Sales, or some you choose by hand. Joining or leaving it can start automations, and a sync enrols its members in a course. Create the first one below.",
          )}
        </p>
      </EmptyState>
    ) : (
      <>
        {isMore ? (
          <form method="get" action={visit.path("/segments")} class="filters">
            <PickFilter kind="segment" name="open" label={say("Segment")} known={known} value="" />
            <button type="submit" class="button">
              {say("Open@verb")}
            </button>
          </form>
        ) : page.data.length > 1 ? (
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
          rows={page.data}
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
        {isMore ? (
          <Pager page={page} at={visit.path("/segments")} c={c} />
        ) : (
          <p class="soft after">{many(page.data.length, "{n} segment", "{n} segments")}</p>
        )}
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

const PAGE = 100;

const listed = async (c: Ctx, more: Pick<ListProps, "refused" | "values" | "sought"> = {}): Promise<Html> => {
  const visit = c.var.visit;
  const cursor = c.req.query("cursor");
  const [page, deleted] = await Promise.all([
    visit.api.call("GET /v1/segments", { query: { limit: PAGE, cursor } }),
    visit.api.all("GET /v1/segments", { query: { deleted: true } }, HELD_SHOWN),
  ]);
  const isMore = page.next_cursor !== null || cursor !== undefined;
  const [counts, known] = await Promise.all([
    memberCounts(
      c.env,
      visit.school.id,
      page.data.map(({ id }) => id),
    ),
    isMore ? knownOf(c, "segment") : [],
  ]);
  const sort = c.req.query("sort") ?? "";
  const sorted = page.data.toSorted((one, other) =>
    sort === "name"
      ? one.name.localeCompare(other.name, "en")
      : sort === "members"
        ? (counts.get(other.id) ?? 0) - (counts.get(one.id) ?? 0)
        : 0,
  );
  const held = heldRows(deleted, ({ id, name }) => ({ id, name }));
  const shown = isMore ? page : { ...page, data: sorted };
  return <ListPage {...{ c, visit, page: shown, isMore, known, sort, counts, held }} {...more} />;
};

segmentsPages.get("/segments", "viewer", async (c) => {
  const open = c.req.query("open")?.trim() ?? "";
  const { id, others } = await soughtWord(c, "segment", open);
  if (open !== "" && others.length === 0) return seeOther(c, segmentPath(c.var.visit, id));
  return c.html(await listed(c, { sought: { typed: open, others } }));
});

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
