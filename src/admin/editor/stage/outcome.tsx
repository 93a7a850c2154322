import { type Condition, type Draft, isRecord } from "../../../definition/types";
import { inWords, later, say, weave } from "../../../language/say";
import { SpansText } from "../../components/words";
import { reasonText, stateText } from "../../words/sentences/reasons";
import { capital, conditionSentence, stepSentence } from "../../words/sentences/sentence";
import { inputOf } from "../draft/form/inputs";
import { keysOf, stepOf, valueAt } from "../draft/tree/tree";
import { messageIn, momentsOf, type Reason, type Rehearsal, reachedBy, shortOf } from "../draft/trial/rehearsal";
import { LetterShown } from "../fields/mail/letter";
import { momentText, useTools } from "./tools";

interface OutcomeProps {
  rehearsal: Rehearsal;
  moment: number;
  definition: Draft;
  timezone: string;
  onMoment(moment: number): void;
}

const STOPPED: Readonly<Record<string, string>> = {
  trigger: later("The event does not fit “When”."),
  inactive: later("It is switched off."),
  quiet: later("The event was a quiet one, as of an import."),
  before_active: later("It happened more than a day before this was switched on."),
  loop_stopped: later("It would go round in a circle."),
  already_running: later("A run of it is under way for this learner."),
  once: later("It ran for this learner already, and does so once."),
  cooldown: later("It started for this learner too short a time ago."),
  limit: later("It started for this learner as often as it may, or as many runs are under way as one may have."),
};

const without = ({ ...record }: Record<string, unknown>, key: string): Record<string, unknown> => {
  delete record[key];
  return record;
};

const capitalText = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The first thing that stopped it, down to the condition and what was seen instead. */
function Why({ reason, definition }: { reason: Reason; definition: Draft }) {
  const { words } = useTools();
  const condition = reason.path === "" ? undefined : valueAt(definition, keysOf(reason.path));
  if (!isRecord(condition)) {
    const known = STOPPED[reason.stoppedBy];
    return <>✕ {known === undefined ? reasonText(reason.stoppedBy) : inWords(known)}</>;
  }
  // A path of only_if leads to a condition.
  const asked = <SpansText spans={conditionSentence(condition as unknown as Condition, words)} />;
  if (reason.seen === undefined) return <>{weave("✕ Only if they {condition}", { condition: asked })}</>;
  const seen =
    typeof reason.seen === "boolean"
      ? say(reason.seen ? "true" : "false")
      : shortOf({ "": reason.seen }, String).slice(2) || say("nothing");
  return <>{weave("✕ Only if they {condition} — seen: {seen}", { condition: asked, seen })}</>;
}

/** Brings the outcome into sight once it stands. */
const intoSight = (element: HTMLElement | null): void => {
  if (element) requestAnimationFrame(() => element.scrollIntoView({ block: "start" }));
};

/** What a rehearsal would do up to the moment that the clock shows, or why it would not start. */
export function RehearsalOutcome({ rehearsal, moment, definition, timezone, onMoment }: OutcomeProps) {
  const { words } = useTools();
  const moments = momentsOf(rehearsal);
  const at = moments[moment] ?? moments.at(-1) ?? 0;
  if (!rehearsal.matched)
    return (
      <section class="outcome" aria-label={say("What would happen")} role="status" ref={intoSight}>
        <h3>{say("It would not start")}</h3>
        {rehearsal.reasons.map((reason) => (
          <p key={reason.stoppedBy + reason.path}>
            <Why reason={reason} definition={definition} />
          </p>
        ))}
        {rehearsal.reasons.length === 0 ? (
          <p>{say("The event does not fit “When”, or the learner does not fit “Only if”.")}</p>
        ) : null}
      </section>
    );
  const ended = rehearsal.ends && (rehearsal.ends.atMs === null || rehearsal.ends.atMs <= at) ? rehearsal.ends : null;
  return (
    <section class="outcome" aria-label={say("What would happen")} ref={intoSight}>
      {moments.length > 1 ? (
        <div class="clock">
          <label for="clock">{say("Clock")}</label>
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
          const step = stepOf(definition, done.stepId, words.lanesOf);
          const message = messageIn(done.would);
          return (
            <li key={`${done.stepId}-${i}`} class={`is-${done.status}`}>
              <span>
                <time dateTime={new Date(done.atMs).toISOString()}>{momentText(done.atMs, timezone)}</time>
                {done.status === "skipped" || done.status === "failed" ? (
                  <span class={done.status === "failed" ? "fault" : "hint"}>
                    {" "}
                    {done.status === "failed" ? say("✕ failed") : say("– skipped")}
                    {done.would.reason ? `: ${reasonText(done.would.reason)}` : ""}
                  </span>
                ) : null}
              </span>
              <div>
                {step ? <SpansText spans={capital(stepSentence(step, words))} /> : done.type}
                {message && !words.entry("step", done.type) ? (
                  <details open>
                    <summary>{message.subject || say("The message")}</summary>
                    <LetterShown {...message} />
                  </details>
                ) : (
                  <small>{shortOf(without(done.would, "reason"), (at) => momentText(at, timezone))}</small>
                )}
              </div>
            </li>
          );
        })}
        {ended ? (
          <li class="is-end">
            {ended.atMs === null ? null : <time>{momentText(ended.atMs, timezone)}</time>}
            <div>
              {ended.status === "completed" ? say("✓ Done") : capitalText(stateText(ended.status))}
              {ended.reason ? `: ${reasonText(ended.reason)}` : ""}
            </div>
          </li>
        ) : null}
        {!rehearsal.ends && moment >= moments.length - 1 ? (
          <li class="is-end">{say("Still under way when the time is over.")}</li>
        ) : null}
      </ol>
    </section>
  );
}
