import { useEffect, useRef, useState } from "hono/jsx/dom";
import type { Warning } from "../../../definition/answers";
import { type Draft, isRecord } from "../../../definition/types";
import { figure, later, many, say, weave } from "../../../language/say";
import { Icon } from "../../components/icon";
import { SpansText } from "../../components/words";
import { changes } from "../../pages/automations/versions/diff";
import { capital, plain, stepSentence } from "../../words/sentences/sentence";
import { callServer, isOk } from "../draft/api";
import { inputOf } from "../draft/form/inputs";
import type { Fate } from "../draft/saving";
import { stepOf } from "../draft/tree/tree";
import { useTools } from "./tools";

interface SaveSheetProps {
  /** Null: it was never saved. */
  id: string | null;
  /** What is live, and what is to be; null: nothing is. */
  before: Draft | null;
  after: Draft;
  /** What it would send that does not leave, where it is switched on. */
  unsent: readonly string[];
  warnings: readonly Warning[];
  busy: boolean;
  problem: string;
  onSave(fate: Fate): void;
  onClose(): void;
}

interface Live {
  total: number;
  steps: { id: string; waiting: number }[];
}

/** Runs under way and where they wait, from `GET …/stats`; null while it is not known. */
function useLive(id: string | null): Live | null {
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    if (id === null) return;
    callServer("GET", `/automations/${encodeURIComponent(id)}/stats`).then((answer) => {
      if (!isOk(answer) || !isRecord(answer.body)) return;
      const runs = isRecord(answer.body.runs) ? answer.body.runs : {};
      const rows = Array.isArray(answer.body.steps) ? answer.body.steps.filter(isRecord) : [];
      const steps = rows
        .map((row) => ({ id: String(row.step_id), waiting: Number(row.waiting) || 0 }))
        .filter((row) => row.waiting > 0);
      const total = ["queued", "running", "waiting", "held"].reduce(
        (sum, status) => sum + (Number(runs[status]) || 0),
        0,
      );
      setLive({
        total: Math.max(
          total,
          steps.reduce((sum, step) => sum + step.waiting, 0),
        ),
        steps,
      });
    });
  }, []);
  return live;
}

/** How often it would have started in the last week, by the events recorded; null while, or where, it is not known. */
function useLastWeek(id: string | null): number | null {
  const [times, setTimes] = useState<number | null>(null);
  useEffect(() => {
    if (id === null) return;
    callServer("POST", `/automations/${encodeURIComponent(id)}/backtest`, { days: 7 }).then((answer) => {
      if (!isOk(answer) || !isRecord(answer.body)) return;
      const { count: times, fired, total } = answer.body;
      const found = [times, fired, total].find((value) => typeof value === "number");
      setTimes(typeof found === "number" ? found : null);
    });
  }, []);
  return times;
}

const FATES = {
  stay: [later("go on as they began"), later("They finish on the version they started on.")],
  move: [
    later("move to the new version"),
    later("They go on at the step where they are, and the time they have waited counts. Those whose step is gone end."),
  ],
  exit: [later("end now"), later("Nothing more happens to them.")],
} as const satisfies Record<Fate, readonly [label: string, hint: string]>;

// Name, description and `active` make no new version (contract §13): whoever is under way goes on as it was.
const stepsOf = ({ name: _name, description: _description, active: _active, ...rest }: Draft): string =>
  JSON.stringify(rest);

const isFate = (value: string): value is Fate => Object.hasOwn(FATES, value);

const MARKS = { added: "+", removed: "−", changed: "~", moved: "↕" } as const;
const KINDS = {
  added: later("added"),
  removed: later("removed"),
  changed: later("changed"),
  moved: later("moved"),
} as const;

