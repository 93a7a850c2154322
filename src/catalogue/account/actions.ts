import { defineAction, done, StepError, skipped } from "../define";
import type { FieldValue, FieldView } from "../facts";
import { line } from "../fields";
import { rendersFor } from "../messages/rendering";
import { fieldFault, fieldName, mergeAttributes, tellUpdated } from "./attributes";
import { USER_UPDATED } from "./facts";

/** A rendered text as a value of the declared field's type; an undeclared field takes the text. */
function valueFor(field: FieldView | undefined, text: string): FieldValue | null {
  if (text === "") return null;
  if (field?.type === "number") return Number(text);
  if (field?.type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

export const setField = defineAction({
  type: "user.set_field",
  label: "Set a field",
  also: ["update profile", "custom field", "attribute", "property", "change field"],
  says: "set the field {field|field} [to {value|quote}]",
  category: "beyond",
  description: "Writes a field of the user; nothing takes the field away.",
  params: () => ({ field: fieldName.meta({ picker: "field" }), value: line.nullable() }),
  makes: [USER_UPDATED],
  mayMake: ({ field }) => [{ type: USER_UPDATED, data: { changed: [`fields.${field}`] } }],
  perform: (doing, { field, value }) => {
    const declared = doing.school.fields.get(field);
    const rendered = value === null ? null : valueFor(declared, rendersFor(doing).line(value));
    const fault = declared ? fieldFault(declared, rendered) : null;
    if (fault) throw new StepError(`${field}: ${fault}`);
    const fields = Object.fromEntries([[field, rendered]]);
    const changed = mergeAttributes(doing, { fields });
    if (!changed.length) return skipped("unchanged");
    doing.make(USER_UPDATED, { changed });
    tellUpdated(doing, changed);
    return done({ changed, value: rendered });
  },
});
