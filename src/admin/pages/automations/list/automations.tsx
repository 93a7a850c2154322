import type { FC } from "hono/jsx";
import { automationEditors, automationNames } from "../../../../automations/find";
import { type Trouble, troubleOfEach } from "../../../../automations/runs/trouble";
import { mostCounted, type Total } from "../../../../base/counted";
import type { AnswerTo } from "../../../../http/answering/answers";
import { later, say } from "../../../../language/say";
import { namesOfWho } from "../../../../schools/audit/audit";
import { countAll } from "../../../../schools/costs/totals";
import type { Page } from "../../../client";
import { AskedFilters, OddFilters } from "../../../components/asked";
import { Banner, EmptyState } from "../../../components/bits";
import { FilterChoice, Filters, hrefWith, SearchBox, usedOf } from "../../../components/forms/filters";
import { HELD_SHOWN, HeldList, type HeldRow, heldRows } from "../../../components/frame/held";
import { Layout, PageHead } from "../../../components/frame/layout";
import { Menu } from "../../../components/frame/menu";
import { Notice } from "../../../components/frame/notice";
import { Pager } from "../../../components/table";
import { Pages } from "../../../page";
import { backTo, type Ctx, formFieldsOf, seeOther, type Visit } from "../../../visit";
import { soughtWord } from "../../../words/meant";
import { catalogue, schoolWords, whoText } from "../../../words/names";
import type { Words } from "../../../words/sentences/sentence";
import { type Kept, KeptNotice, keptOf } from "../../sending/kept";
import { LmsTrouble } from "../../settings/lms";
import { automationPath } from "../automation-frame";
import { askFirst, startForAlready } from "../switching-on";
import { matches, narrowing, readSearch } from "../touches";
import { ManyForm } from "./many-form";
import { AutomationTable } from "./table";

type Automation = AnswerTo<"GET /v1/automations/:id">;

const PAGE = 50;
/** The ways to sort. */
const SORTS = {
  newest: { label: later("Newest first"), asked: { order: "desc" } },
  oldest: { label: later("Oldest first"), asked: { order: "asc" } },
  edited: { label: later("Last edited first"), asked: { sort: "updated", order: "desc" } },
  name: { label: later("Name"), asked: { sort: "name", order: "asc" } },
} as const;
type Sort = keyof typeof SORTS;
const DEFAULT_SORT: Sort = "newest";
const isSort = (text: string): text is Sort => Object.hasOwn(SORTS, text);

/** What an automation may be looked for by, beside its name. */
const USES = [
  ["", later("Anything")],
  ["course", later("The course")],
  ["tag", later("The tag")],
  ["segment", later("The segment")],
  ["field", later("The profile field")],
  ["group", later("The user group")],
] as const;

/** How often a page asks on for what a search finds among few of many. */
const ASKS = 10;

interface ListProps {
  c: Ctx;
  asked: AskedFilters;
  visit: Visit;
  page: Page<Automation>;
  query: Readonly<Record<"q" | "active" | "trigger" | "label" | "uses" | "named" | "cursor", string>> & { sort: Sort };
  total: Total;
  words: Words;
  names: ReadonlyMap<string, string>;
  by: ReadonlyMap<string, string>;
  trouble: ReadonlyMap<string, Trouble>;
  lms: AnswerTo<"GET /v1/lms">;
  kept: Kept;
  held: readonly HeldRow[];
}

/** Where the list would be: what an automation is, or that none is like that. */
const Nothing: FC<{ isFiltered: boolean; visit: Visit }> = ({ isFiltered, visit }) =>
  isFiltered ? (
    <EmptyState title={say("Nothing like that")}>
      <p>
        {say("No automation matches. Under Uses you find those that read, give or take a tag, a course or a segment.")}
      </p>
      <a class="button" href={visit.path("/automations")}>
        {say("Show all")}
      </a>
    </EmptyState>
  ) : (
    <EmptyState title={say("No automations yet")}>
      <p>
        {say(
          "An automation does something by itself: when a learner enrols, only if they are tagged vip, it sends a mail, and another two days later. Take a ready-made one and fill in its blanks, or start from scratch.",
        )}
      </p>
      <span class="inline">
        <a class="button is-main" href={visit.path("/templates")}>
          {say("Choose a template")}
        </a>
        <a class="button" href={visit.path("/automations/new")}>
          {say("Start from scratch")}
        </a>
      </span>
    </EmptyState>
  );

