import { Pages } from "../../page";
import { formFieldsOf, seeOther } from "../../visit";
import { backTo } from "./automations";
import { askFirst } from "./switching-on";

/* One thing done to the automations that are ticked in a list. Deleted ones can be had back for an hour. */

const HOLD = "PT1H";

export const manyPages = new Pages();

manyPages.post("/automations/many", "editor", async (c) => {
  const visit = c.var.visit;
  const fields = await formFieldsOf(c);
  const back = backTo(visit, fields.text("back"), visit.path("/automations"));
  const ids = fields.list("id");
  const verb = fields.text("do");
  if (!ids.length) return seeOther(c, back, { done: "none_picked" });
  const asked = verb === "activate" && !fields.has("asked") ? await askFirst(visit, ids, fields.text("back")) : null;
  if (asked !== null) return seeOther(c, asked);
  const body = {
    ...{ ids, do: verb },
    ...(verb === "label" || verb === "unlabel" ? { label: fields.text("label") } : {}),
    ...(verb === "delete" ? { hold: HOLD } : {}),
  };
  const { results } = await visit.api.call("POST /v1/automations/bulk", { body });
  return seeOther(c, back, { done: results.every(({ ok }) => ok) ? "many" : "many_but_some" });
});
