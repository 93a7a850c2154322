import type { Child } from "hono/jsx";
import { Icon } from "../../components/icon";
import { Words } from "../../components/words";
import type { Card, Condition, Entry, Fault, Step } from "../../model";
import { isRecord, splitPaths } from "../../model";
import { capital, triggerSentence } from "../../sentence";
import { CardForm } from "./card-form";
import { VISITS } from "./check";
import { Chooser } from "./chooser";
import { ConditionEditor } from "./condition";
import { DurationField, FieldRow, Fields, inputOf, plainField, within, withKey } from "./fields";
import { useTools } from "./tools";

export interface StructureProps {
  step: Step;
  faults: readonly Fault[];
  onChange(step: Step): void;
}

const KINDS = { for: "for some time", until: "until a moment", until_field: "until a field's date" } as const;
type WaitKind = keyof typeof KINDS;

const isKind = (key: string): key is WaitKind => Object.hasOwn(KINDS, key);

const begun: Readonly<Record<WaitKind, unknown>> = { for: "P1D", until: "", until_field: "" };

/** The same wait of another kind, its window kept. */
const turned = (step: Step, kind: WaitKind): Step => {
  const {
    for: _for,
    until: _until,
    until_field: _field,
    offset: _offset,
    at: _at,
    if_missing: _missing,
    ...rest
  } = step;
  return { ...rest, [kind]: begun[kind] };
};

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEK = ["mon", "tue", "wed", "thu", "fri"];

export function WaitForm({ step, faults, onChange }: StructureProps) {
  const { timezone } = useTools();
  const kind = (Object.keys(KINDS)
    .filter(isKind)
    .find((key) => step[key] !== undefined) ?? "for") satisfies WaitKind;
  const put = (key: string, value: unknown): void => onChange(withKey(step, key, value === "" ? undefined : value));
  const fill = (key: string, value: unknown): void => onChange(withKey(step, key, value));
  const offset = typeof step.offset === "string" ? step.offset : "";
  const before = offset.startsWith("-");
  return (
    <>
      <FieldRow id="wait-kind" label="Wait" faults={faults.filter((fault) => fault.path === "")}>
        {() => (
          <select
            id="wait-kind"
            value={kind}
            onInput={(event: Event) => {
              const next = inputOf(event).value;
              if (isKind(next)) onChange(turned(step, next));
            }}
          >
            {Object.entries(KINDS).map(([key, label]) => (
              <option value={key} key={key}>
                {label}
              </option>
            ))}
          </select>
        )}
      </FieldRow>
      {kind === "for" ? (
        <FieldRow
          id="wait-for"
          label="How long"
          hint="Days and longer keep the time of day; 24 hours are 24 hours."
          faults={within(faults, "/for")}
        >
          {(described) => (
            <DurationField
              field={plainField("for", "How long", "duration")}
              value={step.for}
              id="wait-for"
              faults={[]}
              {...described}
              onChange={(value) => fill("for", value)}
            />
          )}
        </FieldRow>
      ) : null}
      {kind === "until" ? (
        <FieldRow
          id="wait-until"
          label="Until"
          hint={`In the school's zone, ${timezone}`}
          faults={within(faults, "/until")}
        >
          {({ describedBy, invalid }) => (
            <input
              id="wait-until"
              type="datetime-local"
              aria-describedby={describedBy}
              aria-invalid={invalid ? "true" : undefined}
              value={typeof step.until === "string" ? step.until.slice(0, 16) : ""}
              onInput={(event: Event) => fill("until", inputOf(event).value)}
            />
          )}
        </FieldRow>
      ) : null}
      {kind === "until_field" ? (
        <>
          <Fields
            fields={[
              {
                ...plainField("until_field", "Field with a date", "id", { type: "string", picker: "field" }),
                hint: "The wait follows the field when it changes.",
              },
            ]}
            values={step}
            base="wait"
            faults={faults}
            onChange={(key, value) => fill(key, value ?? "")}
          />
          <FieldRow id="wait-offset" label="Shifted by" optional faults={within(faults, "/offset")}>
            {(described) => (
              <span class="inline">
                <DurationField
                  field={plainField("offset", "Shifted by", "duration")}
                  value={offset.replace(/^-/, "")}
                  id="wait-offset"
                  faults={[]}
                  {...described}
                  onChange={(value) => put("offset", value ? `${before ? "-" : ""}${String(value)}` : undefined)}
                />
                <select
                  aria-label="Before or after"
                  value={before ? "-" : "+"}
                  onInput={(event: Event) =>
                    put("offset", `${inputOf(event).value === "-" ? "-" : ""}${offset.replace(/^-/, "") || "P1D"}`)
                  }
                >
                  <option value="-">before</option>
                  <option value="+">after</option>
                </select>
              </span>
            )}
          </FieldRow>
          <FieldRow id="wait-at" label="At" optional hint="Midnight when left empty" faults={within(faults, "/at")}>
            {() => (
              <input
                id="wait-at"
                class="is-short"
                type="time"
                value={typeof step.at === "string" ? step.at : ""}
                onInput={(event: Event) => put("at", inputOf(event).value)}
              />
            )}
          </FieldRow>
          <ExitOr
            label="If the field is empty"
            id="wait-missing"
            value={step.if_missing === "continue" ? "continue" : "exit"}
            onChange={(value) => put("if_missing", value === "exit" ? undefined : value)}
          />
        </>
      ) : null}
      {kind === "for" ? null : (
        <ExitOr
          label="If that is past already"
          id="wait-past"
          value={step.if_past === "exit" ? "exit" : "continue"}
          onChange={(value) => put("if_past", value === "continue" ? undefined : value)}
        />
      )}
      <WindowForm step={step} faults={within(faults, "/window")} onChange={onChange} />
    </>
  );
}

