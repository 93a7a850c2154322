import { isRecord, type Step } from "../../../../definition/types";
import { many, say } from "../../../../language/say";
import { Icon } from "../../../components/icon";
import { fetchVocabulary } from "../../draft/api";
import { plainField, within } from "../../draft/form/inputs";
import { useTools } from "../../stage/tools";
import { Chips } from "../combo";
import { FieldRow, Fields } from "../fields";
import type { FormProps } from "./wait-form";

/** A field as it is called among others, which of the school's own is written with a prefix. */
const shown = (on: unknown): string => String(on ?? "").replace(/^fields\./, "");

/** How many steps there are on a way. */
export const stepsText = (steps: unknown): string => {
  const count = Array.isArray(steps) ? steps.length : 0;
  return count === 0 ? say("no steps") : many(count, "{n} step", "{n} steps");
};

/** What is compared, and the values of each case; the steps of the cases are left to the drawing. */
export function MatchForm({ step, faults, onChange }: FormProps) {
  const { catalogue } = useTools();
  const schema = catalogue.steps.find(({ type }) => type === step.type)?.params.properties?.on ?? {};
  const written = (name: string): string =>
    name === "" || /^event\./.test(name) || schema.examples?.includes(name) ? name : `fields.${shown(name)}`;
  const field = /^fields\.(.+)$/.exec(String(step.on ?? ""))?.[1];
  /** What the field may be, where it is one of several. */
  const choices = field === undefined ? undefined : `choice:${field}`;
  const cases = Array.isArray(step.cases) ? step.cases.filter(isRecord) : [];
  const put = (next: readonly Record<string, unknown>[]): void => onChange({ ...step, cases: next } satisfies Step);
  return (
    <>
      <Fields
        fields={[
          {
            ...plainField("on", say("By the field"), "id", {
              type: "string",
              picker: "field",
              examples: schema.examples ?? [],
            }),
            hint: say("Or event.course and the like: what the event says."),
          },
        ]}
        values={{ ...step, on: shown(step.on) }}
        base="match"
        faults={faults}
        onChange={(_, value) => onChange({ ...step, on: written(String(value ?? "")) })}
      />
      {cases.map((one, i) => {
        const values = Array.isArray(one.is) ? one.is : [];
        // A value that is no text stays what it was.
        const kept = (text: string): unknown => values.find((value) => String(value) === text) ?? text;
        return (
          <FieldRow
            key={String(i)}
            id={`match-case-${i}`}
            label={say("Case {n}: one of", { n: i + 1 })}
            hint={stepsText(one.steps)}
            faults={within(faults, `/cases/${i}`)}
          >
            {({ describedBy, invalid }) => (
              <span class="inline">
                <Chips
                  id={`match-case-${i}`}
                  describedBy={describedBy}
                  invalid={invalid}
                  values={values.map(String)}
                  nameOf={(value) => value}
                  placeholder={say("Choose or type")}
                  search={async (q) => (choices === undefined ? [] : fetchVocabulary(choices, q))}
                  free
                  onChange={(next) => put(cases.with(i, { ...one, is: next.map(kept) }))}
                />
                {cases.length > 1 ? (
                  <button
                    type="button"
                    class="button is-quiet"
                    aria-label={say("Remove case {n} and its steps", { n: i + 1 })}
                    onClick={() => put(cases.toSpliced(i, 1))}
                  >
                    <Icon name="close" />
                  </button>
                ) : null}
              </span>
            )}
          </FieldRow>
        );
      })}
      <button type="button" class="button is-small" onClick={() => put([...cases, { is: [], steps: [] }])}>
        <Icon name="plus" /> {say("Another case")}
      </button>
    </>
  );
}
