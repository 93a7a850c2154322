import { useState } from "hono/jsx/dom";
import { Icon } from "../../components/icon";
import { Words } from "../../components/words";
import type { Definition, Entry, Fault } from "../../model";
import { capital, stepSentence } from "../../sentence";
import { call, isOk, learners, refusalOf } from "./api";
import { Combo } from "./combo";
import { DurationField, FieldRow, Fields, inputOf, plainField, withKey } from "./fields";
import { fieldsOf } from "./form";
import { Letter } from "./liquid";
import { messageIn, momentsOf, type Rehearsal, reachedBy, rehearsalOf, shortOf } from "./rehearsal";
import { momentText, useTools } from "./tools";
import { stepOf } from "./tree";

/** One event of a rehearsal: its type and data, and when it comes after the first. */
interface Played {
  type: string;
  data: Record<string, unknown>;
  after: string;
}

/** What was entered, kept while the panel is closed. */
export interface Trial {
  learner: { value: string; label: string } | null;
  invented: Record<string, unknown> | null;
  first: Played | null;
  assumed: Played[];
  span: string;
  rehearsal: Rehearsal | null;
  /** The moment shown, among those of the rehearsal. */
  moment: number;
}

export const freshTrial: Trial = {
  learner: null,
  invented: { username: "Ida" },
  first: null,
  assumed: [],
  span: "P30D",
  rehearsal: null,
  moment: 0,
};

interface TryProps {
  definition: Definition;
  trial: Trial;
  onChange(trial: Trial): void;
  onFaults(faults: Fault[]): void;
  onClose(): void;
}

const ids = (picker: string) => ({ type: "array", items: { type: "string" }, picker });

const INVENTED = fieldsOf(
  {
    properties: {
      username: { type: "string", title: "Name" },
      email: { type: "string", title: "Email" },
      tags: { ...ids("tag"), title: "Tags" },
      courses: { ...ids("course"), title: "Enrolled in" },
    },
    required: ["username", "email", "tags", "courses"],
  },
  {},
);

/** The invented learner as the contract's inline user (§5). */
function inline(invented: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { courses, ...rest } = invented;
  const user = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== "" && value !== undefined));
  const products = Array.isArray(courses) ? courses : [];
  return {
    id: "invented",
    ...user,
    ...(products.length > 0
      ? {
          enrolments: products.map((product) => ({
            product_type: "course",
            product,
            role: "student",
            sources: ["event"],
          })),
        }
      : {}),
  };
}

const requestOf = (definition: Definition, trial: Trial): Record<string, unknown> => ({
  automation: definition,
  user: trial.invented ? inline(trial.invented) : (trial.learner?.value ?? ""),
  ...(trial.first ? { fact: { type: trial.first.type, data: trial.first.data } } : {}),
  for: trial.span,
  assume: trial.assumed.map(({ after, type, data }) => ({ after, event: { type, data } })),
});

