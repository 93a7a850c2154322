import type { FC } from "hono/jsx";
import { giverNames } from "../../../automations/givers";
import type { Problem } from "../../../base/errors/errors";
import { heard } from "../../../language/heard";
import { figure, say, weave } from "../../../language/say";
import { changesOf, sides as sidesTaken } from "../../../lms/sides";
import { userNames } from "../../../users/finding/list";
import { Banner, EmptyState } from "../../components/bits";
import { ActionButton, Form, SelectField, TextField } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Moment } from "../../components/moment";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, formFieldsOf, type Html, type Visit } from "../../visit";
import { schoolWords } from "../../words/names";
import { RefusalNotice } from "../problem";
import { SegmentsNav } from "../segments/segments";
import { DifferingPeople, SHOWN } from "./people";
import { CHOICES, coursePath, type Drift, differenceWords, KINDS, lmsName } from "./words";

/* One course here and in the LMS: who differs, who is right, and what mending it would change. */

/** By kind of difference, whose word counts; empty: neither's. */
type Sides = Readonly<Record<string, string>>;

/** Asks who is right; the answer is a preview, which has an address. */
const WhoIsRight: FC<{ visit: Visit; lms: string; drift: Drift; sides: Sides }> = ({ visit, lms, drift, sides }) => (
  <>
    <h2 class="part">{say("Who is right?")}</h2>
    <form method="get" action={coursePath(visit, drift.course)} class="form">
      {KINDS.flatMap((kind) => {
        const { is, theirs, ours } = CHOICES[kind];
        if (!drift[kind]) return [];
        return [
          <SelectField
            name={kind}
            label={`${figure(drift[kind])} ${is(lms)}`}
            value={sides[kind] ?? ""}
            options={[
              ["", say("Leave as it is")],
              ["theirs", theirs(lms)],
              ...(ours ? [["ours", ours(lms)] as const] : []),
            ]}
          />,
        ];
      })}
      <button type="submit" class="button">
        {say("Preview")}
      </button>
    </form>
  </>
);

const Mend: FC<{ visit: Visit; lms: string; drift: Drift; sides: Sides; refused: Problem | null }> = ({
  visit,
  lms,
  drift,
  sides,
  refused,
}) => {
  const chosen = sidesTaken.safeParse(sides);
  if (!chosen.success) return null;
  const { would_change_here: here, would_change_there: there, confirm } = changesOf(chosen.data, drift);
  const isTest = visit.school.mode === "test";
  return (
    <>
      <h2 class="part">{say("Preview")}</h2>
      <RefusalNotice problem={refused} />
      <p>
        {say("{n} would change here, in quiet: nothing starts from it.", { n: here })}{" "}
        {isTest
          ? say("{n} would change in {lms}; as this is a test school they are kept, not sent.", { n: there, lms })
          : say("{n} would change in {lms}.", { n: there, lms })}{" "}
        {say("Nothing is changed yet.")}
      </p>
      <Form action={coursePath(visit, drift.course)} class="form">
        {KINDS.flatMap((kind) => (sides[kind] ? [<input type="hidden" name={kind} value={sides[kind]} />] : []))}
        {confirm === null ? null : (
          <>
            <Banner tone="warning">
              {say("This un-enrols {n} of {all} in {lms}, more than a tenth of the course.", {
                n: confirm,
                all: drift.there,
                lms,
              })}
            </Banner>
            <TextField
              name="confirm"
              label={say("Type {n} to un-enrol so many", { n: String(confirm) })}
              type="number"
              required
              hint={say("What they have in {lms} by this enrolment may go with it.", { lms })}
            />
          </>
        )}
        <button type="submit" class={confirm === null ? "button is-main" : "button is-danger"}>
          {say("Change {here} here and {there} in {lms}", { here, there, lms })}
        </button>
      </Form>
    </>
  );
};

/** What was chosen, as the route takes it. */
const chosenIn = (of: (kind: string) => string): Sides =>
  Object.fromEntries(KINDS.flatMap((kind) => (of(kind) === "" ? [] : [[kind, of(kind)]])));

