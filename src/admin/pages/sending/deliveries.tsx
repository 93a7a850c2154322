import type { FC } from "hono/jsx";
import { automationNames } from "../../../automations/find";
import { mostCounted, type Total } from "../../../base/counted";
import { endOfDay, startOfDay } from "../../../catalogue/dates/time";
import { later, say } from "../../../language/say";
import { countAll, isCounted } from "../../../schools/costs/totals";
import { userNames } from "../../../users/finding/list";
import { AskedFilters, OddFilters } from "../../components/asked";
import { EmptyState } from "../../components/bits";
import { BY_AGE, FilterChoice, FilterDay, Filters, hrefWith, SearchBox, usedOf } from "../../components/forms/filters";
import { meantLearner, WhoWasMeant } from "../../components/forms/learner-filter";
import { ChooseFilter, WhatWasMeant } from "../../components/forms/pick";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { hereOf, LookedThrough, Pager } from "../../components/table";
import { Pages } from "../../page";
import { type Ctx, formFieldsOf, seeOther, type Visit } from "../../visit";
import { knownWith, soughtWord } from "../../words/meant";
import { LmsTrouble } from "../settings/lms";
import { canResend, DeliveryTable } from "./delivery-table";
import { channelChoices, KeptNotice, keptOf } from "./kept";
import { RESEND, ResendForm } from "./resend";

const PAGE = 50;
/** How often a page asks on for what is rare, each time through a thousand of the next. */
const ASKS = 20;

const STATES = [
  ["queued", later("on its way")],
  ["sent", later("sent")],
  ["failed", later("failed")],
  ["not_sent", later("kept: not set up")],
  ["captured", later("kept: test mode")],
  ["suppressed", later("suppressed")],
] as const;

/** How many deliveries there are, or of those that have an index by their status; of all else it is not known. */
function totalOf(c: Ctx, { status, ...others }: Readonly<Record<string, string>>): Promise<Total | undefined> {
  if (Object.values(others).some((one) => one !== "")) return Promise.resolve(undefined);
  const what = status || "deliveries";
  if (!isCounted(what)) return Promise.resolve(undefined);
  return countAll(c.env, c.var.visit.school.id, what, mostCounted(c.req.query("count")));
}

const None: FC<{ visit: Visit; isFiltered: boolean; isResent: boolean }> = ({ visit, isFiltered, isResent }) => (
  <EmptyState
    title={isFiltered ? (isResent ? say("None is left") : say("No delivery like that")) : say("Nothing was sent yet")}
  >
    <p>
      {isFiltered
        ? isResent
          ? say("What is sent again is no more what these filters ask for.")
          : say("Try fewer filters.")
        : say(
            "Every mail, push, message, webhook and analytics event that an automation makes stands here, as it was rendered, with each attempt to send it.",
          )}
    </p>
    {isFiltered ? (
      <a class="button" href={visit.path("/deliveries")}>
        {say("Show all")}
      </a>
    ) : null}
  </EmptyState>
);

export const deliveriesPages = new Pages();

