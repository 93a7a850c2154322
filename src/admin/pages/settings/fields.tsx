import { Hono } from "hono";
import type { Problem } from "../../../errors";
import { EmptyState } from "../../components/bits";
import { ActionButton, FormField, SelectField, TextField } from "../../components/form";
import { Table } from "../../components/table";
import type { ProfileField } from "../../documents";
import { Refusal } from "../../problem";
import { type AdminEnv, attempt, type Ctx, faultAt, fieldsOf, type Html, seeOther } from "../../visit";
import { Settings } from "./frame";

const TYPES = ["text", "number", "date", "boolean", "choice"] as const;

async function fieldsPage(
  c: Ctx,
  refused: Problem | null = null,
  values: Readonly<Record<string, string>> = {},
): Promise<Html> {
  const visit = c.var.visit;
  const fields = await visit.api.all<ProfileField>("/profile-fields");
  return (
    <Settings c={c} title="Profile fields" here="/admin/settings/fields">
      {fields.length === 0 ? (
        <EmptyState title="No fields declared">
          <p>
            A declared field, such as department, has a kind that its values are checked by, and segment rules may name
            it. Undeclared ones may be sent all the same.
          </p>
        </EmptyState>
      ) : (
        <Table
          caption="Profile fields"
          rows={fields}
          keyOf={(one) => one.key}
          columns={[
            { head: "Name", names: true, cell: (one) => one.name },
            { head: "Key", cell: (one) => <code>{one.key}</code> },
            {
              head: "Kind",
              cell: (one) => (one.choices?.length ? `${one.type}: ${one.choices.join(", ")}` : one.type),
            },
            ...(visit.mayEdit
              ? [
                  {
                    head: "Actions",
                    cell: (one: ProfileField) => (
                      <ActionButton
                        small
                        action={`/admin/settings/fields/${encodeURIComponent(one.key)}/delete`}
                        tone="danger"
                      >
                        Delete; learners keep their values<span class="sr-only"> of {one.name}</span>
                      </ActionButton>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {visit.mayEdit ? (
        <>
          <h2 class="part">New field</h2>
          <Refusal problem={refused} />
          <form method="post" action="/admin/settings/fields" class="form">
            <TextField name="name" label="Name" required value={values.name ?? ""} fault={faultAt(refused, "/name")} />
            <TextField
              name="key"
              label="Key"
              required
              value={values.key ?? ""}
              hint="As the LMS sends it: fields.<key>. It does not change."
              fault={faultAt(refused, "/key")}
            />
            <SelectField
              name="type"
              label="Kind"
              value={values.type ?? "text"}
              options={TYPES.map((one) => [one, one] as const)}
            />
            <FormField
              id="f-choices"
              label="Choices"
              optional
              hint="For the kind choice: one a line."
              fault={faultAt(refused, "/choices")}
            >
              <textarea id="f-choices" name="choices" rows={3} aria-describedby="f-choices-says">
                {values.choices ?? ""}
              </textarea>
            </FormField>
            <button type="submit" class="button is-main">
              Declare the field
            </button>
          </form>
        </>
      ) : null}
    </Settings>
  );
}

export const settingsFieldsPages = new Hono<AdminEnv>();

settingsFieldsPages.get("/settings/fields", async (c) => c.html(await fieldsPage(c)));

settingsFieldsPages.post("/settings/fields", async (c) => {
  const fields = await fieldsOf(c);
  const values = Object.fromEntries(["name", "key", "type", "choices"].map((name) => [name, fields.text(name)]));
  const choices = (values.choices ?? "").split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const { refused } = await attempt(() =>
    c.var.visit.api.send("POST", "/profile-fields", {
      name: values.name,
      key: values.key,
      type: values.type,
      ...(choices.length ? { choices } : {}),
    }),
  );
  return refused
    ? c.html(await fieldsPage(c, refused, values), refused.status)
    : seeOther(c, "/admin/settings/fields", { done: "added" });
});

settingsFieldsPages.post("/settings/fields/:key/delete", async (c) => {
  await c.var.visit.api.send("DELETE", `/profile-fields/${encodeURIComponent(c.req.param("key"))}`);
  return seeOther(c, "/admin/settings/fields", { done: "removed" });
});
