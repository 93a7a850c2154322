import type { FC } from "hono/jsx";
import { type Already, alreadyThere } from "../../../automations/enrol/already";
import { MOST_COUNTED } from "../../../base/counted";
import { actions } from "../../../catalogue";
import { lanesOf } from "../../../catalogue/steps";
import { allSteps } from "../../../definition/walk";
import type { AnswerTo } from "../../../http/answering/answers";
import { heard } from "../../../language/heard";
import { figure, later, many, say, type Text, weave } from "../../../language/say";
import { Banner } from "../../components/bits";
import { ActionButton, Form } from "../../components/forms/form";
import { Layout, PageHead } from "../../components/frame/layout";
import { Pages } from "../../page";
import { type Ctx, seeOther, type Visit } from "../../visit";
import type { Names } from "../../words/sentences/sentence";
import { automationPath } from "./automation-frame";

/*
 * Switching on: what to know before, and a question where what would be sent has no way out. The API does not ask: whoever
 * calls it has been warned of it in the automation.
 */

type Automation = AnswerTo<"GET /v1/automations/:id">;

const notSent = ({ warnings }: Automation) => warnings.filter(({ code }) => code === "not_sent");

interface Meant {
  back: string;
  /** Whether it is to start for those for whom what starts it is so already. */
  start?: boolean;
}

/** The question that comes before some automations are switched on; null: there is none. */
export async function askFirst(
  visit: Visit,
  ids: readonly string[],
  { back, start = false }: Meant,
): Promise<string | null> {
  if (visit.school.mode === "test") return null;
  const all = await Promise.all(ids.map((id) => visit.api.find("GET /v1/automations/:id", { params: { id } })));
  if (!all.some((one) => one && !one.active && notSent(one).length)) return null;
  return visit.path(
    `/switch-on?${new URLSearchParams([...ids.map((id) => ["id", id]), ["back", back], ...(start ? [["start", "yes"]] : [])])}`,
  );
}

/** Starts an automation for those for whom what starts it is so already. @returns where that is shown */
export async function startForAlready(c: Ctx, id: string): Promise<string> {
  const { visit } = c.var;
  const automation = await visit.api.call("GET /v1/automations/:id", { params: { id } });
  const already = await alreadyThere(c.env, visit.school.id, automation);
  if (!already) return automationPath(visit, id);
  const started = await visit.api.call("POST /v1/automations/:id/enrol", {
    params: { id },
    body: { [already.kind]: already.value },
  });
  return "job_id" in started && typeof started.job_id === "string"
    ? visit.path(`/jobs/${encodeURIComponent(started.job_id)}`)
    : automationPath(visit, id);
}

const ALREADY = {
  course: [
    later("{n} learner is enrolled in {name} already. It starts for that one only if you say so."),
    later("{n} learners are enrolled in {name} already. It starts for them only if you say so."),
  ],
  tag: [
    later("{n} learner has the tag {name} already. It starts for that one only if you say so."),
    later("{n} learners have the tag {name} already. It starts for them only if you say so."),
  ],
  segment: [
    later("{n} learner is in the segment {name} already. It starts for that one only if you say so."),
    later("{n} learners are in the segment {name} already. It starts for them only if you say so."),
  ],
} as const satisfies Record<Already["kind"], readonly [one: Text, several: Text]>;

const howMany = (count: number): string =>
  count > MOST_COUNTED ? say("More than {n}", { n: MOST_COUNTED }) : figure(count);

/** Whether something of it leaves at all, and whether it can. */
const Sending: FC<{ automation: Automation; visit: Visit }> = ({ automation, visit }) => {
  if (!allSteps(automation.then, lanesOf).some(({ type }) => actions.get(type)?.sends !== undefined)) return null;
  if (visit.school.mode === "test")
    return <li>{say("○ This is a test school: what it sends is kept, and reaches nobody.")}</li>;
  const [first] = notSent(automation);
  return first ? (
    <li class="warned">
      ⚠ {heard(first.message)} <a href={visit.path("/settings/connectors")}>{say("Set it up")}</a>
    </li>
  ) : (
    <li>{say("✓ What it sends has a way out.")}</li>
  );
};

