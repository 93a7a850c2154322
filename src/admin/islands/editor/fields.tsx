import type { Child } from "hono/jsx";
import { useId, useRef, useState } from "hono/jsx/dom";
import { Icon } from "../../components/icon";
import { amountOf, durationOf, isDuration, UNITS, type Unit } from "../../duration";
import { type Fault, isRecord } from "../../model";
import { nounOf } from "../../sentence";
import { OPERATORS, VALUES } from "../../sentences";
import { type Choice, vocabulary } from "./api";
import { Chips, Combo } from "./combo";
import { allowsTrigger, type Field, fieldsOf, labelOf, pickerOf, type Widget, written } from "./form";
import { LiquidField } from "./liquid";
import { useTools } from "./tools";

export interface WidgetProps {
  field: Field;
  value: unknown;
  /** Puts a value; undefined takes the option away. */
  onChange(value: unknown): void;
  /** The id of the input, and of the line that tells of a fault or helps. */
  id: string;
  describedBy: string;
  invalid: boolean;
  /** The card's faults, their pointers from this field on. */
  faults: readonly Fault[];
}

export const inputOf = (event: Event): HTMLInputElement => event.target as HTMLInputElement; // listeners stand on inputs

const valueLabel = (key: string, value: string): string => {
  if (key === "op" && Object.hasOwn(OPERATORS, value)) return OPERATORS[value] ?? value;
  if (Object.hasOwn(VALUES, value)) return VALUES[value] ?? value;
  return value.replaceAll("_", " ");
};

const TextField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => (
  <input
    id={id}
    type="text"
    aria-describedby={describedBy}
    aria-invalid={invalid ? "true" : undefined}
    value={typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)}
    maxlength={field.schema.maxLength}
    onInput={(event: Event) => onChange(inputOf(event).value)}
  />
);

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
            {valueLabel(field.key, choice)}
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
          <span>{valueLabel(field.key, choice)}</span>
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
          {valueLabel(field.key, choice)}
        </label>
      ))}
    </fieldset>
  );
};

/** Searches a vocabulary, and for what started the run where that is allowed. */
function useSearch(picker: string | undefined, trigger: boolean): (q: string) => Promise<Choice[]> {
  const { learn } = useTools();
  return async (q) => {
    const found = picker === undefined ? [] : await vocabulary(picker, q);
    if (picker !== undefined) learn(picker, found);
    const started: Choice = { value: "$trigger", label: `The ${nounOf(picker)} that started it` };
    return trigger && started.label.toLowerCase().includes(q.toLowerCase()) ? [started, ...found] : found;
  };
}

const useName = (picker: string | undefined): ((value: string) => string) => {
  const { words } = useTools();
  return (value) => (value === "$trigger" ? `the ${nounOf(picker)} that started it` : words.nameOf(picker, value));
};

const IdsField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => {
  const picker = pickerOf(field.schema);
  const search = useSearch(picker, allowsTrigger(field.schema));
  const nameOf = useName(picker);
  const values = Array.isArray(value) ? value.map(String) : [];
  return (
    <Chips
      id={id}
      describedBy={describedBy}
      invalid={invalid}
      values={values}
      nameOf={nameOf}
      placeholder={values.length === 0 ? (field.required ? `Choose or type` : "Any") : ""}
      search={search}
      free
      onChange={onChange}
    />
  );
};

const IdField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => {
  const picker = pickerOf(field.schema);
  const search = useSearch(picker, allowsTrigger(field.schema));
  const nameOf = useName(picker);
  return (
    <Combo
      id={id}
      describedBy={describedBy}
      invalid={invalid}
      shown={typeof value === "string" ? nameOf(value) : ""}
      placeholder="Choose or type"
      search={search}
      free
      clears={false}
      onPick={(choice) => onChange(choice.value)}
    />
  );
};

