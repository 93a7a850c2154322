import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors/errors";
import type { AnswerTo } from "../../../http/answering/answers";
import { say } from "../../../language/say";
import { CheckField, Form, SelectField, TextField } from "../../components/forms/form";
import { type FormFields, faultAt } from "../../visit";

type Learner = AnswerTo<"GET /v1/users/:id">;
type ProfileField = AnswerTo<"GET /v1/profile-fields/:key">;

const FIELD = "field.";

/** As a form holds them: texts by the names of its inputs. */
export type Written = Readonly<Record<string, string>>;

export const writtenOf = (learner: Learner): Written => ({
  username: learner.username ?? "",
  email: learner.email ?? "",
  timezone: learner.timezone ?? "",
  locale: learner.locale ?? "",
  marketing_consent: learner.marketing_consent ? "true" : "",
  ...Object.fromEntries(
    Object.entries(learner.fields).map(([key, value]) => [
      FIELD + key,
      Array.isArray(value) ? value.join(", ") : String(value ?? ""),
    ]),
  ),
});

export const writtenIn = (fields: FormFields): Written =>
  Object.fromEntries(fields.names().map((name) => [name, fields.text(name)]));

const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** What is typed into a field, as the value that it is; what is none of its type is left to be refused. */
function typedValue(type: ProfileField["type"], typed: string): unknown {
  if (typed === "") return null;
  if (type === "number" && NUMBER.test(typed)) return Number(typed.replace(",", "."));
  if (type === "boolean") return typed === "true";
  if (type === "list")
    return typed
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== "");
  return typed;
}

/** The attributes of which a form says something else than there is. */
export function attributesIn(
  written: Written,
  learner: Learner,
  declared: readonly ProfileField[],
): Record<string, unknown> {
  const before = writtenOf(learner);
  const differs = (name: string): boolean => (written[name] ?? "") !== (before[name] ?? "");
  const texts = ["username", "email", "timezone", "locale"].filter(differs);
  const fields = declared.filter(({ key }) => differs(FIELD + key));
  return {
    ...Object.fromEntries(texts.map((name) => [name, written[name] || null])),
    ...(differs("marketing_consent") ? { marketing_consent: written.marketing_consent === "true" } : {}),
    ...(fields.length
      ? {
          fields: Object.fromEntries(
            fields.map(({ key, type }) => [key, typedValue(type, written[FIELD + key] ?? "")]),
          ),
        }
      : {}),
  };
}

interface FieldProps {
  field: ProfileField;
  value: string;
  refused: Problem | null;
}

const OwnField: FC<FieldProps> = ({ field, value, refused }) => {
  const { key, type } = field;
  const shared = {
    name: FIELD + key,
    label: field.name,
    optional: true,
    value,
    fault: faultAt(refused, `/fields/${key}`),
  };
  const choices = field.choices ?? [];
  if (type === "boolean")
    return (
      <SelectField
        {...shared}
        options={[
          ["", "–"],
          ["true", say("yes")],
          ["false", say("no")],
        ]}
      />
    );
  if (choices.length && type !== "list")
    return <SelectField {...shared} options={[["", "–"], ...choices.map((one) => [one, one] as const)]} />;
  if (type === "list")
    return (
      <TextField
        {...shared}
        hint={
          choices.length
            ? say("With commas between: {choices}", { choices: choices.join(", ") })
            : say("Several, with commas between.")
        }
      />
    );
  return <TextField {...shared} type={type === "date" ? "date" : "text"} />;
};

interface ChangeFormProps {
  action: string;
  back: string;
  written: Written;
  declared: readonly ProfileField[];
  refused: Problem | null;
}

/** What a learner is called, and what stands in the school's own fields. */
export const ChangeForm: FC<ChangeFormProps> = ({ action, back, written, declared, refused }) => {
  const text = (name: string, label: string, type: "text" | "email" = "text") => (
    <TextField
      name={name}
      label={label}
      type={type}
      optional
      value={written[name] ?? ""}
      fault={faultAt(refused, `/${name}`)}
    />
  );
  return (
    <Form action={action} class="form">
      {text("username", say("Name"))}
      {text("email", say("Email"), "email")}
      {declared.map((field) => (
        <OwnField field={field} value={written[FIELD + field.key] ?? ""} refused={refused} />
      ))}
      {text("timezone", say("Time zone"))}
      {text("locale", say("Language"))}
      <CheckField
        name="marketing_consent"
        label={say("Allows marketing")}
        checked={written.marketing_consent === "true"}
        hint={say("Only if the learner has agreed.")}
      />
      <span class="inline">
        <button type="submit" class="button is-main">
          {say("Save")}
        </button>
        <a class="button is-quiet" href={back}>
          {say("Cancel")}
        </a>
      </span>
    </Form>
  );
};
