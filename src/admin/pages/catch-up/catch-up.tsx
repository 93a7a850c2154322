import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { figure, say, weave } from "../../../language/say";
import { userNames } from "../../../users/finding/list";
import { Banner, EmptyState } from "../../components/bits";
import { Form } from "../../components/forms/form";
import { ChooseField } from "../../components/forms/pick";
import { Layout, PageHead } from "../../components/frame/layout";
import { Notice } from "../../components/frame/notice";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, formFieldsOf, type Visit } from "../../visit";
import { knownWith, meantId } from "../../words/meant";
import { coursePath, differenceWords, lmsName } from "../lms/words";
import { RefusalNotice } from "../problem";
import { isLive, MissedForm, MissedFound } from "./missed";

/*
 * What did not come about, in one place: learners whom an automation missed, segments whose members are not by their
 * rules, courses that are otherwise in the LMS. Each is shown before it is mended.
 */

const HERE = "/catch-up";

type Drift = AnswerTo<"GET /v1/segments/:id/drift">;

/** So many of who differs are named. */
const NAMED = 20;

interface DriftProps {
  visit: Visit;
  segment: string;
  drift: Drift;
  /** What learners are called, by their ids. */
  names: ReadonlyMap<string, string>;
}

const SegmentDrift: FC<DriftProps> = ({ visit, segment, drift, names }) => {
  const { missing, surplus, next_cursor: next } = drift;
  const looked = next === null ? "" : ` ${say("Only the first {n} learners were looked at.", { n: 1_000 })}`;
  if (missing.length + surplus.length === 0)
    return (
      <EmptyState title={say("Nobody differs")}>
        <p>{say("Its members are those that its rules name.") + looked}</p>
      </EmptyState>
    );
  const list = (ids: readonly string[]) => (
    <>
      {ids.slice(0, NAMED).map((id, i) => (
        <>
          {i === 0 ? "" : ", "}
          <a href={visit.path(`/learners/${encodeURIComponent(id)}`)}>{names.get(id) ?? id}</a>
        </>
      ))}
      {ids.length > NAMED ? " …" : ""}
    </>
  );
  const counted = (ids: readonly string[]) => ({ n: figure(ids.length), list: list(ids) });
  return (
    <>
      <ul class="plain">
        {missing.length ? (
          <li>
            {weave(
              missing.length === 1 ? "{n} learner would join: {list}" : "{n} learners would join: {list}",
              counted(missing),
            )}
          </li>
        ) : null}
        {surplus.length ? (
          <li>
            {weave(
              surplus.length === 1 ? "{n} learner would leave: {list}" : "{n} learners would leave: {list}",
              counted(surplus),
            )}
          </li>
        ) : null}
      </ul>
      <p class="soft">{say("It is quiet: no automation starts from it.") + looked}</p>
      {visit.mayEdit ? (
        <Form action={visit.path(`${HERE}/segment`)} class="inline">
          <input type="hidden" name="segment" value={segment} />
          <button type="submit" class="button is-main">
            {say("Bring its members in line")}
          </button>
        </Form>
      ) : null}
    </>
  );
};

interface SegmentsProps extends Pick<DriftProps, "visit" | "names"> {
  segments: readonly Word[];
  chosen: string;
  drift: Drift | null;
}

const Segments: FC<SegmentsProps> = ({ visit, segments, chosen, drift, names }) => (
  <>
    <h2 class="part">{say("Segments")}</h2>
    {segments.length === 0 ? (
      <p class="soft">{say("No segment is kept by rules.")}</p>
    ) : (
      <form method="get" action={visit.path(HERE)} class="inline">
        <ChooseField
          kind="managed_segment"
          name="segment"
          label={say("Segment")}
          required
          known={segments}
          value={chosen}
        />
        <button type="submit" class="button">
          {say("Compare with its rules")}
        </button>
      </form>
    )}
    {drift ? <SegmentDrift visit={visit} segment={chosen} drift={drift} names={names} /> : null}
  </>
);

type Courses = AnswerTo<"GET /v1/lms/drift">;

