import { say } from "../../../language/say";
import { Icon } from "../../components/icon";
import { inputOf } from "../draft/form/inputs";

interface BarProps {
  list: string;
  name: string;
  active: boolean;
  /** Where the draft stands beside what is live, in words. */
  state: string;
  readOnly: boolean;
  nameIsFaulty: boolean;
  optionsAreFaulty: boolean;
  open: "options" | "try" | null;
  canUndo: boolean;
  canRedo: boolean;
  busy: boolean;
  /** Whether a sheet comes up before it is saved. */
  asks: boolean;
  onName(name: string): void;
  onActive(active: boolean): void;
  onKeys(): void;
  onUndo(): void;
  onRedo(): void;
  onOptions(): void;
  onTry(): void;
  onSave(): void;
}

/** Above the flow: its name, where it stands, and what can be done with the whole of it. */
export function Bar(props: BarProps) {
  const { name, active, state, readOnly, open, busy, asks } = props;
  return (
    <header class="editor-bar">
      <a class="button is-quiet" href={props.list} aria-label={say("All automations")}>
        <Icon name="back" />
      </a>
      <input
        class="editor-name"
        type="text"
        aria-label={say("Name of the automation")}
        placeholder={say("Name it")}
        value={name}
        disabled={readOnly}
        aria-invalid={props.nameIsFaulty ? "true" : undefined}
        onInput={(event: Event) => props.onName(inputOf(event).value)}
      />
      <span class="editor-switch">
        <button
          type="button"
          class="switch"
          role="switch"
          id="editor-active"
          aria-checked={active ? "true" : "false"}
          aria-label={say("Switched on")}
          aria-describedby="editor-state"
          title={active ? say("Switch off; it counts once it is saved") : say("Switch on; it counts once it is saved")}
          disabled={readOnly}
          onClick={() => props.onActive(!active)}
        >
          <span />
        </button>
        <span aria-hidden="true">{active ? say("On@switch") : say("Off@switch")}</span>
      </span>
      <span class="editor-state" id="editor-state" role="status">
        {state}
      </span>
      <span class="editor-tools">
        <button
          type="button"
          class="button is-quiet"
          aria-label={say("Undo")}
          title={say("Undo (Ctrl Z)")}
          disabled={!props.canUndo}
          onClick={props.onUndo}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          class="button is-quiet"
          aria-label={say("Redo")}
          title={say("Redo (Ctrl Shift Z)")}
          disabled={!props.canRedo}
          onClick={props.onRedo}
        >
          <Icon name="redo" />
        </button>
        <button
          type="button"
          class="button is-quiet editor-keys"
          aria-label={say("Keyboard shortcuts")}
          title={say("Keyboard shortcuts (?)")}
          onClick={props.onKeys}
        >
          <Icon name="keys" />
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={open === "options" ? "true" : "false"}
          onClick={props.onOptions}
        >
          <Icon name="options" /> {say("Options")}
          {props.optionsAreFaulty ? <span class="mark is-fault">✕</span> : null}
        </button>
        <button type="button" class="button" aria-pressed={open === "try" ? "true" : "false"} onClick={props.onTry}>
          <Icon name="play" /> {say("Try it")}
        </button>
        {readOnly ? null : (
          <button type="button" class="button is-main" onClick={props.onSave} disabled={busy}>
            {busy ? say("Saving …") : asks ? say("Save …") : say("Save")}
          </button>
        )}
      </span>
    </header>
  );
}