const ListPage: FC<ListProps> = ({
  c,
  asked,
  visit,
  page,
  query,
  total,
  words,
  names,
  by,
  trouble,
  lms,
  kept,
  held,
}) => {
  const rows = page.data;
  const { q, active, trigger, label, uses, named, sort, cursor } = query;
  const narrowed = { q, active, trigger, label, uses, named };
  const filters = { ...narrowed, sort: sort === DEFAULT_SORT ? "" : sort };
  const isFiltered = Object.values(narrowed).some((one) => one !== "");
  const here = hrefWith(visit.path("/automations"), { ...filters, cursor });
  const isPartial = rows.length < PAGE && page.next_cursor !== null;
  return (
    <Layout title={say("Automations")} viewer={visit.viewer} section="automations">
      <PageHead title={say("Automations")}>
        <a class="button" href={visit.path("/map")}>
          {say("Map")}
        </a>
        <a class="button" href={visit.path("/templates")}>
          {say("Templates")}
        </a>
        {visit.mayEdit ? (
          <a class="button is-main" href={visit.path("/automations/new")}>
            {say("New")}
          </a>
        ) : null}
        <Menu label={say("Export and import")}>
          <a
            href={visit.path("/export/definitions.json")}
            title={say("All definitions of the school, as a file")}
            download
          >
            {say("Export everything")}
          </a>
          {visit.mayEdit ? <a href={visit.path("/import/definitions")}>{say("Import…")}</a> : null}
        </Menu>
      </PageHead>
      <Notice c={c} />
      <OddFilters asked={asked} />
      <KeptNotice visit={visit} kept={kept} />
      <LmsTrouble visit={visit} lms={lms} />
      <Filters
        action={visit.path("/automations")}
        clear={isFiltered}
        used={usedOf(active, trigger, label, uses, filters.sort)}
        search={<SearchBox label={say("Name")} value={q} />}
      >
        <FilterChoice
          name="active"
          label={say("State")}
          value={active}
          options={[
            ["", say("Any")],
            ["true", say("On@switch")],
            ["false", say("Off@switch")],
          ]}
        />
        <FilterChoice
          name="trigger"
          label={say("Trigger")}
          value={trigger}
          options={[["", say("Any")], ...catalogue().triggers.map((one) => [one.type, one.label] as const)]}
        />
        <FilterChoice
          name="uses"
          label={say("Uses")}
          value={uses}
          options={USES.map(([kind, called]) => [kind, say(called)] as const)}
        />
        <SearchBox name="named" label={say("Of this name")} value={named} />
        {label === "" ? null : (
          <FilterChoice
            name="label"
            label={say("Label")}
            value={label}
            options={[
              ["", say("Any")],
              [label, label],
            ]}
          />
        )}
        <FilterChoice
          name="sort"
          label={say("Sorted by")}
          value={sort}
          options={Object.entries(SORTS).map(([name, { label }]) => [name, say(label)] as const)}
        />
      </Filters>
      {isPartial ? (
        <Banner>
          {say("The search is not finished yet: there are many automations. “Next” continues with the others.")}
        </Banner>
      ) : null}
      {rows.length === 0 && !isPartial ? (
        <Nothing isFiltered={isFiltered} visit={visit} />
      ) : (
        <>
          {rows.length === 0 ? null : (
            <AutomationTable
              rows={rows}
              words={words}
              names={names}
              by={by}
              trouble={trouble}
              visit={visit}
              here={here}
            />
          )}
          {visit.mayEdit && rows.length > 1 ? <ManyForm visit={visit} back={here} /> : null}
          <Pager
            page={page}
            at={visit.path("/automations")}
            filters={filters}
            c={c}
            total={isFiltered ? undefined : total}
          />
        </>
      )}
      <HeldList visit={visit} kind="automation" rows={held} many={visit.path("/automations/many")} />
    </Layout>
  );
};

export const automationsPages = new Pages();

