import type { Fault } from "../../../../base/errors/errors";
import { isRecord, type Step } from "../../../../definition/types";
import { later, say } from "../../../../language/say";
import { DAYS } from "../../../words/values/values";
import { inputOf, plainField, within, withKey } from "../../draft/form/inputs";
import { useTools } from "../../stage/tools";
import { DurationField } from "../duration-field";
import { FieldRow, Fields } from "../fields";

export interface FormProps {
  step: Step;
  faults: readonly Fault[];
  onChange(step: Step): void;
}

const KINDS = {
  for: later("for some time"),
  until: later("until a moment"),
  until_field: later("until a date of the learner"),
} as const;
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
    every: _every,
    if_missing: _missing,
    ...rest
  } = step;
  return { ...rest, [kind]: begun[kind] };
};

const WEEK = ["mon", "tue", "wed", "thu", "fri"];

export function WaitForm({ step, faults, onChange }: FormProps) {
  const { timezone, catalogue } = useTools();
  const dated = catalogue.steps.find(({ type }) => type === step.type)?.params.properties?.until_field;
  const kind = (Object.keys(KINDS)
    .filter(isKind)
    .find((key) => step[key] !== undefined) ?? "for") satisfies WaitKind;
  const put = (key: string, value: unknown): void => onChange(withKey(step, key, value === "" ? undefined : value));
  const fill = (key: string, value: unknown): void => onChange(withKey(step, key, value));
  const offset = typeof step.offset === "string" ? step.offset : "";
  const before = offset.startsWith("-");
  return (
    <>
      <FieldRow id="wait-kind" label={say("Wait")} faults={faults.filter((fault) => fault.path === "")}>
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
                {say(label)}
              </option>
            ))}
          </select>
        )}
      </FieldRow>
      {kind === "for" ? (
        <FieldRow
          id="wait-for"
          label={say("How long")}
          hint={say("Days and longer keep the time of day; 24 hours are 24 hours.")}
          faults={within(faults, "/for")}
        >
          {(described) => (
            <DurationField
              field={plainField("for", say("How long"), "duration")}
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
          label={say("Until")}
          hint={say("In the school's zone, {zone}", { zone: timezone })}
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
                ...plainField("until_field", say("Field with a date"), "id", {
                  type: "string",
                  picker: "date_field",
                  examples: dated?.examples ?? [],
                }),
                hint: say("Only fields with dates are offered. The wait follows the date when it changes."),
              },
            ]}
            values={step}
            base="wait"
            faults={faults}
            onChange={(key, value) => fill(key, value ?? "")}
          />
          <FieldRow id="wait-offset" label={say("Shifted by")} optional faults={within(faults, "/offset")}>
            {(described) => (
              <span class="inline">
                <DurationField
                  field={plainField("offset", say("Shifted by"), "duration")}
                  value={offset.replace(/^-/, "")}
                  id="wait-offset"
                  faults={[]}
                  {...described}
                  onChange={(value) => put("offset", value ? `${before ? "-" : ""}${String(value)}` : undefined)}
                />
                <select
                  aria-label={say("Before or after")}
                  value={before ? "-" : "+"}
                  onInput={(event: Event) =>
                    put("offset", `${inputOf(event).value === "-" ? "-" : ""}${offset.replace(/^-/, "") || "P1D"}`)
                  }
                >
                  <option value="-">{say("before")}</option>
                  <option value="+">{say("after")}</option>
                </select>
              </span>
            )}
          </FieldRow>
          <FieldRow
            id="wait-at"
            label={say("At")}
            optional
            hint={say("Midnight when left empty")}
            faults={within(faults, "/at")}
          >
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
          <div class="field is-beside">
            <input
              id="wait-every"
              type="checkbox"
              checked={step.every === "year"}
              onInput={(event: Event) => put("every", inputOf(event).checked ? "year" : undefined)}
            />
            <label for="wait-every">{say("Its next anniversary, whatever the year")}</label>
          </div>
          <ExitOr
            label={say("If the field is empty")}
            id="wait-missing"
            value={step.if_missing === "continue" ? "continue" : "exit"}
            onChange={(value) => put("if_missing", value === "exit" ? undefined : value)}
          />
        </>
      ) : null}
      {kind === "for" ? null : (
        <ExitOr
          label={say("If that is past already")}
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
        <option value="continue">{say("go on at once")}</option>
        <option value="exit">{say("end here")}</option>
      </select>
    )}
  </FieldRow>
);

/** The hours and days at which the run may go on. */
function WindowForm({ step, faults, onChange }: FormProps) {
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
          {say("Go on only at certain hours")}
        </label>
      </legend>
      {window ? (
        <>
          <FieldRow id="window-days" label={say("Days")} faults={within(faults, "/days")}>
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
                    <span>{say(day)}</span>
                  </label>
                ))}
              </fieldset>
            )}
          </FieldRow>
          <FieldRow
            id="window-from"
            label={say("Hours")}
            hint={say(
              "In the learner's time zone, else the school's. Hours that begin later than they end go past midnight.",
            )}
            faults={[...within(faults, "/from"), ...within(faults, "/to")]}
          >
            {() => (
              <span class="inline">
                <input
                  id="window-from"
                  type="time"
                  aria-label={say("From")}
                  value={String(window.from ?? "")}
                  onInput={(event: Event) => put("from", inputOf(event).value || undefined)}
                />
                {say("to@hours")}
                <input
                  type="time"
                  aria-label={say("To")}
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