/** A rehearsal: who, what happens, how long; then the clock moves over what would be done. */
export function Try({ definition, trial, onChange, onFaults, onClose }: TryProps) {
  const { timezone } = useTools();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const put = (change: Partial<Trial>): void => onChange({ ...trial, ...change, rehearsal: null });
  const run = async (): Promise<void> => {
    setBusy(true);
    const answer = await call("POST", "/automations/simulate", requestOf(definition, trial));
    setBusy(false);
    if (isOk(answer)) {
      const rehearsal = rehearsalOf(answer.body);
      setProblem("");
      onChange({ ...trial, rehearsal, moment: Math.max(0, momentsOf(rehearsal).length - 1) });
      return;
    }
    const refusal = refusalOf(answer, "/automation");
    const elsewhere = refusal.faults.find((fault) => /^\/(user|fact|for|assume)\b/.test(fault.path));
    setProblem(elsewhere ? `${elsewhere.path.slice(1).replaceAll("/", " ")}: ${elsewhere.message}` : refusal.message);
    onFaults(refusal.faults.filter((fault) => fault !== elsewhere));
  };
  return (
    <>
      <header class="panel-head">
        <h2 tabindex={-1}>Try it</h2>
        <span class="panel-tools">
          <button type="button" class="button is-quiet" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </span>
      </header>
      <div class="panel-body">
        <p class="calm">Nothing is sent and nobody is changed. This is only a rehearsal.</p>
        <Who trial={trial} put={put} />
        <fieldset class="group">
          <legend>What happens</legend>
          <Happening
            label="First"
            played={trial.first}
            onChange={(first) => put({ first })}
            open="as the first “When” says"
          />
          {trial.assumed.map((played, i) => (
            <div class="assumed" key={String(i)}>
              <FieldRow id={`assume-${i}`} label="After" faults={[]}>
                {(described) => (
                  <span class="inline">
                    <DurationField
                      field={plainField("after", "After", "duration")}
                      value={played.after}
                      id={`assume-${i}`}
                      faults={[]}
                      {...described}
                      onChange={(after) => put({ assumed: trial.assumed.with(i, { ...played, after: String(after) }) })}
                    />
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label="Take this event away"
                      onClick={() => put({ assumed: trial.assumed.toSpliced(i, 1) })}
                    >
                      <Icon name="close" />
                    </button>
                  </span>
                )}
              </FieldRow>
              <Happening
                label={`Event ${i + 2}`}
                played={played}
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
          <button
            type="button"
            class="button is-small"
            onClick={() => put({ assumed: [...trial.assumed, { type: "school.visited", data: {}, after: "P1D" }] })}
          >
            <Icon name="plus" /> Then another event
          </button>
        </fieldset>
        <FieldRow id="try-for" label="Watch for" faults={[]}>
          {(described) => (
            <DurationField
              field={plainField("for", "Watch for", "duration")}
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
          <Icon name="play" /> {busy ? "Rehearsing …" : "Rehearse"}
        </button>
        {!trial.invented && !trial.learner ? <p class="hint">Choose a learner first.</p> : null}
        {problem ? (
          <p class="fault" role="alert">
            ✕ {problem}
          </p>
        ) : null}
        {trial.rehearsal ? (
          <Outcome
            rehearsal={trial.rehearsal}
            moment={trial.moment}
            definition={definition}
            timezone={timezone}
            onMoment={(moment) => onChange({ ...trial, moment })}
          />
        ) : null}
      </div>
    </>
  );
}

function Who({ trial, put }: { trial: Trial; put(change: Partial<Trial>): void }) {
  const invented = trial.invented;
  return (
    <fieldset class="group">
      <legend>Who</legend>
      <span class="segments">
        <label>
          <input
            type="radio"
            name="who"
            checked={invented !== null}
            onInput={() => put({ invented: invented ?? { username: "Ida" } })}
          />
          <span>somebody invented</span>
        </label>
        <label>
          <input type="radio" name="who" checked={invented === null} onInput={() => put({ invented: null })} />
          <span>a learner</span>
        </label>
      </span>
      {invented ? (
        <Fields
          fields={INVENTED}
          values={invented}
          base="invented"
          faults={[]}
          onChange={(key, value) => put({ invented: withKey(invented, key, value) })}
        />
      ) : (
        <FieldRow id="try-learner" label="Learner" faults={[]}>
          {() => (
            <Combo
              id="try-learner"
              placeholder="Name, email or id"
              search={learners}
              free
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
  label,
  played,
  open,
  onChange,
}: {
  label: string;
  played: Played | null;
  open?: string;
  onChange(played: Played | null): void;
}) {
  const { catalogue } = useTools();
  const entry: Entry | undefined = catalogue.events.find((one) => one.type === played?.type);
  const id = `event-${label.replaceAll(" ", "-")}`;
  return (
    <>
      <FieldRow id={id} label={label} faults={[]}>
        {() => (
          <select
            id={id}
            value={played?.type ?? ""}
            onInput={(event: Event) => {
              const type = inputOf(event).value;
              onChange(type === "" ? null : { type, data: {}, after: played?.after ?? "P1D" });
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
          fields={fieldsOf(entry.params, played.data).filter((field) => field.required)}
          values={played.data}
          base={id}
          faults={[]}
          onChange={(key, value) => onChange({ ...played, data: withKey(played.data, key, value) })}
        />
      ) : null}
    </>
  );
}

interface OutcomeProps {
  rehearsal: Rehearsal;
  moment: number;
  definition: Definition;
  timezone: string;
  onMoment(moment: number): void;
}

/** Brings the outcome into sight once it stands. */
const intoSight = (element: HTMLElement | null): void => {
  if (element) requestAnimationFrame(() => element.scrollIntoView({ block: "nearest" }));
};

function Outcome({ rehearsal, moment, definition, timezone, onMoment }: OutcomeProps) {
  const { words } = useTools();
  const moments = momentsOf(rehearsal);
  const at = moments[moment] ?? moments.at(-1) ?? 0;
  if (!rehearsal.matched)
    return (
      <section class="outcome" aria-label="What would happen" role="status" ref={intoSight}>
        <h3>It would not start</h3>
        {rehearsal.reasons.length > 0 ? (
          <ul>
            {rehearsal.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        ) : (
          <p>The event does not fit “When”, or the learner does not fit “Only if”.</p>
        )}
      </section>
    );
  const ended = rehearsal.ends && (rehearsal.ends.atMs === null || rehearsal.ends.atMs <= at) ? rehearsal.ends : null;
  return (
    <section class="outcome" aria-label="What would happen" ref={intoSight}>
      {moments.length > 1 ? (
        <div class="clock">
          <label for="clock">Clock</label>
          <input
            id="clock"
            type="range"
            min="0"
            max={moments.length - 1}
            step="1"
            value={String(moment)}
            aria-valuetext={momentText(at, timezone)}
            onInput={(event: Event) => onMoment(Number(inputOf(event).value))}
          />
          <output for="clock">{momentText(at, timezone)}</output>
        </div>
      ) : null}
      <ol class="timeline" aria-live="polite">
        {reachedBy(rehearsal, at).map((done, i) => {
          const step = stepOf(definition, done.stepId);
          const message = messageIn(done.would);
          return (
            <li key={`${done.stepId}-${i}`}>
              <time dateTime={new Date(done.atMs).toISOString()}>{momentText(done.atMs, timezone)}</time>
              <div>
                {step ? <Words spans={capital(stepSentence(step, words))} /> : done.type}
                {message && !isStructural(done.type) ? (
                  <details>
                    <summary>{message.subject || "See it"}</summary>
                    <Letter {...message} />
                  </details>
                ) : Object.keys(done.would).length > 0 ? (
                  <small>{shortOf(done.would, (at) => momentText(at, timezone))}</small>
                ) : null}
              </div>
            </li>
          );
        })}
        {ended ? (
          <li class="is-end">
            {ended.atMs === null ? null : <time>{momentText(ended.atMs, timezone)}</time>}
            <div>
              {ended.status === "completed" ? "✓ Done" : `Ends: ${ended.status}`}
              {ended.reason ? ` (${ended.reason.replaceAll("_", " ")})` : ""}
            </div>
          </li>
        ) : null}
        {!rehearsal.ends && moment >= moments.length - 1 ? (
          <li class="is-end">Still under way when the time is over.</li>
        ) : null}
      </ol>
    </section>
  );
}

const isStructural = (type: string): boolean => ["wait", "wait_for", "branch", "split", "exit"].includes(type);

/** The steps that a rehearsal has reached at the moment shown, each with when; undefined without one. */
export function litBy(trial: Trial): Map<string, number> | undefined {
  if (!trial.rehearsal) return undefined;
  const moments = momentsOf(trial.rehearsal);
  const at = moments[trial.moment] ?? moments.at(-1) ?? 0;
  return new Map(reachedBy(trial.rehearsal, at).map((step) => [step.stepId, step.atMs]));
}
