import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import { FIELD_TYPES } from "../../../catalogue/facts/facts";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, say, weave } from "../../../language/say";
import { EmptyState } from "../../components/bits";
import { Form, FormField, SelectField, TextField } from "../../components/forms/form";
import { HELD_SHOWN, HeldList, heldRows } from "../../components/frame/held";
import { Table } from "../../components/table";
import { Pages } from "../../page";
import {
  afterWrite,
  attempt,
  type Ctx,
  type FormFields,
  faultAt,
  formFieldsOf,
  type Html,
  seeOther,
  type Visit,
} from "../../visit";
import { RefusalNotice } from "../problem";
import { byCategory, categoriesOf } from "./categories";
import { SettingsPage } from "./frame";

type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;

const fieldPath = (visit: Visit, field: Pick<ProfileField, "key">) =>
  visit.path(`/settings/fields/${encodeURIComponent(field.key)}`);

/** What a form holds: as it was sent, or of a field that is there. */
interface Written {
  name: string;
  key: string;
  type: string;
  /** One a line. */
  choices: string;
  category: string;
}

const BLANK: Written = { name: "", key: "", type: "text", choices: "", category: "" };

const readForm = (fields: FormFields): Written => ({
  name: fields.text("name"),
  key: fields.text("key"),
  type: fields.text("type"),
  choices: fields.text("choices"),
  category: fields.text("category"),
});

const choicesOf = ({ choices }: Written): string[] =>
  choices.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));

interface FormProps {
  visit: Visit;
  /** The one that is changed; null while it is new. */
  field: ProfileField | null;
  values: Written;
  /** Categories that other fields have. */
  categories: readonly string[];
  refused: Problem | null;
}

const FieldForm: FC<FormProps> = ({ visit, field, values, categories, refused }) => (
  <>
    <RefusalNotice problem={refused} />
    <Form action={field ? fieldPath(visit, field) : visit.path("/settings/fields")} class="form">
      <TextField name="name" label={say("Name")} required value={values.name} fault={faultAt(refused, "/name")} />
      {field === null ? (
        <TextField
          name="key"
          label={say("Key")}
          required
          value={values.key}
          hint={say("As the LMS sends it: fields.<key>. It does not change.")}
          fault={faultAt(refused, "/key")}
        />
      ) : null}
      <SelectField
        name="type"
        label={say("Kind")}
        value={values.type}
        options={FIELD_TYPES.map((one) => [one, one === "list" ? say("list of texts") : inWords(one)] as const)}
        fault={faultAt(refused, "/type")}
      />
      <FormField
        id="f-choices"
        label={say("Choices")}
        optional
        hint={say("For the kind choice, and for a list of which the texts are chosen: one a line.")}
        fault={faultAt(refused, "/choices")}
      >
        <textarea
          id="f-choices"
          name="choices"
          rows={Math.min(12, Math.max(3, values.choices.split("\n").length + 1))}
          aria-describedby="f-choices-says"
        >
          {values.choices}
        </textarea>
      </FormField>
      <TextField
        name="category"
        label={say("Category")}
        optional
        value={values.category}
        hint={
          categories.length
            ? say("What it is shown under. There are: {names}.", { names: categories.join(", ") })
            : say("What it is shown under.")
        }
        fault={faultAt(refused, "/category")}
      />
      {field === null ? (
        <button type="submit" class="button is-main">
          {say("Add field")}
        </button>
      ) : (
        <>
          <p class="hint">
            {say("Values that learners have stay as they are; new ones are checked by what you save here.")}
          </p>
          <span class="inline">
            <button type="submit" class="button is-main">
              {say("Save")}
            </button>
            <a class="button" href={visit.path("/settings/fields")}>
              {say("Cancel")}
            </a>
          </span>
        </>
      )}
    </Form>
  </>
);

/** Fields of one category; null: of none. */
const FieldTable: FC<{ visit: Visit; fields: readonly ProfileField[]; category: string | null }> = ({
  visit,
  fields,
  category,
}) => (
  <>
    {category === null ? null : <h2 class="part">{category}</h2>}
    <Table
      caption={category === null ? say("Profile fields") : say("Profile fields: {category}", { category })}
      rows={fields}
      keyOf={(one) => one.key}
      columns={[
        { head: say("Name"), names: true, cell: (one) => one.name },
        { head: say("Key"), cell: (one) => <code>{one.key}</code> },
        {
          head: say("Kind"),
          cell: (one) => (one.choices?.length ? `${inWords(one.type)}: ${one.choices.join(", ")}` : inWords(one.type)),
        },
        ...(visit.mayEdit
          ? [
              {
                head: say("Actions"),
                end: true,
                cell: (one: ProfileField) => (
                  <span class="inline is-end">
                    <a class="button is-small" href={fieldPath(visit, one)}>
                      {say("Change")}
                      <span class="sr-only"> {one.name}</span>
                    </a>
                    <a class="button is-small is-danger" href={`${fieldPath(visit, one)}/delete`}>
                      {say("Delete…")}
                      <span class="sr-only"> {one.name}</span>
                    </a>
                  </span>
                ),
              },
            ]
          : []),
      ]}
    />
  </>
);