deliveriesPages.get("/deliveries", "viewer", async (c) => {
  const visit = c.var.visit;
  const asked = new AskedFilters(c);
  const given = (name: string): string => asked.text(name);
  const sought = await soughtWord(c, "automation", given("automation"));
  const filters = {
    user: given("user"),
    automation: sought.id,
    channel: asked.choice(
      "channel",
      channelChoices().map(([channel]) => channel),
    ),
    status: asked.choice(
      "status",
      STATES.map(([status]) => status),
    ),
    subject: given("subject"),
    from: asked.day("from"),
    to: asked.day("to"),
  };
  const sort = asked.choice(
    "sort",
    BY_AGE.map(([order]) => order),
  );
  const [lms, kept, known, meant, total] = await Promise.all([
    visit.api.call("GET /v1/lms"),
    keptOf(c),
    knownWith(c, "automation", filters.automation),
    meantLearner(visit, filters.user),
    totalOf(c, filters),
  ]);
  // What was meant is asked above the list: what was typed finds nothing, and nothing is said of that.
  const isUnclear = meant.id === null || sought.others.length > 0;
  const moment = (at: number): string => new Date(at).toISOString();
  const page = isUnclear
    ? { data: [], next_cursor: null }
    : await visit.api.gather(
        "GET /v1/deliveries",
        {
          query: {
            ...filters,
            user: meant.id ?? "",
            from: filters.from && moment(startOfDay(filters.from, visit.timezone)),
            to: filters.to && moment(endOfDay(filters.to, visit.timezone)),
            order: sort === "oldest" ? "asc" : "desc",
            cursor: given("cursor"),
          },
        },
        { most: PAGE, asks: ASKS },
      );
  const isPartial = page.data.length < PAGE && page.next_cursor !== null;
  const [users, automations] = await Promise.all([
    userNames(
      c.env,
      visit.school.id,
      page.data.map((one) => one.user_id),
    ),
    automationNames(
      c.env,
      visit.school.id,
      page.data.flatMap((one) => one.automation_id ?? []),
    ),
  ]);
  const isFiltered = Object.values(filters).some((value) => value !== "");
  const placed = { at: visit.path("/deliveries"), filters: { ...filters, sort }, c };
  const isAll = c.req.query("pick") === "all";
  const failed = page.data.filter(canResend).length;
  return c.html(
    <Layout title={say("Deliveries")} viewer={visit.viewer} section="deliveries">
      <PageHead title={say("Deliveries")}>
        <a class="button" href={visit.path("/suppressions")}>
          {say("Suppressed addresses")}
        </a>
      </PageHead>
      <Notice c={c} />
      <OddFilters asked={asked} />
      <KeptNotice visit={visit} kept={kept} />
      <LmsTrouble visit={visit} lms={lms} />
      <Filters
        action={visit.path("/deliveries")}
        clear={isFiltered}
        used={usedOf(
          filters.automation,
          filters.channel,
          filters.status,
          filters.subject,
          filters.from,
          filters.to,
          sort,
        )}
        search={
          <SearchBox name="user" label={say("Learner")} placeholder={say("Name, email or id")} value={filters.user} />
        }
      >
        <ChooseFilter
          kind="automation"
          name="automation"
          label={say("Automation")}
          value={filters.automation}
          known={known}
        />
        <FilterChoice
          name="channel"
          label={say("By")}
          value={filters.channel}
          options={[["", say("Any")], ...channelChoices()]}
        />
        <FilterChoice
          name="status"
          label={say("State")}
          value={filters.status}
          options={[["", say("Any")], ...STATES.map(([status, label]) => [status, say(label)] as const)]}
        />
        <SearchBox name="subject" label={say("Subject")} value={filters.subject} />
        <FilterDay name="from" label={say("From")} value={filters.from} />
        <FilterDay name="to" label={say("To")} value={filters.to} />
        <FilterChoice name="sort" label={say("Sorted by")} value={sort} options={BY_AGE} />
      </Filters>
      <WhoWasMeant typed={filters.user} meant={meant} at={visit.path("/deliveries")} filters={filters} />
      <WhatWasMeant
        typed={given("automation")}
        others={sought.others}
        to={(id) => hrefWith(visit.path("/deliveries"), { ...filters, automation: id, sort })}
      />
      {isPartial ? <LookedThrough {...placed} visit={visit} page={page} isBack={sort === ""} /> : null}
      {isUnclear ? null : page.data.length === 0 && !isPartial ? (
        <None visit={visit} isFiltered={isFiltered} isResent={c.req.query("done") === "resent_many"} />
      ) : (
        <>
          {visit.mayEdit && failed > 0 ? <ResendForm visit={visit} here={hereOf(placed)} isAll={isAll} /> : null}
          {page.data.length === 0 ? null : (
            <DeliveryTable
              rows={page.data}
              users={users}
              automations={automations}
              visit={visit}
              {...(visit.mayEdit && failed > 0 ? { pick: { form: RESEND, isAll } } : {})}
            />
          )}
          <Pager {...placed} page={page} total={total} />
        </>
      )}
    </Layout>,
  );
});

deliveriesPages.post("/deliveries/send-kept", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const begun = await c.var.visit.api.call("POST /v1/deliveries/retry", {
    query: { dry_run: "false" },
    body: { status: "not_sent", count: Number(fields.text("count")), old: fields.text("old") === "yes" },
  });
  const at = "job_id" in begun ? `/jobs/${begun.job_id}` : "/deliveries";
  return seeOther(c, c.var.visit.path(at), { done: "started" });
});
