import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/pickers";
import { MOST_COUNTED } from "../../../base/counted";
import { later, many, say, weave } from "../../../language/say";
import { Banner, EmptyState } from "../../components/bits";
import { Form, SelectField } from "../../components/form";
import { oneLearner } from "../../components/learner-filter";
import { PickField } from "../../components/pick";
import { Pages } from "../../page";
import { afterWrite, attempt, type Ctx, formFieldsOf, type Visit } from "../../visit";
import { knownOf, meantId } from "../../words/meant";
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

/** @param count null: not asked yet; "many": a job counts them */
const EnrolForm: FC<{
  action: string;
  whom: string;
  value: string;
  /** Tags and segments. */
  known: readonly Word[];
  count: number | "many" | null;
}> = ({ action, whom, value, known, count }) => (
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
    {count === null ? null : count === 0 ? (
      <EmptyState title={say("Nobody")}>
        <p>{say("No learner matches that.")}</p>
      </EmptyState>
    ) : (
      <Form action={action} class="inline after">
        <input type="hidden" name="whom" value={whom} />
        <input type="hidden" name="value" value={value} />
        <button type="submit" class="button is-main">
          {count === "many"
            ? say("Start it for more than {n} learners now", { n: MOST_COUNTED })
            : many(count, "Start it for {n} learner now", "Start it for {n} learners now")}
        </button>
        <span class="hint">{say("“Only if” and re-entry hold for each of them.")}</span>
      </Form>
    )}
  </>
);

export const enrolPages = new Pages();

enrolPages.get("/automations/:id/enrol", "viewer", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  const whom = c.req.query("whom") ?? "";
  const value = c.req.query("value")?.trim() ?? "";
  const asked =
    whom === ""
      ? null
      : await attempt(async () =>
          visit.api.call("POST /v1/automations/:id/enrol", {
            params: c.req.param(),
            body: { ...(await bodyOf(c, whom, value)), dry_run: true },
          }),
        );
  const known = (await Promise.all([knownOf(c, "tag"), knownOf(c, "segment")])).flat();
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/enrol">
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
        <EnrolForm
          action={`${automationPath(visit, automation.id)}/enrol`}
          whom={whom || "users"}
          value={value}
          known={known}
          count={asked?.value ? (asked.value.count ?? "many") : null}
        />
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
