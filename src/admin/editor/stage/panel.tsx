import type { Child } from "hono/jsx";
import { useEffect, useRef } from "hono/jsx/dom";
import type { Fault } from "../../../base/errors/errors";
import type { CatalogueEntry } from "../../../definition/catalogue";
import type { CardUse, Draft, Step } from "../../../definition/types";
import { later, say } from "../../../language/say";
import { Icon } from "../../components/icon";
import { inputOf, within, withKey } from "../draft/form/inputs";
import { pathOfSelection, type Selection } from "../draft/state";
import { type Direction, pointerOf, valueAt, withValue } from "../draft/tree/tree";
import { letterOf } from "../draft/trial/letter";
import { FieldRow } from "../fields/fields";
import { CardForm } from "../fields/forms/card-form";
import { ConditionEditor } from "../fields/forms/condition";
import { OptionsForm } from "../fields/forms/options";
import { eventsOf, StepForm } from "../fields/forms/step-form";
import { LetterPreview } from "../fields/mail/letter";
import { Chooser } from "./chooser";
import { useTools } from "./tools";

export interface PanelProps {
  definition: Draft;
  selected: Selection;
  faults: readonly Fault[];
  onChange(definition: Draft, options?: { tag?: string; select?: Selection | null }): void;
  onClose(): void;
  onShift(id: string, direction: Direction): void;
  onDuplicate(id: string): void;
  onCopy(id: string): void;
  onDelete(): void;
}

const nameOf = (selected: Selection): string =>
  selected.kind === "step" ? selected.id : "index" in selected ? `${selected.kind}-${selected.index}` : selected.kind;

/** A trigger of `when`, where nothing has started the run yet: "$trigger" stands for nothing there. */
const withoutTrigger = (entry: CatalogueEntry): CatalogueEntry => ({
  ...entry,
  params: {
    ...entry.params,
    properties: Object.fromEntries(
      Object.entries(entry.params.properties ?? {}).map(([key, schema]) => [key, { ...schema, trigger: false }]),
    ),
  },
});

const CARD_TITLES = {
  trigger: later("When a learner@card"),
  exit_when: later("Ends at once when the learner"),
  goal: later("The goal: the learner"),
};

/** The form of the chosen card. */
export function Panel(props: PanelProps) {
  const { definition, selected, faults, onChange } = props;
  const { catalogue, words } = useTools();
  const path = pathOfSelection(definition, selected, words.lanesOf);
  const own = path ? within(faults, pointerOf(path)) : faults;
  const found = path ? valueAt(definition, path) : undefined;
  const tagOf = (key: string): string => `${nameOf(selected)}:${key}`;
  const put = (value: unknown, key: string): void => {
    if (path) onChange(withValue(definition, path, value), { tag: tagOf(key) });
  };

  if (selected.kind === "options")
    return (
      <Frame {...props} title={say("Options")}>
        <OptionsForm
          definition={definition}
          faults={own}
          onChange={(next, tag) => onChange(next, tag ? { tag: tagOf(tag) } : {})}
        />
      </Frame>
    );
  if (selected.kind === "only_if" || selected.kind === "exit_if") {
    const only = selected.kind === "only_if";
    return (
      <Frame {...props} title={only ? say("Only if") : say("Ends if")}>
        <p class="hint">
          {only
            ? say("Looked at when it happens, after the event is counted in.")
            : say("Looked at on every later event, and before each step after a wait.")}
        </p>
        <ConditionEditor
          label={say("They@condition")}
          condition={definition[selected.kind]}
          faults={own}
          onChange={(condition, tag) =>
            onChange(withValue<Draft>(definition, [selected.kind], condition), tag ? { tag: tagOf(tag) } : {})
          }
        />
      </Frame>
    );
  }
  if (selected.kind === "step") {
    const step = found as Step | undefined; // a step's path leads to a step
    return step ? <StepPanel {...props} step={step} own={own} put={put} /> : null;
  }
  const card = found as CardUse | undefined; // these lists hold cards
  const entries = selected.kind === "trigger" ? catalogue.triggers.map(withoutTrigger) : eventsOf(catalogue);
  if (!card) return null;
  return (
    <Frame {...props} title={say(CARD_TITLES[selected.kind])}>
      {selected.kind === "goal" ? (
        <p class="hint">
          {say(
            "Counted once for each run, while it goes on and for 30 days after it began. It starts and ends nothing.",
          )}
        </p>
      ) : null}
      <Kind card={card} entries={entries} title={say("Another event")} onPick={(other) => put(other, "type")} />
      <CardForm
        card={card}
        entry={entries.find((entry) => entry.type === card.type)}
        base={nameOf(selected)}
        faults={own}
        onChange={(next, key) => put(next, key)}
      />
    </Frame>
  );
}

