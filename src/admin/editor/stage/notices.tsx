import type { Fault } from "../../../base/errors/errors";
import type { Warning } from "../../../definition/answers";
import { many, say } from "../../../language/say";

/** Why the last save was refused, and the way on when somebody else saved meanwhile. */
export function NotSaved(props: { problem: { message: string; outdated?: boolean }; onOverwrite: () => void }) {
  return (
    <div class="banner is-fault" role="alert">
      <span>✕ {props.problem.message}</span>
      {props.problem.outdated ? (
        <span class="inline">
          <a class="button is-small" href={location.href} target="_blank" rel="noopener">
            {say("See theirs in another tab")}
          </a>
          <button type="button" class="button is-small is-danger" onClick={props.onOverwrite}>
            {say("Save mine instead")}
          </button>
        </span>
      ) : null}
    </div>
  );
}

/** What must be mended before it can be saved, and what only wants a look. */
export function Notices({
  faults,
  warnings,
  onShow,
  onOneAtATime,
}: {
  faults: readonly Fault[];
  warnings: readonly Warning[];
  onShow: () => void;
  /** Mends a wait that a learner may be in several times at once. */
  onOneAtATime?: () => void;
}) {
  return (
    <>
      {faults.length > 0 ? (
        <button type="button" class="banner is-fault is-button" onClick={onShow}>
          <span>
            ✕{" "}
            {many(
              faults.length,
              "One thing needs correcting before it can be saved",
              "{n} things need correcting before it can be saved",
            )}
          </span>
          <u>{say("Show the first")}</u>
        </button>
      ) : null}
      {warnings.map((warning) => (
        <div class="banner is-warning" key={warning.code + warning.message}>
          <span>⚠ {warning.message}</span>
          {warning.code === "waits_without_reentry_limit" && onOneAtATime ? (
            <button type="button" class="button is-small" onClick={onOneAtATime}>
              {say("Make it one at a time")}
            </button>
          ) : null}
        </div>
      ))}
    </>
  );
}
