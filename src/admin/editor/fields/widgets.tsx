import type { Child } from "hono/jsx";
import { valueLabel } from "../../words/sentences/options";
import type { Widget } from "../draft/form/form";
import { inputOf, type NestingProps, type WidgetProps } from "../draft/form/inputs";
import { DataField, PairsField, RowsField } from "./data-fields";
import { DurationField } from "./duration-field";
import { LiquidField } from "./mail/liquid";
import { MailField } from "./mail/mail-field";
import { Offers } from "./offers";
import { IdField, IdsField } from "./pick-fields";

const TextField = ({ field, value, onChange, id, describedBy, invalid, offers }: WidgetProps) => {
  const input = (
    <input
      id={id}
      type="text"
      list={offers ? `${id}-offers` : undefined}
      aria-describedby={describedBy}
      aria-invalid={invalid ? "true" : undefined}
      value={typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)}
      maxlength={field.schema.maxLength}
      onInput={(event: Event) => onChange(inputOf(event).value)}
    />
  );
  return offers ? (
    <span class="offered">
      {input}
      <Offers id={`${id}-offers`} kind={offers} />
    </span>
  ) : (
    input
  );
};

const NumberField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => (
  <input
    id={id}
    class="is-short"
    type="number"
    inputmode="decimal"
    aria-describedby={describedBy}
    aria-invalid={invalid ? "true" : undefined}
    min={field.schema.minimum}
    max={field.schema.maximum}
    step={field.schema.type === "integer" ? 1 : "any"}
    placeholder={field.schema.default === undefined ? undefined : String(field.schema.default)}
    value={typeof value === "number" ? String(value) : ""}
    onInput={(event: Event) => {
      const text = inputOf(event).value;
      onChange(text === "" ? undefined : Number(text));
    }}
  />
);

const BooleanField = ({ field, value, onChange, id, describedBy }: WidgetProps) => (
  <input
    id={id}
    type="checkbox"
    aria-describedby={describedBy}
    checked={typeof value === "boolean" ? value : field.schema.default === true}
    onInput={(event: Event) => onChange(inputOf(event).checked)}
  />
);

const ChoiceField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => {
  const choices = (field.schema.enum ?? []).map(String);
  const chosen = value === undefined || value === null ? String(field.schema.default ?? "") : String(value);
  if (choices.length > 4 || (!field.required && field.schema.default === undefined))
    return (
      <select
        id={id}
        aria-describedby={describedBy}
        aria-invalid={invalid ? "true" : undefined}
        value={chosen}
        onInput={(event: Event) => onChange(inputOf(event).value)}
      >
        {field.required || field.schema.default !== undefined ? null : <option value="">—</option>}
        {choices.map((choice) => (
          <option value={choice} key={choice}>
            {valueLabel(choice, field.key)}
          </option>
        ))}
      </select>
    );
  return (
    <span class="segments" role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={describedBy}>
      {choices.map((choice, i) => (
        <label key={choice}>
          <input
            id={i === 0 ? id : undefined}
            type="radio"
            name={id}
            value={choice}
            checked={choice === chosen}
            onInput={() => onChange(choice)}
          />
          <span>{valueLabel(choice, field.key)}</span>
        </label>
      ))}
    </span>
  );
};

const ChoicesField = ({ field, value, onChange, id }: WidgetProps) => {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const choices = (field.schema.items?.enum ?? []).map(String);
  return (
    <fieldset class="checks" aria-labelledby={`${id}-label`}>
      {choices.map((choice) => (
        <label key={choice}>
          <input
            type="checkbox"
            checked={chosen.includes(choice)}
            onInput={(event: Event) =>
              onChange(choices.filter((one) => (one === choice ? inputOf(event).checked : chosen.includes(one))))
            }
          />{" "}
          {valueLabel(choice, field.key)}
        </label>
      ))}
    </fieldset>
  );
};

const DateField = ({ value, onChange, id, describedBy, invalid }: WidgetProps) => (
  <input
    id={id}
    class="is-short"
    type="date"
    aria-describedby={describedBy}
    aria-invalid={invalid ? "true" : undefined}
    value={typeof value === "string" ? value : ""}
    onInput={(event: Event) => onChange(inputOf(event).value)}
  />
);

const TemplateField = (props: WidgetProps) =>
  props.field.schema.template === "html" ? <MailField {...props} /> : <LiquidTemplate {...props} />;

const LiquidTemplate = (props: WidgetProps) => (
  <LiquidField
    id={props.id}
    describedBy={props.describedBy}
    invalid={props.invalid}
    kind={props.field.schema.template === "text" ? "text" : "line"}
    // Several values are written as one text, as in a file.
    value={Array.isArray(props.value) ? props.value.join("|") : typeof props.value === "string" ? props.value : ""}
    offers={props.offers}
    onChange={props.onChange}
  />
);

/** The input of each kind of field. */
export const WIDGETS: Readonly<Record<Widget, (props: NestingProps) => Child>> = {
  text: TextField,
  number: NumberField,
  boolean: BooleanField,
  choice: ChoiceField,
  choices: ChoicesField,
  id: IdField,
  ids: IdsField,
  duration: DurationField,
  date: DateField,
  template: TemplateField,
  data: DataField,
  pairs: PairsField,
  rows: RowsField,
  value: TextField,
};
