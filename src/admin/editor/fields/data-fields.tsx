import { useState } from "hono/jsx/dom";
import type { OptionSchema } from "../../../definition/catalogue";
import { isRecord } from "../../../definition/types";
import { say } from "../../../language/say";
import { Icon } from "../../components/icon";
import { blank, fieldsOfForm } from "../draft/form/form";
import { inputOf, type NestingProps, type WidgetProps, within, withKey } from "../draft/form/inputs";
import { LiquidField } from "./mail/liquid";

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

export const PairsField = ({ field, value, onChange, id, invalid }: WidgetProps) => {
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
            aria-label={say("Name {n}", { n: i + 1 })}
            aria-invalid={invalid ? "true" : undefined}
            placeholder={say("name")}
            value={key}
            onInput={(event: Event) => put(rows.with(i, [inputOf(event).value, text]))}
          />
          <LiquidField
            id={`${id}-${i}`}
            label={key ? say("Value of {name}", { name: key }) : say("Value of name {n}", { n: i + 1 })}
            kind="line"
            value={text}
            onChange={(next) => put(rows.with(i, [key, next]))}
          />
          <button
            type="button"
            class="button is-quiet"
            aria-label={key ? say("Remove {name}", { name: key }) : say("Remove this")}
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
        <Icon name="plus" /> {say("Add a value")}
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
            setBroken(error instanceof Error ? error.message : say("Not JSON"));
          }
        }}
      />
      {broken ? (
        <span class="fault">✕ {say("Not JSON yet, the last good value stands: {fault}", { fault: broken })}</span>
      ) : null}
    </>
  );
};

/** Any JSON with templates in it: as names and texts, or as it is written. */
export const DataField = (props: WidgetProps) => {
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
        {asJson ? say("As names and values") : say("As JSON")}
      </button>
    </span>
  );
};

/** A new row: what an entry of that schema begins with, without a type. */
const options = (schema: OptionSchema): Record<string, unknown> => {
  const { type: _type, ...rest } = blank("", schema);
  return rest;
};

export const RowsField = ({ field, value, onChange, id, faults, Form }: NestingProps) => {
  const rows = Array.isArray(value) ? value.filter(isRecord) : [];
  const items = field.schema.items ?? {};
  return (
    <span class="rows">
      {rows.map((row, i) => (
        <fieldset class="rows-row" key={String(i)}>
          <legend class="sr-only">
            {field.label} {i + 1}
          </legend>
          <Form
            fields={fieldsOfForm(items, row)}
            values={row}
            base={`${id}-${i}`}
            faults={within(faults, `/${i}`)}
            onChange={(key, next) => onChange(rows.with(i, withKey(row, key, next)))}
          />
          <button type="button" class="button is-small is-quiet" onClick={() => onChange(rows.toSpliced(i, 1))}>
            <Icon name="delete" /> {say("Remove")}
          </button>
        </fieldset>
      ))}
      <button type="button" id={id} class="button is-small" onClick={() => onChange([...rows, options(items)])}>
        <Icon name="plus" /> {say("Add")}
      </button>
    </span>
  );
};
