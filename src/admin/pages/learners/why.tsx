import { automationNames } from "../../../automations/find";
import { say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { Pages } from "../../page";
import { attempt, type Ctx } from "../../visit";
import { schoolWords } from "../../words/names";
import { type WhyAsked, WhyList, whyOfLearner } from "../automations/why";
import type { AskedAutomation } from "../automations/why-answer";
import { deletedAutomation } from "../automations/why-asked";
import { RefusalNotice } from "../problem";
import { called, LearnerPage, learnerOf } from "./learner-frame";

/* Why an automation ran for a learner or did not, also one that is deleted by now. */

/** As it is, or was when it was deleted; null for what never was one. */
const askedOf = async (c: Ctx, id: string): Promise<AskedAutomation | null> =>
  (await deletedAutomation(c, id)) ?? c.var.visit.api.find("GET /v1/automations/:id", { params: { id } });

export const learnerWhyPages = new Pages();

learnerWhyPages.get("/learners/:id/why", "viewer", async (c) => {
  const visit = c.var.visit;
  const learner = await learnerOf(c);
  const names = await automationNames(c.env, visit.school.id);
  const chosen = c.req.query("automation") ?? "";
  const automation = chosen === "" ? null : await askedOf(c, chosen);
  const asked = automation
    ? await attempt((): Promise<WhyAsked> => whyOfLearner(visit, automation.id, learner.id))
    : null;
  const words = await schoolWords(
    c.env,
    visit.school.id,
    automation,
    asked?.value?.told.data,
    asked?.value?.told.waiting,
  );
  const offered = [...names, ...(automation?.isDeleted ? [[automation.id, automation.name] as const] : [])];
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/why">
      {offered.length === 0 ? (
        <EmptyState title={say("No automations yet")}>
          <p>{say("There is nothing that could have run.")}</p>
        </EmptyState>
      ) : (
        <form method="get" class="filters">
          <label class="filter is-wide">
            <span>{say("Why did this run for {name}, or why not?", { name: called(learner) })}</span>
            <select name="automation">
              {offered.map(([id, name]) => (
                <option value={id} selected={id === chosen}>
                  {id === automation?.id && automation.isDeleted ? say("{name} (deleted)", { name }) : name}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="button is-main">
            {say("Ask")}
          </button>
        </form>
      )}
      <RefusalNotice problem={asked?.refused} />
      {automation?.isDeleted ? (
        <p class="soft">{say("It is deleted. What it did then is told by the versions that are kept of it.")}</p>
      ) : null}
      {automation && asked?.value ? (
        <WhyList {...asked.value} automation={automation} learner={learner} words={words} visit={visit} />
      ) : null}
    </LearnerPage>,
  );
});
