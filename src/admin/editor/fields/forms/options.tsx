import type { Fault } from "../../../../base/errors/errors";
import { durationOf } from "../../../../definition/duration";
import type { Draft } from "../../../../definition/types";
import { later, say, type Text } from "../../../../language/say";
import { labelsIn } from "../../../words/values/labels";
import { inputOf, plainField, within } from "../../draft/form/inputs";
import { DurationField } from "../duration-field";
import { FieldRow } from "../fields";

interface OptionsProps {
  definition: Draft;
  faults: readonly Fault[];
  onChange(definition: Draft, tag?: string): void;
}

const REENTRY = {
  always: [
    later("every time"),
    later("Each time it happens starts a run of its own, also while others are under way."),
  ],
  one_at_a_time: [later("one at a time"), later("Not while a run of it is under way.")],
  restart: [later("starting over"), later("The run under way ends, a new one starts.")],
  once: [later("once only"), later("Never a second time.")],
} as const satisfies Record<Draft["reentry"], readonly [label: Text, hint: Text]>;

const isReentry = (value: string): value is Draft["reentry"] => Object.hasOwn(REENTRY, value);

/** What holds for the whole automation. */
export function OptionsForm({ definition, faults, onChange }: OptionsProps) {
  const put = (change: Partial<Draft>, tag?: string): void => onChange({ ...definition, ...change }, tag);
  const whole = faults.filter((fault) => fault.path === "" || fault.path === "/when" || fault.path === "/then");
  return (
    <>
      {whole.map((fault) => (
        <p class="fault" key={fault.message}>
          ✕ {fault.message}
        </p>
      ))}
      <FieldRow id="option-name" label={say("Name")} faults={within(faults, "/name")}>
        {({ describedBy, invalid }) => (
          <input
            id="option-name"
            type="text"
            aria-describedby={describedBy}
            aria-invalid={invalid ? "true" : undefined}
            value={definition.name}
            onInput={(event: Event) => put({ name: inputOf(event).value }, "name")}
          />
        )}
      </FieldRow>
      <FieldRow id="option-description" label={say("Description")} optional faults={within(faults, "/description")}>
        {() => (
          <textarea
            id="option-description"
            rows={3}
            value={definition.description}
            onInput={(event: Event) => put({ description: inputOf(event).value }, "description")}
          />
        )}
      </FieldRow>
      <FieldRow
        id="option-labels"
        label={say("Labels")}
        optional
        hint={say("One or more, with commas between: the list is narrowed by them.")}
        faults={within(faults, "/labels")}
      >
        {({ describedBy, invalid }) => (
          <input
            id="option-labels"
            type="text"
            aria-describedby={describedBy}
            aria-invalid={invalid ? "true" : undefined}
            value={definition.labels.join(", ")}
            onChange={(event: Event) => put({ labels: labelsIn(inputOf(event).value) }, "labels")}
          />
        )}
      </FieldRow>
      <FieldRow id="option-note" label={say("Note to the team")} optional faults={within(faults, "/note")}>
        {() => (
          <textarea
            id="option-note"
            rows={3}
            value={definition.note}
            onInput={(event: Event) => put({ note: inputOf(event).value }, "note")}
          />
        )}
      </FieldRow>
      <FieldRow
        id="option-reentry"
        label={say("A learner enters")}
        hint={say(REENTRY[definition.reentry][1])}
        faults={within(faults, "/reentry")}
      >
        {({ describedBy }) => (
          <select
            id="option-reentry"
            aria-describedby={describedBy}
            value={definition.reentry}
            onInput={(event: Event) => {
              const reentry = inputOf(event).value;
              if (isReentry(reentry)) put({ reentry });
            }}
          >
            {Object.entries(REENTRY).map(([value, [label]]) => (
              <option value={value} key={value}>
                {say(label)}
              </option>
            ))}
          </select>
        )}
      </FieldRow>
      {definition.reentry === "always" && definition.cooldown === null && definition.limit === null ? null : (
        <FieldRow
          id="option-per"
          label={say("Counted for each")}
          hint={say("“Product” stands for whatever the event is about: a course, a tag, a group, a form …")}
          faults={[]}
        >
          {({ describedBy }) => (
            <select
              id="option-per"
              aria-describedby={describedBy}
              value={definition.reentry_per}
              onInput={(event: Event) => put({ reentry_per: inputOf(event).value === "trigger" ? "trigger" : "user" })}
            >
              <option value="user">{say("learner")}</option>
              <option value="trigger">{say("learner and product")}</option>
            </select>
          )}
        </FieldRow>
      )}
      <div class="field is-beside">
        <input
          id="option-cools"
          type="checkbox"
          checked={definition.cooldown !== null}
          onInput={(event: Event) => put({ cooldown: inputOf(event).checked ? durationOf(1, "days") : null })}
        />
        <label for="option-cools">{say("Pause between two starts for a learner")}</label>
      </div>
      {definition.cooldown === null ? null : (
        <FieldRow id="option-cooldown" label={say("At least")} faults={within(faults, "/cooldown")}>
          {(described) => (
            <DurationField
              field={plainField("cooldown", say("At least"), "duration")}
              value={definition.cooldown}
              id="option-cooldown"
              faults={[]}
              {...described}
              onChange={(value) => put({ cooldown: typeof value === "string" ? value : "" }, "cooldown")}
            />
          )}
        </FieldRow>
      )}
      <LimitForm definition={definition} faults={faults} onChange={onChange} />
      <div class="field is-beside">
        <input
          id="option-synchronous"
          type="checkbox"
          aria-describedby="option-synchronous-says"
          checked={definition.synchronous}
          onInput={(event: Event) => put({ synchronous: inputOf(event).checked })}
        />
        <label for="option-synchronous">{say("Run synchronously")}</label>
        <span class="hint" id="option-synchronous-says">
          {say(
            "The school's page waits for it, so that the next page already shows what it did, up to the first wait.",
          )}
        </span>
      </div>
    </>
  );
}

