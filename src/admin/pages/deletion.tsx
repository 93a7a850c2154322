import { and, desc, eq } from "drizzle-orm";
import type { FC } from "hono/jsx";
import { z } from "zod";
import { Problem } from "../../base/errors";
import { readJson } from "../../base/json";
import { database } from "../../db/client";
import { audit } from "../../db/schema";
import { Layout, PageHead } from "../components/layout";
import type { Automation, Stats } from "../documents";
import { Pages } from "../page";
import { fieldsOf, seeOther, type Visit } from "../visit";
import { automationPath } from "./automations/automation-frame";

/** How long there is a way back. */
const UNDO_MS = 3_600_000;

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
      <form method="post" action={`${automationPath(automation.id)}/delete`} class="inline">
        <button type="submit" class="button is-danger">
          {live === 0
            ? "Delete"
            : `Delete, ${live.toLocaleString("en")} ${live === 1 ? "learner exits" : "learners exit"}`}
        </button>
        <a class="button" href={automationPath(automation.id)}>
          Keep it
        </a>
      </form>
    </div>
  </Layout>
);

const LIVE = ["queued", "running", "waiting", "held"];

/** How many learners are under way in an automation. */
async function liveCount(visit: Visit, automation: Automation): Promise<number> {
  const stats = await visit.api.find<Stats>(`/automations/${encodeURIComponent(automation.id)}/stats`);
  return stats ? LIVE.reduce((sum, status) => sum + (stats.runs[status] ?? 0), 0) : automation.waiting_count;
}

export const deletionPages = new Pages();

deletionPages.get("/automations/:id/delete", "viewer", async (c) => {
  const visit = c.var.visit;
  const automation = await visit.api.get<Automation>(`/automations/${encodeURIComponent(c.req.param("id"))}`);
  return c.html(<DeletePage visit={visit} automation={automation} live={await liveCount(visit, automation)} />);
});

deletionPages.post("/automations/:id/delete", "editor", async (c) => {
  const { api, school } = c.var.visit;
  const id = c.req.param("id");
  await api.send("DELETE", `/automations/${encodeURIComponent(id)}`);
  const entry = await database(c.env.DB)
    .select({ id: audit.id })
    .from(audit)
    .where(and(eq(audit.school, school.id), eq(audit.subject, id), eq(audit.what, "automation.deleted")))
    .orderBy(desc(audit.id))
    .get();
  return seeOther(c, "/admin/automations", { done: "deleted", ...(entry ? { undo: entry.id } : {}) });
});

/** A definition as the audit log keeps one. */
const kept = z.record(z.string(), z.unknown());

deletionPages.post("/automations/restore", "editor", async (c) => {
  const { api, school } = c.var.visit;
  const entry = (await fieldsOf(c)).text("entry");
  const row = await database(c.env.DB)
    .select({ before: audit.before, at: audit.at, what: audit.what })
    .from(audit)
    .where(and(eq(audit.school, school.id), eq(audit.id, entry)))
    .get();
  if (row?.what !== "automation.deleted" || row.before === null)
    throw new Problem("not_found", "There is nothing to restore.");
  if (Date.now() - row.at > UNDO_MS)
    throw new Problem("conflict", "That was more than an hour ago. Its definition still stands in the audit log.");
  const made = await api.send<Automation>("POST", "/automations", { ...readJson(kept, row.before), active: false });
  return seeOther(c, automationPath(made.id), { done: "restored" });
});
