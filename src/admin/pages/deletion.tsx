import type { FC } from "hono/jsx";
import { deletedBy, deletionOf } from "../../automations/deleted";
import type { AnswerTo } from "../../http/answers";
import { Form } from "../components/form";
import { Layout, PageHead } from "../components/layout";
import { Pages } from "../page";
import { formFieldsOf, seeOther, type Visit } from "../visit";
import { automationPath } from "./automations/automation-frame";

type Automation = AnswerTo<"GET /v1/automations/:id">;

const DeletePage: FC<{ visit: Visit; automation: Automation; live: number }> = ({ visit, automation, live }) => (
  <Layout title={`Delete ${automation.name}`} viewer={visit.viewer} section="automations">
    <PageHead title={`Delete “${automation.name}”?`} />
    <div class="prose">
      <p>
        {live === 0
          ? "Nobody is under way in it."
          : `${live.toLocaleString("en")} ${live === 1 ? "learner is" : "learners are"} under way in it: their runs end, nothing more happens to them.`}{" "}
        The log of its runs stays. You can undo this for an hour; runs that have ended stay ended.
      </p>
      <Form action={`${automationPath(visit, automation.id)}/delete`} class="inline">
        <button type="submit" class="button is-danger">
          {live === 0
            ? "Delete"
            : `Delete, ${live.toLocaleString("en")} ${live === 1 ? "learner exits" : "learners exit"}`}
        </button>
        <a class="button" href={automationPath(visit, automation.id)}>
          Keep it
        </a>
      </Form>
    </div>
  </Layout>
);

const LIVE = ["queued", "running", "waiting", "held"];

/** How many learners are under way in an automation. */
async function liveCount(visit: Visit, automation: Automation): Promise<number> {
  const stats = await visit.api.find("GET /v1/automations/:id/stats", { params: { id: automation.id } });
  return stats ? LIVE.reduce((sum, status) => sum + (stats.runs[status] ?? 0), 0) : automation.waiting_count;
}

export const deletionPages = new Pages();

deletionPages.get("/automations/:id/delete", "viewer", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.call("GET /v1/automations/:id", { params: c.req.param() });
  return c.html(<DeletePage visit={visit} automation={automation} live={await liveCount(visit, automation)} />);
});

deletionPages.post("/automations/:id/delete", "editor", async (c) => {
  const { api, school } = c.var.visit;
  const id = c.req.param("id");
  await api.call("DELETE /v1/automations/:id", { params: { id } });
  const undo = await deletionOf(c.env, school.id, id);
  return seeOther(c, c.var.visit.path("/automations"), { done: "deleted", ...(undo === null ? {} : { undo }) });
});

deletionPages.post("/automations/restore", "editor", async (c) => {
  const { api, school } = c.var.visit;
  const definition = await deletedBy(c.env, school.id, (await formFieldsOf(c)).text("entry"));
  const made = await api.call("POST /v1/automations", { body: { ...definition, active: false } });
  return seeOther(c, automationPath(c.var.visit, made.id), { done: "restored" });
});
