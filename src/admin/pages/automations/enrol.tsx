import type { FC } from "hono/jsx";
import { Banner, EmptyState } from "../../components/bits";
import { Form, SelectField, TextField } from "../../components/form";
import { Pages } from "../../page";
import { afterWrite, attempt, formFieldsOf } from "../../visit";
import { RefusalNotice } from "../problem";
import { AutomationPage, automationPath } from "./automation-frame";

const WHOM: readonly (readonly [string, string])[] = [
  ["users", "These learners, by id"],
  ["tag", "Everybody with the tag"],
  ["segment", "Everybody in the segment (its id)"],
  ["all", "Everybody"],
];

const bodyOf = (whom: string, value: string): Record<string, unknown> =>
  whom === "all"
    ? { all: true }
    : whom === "users"
      ? { users: value.split(/[\s,]+/).filter(Boolean) }
      : { [whom === "tag" ? "tag" : "segment"]: value };

/** @param count null: not asked yet; "many": a job counts them */
const EnrolForm: FC<{ action: string; whom: string; value: string; count: number | "many" | null }> = ({
  action,
  whom,
  value,
  count,
}) => (
  <>
    <form method="get" action={action} class="form">
      <SelectField name="whom" label="Whom" value={whom} options={WHOM} />
      <TextField
        name="value"
        label="Ids, tag or segment"
        value={value}
        optional
        hint="Several ids with blanks or commas."
      />
      <button type="submit" class="button">
        How many would that be?
      </button>
    </form>
    {count === null ? null : count === 0 ? (
      <EmptyState title="Nobody">
        <p>No learner matches that.</p>
      </EmptyState>
    ) : (
      <Form action={action} class="inline after">
        <input type="hidden" name="whom" value={whom} />
        <input type="hidden" name="value" value={value} />
        <button type="submit" class="button is-main">
          {count === "many"
            ? "Start it for more than 1,000 learners now"
            : `Start it for ${count.toLocaleString("en")} ${count === 1 ? "learner" : "learners"} now`}
        </button>
        <span class="hint">“Only if” and re-entry hold for each of them.</span>
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
      : await attempt(() =>
          visit.api.call("POST /v1/automations/:id/enrol", {
            params: c.req.param(),
            body: { ...bodyOf(whom, value), dry_run: true },
          }),
        );
  return c.html(
    <AutomationPage c={c} visit={visit} automation={automation} tab="/enrol">
      <p class="soft">
        An automation sees what happens from the moment it is on. Here it is started for learners who are there already.
      </p>
      <RefusalNotice problem={asked?.refused} />
      {visit.mayEdit ? (
        <EnrolForm
          action={`${automationPath(visit, automation.id)}/enrol`}
          whom={whom || "users"}
          value={value}
          count={asked?.value ? (asked.value.count ?? "many") : null}
        />
      ) : (
        <Banner>Only editors and owners may start it.</Banner>
      )}
    </AutomationPage>,
  );
});

enrolPages.post("/automations/:id/enrol", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const started = await c.var.visit.api.call("POST /v1/automations/:id/enrol", {
    params: c.req.param(),
    body: bodyOf(fields.text("whom"), fields.text("value")),
  });
  return afterWrite(c, started, automationPath(c.var.visit, c.req.param("id")));
});