const Lms: FC<{ visit: Visit; courses: Courses | null }> = ({ visit, courses }) => {
  const lms = lmsName(visit);
  return (
    <>
      <h2 class="part">{say("Here and in {lms}", { lms })}</h2>
      {courses === null ? (
        <p class="soft">{say("There is no LMS to compare with.")}</p>
      ) : courses.data.length === 0 ? (
        <p class="soft">{say("Every course that was compared is the same on both sides.")}</p>
      ) : (
        <ul class="plain">
          {courses.data.map((one) => (
            <li>
              <a href={coursePath(visit, one.course)}>{one.name ?? one.course}</a>:{" "}
              {one.problem === null ? differenceWords(one, lms) : heard(one.problem)}
            </li>
          ))}
        </ul>
      )}
      {courses === null ? null : (
        <p class="after">
          <a class="button" href={visit.path("/lms")}>
            {say("All courses, and who is right")}
          </a>
        </p>
      )}
    </>
  );
};

const daysOf = (text: string | undefined): number => Number(/^\d{1,2}$/.test(text ?? "") ? text : 30) || 30;

async function page(c: Ctx) {
  const { visit } = c.var;
  const asked = (name: string): string => c.req.query(name)?.slice(0, 300) ?? "";
  const automation = await meantId(c, "automation", asked("automation"));
  const chosen = await meantId(c, "managed_segment", asked("segment"));
  const [automations, segments] = await Promise.all([
    knownWith(c, "automation", automation),
    knownWith(c, "managed_segment", chosen),
  ]);
  const job = asked("job") ? await visit.api.find("GET /v1/jobs/:id", { params: { id: asked("job") } }) : null;
  const drift = chosen
    ? await attempt(() => visit.api.call("GET /v1/segments/:id/drift", { params: { id: chosen } }))
    : null;
  const lms = await attempt(() => visit.api.call("GET /v1/lms/drift", { query: { differs: "true", limit: 20 } }));
  const differing = [drift?.value?.missing ?? [], drift?.value?.surplus ?? []].flatMap((ids) => ids.slice(0, NAMED));
  const names = differing.length ? await userNames(c.env, visit.school.id, differing) : new Map<string, string>();
  const found = job ? await MissedFound(c, { job, automation, start: visit.path(`${HERE}/start`) }) : null;
  return (
    <Layout
      title={say("Catch up")}
      viewer={visit.viewer}
      section="health"
      islands={job && isLive(job) ? ["progress"] : []}
    >
      <PageHead title={say("Catch up")} />
      <p class="lead">{say("What should have happened and did not. You see each before anything is done.")}</p>
      <Notice c={c} />
      <h2 class="part">{say("Automations")}</h2>
      {automations.length === 0 ? (
        <p class="soft">{say("There are no automations.")}</p>
      ) : (
        <MissedForm
          action={visit.path(`${HERE}/missed`)}
          automations={automations}
          chosen={automation}
          days={daysOf(asked("days"))}
        />
      )}
      {found}
      <Segments visit={visit} segments={segments} chosen={chosen} drift={drift?.value ?? null} names={names} />
      <RefusalNotice problem={drift?.refused} />
      <Lms visit={visit} courses={lms.value ?? null} />
      {visit.mayEdit ? null : <Banner>{say("Only editors and owners may put it right.")}</Banner>}
    </Layout>
  );
}

export const catchUpPages = new Pages();

catchUpPages.get(HERE, "viewer", async (c) => c.html(await page(c)));

catchUpPages.post(`${HERE}/missed`, "viewer", async (c) => {
  const { visit } = c.var;
  const fields = await formFieldsOf(c);
  const days = daysOf(fields.text("days"));
  const automation = await meantId(c, "automation", fields.text("automation"));
  const answer = await visit.api.call("POST /v1/automations/:id/missed", {
    params: { id: automation },
    body: { days },
  });
  const query = new URLSearchParams({ automation, days: String(days), job: answer.job_id });
  return c.redirect(`${visit.path(HERE)}?${query}`, 303);
});

catchUpPages.post(`${HERE}/start`, "editor", async (c) => {
  const { visit } = c.var;
  const fields = await formFieldsOf(c);
  const answer = await visit.api.call("POST /v1/automations/:id/missed", {
    params: { id: fields.text("automation") },
    query: { enrol: "true", count: fields.text("count") },
    body: { days: daysOf(fields.text("days")) },
  });
  return afterWrite(c, answer, visit.path(HERE));
});

catchUpPages.post(`${HERE}/segment`, "editor", async (c) => {
  const { visit } = c.var;
  const fields = await formFieldsOf(c);
  const answer = await visit.api.call("POST /v1/segments/:id/reconcile", { params: { id: fields.text("segment") } });
  return afterWrite(c, answer, visit.path(HERE));
});
