import type { Child, FC } from "hono/jsx";
import { notFound } from "../../../../base/errors/errors";
import { say } from "../../../../language/say";
import { meantLearner, WhoWasMeant } from "../../../components/forms/learner-filter";
import { Layout, PageHead } from "../../../components/frame/layout";
import { Pages } from "../../../page";
import { attempt, type Ctx, type Visit } from "../../../visit";
import { schoolWords } from "../../../words/names";
import { RefusalNotice } from "../../problem";
import { AutomationPage, automationPath } from "../automation-frame";
import type { AskedAutomation } from "./answer";
import { deletedAutomation } from "./asked";
import { type WhyAsked, WhyForm, WhyList, whyOfLearner } from "./why";

/* Why an automation ran for a learner or did not, asked from its own page; of one that is deleted no other is left. */

export const whyPages = new Pages();

/** The head of one that is gone: nothing of it can be looked at or changed. */
const DeletedPage: FC<{ visit: Visit; name: string; children?: Child }> = ({ visit, name, children }) => (
  <Layout title={say("{name} (deleted)", { name })} viewer={visit.viewer} section="automations">
    <PageHead title={say("{name} (deleted)", { name })} />
    <p class="soft">{say("It is deleted. What it did then is told by the versions that are kept of it.")}</p>
    {children}
  </Layout>
);

async function answerOf(c: Ctx, automation: AskedAutomation) {
  const { visit } = c.var;
  const action = `${automationPath(visit, automation.id)}/why`;
  const typed = c.req.query("user")?.trim().slice(0, 300) ?? "";
  const meant = await meantLearner(visit, typed);
  const user = meant.id ?? "";
  const asked = user === "" ? null : await attempt((): Promise<WhyAsked> => whyOfLearner(visit, automation.id, user));
  const [words, learner] = await Promise.all([
    schoolWords(c.env, visit.school.id, automation, asked?.value?.told.data, asked?.value?.told.waiting),
    asked?.value ? visit.api.find("GET /v1/users/:id", { params: { id: user } }) : null,
  ]);
  return (
    <>
      <p class="soft">
        {say("Why did it run for a learner, or why not? See what decided, for each of their recent events.")}
      </p>
      <WhyForm action={action} user={typed} />
      <WhoWasMeant typed={typed} meant={meant} at={action} filters={{}} />
      {asked === null ? null : asked.refused ? (
        <RefusalNotice problem={asked.refused} />
      ) : learner ? (
        <WhyList {...asked.value} automation={automation} learner={learner} words={words} visit={visit} />
      ) : null}
    </>
  );
}

whyPages.get("/automations/:id/why", "viewer", async (c) => {
  const { visit } = c.var;
  const params = c.req.param();
  const there = await visit.api.find("GET /v1/automations/:id", { params });
  if (there)
    return c.html(
      <AutomationPage c={c} visit={visit} automation={there} tab="/why">
        {await answerOf(c, there)}
      </AutomationPage>,
    );
  const gone = await deletedAutomation(c, params.id);
  if (!gone) throw notFound("automation");
  return c.html(
    <DeletedPage visit={visit} name={gone.name}>
      {await answerOf(c, gone)}
    </DeletedPage>,
  );
});
