import type { FC } from "hono/jsx";
import Papa from "papaparse";
import { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { later, say } from "../../../language/say";
import { Form, FormField, SelectField } from "../../components/forms/form";
import { Pages } from "../../page";
import { afterWrite, formFieldsOf, type Visit } from "../../visit";
import { segmentPath } from "./segments";

/* Many members at once, as somebody has them in a list. */

type Segment = AnswerTo<"GET /v1/segments/:id">;

const BY = [
  ["email", later("email addresses")],
  ["user", later("ids")],
  ["username", later("usernames")],
] as const;

const ACTIONS = [
  ["add", later("are put into the segment")],
  ["remove", later("are taken out")],
] as const;

export const ManyMembers: FC<{ visit: Visit; segment: Segment }> = ({ visit, segment }) => (
  <details>
    <summary>{say("Many at once…")}</summary>
    <Form action={`${segmentPath(visit, segment.id)}/members/many`} class="form">
      <FormField
        id="f-many"
        label={say("Learners")}
        hint={say("One a line. Who is not found is reported by the line; the first is line 2.")}
      >
        <textarea id="f-many" name="many" rows={6} required aria-describedby="f-many-says" />
      </FormField>
      <SelectField name="by" label={say("These are their")} options={BY.map(([by, label]) => [by, say(label)])} />
      <SelectField name="action" label={say("They")} options={ACTIONS.map(([action, label]) => [action, say(label)])} />
      <button type="submit" class="button is-main">
        {say("Do it")}
      </button>
    </Form>
  </details>
);

/** The list as the import of members reads it: line for line. */
function fileOf(many: string, by: string, segment: string, action: string): string {
  const lines = many.split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) throw new Problem("invalid", "Write one learner a line.");
  return Papa.unparse([[by, "segment", "action"], ...lines.map((name) => [name, segment, action])]);
}

export const manyMembersPages = new Pages();

manyMembersPages.post("/segments/:id/members/many", "editor", async (c) => {
  const fields = await formFieldsOf(c);
  const { api } = c.var.visit;
  const segment = await api.call("GET /v1/segments/:id", { params: c.req.param() });
  const body = fileOf(fields.raw("many"), fields.text("by"), segment.id, fields.text("action"));
  const started = await api.call("POST /v1/segments/members/import", { body, contentType: "text/csv" });
  return afterWrite(c, started, segmentPath(c.var.visit, segment.id));
});
