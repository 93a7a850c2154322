import type { FC } from "hono/jsx";
import { automationEditors, automationNames } from "../../../automations/find";
import { gather } from "../../client";
import { Badge, Banner, EmptyState } from "../../components/bits";
import { Choice, Filters, hrefWith, SearchBox } from "../../components/filters";
import { Icon } from "../../components/icon";
import { Layout, PageHead } from "../../components/layout";
import { Moment } from "../../components/moment";
import { Notice } from "../../components/notice";
import { Pager, Table } from "../../components/table";
import type { Automation } from "../../documents";
import { Pages } from "../../page";
import { type Ctx, fieldsOf, seeOther, type Visit } from "../../visit";
import { catalogue, schoolWords, whoText } from "../../words/names";
import { summary, type Words } from "../../words/sentence";
import { matches, narrowing, readSearch } from "./touches";

const PAGE = 50;
/** How often a page asks on for what a search finds among few of many. */
const ASKS = 10;

const path = (automation: { id: string }) => `/admin/automations/${encodeURIComponent(automation.id)}`;

/** What may be wrong with an automation, in a line with a way to the others it concerns. */
export const Warnings: FC<{
  automation: Pick<Automation, "warnings" | "stopped_by">;
  names: ReadonlyMap<string, string>;
}> = ({ automation, names }) => (
  <>
    {automation.stopped_by === "failures" ? (
      <span class="warned is-line">⚠ Stopped: too many of its steps failed. Mend it and switch it on again.</span>
    ) : null}
    {automation.warnings.map((warning) => (
      <span class="warned is-line">
        ⚠ {warning.message}{" "}
        {warning.automations?.map((id) => (
          <a href={path({ id })}>{names.get(id) ?? id}</a>
        ))}
      </span>
    ))}
  </>
);

/** The switch in a list: what it is, and one press to change it. */
export const ActiveSwitch: FC<{ automation: Automation; back: string; mayEdit: boolean }> = ({
  automation,
  back,
  mayEdit,
}) =>
  mayEdit ? (
    <form method="post" action={`${path(automation)}/active`}>
      <input type="hidden" name="back" value={back} />
      <button
        type="submit"
        class="switch"
        role="switch"
        aria-checked={automation.active ? "true" : "false"}
        name="active"
        value={automation.active ? "false" : "true"}
        aria-label={`${automation.name} is ${automation.active ? "active: switch off" : "off: switch on"}`}
        title={automation.active ? "Switch off" : "Switch on"}
      >
        <span />
      </button>
    </form>
  ) : automation.active ? (
    <Badge tone="good">active</Badge>
  ) : (
    <Badge>off</Badge>
  );

const Menu: FC<{ automation: Automation; mayEdit: boolean }> = ({ automation, mayEdit }) => (
  <details class="menu">
    <summary class="button is-quiet is-small" aria-label={`More for ${automation.name}`}>
      <Icon name="more" />
    </summary>
    <div class="menu-list">
      <a href={path(automation)}>Preview</a>
      <a href={`${path(automation)}/edit`}>{mayEdit ? "Edit" : "Look into"}</a>
      <a href={`${path(automation)}/export.json`} download>
        Export
      </a>
      {mayEdit ? (
        <>
          <form method="post" action={`${path(automation)}/duplicate`}>
            <button type="submit">Duplicate</button>
          </form>
          <a class="is-danger" href={`${path(automation)}/delete`}>
            Delete…
          </a>
        </>
      ) : null}
    </div>
  </details>
);

interface ListProps {
  c: Ctx;
  visit: Visit;
  rows: readonly Automation[];
  /** Where more may be; null: these were all. */
  next: string | null;
  query: { q: string; active: string; trigger: string; cursor: string };
  words: Words;
  names: ReadonlyMap<string, string>;
  by: ReadonlyMap<string, string | null>;
}

