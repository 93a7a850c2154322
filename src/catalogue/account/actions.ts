import * as z from "zod";
import { defineAction, done, StepError, skipped } from "../define";
import type { FieldValue, FieldView } from "../facts/facts";
import { rendersFor } from "../messages/rendering";
import { line } from "../options/fields";
import { gives } from "../undo/things";
import { fieldName, mergeAttributes, tellUpdated } from "./attributes";
import { USER_UPDATED } from "./facts";
import { fieldFault, listOfText, undeclaredFault } from "./field-values";
import { fieldMeant } from "./meant";

/** A rendered value as one of the declared field's type; an undeclared field takes the text. */
function valueFor(field: FieldView | undefined, rendered: string | string[]): FieldValue | null {
  if (Array.isArray(rendered)) return rendered.filter((one) => one !== "");
  const text = rendered;
  if (text === "") return null;
  if (field?.type === "list") return listOfText(text);
  if (field?.type === "number") return Number(text);
  if (field?.type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** Several are written as one text by the editor. */
const value = z
  .union([line, z.array(line).max(200)])
  .nullable()
  .meta({ template: "line" });

const PREFIX = "fields.";
const fieldsOf = (changed: unknown): string[] =>
  [changed]
    .flat()
    .flatMap((one) => (typeof one === "string" && one.startsWith(PREFIX) ? [one.slice(PREFIX.length)] : []));

export const setField = defineAction({
  type: "user.set_field",
  label: "Set a field",
  also: ["update profile", "custom field", "attribute", "property", "change field"],
  says: "set the field {field|field} [to {value|quote}]",
  category: "beyond",
  description:
    "Writes a field of the user; nothing takes the field away. A field that is a list takes several values, or a text with | between them.",
  // Who took a field away is not known: what was there does not come back.
  undo: {
    gave: ({ changed, value: written }) =>
      written === null ? [] : gives("field", "changed").gave({ changed: fieldsOf(changed) }),
    leaves: ({ value: written }) => written === null,
  },
  params: () => ({ field: fieldName.meta({ picker: "field" }), value }),
  meant: (params, declared) => ({ ...params, field: fieldMeant(params.field, declared) }),
  effect: ({ value }) => ({ does: "gives", of: "value", value }),
  makes: [USER_UPDATED],
  mayMake: ({ field, value: written }) => {
    // A text that is not rendered is known before; null takes the value away.
    const isKnown = written === null || (typeof written === "string" && !written.includes("{"));
    return [{ type: USER_UPDATED, data: { changed: [`fields.${field}`], ...(isKnown ? { to: written } : {}) } }];
  },
  perform: (doing, { field, value }) => {
    const declared = doing.school.fields.get(field);
    const renders = rendersFor(doing);
    const written = (given: string | string[]) =>
      Array.isArray(given) ? given.map((one) => renders.line(one)) : renders.line(given);
    const rendered = value === null ? null : valueFor(declared, written(value));
    const fault = declared ? fieldFault(declared, rendered) : undeclaredFault(rendered);
    if (fault) throw new StepError(`${field}: ${fault}`);
    const fields = Object.fromEntries([[field, rendered]]);
    const changed = mergeAttributes(doing, { fields });
    if (!changed.length) return skipped("unchanged");
    doing.make(USER_UPDATED, { changed });
    tellUpdated(doing, changed);
    return done({ changed, value: rendered });
  },
});
