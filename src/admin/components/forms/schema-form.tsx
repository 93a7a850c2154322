import type { FC } from "hono/jsx";
import type { OptionSchema } from "../../../definition/catalogue";
import { amountOf, durationOf, UNITS, type Unit } from "../../../definition/duration";
import { isRecord } from "../../../definition/types";
import { inWords, say } from "../../../language/say";
import type { FormFields } from "../../visit";
import { optionLabel, valueLabel } from "../../words/sentences/options";
import { FormField } from "./form";
import { picksOf, Suggests } from "./pick";

/*
 * A form of plain inputs from a JSON Schema, and the way back from what was typed: for pages without script. What is
 * left empty is left out, so that defaults and kept secrets stand; what is wrong is said by the route.
 */

type Named = readonly [name: string, schema: OptionSchema];

const isSecret = (schema: OptionSchema): boolean => "secret" in schema;

const labelOf = (name: string, schema: OptionSchema): string => {
  const text = optionLabel(name, schema.title);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** The options of an object's schema, in order; constants are no questions. */
const questions = (schema: OptionSchema): Named[] =>
  Object.entries(schema.properties ?? {}).filter(([, one]) => one.const === undefined);

const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? ""
    : typeof value === "string"
      ? value
      : Array.isArray(value)
        ? value.join("\n")
        : JSON.stringify(value);

const isList = (schema: OptionSchema): boolean => schema.type === "array" && schema.items?.type !== "object";
const isNumber = (schema: OptionSchema): boolean => schema.type === "number" || schema.type === "integer";
const isLong = (schema: OptionSchema): boolean =>
  schema.template === "html" || schema.template === "text" || (schema.maxLength ?? 0) >= 10_000;

interface WidgetProps {
  /** What is known of what is chosen here, where something is. */
  offers: readonly string[] | null;
  id: string;
  name: string;
  schema: OptionSchema;
  value: unknown;
  says: string | undefined;
  fault: boolean;
}

const Duration: FC<WidgetProps> = ({ id, name, value, says }) => {
  const { amount, unit } = amountOf(textOf(value)) ?? { amount: "", unit: "days" as Unit };
  return (
    <span class="inline">
      <input
        id={id}
        name={`${name}.amount`}
        type="number"
        min="0"
        value={String(amount)}
        class="is-short"
        aria-describedby={says}
      />
      <select name={`${name}.unit`} aria-label={say("Unit of {name}", { name: inWords(name.replaceAll("_", " ")) })}>
        {UNITS.map((one) => (
          <option value={one} selected={one === unit}>
            {say(one)}
          </option>
        ))}
      </select>
    </span>
  );
};

/** So many can be named besides the first. */
const MORE = 9;

/** One or several by their names, an input each: the browser offers what is known. */
const Picks: FC<WidgetProps & { offers: readonly string[] }> = ({ id, name, schema, value, says, fault, offers }) => {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const known = `${id}-known`;
  const more = Math.max(MORE, chosen.length);
  const picks = picksOf(pickerOf(schema) ?? "", offers);
  return (
    <>
      <input
        id={id}
        name={name}
        list={known}
        data-picks={picks}
        value={chosen[0] ?? ""}
        autocomplete="off"
        aria-describedby={says}
        aria-invalid={fault ? "true" : undefined}
      />
      <details class="more" open={chosen.length > 1}>
        <summary>{say("Several")}</summary>
        <div class="stack">
          {Array.from({ length: more }, (_, n) => (
            <input
              name={name}
              list={known}
              data-picks={picks}
              value={chosen[n + 1] ?? ""}
              autocomplete="off"
              aria-label={say("The next of them, number {n}", { n: n + 2 })}
            />
          ))}
        </div>
      </details>
      <datalist id={known}>
        {offers.map((one) => (
          <option value={one} />
        ))}
      </datalist>
      <Suggests known={offers} />
    </>
  );
};

/** What a choice is called: in its option's words for it, where there are some. */
const choiceText = ({ choices }: OptionSchema, value: string): string =>
  inWords(choices?.[value] ?? (value === "" ? "–" : valueLabel(value)));

const Widget: FC<WidgetProps> = (props) => {
  const { id, name, schema, value, says, fault, offers } = props;
  const same = { id, name, "aria-describedby": says, "aria-invalid": fault ? ("true" as const) : undefined };
  if (schema.format === "duration") return <Duration {...props} />;
  if (schema.type === "boolean") return <input {...same} type="checkbox" value="true" checked={value === true} />;
  if (schema.enum) {
    return (
      <select {...same}>
        {schema.default === undefined ? <option value="">{choiceText(schema, "")}</option> : null}
        {schema.enum.map((one) => (
          <option value={String(one)} selected={one === value}>
            {choiceText(schema, String(one))}
          </option>
        ))}
      </select>
    );
  }
  if (isSecret(schema) && isLong(schema) && name === "service_account")
    return <textarea {...same} rows={4} class="is-code" autocomplete="off" />;
  if (isSecret(schema)) return <input {...same} type="password" autocomplete="new-password" />;
  if (isNumber(schema)) return <input {...same} type="number" step="any" value={textOf(value)} class="is-short" />;
  if (isList(schema) && offers) return <Picks {...props} offers={offers} />;
  if (isList(schema))
    return (
      <textarea {...same} rows={2}>
        {textOf(value)}
      </textarea>
    );
  if (schema.type === "object" || schema.type === "array")
    return (
      <textarea {...same} rows={5} class="is-code">
        {textOf(value)}
      </textarea>
    );
  if (isLong(schema))
    return (
      <textarea {...same} rows={6}>
        {textOf(value)}
      </textarea>
    );
  return <input {...same} type={schema.format === "date" ? "date" : "text"} value={textOf(value)} />;
};

/** Some of what is known of a kind, by its names, for whoever fills in a list of them. */
export type Known = (picker: string) => readonly string[];

/** What is chosen by an option, or several of which. */
const pickerOf = ({ picker, items }: OptionSchema): string | undefined => picker ?? items?.picker;

const offersOf = (schema: OptionSchema, known: Known | undefined): readonly string[] | null => {
  const picker = pickerOf(schema);
  return picker === undefined || !known ? null : known(picker);
};

const hintOf = (schema: OptionSchema, kept: boolean, isPicked: boolean): string | undefined =>
  isSecret(schema)
    ? kept
      ? say("Kept sealed and never shown. Leave it empty to keep it.")
      : say("Kept sealed and never shown again.")
    : schema.description === undefined
      ? isList(schema) && !isPicked
        ? say("One a line.")
        : undefined
      : inWords(schema.description);

interface SchemaFieldsProps {
  schema: OptionSchema;
  /** What stands there; defaults of the schema where it says nothing. */
  values: Readonly<Record<string, unknown>>;
  faultOf(name: string): string | undefined;
  /** Whether secrets are kept already. */
  kept?: boolean;
  known?: Known;
}

/** A field for every option of an object's schema. */
export const SchemaFields: FC<SchemaFieldsProps> = ({ schema, values, faultOf, kept = false, known }) => (
  <>
    {questions(schema).map(([name, one]) => {
      const id = `f-${name}`;
      const fault = faultOf(name);
      const offers = offersOf(one, known);
      const hint = hintOf(one, kept, offers !== null) ?? "";
      const isOptional = (!schema.required?.includes(name) && one.default === undefined) || (kept && isSecret(one));
      return (
        <FormField
          id={id}
          label={labelOf(name, one)}
          fault={fault}
          optional={isOptional && one.type !== "boolean"}
          beside={one.type === "boolean"}
          {...(hint === "" ? {} : { hint })}
        >
          <Widget
            offers={offers}
            id={id}
            name={name}
            schema={one}
            value={Object.hasOwn(values, name) ? values[name] : one.default}
            says={fault || hint ? `${id}-says` : undefined}
            fault={fault !== undefined}
          />
        </FormField>
      );
    })}
  </>
);

/** The words of a list, one a line or an input; undefined: none. */
function wordsIn(texts: readonly string[]): string[] | undefined {
  const words = texts
    .flatMap((text) => text.split(/[\r\n\t]/))
    .flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  return words.length ? words : undefined;
}

function answerTo([name, schema]: Named, fields: FormFields): unknown {
  if (schema.format === "duration") {
    const amount = fields.text(`${name}.amount`);
    const unit = UNITS.find((one) => one === fields.text(`${name}.unit`)) ?? "days";
    return /^\d+$/.test(amount) ? durationOf(Number(amount), unit) : undefined;
  }
  if (schema.type === "boolean") return fields.has(name);
  if (isList(schema)) return wordsIn(schema.template ? [fields.raw(name)] : fields.list(name));
  const text = schema.template ? fields.raw(name).replaceAll("\r\n", "\n") : fields.text(name);
  if (text.trim() === "") return undefined;
  if (isNumber(schema)) return Number.isFinite(Number(text)) ? Number(text) : text;
  if (schema.type === "object" || schema.type === "array") {
    try {
      return JSON.parse(text);
    } catch {
      // Said by the route's own check, at this field: it wants no text here.
      return text;
    }
  }
  return text;
}

/** What was typed into the fields of a schema, by its names. */
export function readFields(schema: OptionSchema, fields: FormFields): Record<string, unknown> {
  const given = questions(schema).map((question) => [question[0], answerTo(question, fields)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The choices of a schema that may be null, one of several or a single one. */
export function choicesOf(schema: OptionSchema | undefined): OptionSchema[] {
  if (!schema) return [];
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter((one) => one.type !== "null");
  return inner.length > 0 ? inner.flatMap(choicesOf) : isRecord(schema.properties) ? [schema] : [];
}
