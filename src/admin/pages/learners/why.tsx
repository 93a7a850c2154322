import { say } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { ChooseField } from "../../components/forms/pick";
import { Pages } from "../../page";
import { attempt, type Ctx } from "../../visit";
import { knownWith, meantId } from "../../words/meant";
import { schoolWords } from "../../words/names";
import type { AskedAutomation } from "../automations/why/answer";
import { deletedAutomation } from "../automations/why/asked";
import { type WhyAsked, WhyList, whyOfLearner } from "../automations/why/why";
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
  const chosen = await meantId(c, "automation", c.req.query("automation") ?? "");
  const known = await knownWith(c, "automation", chosen);
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
  const { id, name } = automation ?? { id: "", name: "" };
  const deleted = automation?.isDeleted ? [{ value: id, label: say("{name} (deleted)", { name }) }] : [];
  const offered = [...deleted, ...known.filter(({ value }) => value !== deleted[0]?.value)];
  return c.html(
    <LearnerPage c={c} visit={visit} learner={learner} tab="/why">
      {offered.length === 0 ? (
        <EmptyState title={say("No automations yet")}>
          <p>{say("There is nothing that could have run.")}</p>
        </EmptyState>
      ) : (
        <form method="get" class="filters">
          <ChooseField
            name="automation"
            kind="automation"
            label={say("Why did this run for {name}, or why not?", { name: called(learner) })}
            required
            known={offered}
            value={chosen}
          />
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
