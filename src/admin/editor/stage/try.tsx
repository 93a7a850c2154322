import { useState } from "hono/jsx/dom";
import type { Fault } from "../../../base/errors/errors";
import type { CatalogueEntry } from "../../../definition/catalogue";
import type { Draft } from "../../../definition/types";
import { say } from "../../../language/say";
import { Icon } from "../../components/icon";
import { callServer, isOk, learners, refusalOf } from "../draft/api";
import { fieldsOfForm } from "../draft/form/form";
import { inputOf, plainField, within, withKey } from "../draft/form/inputs";
import { momentsOf, rehearsalOf } from "../draft/trial/rehearsal";
import {
  dataFor,
  fieldsOfInvented,
  freshTrial,
  OF_TRIAL,
  type Played,
  requestOf,
  type TrialInput,
} from "../draft/trial/trial";
import { Combo } from "../fields/combo";
import { DurationField } from "../fields/duration-field";
import { FieldRow, Fields } from "../fields/fields";
import { focusFault } from "./focus";
import { RehearsalOutcome } from "./outcome";
import { Past } from "./past";
import { ToolsProvider, useTools } from "./tools";

interface TryProps {
  definition: Draft;
  /** Of the automation that is edited; null: it is new. */
  id: string | null;
  trial: TrialInput;
  onChange(trial: TrialInput): void;
  onFaults(faults: Fault[]): void;
  onClose(): void;
}

/** A rehearsal: who, what happens, how long; then the clock moves over what would be done. */
export function Try({ definition, id, trial, onChange, onFaults, onClose }: TryProps) {
  const tools = useTools();
  const { timezone, catalogue } = tools;
  // What only exits and waits listen to is what one mostly wants to see come on the way.
  const asked = (catalogue.listeners[0] ?? catalogue.events[0])?.type ?? "";
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const put = (change: Partial<TrialInput>): void => onChange({ ...trial, ...change, rehearsal: null });
  const run = async (): Promise<void> => {
    setBusy(true);
    const answer = await callServer("POST", "/automations/simulate", requestOf(definition, trial));
    setBusy(false);
    if (isOk(answer)) {
      const rehearsal = rehearsalOf(answer.body);
      setProblem("");
      setFaults([]);
      onChange({ ...trial, rehearsal, moment: Math.max(0, momentsOf(rehearsal).length - 1) });
      return;
    }
    const refusal = refusalOf(answer, "/automation");
    const here = refusal.faults.filter(({ path }) => OF_TRIAL.test(path));
    setFaults(here);
    setProblem(
      here.length > 0
        ? say("Something above needs correcting; it is marked.")
        : refusal.faults.length > 0
          ? say("The automation needs correcting first; the cards are marked.")
          : refusal.message,
    );
    onFaults(refusal.faults.filter((fault) => !here.includes(fault)));
    if (here.length > 0) focusFault();
  };
  const another = (): Played => ({ type: asked, data: dataFor(asked, definition, trial, catalogue), after: "P1D" });
  return (
    // What was refused is said at its field at once, touched or not.
    <ToolsProvider value={{ ...tools, insists: true }}>
      <header class="panel-head">
        <h2 tabindex={-1}>{say("Try it")}</h2>
        <span class="panel-tools">
          <button type="button" class="button is-quiet" aria-label={say("Close")} onClick={onClose}>
            <Icon name="close" />
          </button>
        </span>
      </header>
      <div class="panel-body">
        <p class="calm">{say("Nothing is sent and nobody is changed. This is only a rehearsal.")}</p>
        <Who trial={trial} faults={within(faults, "/user")} put={put} />
        <fieldset class="group">
          <legend>{say("What happens")}</legend>
          <Happening
            id="event-First"
            label={say("First")}
            played={trial.first}
            faults={within(faults, "/fact")}
            onChange={(first) => put({ first })}
            open={say("what the first “When” asks for")}
          />
          {trial.assumed.map((played, i) => (
            <div class="assumed" key={String(i)}>
              <FieldRow id={`assume-${i}`} label={say("After")} faults={within(faults, `/assume/${i}/after`)}>
                {(described) => (
                  <span class="inline">
                    <DurationField
                      field={plainField("after", say("After"), "duration")}
                      value={played.after}
                      id={`assume-${i}`}
                      faults={[]}
                      {...described}
                      onChange={(after) => put({ assumed: trial.assumed.with(i, { ...played, after: String(after) }) })}
                    />
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={say("Remove this event")}
                      onClick={() => put({ assumed: trial.assumed.toSpliced(i, 1) })}
                    >
                      <Icon name="close" />
                    </button>
                  </span>
                )}
              </FieldRow>
              <Happening
                id={`event-Event-${i + 2}`}
                label={say("Event {n}", { n: i + 2 })}
                played={played}
                faults={within(faults, `/assume/${i}/event`)}
                onChange={(next) =>
                  put({
                    assumed: next
                      ? trial.assumed.with(i, { ...next, after: played.after })
                      : trial.assumed.toSpliced(i, 1),
                  })
                }
              />
            </div>
          ))}
          <button type="button" class="button is-small" onClick={() => put({ assumed: [...trial.assumed, another()] })}>
            <Icon name="plus" /> {say("Then another event")}
          </button>
        </fieldset>
        <FieldRow id="try-for" label={say("Watch for")} faults={within(faults, "/for")}>
          {(described) => (
            <DurationField
              field={plainField("for", say("Watch for"), "duration")}
              value={trial.span}
              id="try-for"
              faults={[]}
              {...described}
              onChange={(span) => put({ span: String(span) })}
            />
          )}
        </FieldRow>
        <button
          type="button"
          class="button is-main is-wide"
          disabled={busy || (!trial.invented && !trial.learner)}
          onClick={run}
        >
          <Icon name="play" /> {busy ? say("Rehearsing …") : say("Rehearse")}
        </button>
        {!trial.invented && !trial.learner ? <p class="hint">{say("Choose a learner first.")}</p> : null}
        {problem ? (
          <p class="fault" role="alert">
            ✕ {problem}
          </p>
        ) : null}
        {trial.rehearsal ? (
          <RehearsalOutcome
            rehearsal={trial.rehearsal}
            moment={trial.moment}
            definition={definition}
            timezone={timezone}
            onMoment={(moment) => onChange({ ...trial, moment })}
          />
        ) : null}
        <Past definition={definition} id={id} timezone={timezone} onFaults={onFaults} />
      </div>
    </ToolsProvider>
  );
}