/** An amount and its unit; what needs several units is typed as it is written (P1DT12H). */
export const DurationField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => {
  const text = typeof value === "string" ? value : "";
  const found = amountOf(text);
  const [unit, setUnit] = useState<Unit>(found?.unit ?? "days");
  const fixed =
    field.instead.includes(text) ||
    (text === "" && field.instead.length > 0 && field.schema.default === field.instead[0]);
  const odd = text !== "" && !found && !fixed && isDuration(text);
  const shown = found?.unit ?? unit;
  return (
    <span class="inline">
      {field.instead.length > 0 ? (
        <select
          aria-label={`${field.label}: from`}
          value={fixed ? text || String(field.schema.default) : "-"}
          onInput={(event: Event) => {
            const chosen = inputOf(event).value;
            onChange(chosen === "-" ? durationOf(7, "days") : chosen);
          }}
        >
          {field.instead.map((one) => (
            <option value={one} key={one}>
              {one === "trigger" ? "it started" : valueLabel(field.key, one)}
            </option>
          ))}
          <option value="-">so long ago</option>
        </select>
      ) : null}
      {fixed ? null : odd ? (
        <input
          id={id}
          type="text"
          aria-describedby={describedBy}
          value={text}
          onInput={(event: Event) => onChange(inputOf(event).value)}
        />
      ) : (
        <>
          <input
            id={id}
            class="is-short"
            type="number"
            inputmode="numeric"
            min="0"
            step="1"
            aria-describedby={describedBy}
            aria-invalid={invalid ? "true" : undefined}
            value={found ? String(found.amount) : ""}
            onInput={(event: Event) => {
              const amount = inputOf(event).value;
              onChange(/^\d{1,6}$/.test(amount) ? durationOf(Number(amount), shown) : "");
            }}
          />
          <select
            aria-label={`${field.label}: unit`}
            value={shown}
            onInput={(event: Event) => {
              const next = UNITS.find((one) => one === inputOf(event).value) ?? "days";
              setUnit(next);
              if (found) onChange(durationOf(found.amount, next));
            }}
          >
            {UNITS.map((one) => (
              <option value={one} key={one}>
                {one}
              </option>
            ))}
          </select>
        </>
      )}
    </span>
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

const TemplateField = (props: WidgetProps) => (
  <LiquidField
    id={props.id}
    describedBy={props.describedBy}
    invalid={props.invalid}
    kind={props.field.schema.template === "html" ? "html" : props.field.schema.template === "text" ? "text" : "line"}
    value={typeof props.value === "string" ? props.value : ""}
    onChange={props.onChange}
  />
);

/** Names and texts side by side; `texts` says whether all values are texts, so that they may be shown so. */
const pairsOf = (value: unknown): { rows: [string, string][]; texts: boolean } => {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return {
    rows: entries.map(([key, text]) => [key, typeof text === "string" ? text : JSON.stringify(text)]),
    texts:
      (value === undefined || value === null || isRecord(value)) &&
      entries.every(([, text]) => typeof text === "string"),
  };
};

const PairsField = ({ field, value, onChange, id, invalid }: WidgetProps) => {
  // Rows keep their own state: two of them may bear the same name while one is being typed.
  const [rows, setRows] = useState<[string, string][]>(pairsOf(value).rows);
  const put = (next: [string, string][]): void => {
    setRows(next);
    onChange(next.length === 0 && !field.required ? undefined : Object.fromEntries(next.filter(([key]) => key !== "")));
  };
  return (
    <span class="pairs">
      {rows.map(([key, text], i) => (
        <span class="pair" key={String(i)}>
          <input
            id={i === 0 ? id : undefined}
            type="text"
            aria-label={`Name ${i + 1}`}
            aria-invalid={invalid ? "true" : undefined}
            placeholder="name"
            value={key}
            onInput={(event: Event) => put(rows.with(i, [inputOf(event).value, text]))}
          />
          <LiquidField
            id={`${id}-${i}`}
            label={`Value of ${key || `name ${i + 1}`}`}
            kind="line"
            value={text}
            onChange={(next) => put(rows.with(i, [key, next]))}
          />
          <button
            type="button"
            class="button is-quiet"
            aria-label={`Take ${key || "this"} away`}
            onClick={() => put(rows.toSpliced(i, 1))}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <button
        type="button"
        id={rows.length === 0 ? id : undefined}
        class="button is-small"
        onClick={() => put([...rows, ["", ""]])}
      >
        <Icon name="plus" /> Add a value
      </button>
    </span>
  );
};

const JsonField = ({ value, onChange, id, describedBy, invalid }: WidgetProps) => {
  const [text, setText] = useState(value === undefined ? "" : JSON.stringify(value, null, 2));
  const [broken, setBroken] = useState("");
  return (
    <>
      <textarea
        id={id}
        class="is-code"
        rows={6}
        spellcheck={false}
        aria-describedby={describedBy}
        aria-invalid={invalid || broken ? "true" : undefined}
        value={text}
        onInput={(event: Event) => {
          const next = inputOf(event).value;
          setText(next);
          try {
            onChange(next.trim() === "" ? undefined : JSON.parse(next));
            setBroken("");
          } catch (error) {
            setBroken(error instanceof Error ? error.message : "Not JSON");
          }
        }}
      />
      {broken ? <span class="fault">✕ Not JSON yet, the last good value stands: {broken}</span> : null}
    </>
  );
};

/** Any JSON with templates in it: as names and texts, or as it is written. */
const DataField = (props: WidgetProps) => {
  const plain = pairsOf(props.value).texts;
  const [asJson, setAsJson] = useState(!plain);
  return (
    <span class="data">
      {asJson ? <JsonField {...props} /> : <PairsField {...props} />}
      <button
        type="button"
        class="button is-small is-quiet"
        disabled={asJson && !plain}
        onClick={() => setAsJson(!asJson)}
      >
        {asJson ? "As names and values" : "As JSON"}
      </button>
    </span>
  );
};

const RowsField = ({ field, value, onChange, id, faults }: WidgetProps) => {
  const rows = Array.isArray(value) ? value.filter(isRecord) : [];
  const items = field.schema.items ?? {};
  return (
    <span class="rows">
      {rows.map((row, i) => (
        <fieldset class="rows-row" key={String(i)}>
          <legend class="sr-only">
            {field.label} {i + 1}
          </legend>
          <Fields
            fields={fieldsOf(items, row)}
            values={row}
            base={`${id}-${i}`}
            faults={within(faults, `/${i}`)}
            onChange={(key, next) => onChange(rows.with(i, withKey(row, key, next)))}
          />
          <button type="button" class="button is-small is-quiet" onClick={() => onChange(rows.toSpliced(i, 1))}>
            <Icon name="delete" /> Take away
          </button>
        </fieldset>
      ))}
      <button type="button" id={id} class="button is-small" onClick={() => onChange([...rows, {}])}>
        <Icon name="plus" /> Add
      </button>
    </span>
  );
};

const WIDGETS: Readonly<Record<Widget, (props: WidgetProps) => Child>> = {
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

/** The faults at or below a pointer, told from there on. */
export const within = (faults: readonly Fault[], pointer: string): Fault[] =>
  faults
    .filter((fault) => fault.path === pointer || fault.path.startsWith(`${pointer}/`))
    .map((fault) => ({ ...fault, path: fault.path.slice(pointer.length) }));

/** A copy with the key put, or taken away when undefined. */
export function withKey<T extends Record<string, unknown>>(record: T, key: string, value: unknown): T {
  const rest = Object.entries(record).filter(([name]) => name !== key);
  // Options are open: the card keeps its type, whatever else is put.
  return Object.fromEntries(
    value === undefined
      ? rest
      : Object.hasOwn(record, key)
        ? Object.entries(record).map(([name, old]) => [name, name === key ? value : old])
        : [...rest, [key, value]],
  ) as T;
}

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
  const { insists } = useTools();
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
        {optional ? <small> optional</small> : null}
      </label>
      {children({ describedBy, invalid: fault !== undefined })}
      {says}
    </div>
  );
}

interface FieldsProps {
  fields: readonly Field[];
  values: Readonly<Record<string, unknown>>;
  /** Begins the ids of the inputs. */
  base: string;
  faults: readonly Fault[];
  onChange(key: string, value: unknown): void;
}

/** A form made from fields, one row each; what is optional and was left out stands folded away below. */
export function Fields(props: FieldsProps) {
  const { fields, values, faults } = props;
  const isMain = (field: Field): boolean =>
    field.required || field.schema.default !== undefined || pickerOf(field.schema) !== undefined;
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
      {more.length === 0 ? null : (
        <details class="more" open={begunOpen}>
          <summary>{main.length === 0 ? "Options" : "More options"}</summary>
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

function Row({ field, values, base, faults, onChange }: FieldsProps & { field: Field }) {
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
      faults={own}
    >
      {(described) => (
        <Input
          field={field}
          value={values[field.key]}
          id={id}
          faults={own}
          {...described}
          onChange={(value: unknown) => onChange(field.key, written(field, value))}
        />
      )}
    </FieldRow>
  );
}

/** A field that no schema tells of, with one of the widgets. */
export const plainField = (key: string, label: string, widget: Widget, schema: Field["schema"] = {}): Field => ({
  key,
  label: label || labelOf(key),
  hint: "",
  required: true,
  widget,
  schema,
  nullable: false,
  instead: [],
});

/** An id of an input that stays the same while its component stands. */
export const useInputId = (): string => {
  const made = useId();
  return useRef(`f${made.replace(/\W/g, "")}`).current ?? made;
};
