import type { Child } from "hono/jsx";
import { Icon } from "../../components/icon";
import { Words } from "../../components/words";
import { type Card, type Catalogue, type Condition, type Entry, isRecord, splitPaths } from "../../model";
import { capital, triggerSentence } from "../../words/sentence";
import { inputOf, plainField, within } from "../draft/inputs";
import { Chooser } from "../stage/chooser";
import { useTools } from "../stage/tools";
import { CardForm } from "./card-form";
import { ConditionEditor } from "./condition";
import { DurationField } from "./duration-field";
import { FieldRow } from "./fields";
import { type StructureProps, WaitForm } from "./wait-form";

/** The triggers that a wait or an exit may name: the catalogue's, and those that only listen. */
export const eventsOf = (catalogue: Catalogue): Entry[] => [...catalogue.triggers, ...(catalogue.listeners ?? [])];

export function WaitForForm({ step, faults, onChange }: StructureProps) {
  const { catalogue, words } = useTools();
  const entries = eventsOf(catalogue);
  const event =
    isRecord(step.event) && typeof step.event.type === "string" ? { ...step.event, type: step.event.type } : null;
  return (
    <>
      <FieldRow id="event" label="Until the learner" faults={faults.filter((fault) => fault.path === "/event")}>
        {() => (
          <Chooser
            id="event"
            title="What it waits for"
            entries={entries}
            shown={event ? <Words spans={capital(triggerSentence(event, words))} /> : "Choose an event"}
            onPick={(card) => onChange({ ...step, event: card })}
          />
        )}
      </FieldRow>
      {event ? (
        <CardForm
          card={event}
          entry={entries.find((entry) => entry.type === event.type)}
          base="event"
          faults={within(faults, "/event")}
          onChange={(card: Card) => onChange({ ...step, event: card })}
        />
      ) : null}
      <FieldRow id="timeout" label="At most" faults={within(faults, "/timeout")}>
        {(described) => (
          <DurationField
            field={plainField("timeout", "At most", "duration")}
            value={step.timeout}
            id="timeout"
            faults={[]}
            {...described}
            onChange={(value) => onChange({ ...step, timeout: value })}
          />
        )}
      </FieldRow>
    </>
  );
}

export const BranchForm = ({ step, faults, onChange }: StructureProps) => (
  <ConditionEditor
    label="If they"
    // The editor puts only conditions, or null, under `if`.
    condition={isRecord(step.if) ? (step.if as unknown as Condition) : null}
    faults={within(faults, "/if")}
    onChange={(condition) => onChange({ ...step, if: condition })}
  />
);

export function SplitForm({ step, faults, onChange }: StructureProps) {
  const paths = splitPaths(step);
  const sum = paths.reduce((total, path) => total + path.percent, 0);
  const put = (next: typeof paths): void => onChange({ ...step, paths: next });
  return (
    <FieldRow
      id="split-0"
      label="Learners go"
      hint={`In all ${sum} %. Who goes where is fixed for each learner.`}
      faults={within(faults, "/paths")}
    >
      {({ describedBy, invalid }) => (
        <span class="rows">
          {paths.map((path, i) => (
            <span class="inline" key={String(i)}>
              <input
                id={`split-${i}`}
                class="is-short"
                type="number"
                min="0"
                max="100"
                aria-label={`Percent of way ${i + 1}`}
                aria-describedby={describedBy}
                aria-invalid={invalid ? "true" : undefined}
                value={String(path.percent)}
                onInput={(event: Event) => put(paths.with(i, { ...path, percent: Number(inputOf(event).value) }))}
              />
              % —{" "}
              {path.steps.length === 0 ? "no steps" : path.steps.length === 1 ? "1 step" : `${path.steps.length} steps`}
              {paths.length > 1 ? (
                <button
                  type="button"
                  class="button is-quiet"
                  aria-label={`Take way ${i + 1} and its steps away`}
                  onClick={() => put(paths.toSpliced(i, 1))}
                >
                  <Icon name="close" />
                </button>
              ) : null}
            </span>
          ))}
          <button
            type="button"
            class="button is-small"
            onClick={() => put([...paths, { percent: Math.max(0, 100 - sum), steps: [] }])}
          >
            <Icon name="plus" /> Another way
          </button>
        </span>
      )}
    </FieldRow>
  );
}

const ExitForm = () => <p class="hint">The run ends here. What stands below is never reached.</p>;

/** The forms of the five kinds of contract §6. */
export const STRUCTURE_FORMS: ReadonlyMap<string, (props: StructureProps) => Child> = new Map([
  ["wait", WaitForm],
  ["wait_for", WaitForForm],
  ["branch", BranchForm],
  ["split", SplitForm],
  ["exit", ExitForm],
]);
