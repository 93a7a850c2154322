import type { Child } from "hono/jsx";
import { useState } from "hono/jsx/dom";
import type { Fault } from "../../../base/errors/errors";
import { say } from "../../../language/say";
import { type Field, pickerOfOption, written } from "../draft/form/form";
import { type FieldsProps, within } from "../draft/form/inputs";
import { useTextTools } from "../stage/tools";
import { WIDGETS } from "./widgets";

interface FieldRowProps {
  id: string;
  label: string;
  hint?: string;
  optional?: boolean;
  faults: readonly Fault[];
  /** Whether label and input stand on one line, as for a tick. */
  beside?: boolean;
  children: (described: { describedBy: string; invalid: boolean }) => Child;
}

/** A label, an input, and under it what is wrong or what helps. A fault shows once the field was left, or after a try to save. */
export function FieldRow({ id, label, hint, optional, faults, beside, children }: FieldRowProps) {
  const { insists } = useTextTools();
  const [touched, setTouched] = useState(false);
  const fault = touched || insists ? faults[0] : undefined;
  const describedBy = `${id}-says`;
  const says = fault ? (
    <span class="fault" id={describedBy}>
      ✕ {fault.message}
    </span>
  ) : hint ? (
    <span class="hint" id={describedBy}>
      {hint}
    </span>
  ) : null;
  return (
    <div
      class={`field${beside ? " is-beside" : ""}${fault ? " is-faulty" : ""}`}
      onFocusout={() => {
        if (!touched) setTouched(true);
      }}
    >
      <label id={`${id}-label`} for={id}>
        {label}
        {optional ? <small> {say("optional")}</small> : null}
      </label>
      {children({ describedBy, invalid: fault !== undefined })}
      {says}
    </div>
  );
}

/** A form made from fields, one row each; what is optional and was left out stands folded away below. */
export function Fields(props: FieldsProps) {
  const { fields, values, faults } = props;
  const isMain = (field: Field): boolean =>
    field.required || field.schema.default !== undefined || pickerOfOption(field.schema) !== undefined;
  const main = fields.filter(isMain);
  const more = fields.filter((field) => !isMain(field));
  const used = more.some((field) => values[field.key] !== undefined || within(faults, `/${field.key}`).length > 0);
  // Whether it begins open is settled once: it must not close under the hands of who empties its last field.
  const [begunOpen] = useState(used || main.length === 0);
  return (
    <>
      {main.map((field) => (
        <Row {...props} field={field} key={field.key} />
      ))}
      {props.between ?? null}
      {more.length === 0 ? null : (
        <details class="more" open={begunOpen}>
          <summary>{main.length === 0 ? say("Options") : say("More options")}</summary>
          <div class="more-fields">
            {more.map((field) => (
              <Row {...props} field={field} key={field.key} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

/** What the value of a field that another option names may be. */
function offersOf(fields: readonly Field[], field: Field, values: FieldsProps["values"]): string | undefined {
  if (field.key !== "value") return undefined;
  const of = fields.find(({ schema }) => pickerOfOption(schema) === "field");
  const key = of ? values[of.key] : undefined;
  return typeof key === "string" && key !== "" ? `choice:${key}` : undefined;
}

function Row({ field, fields, values, base, faults, onChange }: FieldsProps & { field: Field }) {
  const Input = WIDGETS[field.widget];
  const id = `${base}-${field.key}`;
  const own = within(faults, `/${field.key}`);
  return (
    <FieldRow
      id={id}
      label={field.label}
      hint={field.hint}
      optional={!field.required && field.widget !== "boolean" && field.schema.default === undefined}
      beside={field.widget === "boolean"}
      // Rows tell of what is wrong in them themselves.
      faults={field.widget === "rows" ? own.filter((fault) => fault.path === "") : own}
    >
      {(described) => (
        <Input
          field={field}
          value={values[field.key]}
          id={id}
          faults={own}
          offers={offersOf(fields, field, values)}
          Form={Fields}
          {...described}
          onChange={(value: unknown) => onChange(field.key, written(field, value))}
        />
      )}
    </FieldRow>
  );
}