/** What to know of an automation that is off before it is switched on, and the ways to do that. */
export const Checklist: FC<{ automation: Automation; already: Already | null; names: Names; visit: Visit }> = ({
  automation,
  already,
  names,
  visit,
}) => {
  const others = automation.warnings.filter(({ code }) => code !== "not_sent").length;
  const to = `${automationPath(visit, automation.id)}/active`;
  const fields = { active: "true", back: automationPath(visit, automation.id) };
  return (
    <section class="panel-box checklist" aria-labelledby="checklist">
      <h2 id="checklist">{say("Before you switch it on")}</h2>
      <ul class="plain">
        <Sending automation={automation} visit={visit} />
        {others ? (
          <li class="warned">
            ⚠ {many(others, "One thing needs a look: see above.", "{n} things need a look: see above.")}
          </li>
        ) : (
          <li>{say("✓ Nothing stands in its way.")}</li>
        )}
        {already ? (
          <li>
            ○{" "}
            {weave(ALREADY[already.kind][already.count === 1 ? 0 : 1], {
              n: howMany(already.count),
              name: <em>{names[already.kind]?.[already.value] ?? already.value}</em>,
            })}
          </li>
        ) : null}
      </ul>
      <div class="inline">
        <ActionButton action={to} fields={fields} tone="main">
          {say("Switch on")}
        </ActionButton>
        {already ? (
          <ActionButton action={to} fields={{ ...fields, start: "yes" }}>
            {already.count === 1
              ? say("Switch on, and start it for that learner")
              : say("Switch on, and start it for them")}
          </ActionButton>
        ) : null}
        <a class="button is-quiet" href={`${automationPath(visit, automation.id)}/edit`}>
          {say("Try it first")}
        </a>
      </div>
    </section>
  );
};

export const switchingOnPages = new Pages();

switchingOnPages.get("/switch-on", "editor", async (c) => {
  const { visit } = c.var;
  const ids = c.req.queries("id") ?? [];
  const back = c.req.query("back") ?? "";
  const starts = c.req.query("start") === "yes" ? { start: "yes" } : {};
  const found = await Promise.all(ids.map((id) => visit.api.find("GET /v1/automations/:id", { params: { id } })));
  const meant = found.flatMap((one) => one ?? []);
  const [first] = meant;
  const messages = [...new Set(meant.flatMap((one) => notSent(one).map(({ message }) => heard(message))))];
  // Nothing to ask, as in a test school, whose mail is kept anyway: there it is looked at, and switched on.
  if (!messages.length)
    return seeOther(c, meant.length === 1 && first ? automationPath(visit, first.id) : visit.path("/automations"));
  return c.html(
    <Layout title={say("Switch on")} viewer={visit.viewer} section="automations">
      <PageHead title={say("Switch on all the same?")} />
      <Banner tone="warning">
        <ul class="plain">
          {messages.map((message) => (
            <li>⚠ {message}</li>
          ))}
        </ul>
      </Banner>
      <p>{say("This school is live. Once it is switched on, nobody gets what these send until that is set up:")}</p>
      <ul>
        {meant.map((one) => (
          <li>
            <a href={automationPath(visit, one.id)}>{one.name}</a>
            {notSent(one).length ? "" : ` ${say("(nothing it sends is affected)")}`}
          </li>
        ))}
      </ul>
      {"start" in starts ? (
        <p>{say("It starts at once for the learners for whom it is so already: what it sends them is kept, too.")}</p>
      ) : null}
      <p class="soft">{say("What is kept meanwhile can be sent afterwards, if you ask for it.")}</p>
      <div class="inline after">
        <a class="button is-main" href={visit.path("/settings/connectors")}>
          {say("Set it up first")}
        </a>
        {meant.length === 1 && first ? (
          <ActionButton
            action={`${automationPath(visit, first.id)}/active`}
            fields={{ active: "true", asked: "yes", back, ...starts }}
          >
            {say("Switch on all the same")}
          </ActionButton>
        ) : (
          <Form action={visit.path("/automations/many")}>
            {meant.map((one) => (
              <input type="hidden" name="id" value={one.id} />
            ))}
            <input type="hidden" name="do" value="activate" />
            <input type="hidden" name="asked" value="yes" />
            <input type="hidden" name="back" value={back} />
            <button type="submit" class="button">
              {say("Switch on all the same")}
            </button>
          </Form>
        )}
        <a class="button is-quiet" href={visit.path("/automations")}>
          {say("Leave it off")}
        </a>
      </div>
    </Layout>,
  );
});
