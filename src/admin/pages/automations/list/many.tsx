import type { FC } from "hono/jsx";
import { automationNames } from "../../../../automations/find";
import type { AnswerTo } from "../../../../http/answering/answers";
import { many, say } from "../../../../language/say";
import { Banner } from "../../../components/bits";
import { Form } from "../../../components/forms/form";
import { Layout, PageHead } from "../../../components/frame/layout";
import { Pages } from "../../../page";
import { formFieldsOf, seeOther, type Visit } from "../../../visit";
import { faultText } from "../../../words/sentences/faults";
import { countText, FOLLOWS, HELD_FIRST } from "../../deletion-told";
import { askFirst } from "../switching-on";
import { backToAutomations } from "./automations";

/* One thing done to the automations that are ticked in a list. Deleted ones can be had back for an hour. */

const HOLD = "PT1H";
const DONE: Readonly<Record<string, string>> = { restore: "many_restored", delete: "many_deleted" };

type Result = AnswerTo<"POST /v1/automations/bulk">["results"][number];
type Refused = Extract<Result, { ok: false }>;

/** Why each of some was left as it was. */
async function reasonsOf(
  visit: Visit,
  verb: string,
  refused: readonly Refused[],
): Promise<[id: string, why: string][]> {
  return Promise.all(
    refused.map(async ({ id, error }): Promise<[string, string]> => {
      const now = await visit.api.find("GET /v1/automations/:id", { params: { id } });
      if (!now) return [id, say("Somebody has deleted it meanwhile.")];
      const isHeld = now.delete_at !== undefined && verb !== "restore";
      return [id, isHeld ? say("It is being deleted: undo that first, below the list.") : faultText(error)];
    }),
  );
}

type Held = Extract<Result, { ok: true }>;

interface AskProps {
  visit: Visit;
  back: string;
  held: readonly Held[];
  names: ReadonlyMap<string, string>;
}

/** Before some are deleted: what follows of each, in figures. */
const AskPage: FC<AskProps> = ({ visit, back, held, names }) => {
  const title = many(held.length, "Delete {n} automation?", "Delete {n} automations?");
  return (
    <Layout title={title} viewer={visit.viewer} section="automations">
      <PageHead title={title} />
      <div class="prose">
        <ul>
          {held.map(({ id, deletes }) => (
            <li>
              <b>{names.get(id) ?? say("a deleted automation")}</b>
              {deletes ? `: ${FOLLOWS.automation(deletes, countText(deletes, "users"))}` : null}
            </li>
          ))}
        </ul>
        <p class="soft">{say(HELD_FIRST)}</p>
        <Form action={visit.path("/automations/many")} class="inline">
          {held.map(({ id }) => (
            <input type="hidden" name="id" value={id} />
          ))}
          <input type="hidden" name="do" value="delete" />
          <input type="hidden" name="asked" value="yes" />
          <input type="hidden" name="back" value={back} />
          <button type="submit" class="button is-danger">
            {say("Delete")}
          </button>
          <a class="button" href={back}>
            {say("Keep them")}
          </a>
        </Form>
      </div>
    </Layout>
  );
};

/** What would follow, of those that can be deleted. */
async function wouldDelete(visit: Visit, ids: readonly string[]): Promise<Held[]> {
  const body = { ids, do: "delete", hold: HOLD };
  const { results } = await visit.api.call("POST /v1/automations/bulk", { body, query: { dry_run: true } });
  return results.flatMap((one) => (one.ok ? [one] : []));
}

interface RestProps {
  visit: Visit;
  back: string;
  done: number;
  reasons: readonly (readonly [id: string, why: string])[];
  names: ReadonlyMap<string, string>;
}

/** Which were left as they were, and why. */
const RestPage: FC<RestProps> = ({ visit, back, done, reasons, names }) => (
  <Layout title={say("Done, but not for all")} viewer={visit.viewer} section="automations">
    <PageHead title={say("Done, but not for all")} />
    <Banner tone="warning">
      <div>
        <p>{say("It was done for {n} of {all}. These are as they were:", { n: done, all: done + reasons.length })}</p>
        <ul class="plain">
          {reasons.map(([id, why]) => (
            <li>
              <b>{names.get(id) ?? say("a deleted automation")}</b>: {why}
            </li>
          ))}
        </ul>
      </div>
    </Banner>
    <p class="after">
      <a class="button" href={back}>
        {say("Back to the list")}
      </a>
    </p>
  </Layout>
);

export const manyPages = new Pages();

manyPages.post("/automations/many", "editor", async (c) => {
  const visit = c.var.visit;
  const fields = await formFieldsOf(c);
  const back = backToAutomations(visit, fields.text("back"), visit.path("/automations"));
  const ids = fields.list("id");
  const verb = fields.text("do");
  if (!ids.length) return seeOther(c, back, { done: "none_picked" });
  if ((verb === "label" || verb === "unlabel") && !fields.text("label").trim())
    return seeOther(c, back, { done: "no_label" });
  const asked =
    verb === "activate" && !fields.has("asked") ? await askFirst(visit, ids, { back: fields.text("back") }) : null;
  if (asked !== null) return seeOther(c, asked);
  if (verb === "delete" && !fields.has("asked")) {
    const held = await wouldDelete(visit, ids);
    const names = await automationNames(c.env, visit.school.id, ids);
    if (held.length) return c.html(<AskPage {...{ visit, back, held, names }} />);
  }
  const body = {
    ...{ ids, do: verb },
    ...(verb === "label" || verb === "unlabel" ? { label: fields.text("label") } : {}),
    ...(verb === "delete" ? { hold: HOLD } : {}),
  };
  const { results } = await visit.api.call("POST /v1/automations/bulk", { body });
  const refused = results.flatMap((one) => (one.ok ? [] : [one]));
  if (!refused.length) return seeOther(c, back, { done: DONE[verb] ?? "many" });
  const [reasons, names] = await Promise.all([
    reasonsOf(visit, verb, refused),
    automationNames(
      c.env,
      visit.school.id,
      refused.map(({ id }) => id),
    ),
  ]);
  const done = results.length - refused.length;
  return c.html(<RestPage {...{ visit, back, done, reasons, names }} />);
});