async function fieldsPage(c: Ctx, refused: Problem | null = null, values: Written = BLANK): Promise<Html> {
  const visit = c.var.visit;
  const fields = await visit.api.all("GET /v1/profile-fields");
  const deleted = await visit.api.all("GET /v1/profile-fields", { query: { deleted: true } }, HELD_SHOWN);
  return (
    <SettingsPage c={c} title={say("Profile fields")} here="/settings/fields">
      {fields.length === 0 ? (
        <EmptyState title={say("No fields declared")}>
          <p>
            {say(
              "A declared field, such as department, has a kind that its values are checked by, and segment rules may name it. Undeclared ones may be sent all the same.",
            )}
          </p>
        </EmptyState>
      ) : (
        byCategory(fields).map(([category, group]) => <FieldTable visit={visit} fields={group} category={category} />)
      )}
      <HeldList visit={visit} kind="profile_field" rows={heldRows(deleted, ({ key, name }) => ({ id: key, name }))} />
      {visit.mayEdit ? (
        <>
          <h2 class="part">{say("New field")}</h2>
          <FieldForm visit={visit} field={null} values={values} categories={categoriesOf(fields)} refused={refused} />
        </>
      ) : null}
    </SettingsPage>
  );
}

export const settingsFieldsPages = new Pages();

settingsFieldsPages.get("/settings/fields", "viewer", async (c) => c.html(await fieldsPage(c)));

settingsFieldsPages.post("/settings/fields", "editor", async (c) => {
  const values = readForm(await formFieldsOf(c));
  const { name, key, type } = values;
  const choices = choicesOf(values);
  const { refused } = await attempt(() =>
    c.var.visit.api.call("POST /v1/profile-fields", {
      body: { name, key, type, category: values.category || null, ...(choices.length ? { choices } : {}) },
    }),
  );
  return refused
    ? c.html(await fieldsPage(c, refused, values), refused.status)
    : seeOther(c, c.var.visit.path("/settings/fields"), { done: "added" });
});

async function fieldPage(c: Ctx, field: ProfileField, values: Written, refused: Problem | null = null): Promise<Html> {
  const categories = categoriesOf(await c.var.visit.api.all("GET /v1/profile-fields"));
  return (
    <SettingsPage c={c} title={field.name} here="/settings/fields">
      <p class="soft">{weave("Its key is {key} and cannot be changed.", { key: <code>{field.key}</code> })}</p>
      <FieldForm visit={c.var.visit} field={field} values={values} categories={categories} refused={refused} />
    </SettingsPage>
  );
}

settingsFieldsPages.get("/settings/fields/:key", "viewer", async (c) => {
  const field = await c.var.visit.api.call("GET /v1/profile-fields/:key", { params: c.req.param() });
  return c.html(
    await fieldPage(c, field, {
      ...field,
      choices: (field.choices ?? []).join("\n"),
      category: field.category ?? "",
    }),
  );
});

settingsFieldsPages.post("/settings/fields/:key", "editor", async (c) => {
  const field = await c.var.visit.api.call("GET /v1/profile-fields/:key", { params: c.req.param() });
  const values = { ...readForm(await formFieldsOf(c)), key: field.key };
  const { name, type } = values;
  // Choices left standing in the form do not hinder a choice from becoming something that has none.
  const isStanding = field.choices !== null && type !== "choice" && type !== "list";
  const given = isStanding ? [] : choicesOf(values);
  const { value, refused } = await attempt(() =>
    c.var.visit.api.call("PATCH /v1/profile-fields/:key", {
      params: c.req.param(),
      body: { name, type, category: values.category || null, choices: given.length ? given : null },
    }),
  );
  return refused
    ? c.html(await fieldPage(c, field, values, refused), refused.status)
    : afterWrite(c, value, c.var.visit.path("/settings/fields"));
});
