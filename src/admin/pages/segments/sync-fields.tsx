import type { FC } from "hono/jsx";
import type { Problem } from "../../../base/errors";
import { SelectField, TextField } from "../../components/form";
import { type FormFields, faultAt } from "../../visit";

/* What a sync gives, as forms ask for it: of a new one, and of one that is changed. */

export const LEAVE = [
  ["unenrol", "they are un-enrolled; progress is kept for a return"],
  ["suspend", "their enrolment is suspended"],
] as const;

const ENROL = [
  ["true", "they are enrolled in the course"],
  ["false", "nothing, but who is enrolled anyhow is put into the group"],
] as const;

/** As it was sent, or of a sync that is there. */
type Written = Readonly<Record<string, string>>;

export const writtenIn = (fields: FormFields): Written =>
  Object.fromEntries(["enrol", "role", "group", "on_leave"].map((name) => [name, fields.text(name)]));

/** What a form says a sync is to give. */
export const givenIn = (values: Written) => ({
  enrol: values.enrol !== "false",
  role: values.role || "student",
  group: values.group || null,
  on_leave: values.on_leave,
});

export const SyncFields: FC<{ values: Written; refused: Problem | null }> = ({ values, refused }) => (
  <>
    <SelectField
      name="enrol"
      label="When somebody is in the segment"
      options={ENROL}
      value={values.enrol ?? "true"}
      fault={faultAt(refused, "/enrol")}
    />
    <TextField name="role" label="Role" value={values.role ?? "student"} fault={faultAt(refused, "/role")} />
    <TextField name="group" label="Group (id)" optional value={values.group ?? ""} fault={faultAt(refused, "/group")} />
    <SelectField
      name="on_leave"
      label="When somebody leaves the segment"
      options={LEAVE}
      value={values.on_leave ?? "unenrol"}
    />
  </>
);