const ListPage: FC<ListProps> = ({ c, visit, rows, next, query, words, names, by }) => {
  const { q, active, trigger, cursor } = query;
  const isFiltered = q !== "" || active !== "" || trigger !== "";
  const first = hrefWith("/admin/automations", { q, active, trigger });
  const here = hrefWith("/admin/automations", { q, active, trigger, cursor });
  const isPartial = rows.length < PAGE && next !== null;
  return (
    <Layout title="Automations" viewer={visit.viewer} section="automations">
      <PageHead title="Automations">
        <a class="button" href="/admin/export/definitions.json" title="All definitions of the school, as JSON" download>
          Export
        </a>
        {visit.mayEdit ? (
          <a class="button" href="/admin/import/definitions">
            Import
          </a>
        ) : null}
        <a class="button" href="/admin/templates">
          Templates
        </a>
        {visit.mayEdit ? (
          <a class="button is-main" href="/admin/automations/new">
            New
          </a>
        ) : null}
      </PageHead>
      <Notice c={c} />
      <Filters action="/admin/automations" clear={isFiltered}>
        <SearchBox label="Name, or touches:tag:vip" placeholder="welcome, touches:course:js-101" value={q} wide />
        <Choice
          name="active"
          label="Active"
          value={active}
          options={[
            ["", "On and off"],
            ["true", "On"],
            ["false", "Off"],
          ]}
        />
        <Choice
          name="trigger"
          label="Trigger"
          value={trigger}
          options={[["", "Any"], ...catalogue().triggers.map((one) => [one.type, one.label] as const)]}
        />
      </Filters>
      {isPartial ? (
        <Banner>Not every automation is looked through yet: there are many. “Next” goes on with the older ones.</Banner>
      ) : null}
      {rows.length === 0 && !isPartial ? (
        isFiltered ? (
          <EmptyState title="Nothing like that">
            <p>No automation matches. “touches:tag:vip” finds those that read, add or remove the tag vip.</p>
            <a class="button" href="/admin/automations">
              Show all
            </a>
          </EmptyState>
        ) : (
          <EmptyState title="No automations yet">
            <p>
              An automation does something by itself: when a learner enrols, only if they are tagged vip, then mail them
              and two days later mail again. Take a ready one and fill in its blanks, or begin with nothing.
            </p>
            <span class="inline">
              <a class="button is-main" href="/admin/templates">
                Choose a template
              </a>
              <a class="button" href="/admin/automations/new">
                Begin with nothing
              </a>
            </span>
          </EmptyState>
        )
      ) : (
        <>
          {rows.length === 0 ? null : (
            <Table
              caption="Automations"
              rows={rows}
              keyOf={(row) => row.id}
              columns={[
                {
                  head: "Name",
                  names: true,
                  cell: (row) => (
                    <>
                      <a href={path(row)}>{row.name}</a>
                      <Warnings automation={row} names={names} />
                    </>
                  ),
                },
                {
                  head: "When → then",
                  cell: (row) => {
                    const { when, does } = summary(row, words);
                    return (
                      <span class="soft">
                        {when} → {does}
                      </span>
                    );
                  },
                },
                {
                  head: "Executed",
                  number: true,
                  cell: (row) => (
                    <a href={`/admin/executions?automation=${encodeURIComponent(row.id)}`}>
                      {row.run_count.toLocaleString("en")}
                    </a>
                  ),
                },
                {
                  head: "Waiting",
                  number: true,
                  cell: (row) =>
                    row.waiting_count === 0 ? (
                      <span class="soft">0</span>
                    ) : (
                      <a href={`/admin/executions?automation=${encodeURIComponent(row.id)}&status=waiting`}>
                        {row.waiting_count.toLocaleString("en")}
                      </a>
                    ),
                },
                {
                  head: "Edited",
                  cell: (row) => (
                    <span class="soft">
                      <Moment atMs={Date.parse(row.updated_at)} nowMs={visit.nowMs} timezone={visit.timezone} />
                      {by.get(row.id) ? `, ${whoText(by.get(row.id) ?? null)}` : ""}
                    </span>
                  ),
                },
                {
                  head: "Active",
                  cell: (row) => <ActiveSwitch automation={row} back={here} mayEdit={visit.mayEdit} />,
                },
                { head: "More", cell: (row) => <Menu automation={row} mayEdit={visit.mayEdit} /> },
              ]}
            />
          )}
          <Pager
            shown={rows.length}
            next={next === null ? null : hrefWith("/admin/automations", { q, active, trigger, cursor: next })}
            first={cursor === "" ? null : first}
          />
        </>
      )}
    </Layout>
  );
};

export const automationsPages = new Pages();

automationsPages.get("/automations", "viewer", async (c) => {
  const visit = c.var.visit;
  const q = c.req.query("q")?.trim().slice(0, 256) ?? "";
  const active =
    c.req.query("active") === "true" || c.req.query("active") === "false" ? (c.req.query("active") ?? "") : "";
  const trigger = c.req.query("trigger") ?? "";
  const cursor = c.req.query("cursor") ?? "";
  const words = await schoolWords(c.env, visit.school.id);
  const search = readSearch(q);
  const page = await gather<Automation>(
    visit.api,
    "/automations",
    { q: narrowing(search), active, trigger, order: "desc", cursor },
    { most: PAGE, asks: ASKS, keep: (one) => matches(one, search, words) },
  );
  const shown = page.data.map((one) => one.id);
  const warnedOf = page.data.flatMap((one) => one.warnings.flatMap((warning) => warning.automations ?? []));
  const [names, by] = await Promise.all([
    automationNames(c.env, visit.school.id, warnedOf),
    automationEditors(c.env, visit.school.id, shown),
  ]);
  const query = { q, active, trigger, cursor };
  return c.html(
    <ListPage
      c={c}
      visit={visit}
      rows={page.data}
      next={page.next_cursor}
      query={query}
      words={words}
      names={names}
      by={by}
    />,
  );
});

const internal = (back: string, otherwise: string): string =>
  /^\/admin\/[a-z0-9_/?&=%.:+-]*$/i.test(back) ? back : otherwise;

automationsPages.post("/automations/:id/active", "editor", async (c) => {
  const fields = await fieldsOf(c);
  const active = fields.text("active") === "true";
  const here = `/admin/automations/${encodeURIComponent(c.req.param("id"))}`;
  await c.var.visit.api.send("PATCH", here.slice("/admin".length), { active });
  return seeOther(c, internal(fields.text("back"), here), { done: active ? "on" : "off" });
});

automationsPages.post("/automations/:id/duplicate", "editor", async (c) => {
  const made = await c.var.visit.api.send<Automation>(
    "POST",
    `/automations/${encodeURIComponent(c.req.param("id"))}/duplicate`,
  );
  return seeOther(c, path(made), { done: "duplicated" });
});