interface ExitOrProps {
  label: string;
  id: string;
  value: "continue" | "exit";
  onChange(value: string): void;
}

const ExitOr = ({ label, id, value, onChange }: ExitOrProps) => (
  <FieldRow id={id} label={label} faults={[]}>
    {() => (
      <select id={id} value={value} onInput={(event: Event) => onChange(inputOf(event).value)}>
        <option value="continue">go on at once</option>
        <option value="exit">end here</option>
      </select>
    )}
  </FieldRow>
);

/** The hours and days at which the run may go on. */
function WindowForm({ step, faults, onChange }: StructureProps) {
  const window = isRecord(step.window) ? step.window : undefined;
  const days = window && Array.isArray(window.days) ? window.days.map(String) : DAYS;
  const put = (key: string, value: unknown): void =>
    onChange(withKey(step, "window", withKey(window ?? {}, key, value)));
  return (
    <fieldset class="group">
      <legend>
        <label class="check">
          <input
            type="checkbox"
            checked={window !== undefined}
            onInput={(event: Event) =>
              onChange(
                withKey(
                  step,
                  "window",
                  inputOf(event).checked ? { days: WEEK, from: "09:00", to: "17:00" } : undefined,
                ),
              )
            }
          />{" "}
          Go on only at certain hours
        </label>
      </legend>
      {window ? (
        <>
          <FieldRow id="window-days" label="Days" faults={within(faults, "/days")}>
            {() => (
              <fieldset class="segments is-many" aria-labelledby="window-days-label">
                {DAYS.map((day) => (
                  <label key={day}>
                    <input
                      type="checkbox"
                      checked={days.includes(day)}
                      onInput={(event: Event) =>
                        put(
                          "days",
                          DAYS.filter((one) => (one === day ? inputOf(event).checked : days.includes(one))),
                        )
                      }
                    />
                    <span>{day}</span>
                  </label>
                ))}
              </fieldset>
            )}
          </FieldRow>
          <FieldRow
            id="window-from"
            label="Hours"
            hint="In the learner's zone, else the school's. From later than to spans midnight."
            faults={[...within(faults, "/from"), ...within(faults, "/to")]}
          >
            {() => (
              <span class="inline">
                <input
                  id="window-from"
                  type="time"
                  aria-label="From"
                  value={String(window.from ?? "")}
                  onInput={(event: Event) => put("from", inputOf(event).value || undefined)}
                />
                to
                <input
                  type="time"
                  aria-label="To"
                  value={String(window.to ?? "")}
                  onInput={(event: Event) => put("to", inputOf(event).value || undefined)}
                />
              </span>
            )}
          </FieldRow>
        </>
      ) : null}
    </fieldset>
  );
}

/** The triggers that a wait or an exit may name: the catalogue's, and the visits. */
export function eventsOf(triggers: readonly Entry[]): Entry[] {
  const params = {
    type: "object",
    properties: {
      courses: { type: "array", items: { type: "string" }, picker: "course" },
      channel: { type: "string", enum: ["web", "app"] },
    },
  };
  const labels = ["Visits the school", "Visits a course"];
  const visits = VISITS.filter((type) => !triggers.some((entry) => entry.type === type)).map((type, i) => ({
    type,
    label: labels[i] ?? type,
    category: "users",
    params: type === "course.visited" ? params : { ...params, properties: { channel: params.properties.channel } },
  }));
  return [...triggers, ...visits];
}

export function WaitForForm({ step, faults, onChange }: StructureProps) {
  const { catalogue, words } = useTools();
  const entries = eventsOf(catalogue.triggers);
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
