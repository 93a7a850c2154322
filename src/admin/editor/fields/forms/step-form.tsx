import type { Child } from "hono/jsx";
import type { Fault } from "../../../../base/errors/errors";
import type { Catalogue, CatalogueEntry, OptionSchema } from "../../../../definition/catalogue";
import { type CardUse, type Condition, isRecord, type Step } from "../../../../definition/types";
import { say } from "../../../../language/say";
import { Icon } from "../../../components/icon";
import { SpansText } from "../../../components/words";
import { optionLabel } from "../../../words/sentences/options";
import { capital, triggerSentence } from "../../../words/sentences/sentence";
import { fieldsOfForm } from "../../draft/form/form";
import { inputOf, within, withKey } from "../../draft/form/inputs";
import { Chooser } from "../../stage/chooser";
import { useTools } from "../../stage/tools";
import { FieldRow, Fields } from "../fields";
import { CardForm } from "./card-form";
import { ConditionEditor } from "./condition";
import { MatchForm, stepsText } from "./match-form";
import { type FormProps, WaitForm } from "./wait-form";

/** The triggers that a wait or an exit may name: the catalogue's, and those that only listen. */
export const eventsOf = (catalogue: Catalogue): CatalogueEntry[] => [
  ...catalogue.triggers.filter(({ starting }) => !starting),
  ...catalogue.listeners,
];

interface RowProps {
  name: string;
  schema: OptionSchema;
  value: unknown;
  /** Their pointers from this option on. */
  faults: readonly Fault[];
  onChange(value: unknown): void;
}

function TriggerRow({ name, schema, value, faults, onChange }: RowProps) {
  const { catalogue, words } = useTools();
  const entries = eventsOf(catalogue);
  const card = isRecord(value) && typeof value.type === "string" ? { ...value, type: value.type } : null;
  return (
    <>
      <FieldRow id={name} label={optionLabel(name, schema.title)} faults={faults.filter((fault) => fault.path === "")}>
        {() => (
          <Chooser
            id={name}
            title={say("What it waits for")}
            entries={entries}
            shown={card ? <SpansText spans={capital(triggerSentence(card, words))} /> : say("Choose an event")}
            onPick={onChange}
          />
        )}
      </FieldRow>
      {card ? (
        <CardForm
          card={card}
          entry={entries.find((entry) => entry.type === card.type)}
          base={name}
          faults={faults}
          onChange={(next: CardUse) => onChange(next)}
        />
      ) : null}
    </>
  );
}

const ConditionRow = ({ name, schema, value, faults, onChange }: RowProps) => (
  <ConditionEditor
    label={optionLabel(name, schema.title)}
    // The editor puts only conditions, or null, in such a place.
    condition={isRecord(value) ? (value as unknown as Condition) : null}
    faults={faults}
    onChange={onChange}
  />
);

function SharesRow({ name, schema, value, faults, onChange }: RowProps) {
  const paths = Array.isArray(value) ? value.filter(isRecord) : [];
  const percentOf = (path: Record<string, unknown>): number => Number(path.percent ?? 0);
  const sum = paths.reduce((total, path) => total + percentOf(path), 0);
  return (
    <FieldRow
      id={`${name}-0`}
      label={optionLabel(name, schema.title)}
      hint={`${say("{sum} % in total.", { sum })} ${schema.description ?? ""}`}
      faults={faults}
    >
      {({ describedBy, invalid }) => (
        <span class="rows">
          {paths.map((path, i) => (
            <span class="inline" key={String(i)}>
              <input
                id={`${name}-${i}`}
                class="is-short"
                type="number"
                min="0"
                max="100"
                aria-label={say("Percent of way {n}", { n: i + 1 })}
                aria-describedby={describedBy}
                aria-invalid={invalid ? "true" : undefined}
                value={String(percentOf(path))}
                onInput={(event: Event) => onChange(paths.with(i, { ...path, percent: Number(inputOf(event).value) }))}
              />
              % — {stepsText(path.steps)}
              {paths.length > 1 ? (
                <button
                  type="button"
                  class="button is-quiet"
                  aria-label={say("Remove way {n} and its steps", { n: i + 1 })}
                  onClick={() => onChange(paths.toSpliced(i, 1))}
                >
                  <Icon name="close" />
                </button>
              ) : null}
            </span>
          ))}
          <button
            type="button"
            class="button is-small"
            onClick={() => onChange([...paths, { percent: Math.max(0, 100 - sum), steps: [] }])}
          >
            <Icon name="plus" /> {say("Another way")}
          </button>
        </span>
      )}
    </FieldRow>
  );
}

/** Options that have an input of their own. */
const ROWS: Readonly<Partial<Record<NonNullable<OptionSchema["widget"]>, (props: RowProps) => Child>>> = {
  trigger: TriggerRow,
  condition: ConditionRow,
  shares: SharesRow,
};

/** Forms for a whole card, by the name that its schema gives one. */
const FORMS: Readonly<Record<NonNullable<OptionSchema["form"]>, (props: FormProps) => Child>> = {
  wait: WaitForm,
  match: MatchForm,
};

/** The form of a kind of step, made from its schema: an option a row, those that hold steps left to the drawing. */
export function StepForm({ entry, ...props }: FormProps & { entry: CatalogueEntry }) {
  const { step, faults, onChange } = props;
  const { params, description } = entry;
  const Own = params.form === undefined ? undefined : FORMS[params.form];
  if (Own) return <Own {...props} />;
  const fields = fieldsOfForm(params, step);
  const rows = Object.entries(params.properties ?? {}).filter(([, { widget }]) => widget && ROWS[widget]);
  const isNeeded = (name: string): boolean => params.required?.includes(name) ?? false;
  if (fields.length === 0 && rows.length === 0) return <p class="hint">{description}</p>;
  return (
    <>
      {rows.map(([name, schema]) => {
        const Row = schema.widget && ROWS[schema.widget];
        return Row ? (
          <Row
            key={name}
            name={name}
            schema={schema}
            value={step[name]}
            faults={within(faults, `/${name}`)}
            onChange={(value) =>
              onChange(withKey(step, name, value ?? (isNeeded(name) ? null : undefined)) satisfies Step)
            }
          />
        ) : null;
      })}
      <Fields
        fields={fields}
        values={step}
        base={step.type}
        faults={faults}
        onChange={(key, value) => onChange(withKey(step, key, value))}
      />
    </>
  );
}