automationsPages.get("/automations", "viewer", async (c) => {
  const visit = c.var.visit;
  const q = c.req.query("q")?.trim().slice(0, 256) ?? "";
  const asked = new AskedFilters(c);
  const active = asked.choice("active", ["true", "false"]);
  const trigger = c.req.query("trigger") ?? "";
  const label = c.req.query("label")?.trim().slice(0, 64) ?? "";
  const sorted = asked.choice("sort", Object.keys(SORTS));
  const sort = isSort(sorted) ? sorted : DEFAULT_SORT;
  const cursor = c.req.query("cursor") ?? "";
  const plainWords = await schoolWords(c.env, visit.school.id);
  const usedAs = asked.choice(
    "uses",
    USES.map(([kind]) => kind),
  );
  const uses = USES.find(([kind]) => kind === usedAs)?.[0] ?? "";
  const named = c.req.query("named")?.trim().slice(0, 256) ?? "";
  const search = readSearch(q);
  if (uses !== "" && named !== "")
    search.touches.push({ kind: uses, value: (await soughtWord(c, uses, named)).id.toLowerCase() });
  const page = await visit.api.gather(
    "GET /v1/automations",
    { query: { q: narrowing(search), active, trigger, label, ...SORTS[sort].asked, cursor } },
    { most: PAGE, asks: ASKS, keep: (one) => matches(one, search, plainWords) },
  );
  const shown = page.data.map((one) => one.id);
  const warnedOf = page.data.flatMap((one) => one.warnings.flatMap((warning) => warning.automations ?? []));
  const [names, editors, trouble, total, words, lms, kept, deleted] = await Promise.all([
    automationNames(c.env, visit.school.id, warnedOf),
    automationEditors(c.env, visit.school.id, shown),
    troubleOfEach(c.env, visit.school.id, shown),
    countAll(c.env, visit.school.id, "automations", mostCounted(c.req.query("count"))),
    schoolWords(c.env, visit.school.id, page.data),
    visit.api.call("GET /v1/lms"),
    keptOf(c),
    visit.api.all("GET /v1/automations", { query: { deleted: true } }, HELD_SHOWN),
  ]);
  const edited = [...editors].flatMap(([id, who]) => (who === null ? [] : [{ id, who }]));
  const called = await namesOfWho(c.env, visit.school.id, edited);
  const by = new Map(edited.map(({ id, who }) => [id, whoText(who, called)]));
  const held = heldRows(deleted, ({ id, name }) => ({ id, name }));
  const query = { q, active, trigger, label, uses, named, sort, cursor };
  return c.html(<ListPage {...{ c, asked, visit, page, query, total, words, names, by, trouble, lms, kept, held }} />);
});

/** Where a switch leads back to: the list as it was searched, or a page of the automation. */
export const backToAutomations = (visit: Visit, back: string, otherwise: string): string =>
  backTo(back, visit.path("/automations"), otherwise);

automationsPages.post("/automations/:id/active", "editor", async (c) => {
  const visit = c.var.visit;
  const fields = await formFieldsOf(c);
  const active = fields.text("active") === "true";
  const meant = { back: fields.text("back"), start: fields.has("start") };
  const asked = active && !fields.has("asked") ? await askFirst(visit, [c.req.param("id")], meant) : null;
  if (asked !== null) return seeOther(c, asked);
  await visit.api.call("PATCH /v1/automations/:id", { params: c.req.param(), body: { active } });
  if (active && fields.has("start"))
    return seeOther(c, await startForAlready(c, c.req.param("id")), { done: "started" });
  return seeOther(c, backToAutomations(visit, fields.text("back"), automationPath(visit, c.req.param("id"))), {
    done: active ? "on" : "off",
  });
});

/** What a warning offers: a learner goes through it once at a time, as most that wait are meant. */
automationsPages.post("/automations/:id/one-at-a-time", "editor", async (c) => {
  const visit = c.var.visit;
  const back = (await formFieldsOf(c)).text("back");
  await visit.api.call("PATCH /v1/automations/:id", { params: c.req.param(), body: { reentry: "one_at_a_time" } });
  return seeOther(c, backToAutomations(visit, back, automationPath(visit, c.req.param("id"))), {
    done: "one_at_a_time",
  });
});

automationsPages.post("/automations/:id/duplicate", "editor", async (c) => {
  const made = await c.var.visit.api.call("POST /v1/automations/:id/duplicate", { params: c.req.param() });
  return seeOther(c, automationPath(c.var.visit, made.id), { done: "duplicated" });
});