interface WhoProps {
  trial: TrialInput;
  faults: readonly Fault[];
  put(change: Partial<TrialInput>): void;
}

function Who({ trial, faults, put }: WhoProps) {
  const invented = trial.invented;
  return (
    <fieldset class="group">
      <legend>{say("Who")}</legend>
      <span class="segments">
        <label>
          <input
            type="radio"
            name="who"
            checked={invented !== null}
            onInput={() => put({ invented: invented ?? freshTrial.invented })}
          />
          <span>{say("an invented learner")}</span>
        </label>
        <label>
          <input type="radio" name="who" checked={invented === null} onInput={() => put({ invented: null })} />
          <span>{say("a learner")}</span>
        </label>
      </span>
      {invented ? (
        <Fields
          fields={fieldsOfInvented()}
          values={invented}
          base="invented"
          faults={faults}
          onChange={(key, value) => put({ invented: withKey(invented, key, value) })}
        />
      ) : (
        <FieldRow id="try-learner" label={say("Learner")} faults={[]}>
          {() => (
            <Combo
              id="try-learner"
              placeholder={say("Name, email or id")}
              search={learners}
              clears={false}
              shown={trial.learner?.label ?? ""}
              onPick={(learner) => put({ learner })}
            />
          )}
        </FieldRow>
      )}
    </fieldset>
  );
}

/** An event: its type, and a form of its data. */
function Happening({
  id,
  label,
  played,
  open,
  faults,
  onChange,
}: {
  id: string;
  label: string;
  played: Played | null;
  open?: string;
  /** Their pointers from the event on. */
  faults: readonly Fault[];
  onChange(played: Played | null): void;
}) {
  const { catalogue, now } = useTools();
  const entry: CatalogueEntry | undefined = catalogue.events.find((one) => one.type === played?.type);
  return (
    <>
      <FieldRow id={id} label={label} faults={within(faults, "/type")}>
        {() => (
          <select
            id={id}
            value={played?.type ?? ""}
            onInput={(event: Event) => {
              const type = inputOf(event).value;
              onChange(
                type === "" ? null : { type, data: dataFor(type, now, null, catalogue), after: played?.after ?? "P1D" },
              );
            }}
          >
            {open ? <option value="">{open}</option> : null}
            {catalogue.events
              .filter((one) => !one.type.includes("<"))
              .map((one) => (
                <option value={one.type} key={one.type}>
                  {one.label === one.type ? one.type.replace(".", " ").replaceAll("_", " ") : one.label}
                </option>
              ))}
          </select>
        )}
      </FieldRow>
      {played && entry ? (
        <Fields
          fields={fieldsOfForm(entry.params, played.data).filter((field) => field.required)}
          values={played.data}
          base={id}
          faults={within(faults, "/data")}
          onChange={(key, value) => onChange({ ...played, data: withKey(played.data, key, value) })}
        />
      ) : null}
    </>
  );
}