async function coursePage(c: Ctx, course: string, sides: Sides, refused: Problem | null = null): Promise<Html> {
  const visit = c.var.visit;
  const lms = lmsName(visit);
  const found = await attempt(() => visit.api.call("GET /v1/lms/drift", { query: { course } }));
  const drift = found.value?.data[0];
  const isAsked = visit.mayEdit && Object.keys(sides).length > 0;
  // One with many people is shown as it was last compared, and nobody by name.
  const isLarge = found.refused?.kind === "conflict" || (drift !== undefined && drift.people === undefined);
  const shown = drift?.people?.slice(0, SHOWN) ?? [];
  const given = shown.flatMap(({ givers }) => givers);
  const [names, words, giverNamed] = await Promise.all([
    userNames(
      c.env,
      visit.school.id,
      shown.map(({ user }) => user),
    ),
    schoolWords(c.env, visit.school.id, given),
    giverNames(c.env, visit.school.id, given),
  ]);
  const title = say("{course} here and in {lms}", { course: drift?.name ?? course, lms });
  const differs = drift ? differenceWords(drift, lms) : "";
  return (
    <Layout title={title} viewer={visit.viewer} section="segments">
      <PageHead title={title}>
        {visit.mayEdit && isLarge ? (
          <ActionButton action={coursePath(visit, course)} fields={{ dry_run: "true" }} tone="main">
            {say("Compare it by a job")}
          </ActionButton>
        ) : null}
      </PageHead>
      <SegmentsNav visit={visit} here="/lms" />
      <Notice c={c} />
      <RefusalNotice problem={found.refused} />
      {drift ? (
        <>
          <p>
            {say("{here} here, {there} in {lms}", { here: drift.here, there: drift.there, lms })}
            {differs === "" ? "." : `: ${differs}.`}
            {isLarge ? (
              <>
                {" "}
                {weave("So it was {moment}: it has too many people to be compared while you wait.", {
                  moment: <Moment atMs={Date.parse(drift.compared_at)} nowMs={Date.now()} timezone={visit.timezone} />,
                })}
              </>
            ) : null}
          </p>
          {drift.problem === null ? null : <Banner tone="warning">{heard(drift.problem)}</Banner>}
          {drift.people?.length ? (
            <DifferingPeople
              visit={visit}
              lms={lms}
              people={drift.people}
              names={names}
              givers={{ visit, words, names: giverNamed }}
            />
          ) : differs !== "" ? null : (
            <EmptyState title={say("Nothing differs")}>
              <p>{say("Whoever is in the course here is in it in {lms}, and the other way round.", { lms })}</p>
            </EmptyState>
          )}
          {visit.mayEdit && KINDS.some((kind) => drift[kind]) && drift.problem === null ? (
            <WhoIsRight visit={visit} lms={lms} drift={drift} sides={sides} />
          ) : null}
        </>
      ) : null}
      {isAsked && drift ? <Mend visit={visit} lms={lms} drift={drift} sides={sides} refused={refused} /> : null}
    </Layout>
  );
}

export const lmsCoursePages = new Pages();

lmsCoursePages.get("/lms/:course", "viewer", async (c) =>
  c.html(
    await coursePage(
      c,
      c.req.param("course"),
      chosenIn((kind) => c.req.query(kind) ?? ""),
    ),
  ),
);

lmsCoursePages.post("/lms/:course", "editor", async (c) => {
  const { api } = c.var.visit;
  const course = c.req.param("course");
  const fields = await formFieldsOf(c);
  const sides = chosenIn(fields.text);
  const confirm = fields.text("confirm");
  const more = fields.has("dry_run") ? { dry_run: true } : confirm === "" ? {} : { confirm: Number(confirm) };
  const { value, refused } = await attempt(() =>
    api.call("POST /v1/lms/reconcile", { body: { course, ...sides, ...more } }),
  );
  if (refused) return c.html(await coursePage(c, course, sides, refused), refused.status);
  return afterWrite(c, value, coursePath(c.var.visit, course));
});