/** What kind of card it is, what that means, and a way to take another. */
function Kind({
  card,
  entries,
  title,
  onPick,
}: {
  card: CardUse;
  entries: readonly CatalogueEntry[];
  title: string;
  onPick(card: CardUse): void;
}) {
  const entry = entries.find((one) => one.type === card.type);
  return (
    <div class="panel-kind">
      <div>
        <strong>{entry?.label ?? card.type}</strong>
        {entry?.description ? <p class="hint">{entry.description}</p> : null}
      </div>
      <Chooser id="kind" small title={title} entries={entries} shown={say("Change@verb")} onPick={onPick} />
    </div>
  );
}

function StepPanel(props: PanelProps & { step: Step; own: readonly Fault[]; put(value: unknown, key: string): void }) {
  const { step, own, put } = props;
  const { catalogue } = useTools();
  const entry = catalogue.actions.find((one) => one.type === step.type);
  const kind = catalogue.steps.find((one) => one.type === step.type);
  const label = (kind ?? entry)?.label ?? step.type;
  const letter = letterOf(step, entry);
  const ownsOnError = entry?.params.properties?.on_error !== undefined;
  return (
    <Frame {...props} title={label}>
      {entry?.description ? <p class="hint">{entry.description}</p> : null}
      {kind ? (
        // One undo step for what is typed into an option without a pause elsewhere.
        <StepForm entry={kind} step={step} faults={own} onChange={(next: Step) => put(next, changedKey(step, next))} />
      ) : (
        <>
          <CardForm
            card={step}
            entry={entry}
            base={step.id ?? "step"}
            faults={own}
            onChange={(next, key) => put(next, key)}
            between={letter ? <LetterPreview letter={letter} key={step.id ?? ""} /> : null}
          />
          {ownsOnError ? null : <OnError step={step} onChange={(next) => put(next, "on_error")} />}
        </>
      )}
    </Frame>
  );
}

const changedKey = (before: Step, after: Step): string =>
  Object.keys({ ...before, ...after }).find((key) => before[key] !== after[key]) ?? "";

const OnError = ({ step, onChange }: { step: Step; onChange(step: Step): void }) => (
  <FieldRow id="on-error" label={say("If this cannot be done")} faults={[]}>
    {() => (
      <select
        id="on-error"
        value={step.on_error === "stop" ? "stop" : "continue"}
        onInput={(event: Event) =>
          onChange(withKey(step, "on_error", inputOf(event).value === "stop" ? "stop" : undefined))
        }
      >
        <option value="continue">{say("go on with the next step")}</option>
        <option value="stop">{say("end the run as failed")}</option>
      </select>
    )}
  </FieldRow>
);

const MOVES = [
  ["up", later("Move up (Alt ↑)")],
  ["down", later("Move down (Alt ↓)")],
] as const;

function Frame({
  title,
  selected,
  onClose,
  onShift,
  onDuplicate,
  onCopy,
  onDelete,
  children,
}: PanelProps & { title: string; children?: Child }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { readOnly } = useTools();
  const name = nameOf(selected);
  useEffect(() => {
    heading.current?.closest(".panel")?.scrollTo(0, 0);
  }, [name]);
  const removable = selected.kind !== "options";
  return (
    <>
      <header class="panel-head">
        <h2 ref={heading} tabindex={-1}>
          {title}
        </h2>
        <span class="panel-tools" role="toolbar" aria-label={say("{title}: what to do with it", { title })}>
          {selected.kind === "step" && !readOnly
            ? [
                ...MOVES.map(([direction, says]) => (
                  <button
                    type="button"
                    class="button is-quiet"
                    key={direction}
                    title={say(says)}
                    aria-label={say(says)}
                    onClick={() => onShift(selected.id, direction)}
                  >
                    <Icon name={direction} />
                  </button>
                )),
                <button
                  type="button"
                  class="button is-quiet"
                  key="copy"
                  title={say("Copy (Ctrl C)")}
                  aria-label={say("Copy")}
                  onClick={() => onCopy(selected.id)}
                >
                  <Icon name="copy" />
                </button>,
                <button
                  type="button"
                  class="button is-quiet"
                  key="duplicate"
                  title={say("Duplicate (Ctrl D)")}
                  aria-label={say("Duplicate")}
                  onClick={() => onDuplicate(selected.id)}
                >
                  <Icon name="duplicate" />
                </button>,
              ]
            : null}
          {removable && !readOnly ? (
            <button
              type="button"
              class="button is-quiet"
              title={say("Delete (Del)")}
              aria-label={say("Delete")}
              onClick={onDelete}
            >
              <Icon name="delete" />
            </button>
          ) : null}
          <button
            type="button"
            class="button is-quiet"
            aria-label={say("Close")}
            title={say("Close (Esc)")}
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        </span>
      </header>
      <fieldset class="panel-body" disabled={readOnly} key={name}>
        {children}
      </fieldset>
    </>
  );
}