/** Before a live automation changes, or begins to send what does not leave: what changes, and for whom. */
export function SaveSheet({ id, before, after, unsent, warnings, busy, problem, onSave, onClose }: SaveSheetProps) {
  const { words } = useTools();
  const dialog = useRef<HTMLDialogElement>(null);
  const [fate, setFate] = useState<Fate>("stay");
  const live = useLive(id);
  const week = useLastWeek(id);
  const list = before ? changes(before, after, words) : [];
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const total = live?.total ?? 0;
  const isNewVersion = before !== null && stepsOf(before) !== stepsOf(after);
  const isSwitchedOff = before?.active === true && !after.active;
  const fates: readonly Fate[] = isNewVersion ? ["stay", "move", "exit"] : isSwitchedOff ? ["stay", "exit"] : [];
  const wasStep = (step: string) => (before ? stepOf(before, step, words.lanesOf) : undefined);
  const gone = (step: string): boolean => stepOf(after, step, words.lanesOf)?.type !== wasStep(step)?.type;
  const ending =
    fate === "exit"
      ? total
      : fate === "move"
        ? (live?.steps ?? []).filter((step) => gone(step.id)).reduce((sum, step) => sum + step.waiting, 0)
        : 0;
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby="sheet-title" onClose={onClose}>
      <div class="sheet-box">
        <h2 id="sheet-title">{say("Save “{name}”", { name: after.name })}</h2>
        {unsent.length > 0 ? (
          <section aria-label={say("What would not leave")}>
            <h3>{say("Switch it on all the same?")}</h3>
            {unsent.map((message) => (
              <p class="warned" key={message}>
                ⚠ {message}
              </p>
            ))}
          </section>
        ) : null}
        {before ? (
          <>
            <section aria-label={say("What changes")}>
              <h3>{say("What changes")}</h3>
              <ul class="changes">
                {list.map((change, i) => (
                  <li class={`is-${change.kind}`} key={String(i)}>
                    <span class="change-mark" aria-hidden="true">
                      {MARKS[change.kind]}
                    </span>
                    <span>
                      <span class="sr-only">{say(KINDS[change.kind])}: </span>
                      <SpansText spans={capital(change.what)} />
                    </span>
                  </li>
                ))}
                {list.length === 0 ? <li>{say("Nothing that shows.")}</li> : null}
              </ul>
            </section>
            <section aria-label={say("Who is under way")}>
              <h3>
                {live
                  ? total === 0
                    ? say("Nobody is under way")
                    : many(total, "{n} learner under way", "{n} learners under way")
                  : say("Who is under way …")}
              </h3>
              {live && live.steps.length > 0 ? (
                <ul class="waiting">
                  {live.steps.map((step) => {
                    const was = wasStep(step.id);
                    return (
                      <li key={step.id}>
                        {weave("{n} at “{step}”", {
                          n: <b>{figure(step.waiting)}</b>,
                          step: was ? plain(capital(stepSentence(was, words))) : step.id,
                        })}
                        {gone(step.id) ? <span class="warned"> {say("⚠ this step is gone")}</span> : null}
                      </li>
                    );
                  })}
                </ul>
              ) : null}
              {total > 0 && fates.length > 0 ? (
                <fieldset class="fates">
                  <legend>{say("They@learners")}</legend>
                  {fates.map((value) => (
                    <label key={value}>
                      <input
                        type="radio"
                        name="fate"
                        value={value}
                        checked={value === fate}
                        onInput={(event: Event) => {
                          const chosen = inputOf(event).value;
                          if (isFate(chosen)) setFate(chosen);
                        }}
                      />
                      <span>
                        {say(FATES[value][0])}
                        <small>
                          {say(FATES[value][1])}
                          {value === "exit" || after.active
                            ? null
                            : ` ${say("While it is switched off they are held.")}`}
                        </small>
                      </span>
                    </label>
                  ))}
                </fieldset>
              ) : null}
            </section>
          </>
        ) : null}
        {week === null || !after.active ? null : (
          <p>
            {weave("In the last week the version that is live would have started {n} times.", {
              n: <b>{figure(week)}</b>,
            })}
          </p>
        )}
        {warnings.length > 0 ? (
          <section aria-label={say("Warnings")}>
            {warnings.map((warning) => (
              <p class="warned" key={warning.code + warning.message}>
                ⚠ {warning.message}
              </p>
            ))}
          </section>
        ) : null}
        {problem ? (
          <p class="fault" role="alert">
            ✕ {problem}
          </p>
        ) : null}
        <footer class="sheet-foot">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {say("Cancel")}
          </button>
          <button
            type="button"
            class={`button ${ending > 0 ? "is-danger" : "is-main"}`}
            disabled={busy}
            onClick={() => onSave(fate)}
          >
            <Icon name="done" />{" "}
            {busy
              ? say("Saving …")
              : ending > 0
                ? many(ending, "Save, {n} learner end", "Save, {n} learners end")
                : say("Save")}
          </button>
        </footer>
      </div>
    </dialog>
  );
}
