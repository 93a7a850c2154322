import { useEffect, useRef, useState } from "hono/jsx/dom";
import { later, say } from "../../../../language/say";
import type { WidgetProps } from "../../draft/form/inputs";
import { chipOf } from "../../draft/tree/chip";
import type { MailState } from "../../mail/commands";
import type { MailEditor } from "../../mail/mount";
import { documentOf } from "../../stage/frame";
import { useTextTools } from "../../stage/tools";
import { LiquidField } from "./liquid";
import { type Asking, MailToolbar } from "./mail-toolbar";

/** The island of its own, fetched when a mail is first opened. */
// The module at this address is what `islands/mail.tsx` is bundled to.
const island = () => import(new URL("mail.js", import.meta.url).href) as Promise<typeof import("../../mail/mount")>;

/** How the body is edited; `beyond`: it holds more than the simple editor can. */
type Mode = "opening" | "simple" | "html" | "beyond" | "unreached";

const SAYS = {
  opening: later("The editor is opened …"),
  beyond: later("This mail holds HTML that the simple editor would change. It stays as it is."),
  unreached: later("The editor cannot be loaded. The text can be changed here."),
} satisfies Partial<Record<Mode, string>>;

/** The body of a mail: written as text with a toolbar, or as HTML. */
export function MailField(props: WidgetProps) {
  const { id, describedBy, onChange } = props;
  const { variables, readOnly } = useTextTools();
  const value = typeof props.value === "string" ? props.value : "";
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<MailEditor | null>(null);
  const shown = useRef(value);
  /** What was written and has not come back yet, as this is drawn later than one types. */
  const written = useRef<string[]>([]);
  const [mode, setMode] = useState<Mode>("opening");
  const [state, setState] = useState<MailState | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  // The editor is made once, and calls what is drawn now.
  const put = useRef(onChange);
  put.current = onChange;

  const open = (focus = false): void => {
    setMode("opening");
    island().then(
      ({ mountMail }) => {
        if (!host.current || editor.current) return;
        editor.current = mountMail(shown.current ?? "", {
          host: host.current,
          ...{ id, labelledBy: `${id}-label`, describedBy, editable: !readOnly },
          chip: (code) => chipOf(code, variables),
          toDocument: documentOf,
          onChange: (body) => {
            shown.current = body;
            written.current?.push(body);
            put.current?.(body);
          },
          onState: setState,
          onLink: () => setAsking("link"),
        });
        setMode(editor.current ? "simple" : "beyond");
        if (focus) editor.current?.focus();
      },
      () => setMode("unreached"),
    );
  };
  const close = (): void => {
    editor.current?.destroy();
    editor.current = null;
  };
  useEffect(() => {
    open();
    return close;
  }, []);
  // What another hand has changed, as undoing does.
  useEffect(() => {
    if (value !== shown.current && written.current?.includes(value)) return;
    written.current = [];
    if (value === shown.current) return;
    shown.current = value;
    if (editor.current?.show(value) === false) {
      close();
      setMode("beyond");
    }
  }, [value]);

  return (
    <div class="mail">
      {mode === "simple" && state && editor.current && !readOnly ? (
        <MailToolbar
          editor={editor.current}
          state={state}
          variables={variables}
          controls={id}
          asking={asking}
          onAsk={setAsking}
        />
      ) : null}
      <div ref={host} class="mail-host" hidden={mode !== "simple"} />
      {mode === "simple" || mode === "opening" ? null : (
        <LiquidField
          id={id}
          describedBy={describedBy}
          invalid={props.invalid}
          kind="html"
          value={value}
          onChange={(text) => {
            shown.current = text;
            onChange(text);
          }}
        />
      )}
      <p class="mail-foot">
        <span class="hint" role="status">
          {mode === "simple" || mode === "html" ? "" : say(SAYS[mode])}
        </span>
        {mode === "simple" ? (
          <button
            type="button"
            class="button is-small is-quiet"
            onClick={() => {
              close();
              setMode("html");
            }}
          >
            {say("Write it as HTML")}
          </button>
        ) : mode === "opening" ? null : (
          <button type="button" class="button is-small is-quiet" onClick={() => open(true)}>
            {say("Back to the simple editor")}
          </button>
        )}
      </p>
    </div>
  );
}
