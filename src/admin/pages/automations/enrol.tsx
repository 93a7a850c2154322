import type { Child, FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { AnswerTo } from "../../../http/answering/answers";
import { later, many, say, weave } from "../../../language/say";
import { Banner, EmptyState, Progress } from "../../components/bits";
import { Form, SelectField } from "../../components/forms/form";
import { oneLearner } from "../../components/forms/learner-filter";
import { PickField } from "../../components/forms/pick";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, formFieldsOf, type Visit } from "../../visit";
import { knownOf, meantId } from "../../words/meant";
import { countedBy } from "../jobs/counted";
import { RefusalNotice } from "../problem";
import { AutomationPage, automationPath } from "./automation-frame";

const WHOM = [
  ["users", later("These learners")],
  ["tag", later("Everybody with the tag")],
  ["segment", later("Everybody in the segment")],
  ["all", later("Everybody")],
] as const;

/** So many names are looked up; whoever has more has ids. */
const MOST_NAMES = 20;

/** Learners by their names, addresses or ids, with commas or lines between. */
async function learnersIn(visit: Visit, text: string): Promise<string[]> {
  const names = text.split(/[\n,;]+/).flatMap((one) => (one.trim() === "" ? [] : [one.trim()]));
  if (names.length > MOST_NAMES) return names;
  return Promise.all(names.map((name) => oneLearner(visit, name)));
}

async function bodyOf(c: Ctx, whom: string, value: string): Promise<Record<string, unknown>> {
  if (whom === "all") return { all: true };
  if (whom === "users") return { users: await learnersIn(c.var.visit, value) };
  return whom === "tag" ? { tag: value } : { segment: await meantId(c, "segment", value) };
}

const EnrolForm: FC<{
  action: string;
  whom: string;
  value: string;
  /** Tags and segments. */
  known: readonly Word[];
  /** Null: it is not known yet. */
  count: number | null;
  /** What the job says that counted them, where they are many. */
  children?: Child;
}> = ({ action, whom, value, known, count, children }) => (
  <>
    <form method="get" action={action} class="form">
      <SelectField
        name="whom"
        label={say("For")}
        value={whom}
        options={WHOM.map(([kind, called]) => [kind, say(called)] as const)}
      />
      <PickField
        name="value"
        kind="tag segment"
        label={say("Which")}
        known={known}
        value={value}
        optional
        hint={say("Names, email addresses or ids of learners, with commas between; or a tag, or a segment.")}
      />
      <button type="submit" class="button">
        {say("Count the learners")}
      </button>
    </form>
    {children}
    {count === null ? null : count === 0 ? (
      <EmptyState title={say("Nobody")}>
        <p>{say("No learner matches that.")}</p>
      </EmptyState>
    ) : (
      <Form action={action} class="inline after">
        <input type="hidden" name="whom" value={whom} />
        <input type="hidden" name="value" value={value} />
        <button type="submit" class="button is-main">
          {many(count, "Start it for {n} learner now", "Start it for {n} learners now")}
        </button>
        <span class="hint">{say("“Only if” and re-entry hold for each of them.")}</span>
      </Form>
    )}
  </>
);

type Job = AnswerTo<"GET /v1/jobs/:id">;

const isLive = ({ status }: Job): boolean => status === "queued" || status === "running";

/** What a job that counts learners says so far; nothing where none was asked for. */
async function Counting(c: Ctx, job: Job | null) {
  if (!job) return null;
  if (isLive(job))
    return (
      <div id="job" data-job={job.id}>
        <Progress label={say("Counting the learners")} done={job.done} total={job.total} isLive />
        <noscript>
          <a href={c.req.url}>{say("See how far it is")}</a>
        </noscript>
      </div>
    );
  if (job.status !== "done") return <p class="soft">{say("It could not be found out. Ask again.")}</p>;
  return job.count ? countedBy(c, job) : null;
}

export const enrolPages = new Pages();

enrolPages.get("/automations/:id/enrol", "viewer", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  const here = `${automationPath(visit, automation.id)}/enrol`;
  const whom = c.req.query("whom") ?? "";
  const value = c.req.query("value")?.trim() ?? "";
  const counting = c.req.query("job")?.slice(0, 100) ?? "";
  const found = counting === "" ? null : await visit.api.find("GET /v1/jobs/:id", { params: { id: counting } });
  const job = found?.about?.id === automation.id && found.count !== undefined ? found : null;
  const asked =
    whom === "" || job
      ? null
      : await attempt(async () =>
          visit.api.call("POST /v1/automations/:id/enrol", {
            params: c.req.param(),
            body: { ...(await bodyOf(c, whom, value)), dry_run: true },
          }),
        );
  // Many are counted by a job. The page that shows it asks for no other, however often it is looked at.
  if (asked?.value && "job_id" in asked.value)
    return c.redirect(`${here}?${new URLSearchParams({ whom, value, job: asked.value.job_id })}`, 303);
  const known = (await Promise.all([knownOf(c, "tag"), knownOf(c, "segment")])).flat();
  const count = job ? (job.status === "done" ? (job.count ?? 0) : null) : (asked?.value?.count ?? null);
  return c.html(
    <AutomationPage
      c={c}
      visit={visit}
      automation={automation}
      tab="/enrol"
      islands={job && isLive(job) ? ["progress"] : []}
    >
      <p class="soft">
        {weave(
          "An automation sees what happens from the moment it is on. Here it is started for learners who are there already. For those for whom it should have run and did not there is {way}.",
          {
            way: (
              <a href={visit.path(`/catch-up?automation=${encodeURIComponent(automation.id)}`)}>{say("catching up")}</a>
            ),
          },
        )}
      </p>
      <RefusalNotice problem={asked?.refused} />
      {visit.mayEdit ? (
        <EnrolForm action={here} whom={whom || "users"} value={value} known={known} count={count}>
          {await Counting(c, job)}
        </EnrolForm>
      ) : (
        <Banner>{say("Only editors and owners may start it.")}</Banner>
      )}
    </AutomationPage>,
  );
});

enrolPages.post("/automations/:id/enrol", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const started = await c.var.visit.api.call("POST /v1/automations/:id/enrol", {
    params: c.req.param(),
    body: await bodyOf(c, fields.text("whom"), fields.text("value")),
  });
  return afterWrite(c, started, automationPath(c.var.visit, c.req.param("id")));
});
