import { useEffect, useRef, useState } from "hono/jsx/dom";
import type { ListedVariable } from "../../../../definition/variables";
import { say } from "../../../../language/say";
import { Icon } from "../../../components/icon";
import { inputOf } from "../../draft/form/inputs";
import type { MailState } from "../../mail/commands";
import type { MailEditor } from "../../mail/mount";

/** What is asked for before it is put in. */
export type Asking = "link" | "button" | "image" | "chip";

interface ToolbarProps {
  editor: MailEditor;
  state: MailState;
  variables: readonly ListedVariable[];
  /** The id of the text. */
  controls: string;
  asking: Asking | null;
  onAsk(asking: Asking | null): void;
}

const written = (type: string): string => `{{ ${type.replace(/<[^>]*>/g, "name")} }}`;

/** What stands over the text of a mail. */
export function MailToolbar({ editor, state, variables, controls, asking, onAsk }: ToolbarProps) {
  const tool = (label: string, says: string, isOn: boolean, onClick: () => void, face: unknown) => (
    <button
      type="button"
      class={`tool${isOn ? " is-on" : ""}`}
      aria-label={label}
      aria-pressed={isOn ? "true" : "false"}
      title={says}
      // The text keeps what is chosen in it.
      onMouseDown={(event: Event) => event.preventDefault()}
      onClick={onClick}
    >
      {face}
    </button>
  );
  const ask = (what: Asking) => (): void => onAsk(asking === what ? null : what);
  const link = state.link;
  return (
    <>
      <div class="mail-tools" role="toolbar" aria-label={say("How the text looks")} aria-controls={controls}>
        {tool(say("Bold"), say("Bold (Ctrl B)"), state.strong, editor.strong, <b>{say("B@bold")}</b>)}
        {tool(say("Italic"), say("Italic (Ctrl I)"), state.em, editor.em, <i>{say("I@italic")}</i>)}
        <select
          aria-label={say("Kind of paragraph")}
          value={String(state.heading)}
          onInput={(event: Event) => editor.heading(Number(inputOf(event).value))}
        >
          <option value="0">{say("Text")}</option>
          <option value="1">{say("Title")}</option>
          <option value="2">{say("Heading")}</option>
          <option value="3">{say("Small heading")}</option>
        </select>
        {tool(say("List"), say("List"), state.list === "bullet", () => editor.list("bullet"), <Icon name="list" />)}
        {tool(
          say("Numbered list"),
          say("Numbered list"),
          state.list === "ordered",
          () => editor.list("ordered"),
          <Icon name="numbers" />,
        )}
        {tool(say("Link"), say("Link (Ctrl K)"), link !== null && !link.button, ask("link"), <Icon name="link" />)}
        {tool(say("Button"), say("Button"), link?.button ?? false, ask("button"), <Icon name="press" />)}
        {tool(say("Picture"), say("Picture"), false, ask("image"), <Icon name="picture" />)}
        {state.chip === null ? null : (
          <button type="button" class="tool is-wide" onClick={ask("chip")}>
            {say("Change the variable")}
          </button>
        )}
        <select
          class="mail-variable"
          aria-label={say("Insert a variable into the text")}
          value=""
          onInput={(event: Event) => {
            const chosen = inputOf(event);
            const type = chosen.value;
            chosen.value = "";
            if (type !== "") editor.liquid(written(type));
          }}
        >
          <option value="">{`{ } ${say("Variable")}`}</option>
          {variables.map(({ type, label }) => (
            <option value={type} key={type}>
              {label === type ? type : `${label} (${type})`}
            </option>
          ))}
        </select>
      </div>
      {asking ? <Ask key={asking} what={asking} editor={editor} state={state} onDone={() => onAsk(null)} /> : null}
    </>
  );
}

interface AskProps {
  what: Asking;
  editor: MailEditor;
  state: MailState;
  onDone(): void;
}

interface Row {
  /** Of the first field. */
  label(): string;
  fault: RegExp;
  wrong(): string;
  /** Of the second, where there is one. */
  also?(): string;
  put(): string;
}

const LINK = {
  label: () => say("Address"),
  fault: /^(?:(?:https?|mailto|tel):|\{\{)/i,
  wrong: () => say("Begin with https://, mailto: or a variable."),
};
const ROWS: Readonly<Record<Asking, Row>> = {
  link: { ...LINK, also: () => say("Its text"), put: () => say("Link it") },
  button: { ...LINK, also: () => say("What it says"), put: () => say("Insert the button") },
  image: {
    label: () => say("Address"),
    fault: /^(?:https?:\/\/|\{\{)/i,
    wrong: () => say("Begin with https:// or a variable."),
    also: () => say("Description, for anyone who cannot see it"),
    put: () => say("Insert the picture"),
  },
  chip: {
    label: () => say("Variable"),
    fault: /^(?:\{\{[^{}]*\}\}|\{%[^{}%]*%\})$/,
    wrong: () => say("Write it between {open} and {close}.", { open: "{{", close: "}}" }),
    put: () => say("Change it"),
  },
};

/** Asks for an address or the like, under the toolbar; Enter puts it in, Escape leaves it. */
function Ask({ what, editor, state, onDone }: AskProps) {
  const { label, fault, wrong, also, put } = ROWS[what];
  const isLink = what === "link" || what === "button";
  const [first, setFirst] = useState(
    isLink ? (state.link?.href ?? "https://") : what === "chip" ? (state.chip ?? "") : "https://",
  );
  const [second, setSecond] = useState(isLink ? state.chosen : "");
  const [isWrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const done = (): void => {
    onDone();
    editor.focus();
  };
  const act = (): void => {
    const text = first.trim();
    if (!fault.test(text) || text === "https://") {
      setWrong(true);
      input.current?.focus();
      return;
    }
    if (isLink) editor.link({ href: text, button: what === "button", text: second.trim() });
    else if (what === "image") editor.image(text, second.trim());
    else editor.liquid(text);
    done();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") act();
    else done();
  };
  // A text is asked for where none is chosen that becomes the link.
  const asksAlso = also !== undefined && !(isLink && (state.chosen !== "" || state.link));
  return (
    <fieldset class="mail-ask" aria-label={put()} onKeyDown={onKey}>
      <label>
        <span>{label()}</span>
        <input
          ref={input}
          type="text"
          value={first}
          aria-invalid={isWrong ? "true" : undefined}
          aria-describedby={isWrong ? "mail-ask-wrong" : undefined}
          onInput={(event: Event) => setFirst(inputOf(event).value)}
        />
      </label>
      {isWrong ? (
        <span class="fault" id="mail-ask-wrong" role="alert">
          ✕ {wrong()}
        </span>
      ) : null}
      {asksAlso ? (
        <label>
          <span>{also()}</span>
          <input type="text" value={second} onInput={(event: Event) => setSecond(inputOf(event).value)} />
        </label>
      ) : null}
      <span class="inline">
        <button type="button" class="button is-small is-main" onClick={act}>
          {put()}
        </button>
        {isLink && state.link ? (
          <button
            type="button"
            class="button is-small"
            onClick={() => {
              editor.link(null);
              done();
            }}
          >
            {say("Take the link away")}
          </button>
        ) : null}
        <button type="button" class="button is-small is-quiet" onClick={done}>
          {say("Cancel")}
        </button>
      </span>
    </fieldset>
  );
}