/** How many starts there may be, in a time or ever. */
function LimitForm({ definition, faults, onChange }: OptionsProps) {
  const { limit } = definition;
  const put = (next: Draft["limit"], tag?: string): void => onChange({ ...definition, limit: next }, tag);
  return (
    <>
      <div class="field is-beside">
        <input
          id="option-limits"
          type="checkbox"
          checked={limit !== null}
          onInput={(event: Event) => put(inputOf(event).checked ? { times: 3, per: durationOf(1, "weeks") } : null)}
        />
        <label for="option-limits">{say("Only so many starts for a learner")}</label>
      </div>
      {limit === null ? null : (
        <>
          <FieldRow id="option-limit-times" label={say("At most")} faults={within(faults, "/limit/times")}>
            {({ describedBy, invalid }) => (
              <span class="inline">
                <input
                  id="option-limit-times"
                  class="is-short"
                  type="number"
                  min="1"
                  max="1000"
                  aria-describedby={describedBy}
                  aria-invalid={invalid ? "true" : undefined}
                  value={String(limit.times)}
                  onInput={(event: Event) => put({ ...limit, times: Number(inputOf(event).value) }, "limit.times")}
                />
                {say("times")}
              </span>
            )}
          </FieldRow>
          <FieldRow
            id="option-limit-per"
            label={say("In@limit")}
            hint={say("Ever, when left empty.")}
            faults={within(faults, "/limit/per")}
          >
            {(described) => (
              <DurationField
                field={plainField("per", say("In@limit"), "duration")}
                value={limit.per ?? ""}
                id="option-limit-per"
                faults={[]}
                {...described}
                onChange={(value) =>
                  put({ ...limit, per: typeof value === "string" && value ? value : null }, "limit.per")
                }
              />
            )}
          </FieldRow>
        </>
      )}
    </>
  );
}
