import type { FC } from "hono/jsx";
import type { Word } from "../../../automations/finding/pickers";
import type { Problem } from "../../../base/errors/errors";
import { later, say } from "../../../language/say";
import { SelectField, TextField } from "../../components/forms/form";
import { PickField } from "../../components/forms/pick";
import { type Ctx, type FormFields, faultAt } from "../../visit";
import { meantId } from "../../words/meant";

/* What a sync gives, as forms ask for it: of a new one, and of one that is changed. */

const LEAVE = [
  ["unenrol", later("they are un-enrolled; progress is kept for a return")],
  ["suspend", later("their enrolment is suspended")],
] as const;

const ENROL = [
  ["true", later("they are enrolled in the course")],
  ["false", later("nothing, but whoever is enrolled anyway is put into the group")],
] as const;

/** As it was sent, or of a sync that is there. */
type Written = Readonly<Record<string, string>>;

/** What a form was sent with; the group may have been given by its name. */
export async function writtenIn(c: Ctx, fields: FormFields): Promise<Written> {
  const given = Object.fromEntries(["enrol", "role", "on_leave"].map((name) => [name, fields.text(name)]));
  return { ...given, group: await meantId(c, "group", fields.text("group")) };
}

/** What a form says a sync is to give. */
export const givenIn = (values: Written) => ({
  enrol: values.enrol !== "false",
  role: values.role || "student",
  group: values.group || null,
  on_leave: values.on_leave,
});

export const SyncFields: FC<{ values: Written; refused: Problem | null; groups: readonly Word[] }> = ({
  values,
  refused,
  groups,
}) => (
  <>
    <SelectField
      name="enrol"
      label={say("When somebody is in the segment")}
      options={ENROL.map(([value, label]) => [value, say(label)])}
      value={values.enrol ?? "true"}
      fault={faultAt(refused, "/enrol")}
    />
    <TextField name="role" label={say("Role")} value={values.role ?? "student"} fault={faultAt(refused, "/role")} />
    <PickField
      name="group"
      kind="group"
      label={say("Group")}
      optional
      known={groups}
      value={values.group ?? ""}
      fault={faultAt(refused, "/group")}
    />
    <SelectField
      name="on_leave"
      label={say("When somebody leaves the segment")}
      options={LEAVE.map(([value, label]) => [value, say(label)])}
      value={values.on_leave ?? "unenrol"}
    />
  </>
);
