import type { FC } from "hono/jsx";
import { heard } from "../../../language/heard";
import { figure, later, say } from "../../../language/say";
import { Badge, EmptyState } from "../../components/bits";
import { hrefWith } from "../../components/forms/filters";
import { ActionButton } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Moment } from "../../components/moment";
import { Pager, Table } from "../../components/table";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, formFieldsOf, type Html, type Visit } from "../../visit";
import { RefusalNotice } from "../problem";
import { SegmentsNav } from "../segments/segments";
import { coursePath, type Drift, differenceWords, lmsName } from "./words";

/* Which courses are otherwise here than in the LMS, and what can be brought in from there. */

const HERE = "/lms";
const PAGE = 50;

const SYNCS = [
  ["courses", later("Bring in names of courses")],
  ["groups", later("Bring in names of groups")],
  ["users", later("Bring in people")],
  ["enrolments", later("Bring in who is in which course")],
] as const;

const BringIn: FC<{ visit: Visit; lms: string }> = ({ visit, lms }) => (
  <>
    <h2 class="part">{say("Bring in from {lms}", { lms })}</h2>
    <p class="soft">{say("It is quiet: nothing starts from it, and nothing of it goes back to {lms}.", { lms })}</p>
    <span class="inline">
      {SYNCS.map(([what, label]) => (
        <ActionButton action={visit.path(HERE)} fields={{ what }}>
          {say(label)}
        </ActionButton>
      ))}
    </span>
  </>
);

const DriftTable: FC<{ visit: Visit; lms: string; rows: readonly Drift[] }> = ({ visit, lms, rows }) => (
  <Table
    caption={say("Courses")}
    rows={rows}
    keyOf={(one) => one.course}
    columns={[
      {
        head: say("Course"),
        names: true,
        cell: (one) => (
          <>
            <a href={coursePath(visit, one.course)}>{one.name ?? one.course}</a>{" "}
            {one.name === null ? null : <small class="soft">{one.course}</small>}
          </>
        ),
      },
      { head: say("Here"), number: true, cell: (one) => figure(one.here) },
      { head: say("In {lms}", { lms }), number: true, cell: (one) => figure(one.there) },
      {
        head: say("Differs"),
        cell: (one) => {
          const words = differenceWords(one, lms);
          if (one.problem !== null) return <Badge tone="failure">{heard(one.problem)}</Badge>;
          return words === "" ? <Badge tone="good">{say("the same")}</Badge> : <Badge tone="warning">{words}</Badge>;
        },
      },
      {
        head: say("Compared"),
        cell: (one) => <Moment atMs={Date.parse(one.compared_at)} nowMs={Date.now()} timezone={visit.timezone} />,
      },
    ]}
  />
);

const NoLms: FC<{ visit: Visit }> = ({ visit }) => (
  <EmptyState title={say("There is no LMS to compare with")}>
    <p>
      {say(
        "Connect Moodle or LearnWorlds: this page then says which courses are otherwise there than here, and mends them.",
      )}
    </p>
    {visit.mayOwn ? (
      <a class="button is-main" href={visit.path("/settings/connectors/lms")}>
        {say("Connect an LMS")}
      </a>
    ) : null}
  </EmptyState>
);

async function lmsPage(c: Ctx): Promise<Html> {
  const visit = c.var.visit;
  const lms = lmsName(visit);
  const cursor = c.req.query("cursor");
  const differs = c.req.query("differs") === "true";
  const { value, refused } = await attempt(() =>
    visit.api.call("GET /v1/lms/drift", { query: { differs, cursor, limit: PAGE } }),
  );
  const isConnected = refused?.kind !== "conflict";
  const filters = differs ? { differs: "true" } : {};
  return (
    <Layout title={say("LMS")} viewer={visit.viewer} section="segments">
      <PageHead title={say("Here and in {lms}", { lms })}>
        {visit.mayEdit && isConnected ? (
          <ActionButton action={visit.path(HERE)} fields={{ what: "compare" }} tone="main">
            {say("Compare all courses")}
          </ActionButton>
        ) : null}
      </PageHead>
      <SegmentsNav visit={visit} here={HERE} />
      <Notice c={c} />
      {refused && isConnected ? <RefusalNotice problem={refused} /> : null}
      {refused && !isConnected ? <NoLms visit={visit} /> : null}
      {value && value.data.length === 0 ? (
        <EmptyState title={differs ? say("Nothing differs") : say("No course to compare")}>
          <p>
            {differs
              ? say("Every course that was compared is the same here and in {lms}.", { lms })
              : say("Neither here nor in {lms} is anybody in a course yet.", { lms })}
          </p>
        </EmptyState>
      ) : null}
      {value && value.data.length > 0 ? (
        <>
          <DriftTable visit={visit} lms={lms} rows={value.data} />
          <Pager page={value} at={visit.path(HERE)} filters={filters} c={c} />
        </>
      ) : null}
      {value ? (
        <p class="after">
          <a class="button" href={hrefWith(visit.path(HERE), differs ? {} : { differs: "true" })}>
            {differs ? say("Show all courses") : say("Show only what differs")}
          </a>
        </p>
      ) : null}
      {visit.mayEdit && isConnected ? <BringIn visit={visit} lms={lms} /> : null}
    </Layout>
  );
}

export const lmsPages = new Pages();

lmsPages.get(HERE, "viewer", async (c) => c.html(await lmsPage(c)));

lmsPages.post(HERE, "editor", async (c) => {
  const { api, path } = c.var.visit;
  const asked = (await formFieldsOf(c)).text("what");
  const what = SYNCS.find(([name]) => name === asked)?.[0];
  const job = what
    ? await api.call("POST /v1/lms/sync", { body: { what } })
    : await api.call("POST /v1/lms/reconcile", { body: { dry_run: true } });
  return afterWrite(c, job, path(HERE));
});
