import { useEffect, useMemo, useRef, useState } from "hono/jsx/dom";
import { isRecord } from "../../../definition/types";
import { callServer, isOk, learners, refusalOf } from "../draft/api";
import { inputOf } from "../draft/inputs";
import { unknownIn, unknownText } from "../draft/unknown";
import { Frame } from "../stage/frame";
import { useSettled, useTools } from "../stage/tools";
import { Combo } from "./combo";
import { Offers } from "./offers";

interface LiquidProps {
  id: string;
  label?: string;
  describedBy?: string;
  invalid?: boolean;
  kind: "line" | "text" | "html";
  value: string;
  /** A vocabulary of what one line may be. */
  offers?: string | undefined;
  onChange(value: string): void;
}

const written = (name: string): string => `{{ ${name.replace(/<[^>]*>|…$/g, "name")} }}`;

/** A text with Liquid in it, and the variables to put in where the caret stands. */
export function LiquidField({ id, label, describedBy, invalid, kind, value, offers, onChange }: LiquidProps) {
  const { variables } = useTools();
  const input = useRef<HTMLInputElement | HTMLTextAreaElement>(null);
  const unknown = useMemo(() => unknownIn(value, variables), [value, variables]);
  const put = (name: string): void => {
    const field = input.current;
    const from = field?.selectionStart ?? value.length;
    const to = field?.selectionEnd ?? value.length;
    const text = written(name);
    onChange(value.slice(0, from) + text + value.slice(to));
    // After the next drawing, or the caret would jump to the end.
    setTimeout(() => {
      field?.focus();
      field?.setSelectionRange(from + text.length, from + text.length);
    });
  };
  const props = {
    id,
    ref: input,
    "aria-label": label,
    "aria-describedby": unknown.length > 0 ? `${describedBy ?? ""} ${id}-unknown`.trim() : describedBy,
    "aria-invalid": invalid ? "true" : undefined,
    value,
    onInput: (event: Event) => onChange(inputOf(event).value),
  };
  return (
    <span class={`liquid is-${kind}`}>
      {kind === "line" ? (
        <input type="text" list={offers ? `${id}-offers` : undefined} {...props} />
      ) : (
        <textarea rows={kind === "html" ? 10 : 4} {...props} />
      )}
      {kind === "line" && offers ? <Offers id={`${id}-offers`} kind={offers} /> : null}
      <select
        class="liquid-insert"
        aria-label={`Insert a variable${label ? ` into ${label}` : ""}`}
        value=""
        onInput={(event: Event) => {
          const chosen = inputOf(event);
          if (chosen.value) put(chosen.value);
          chosen.value = "";
        }}
      >
        <option value="">{kind === "line" ? "{ }" : "{ } Insert a variable"}</option>
        {variables.map(({ type, label }) => (
          <option value={type} key={type}>
            {label === type ? type : `${label} (${type})`}
          </option>
        ))}
      </select>
      {unknown.length > 0 ? (
        <span class="warned liquid-unknown" id={`${id}-unknown`}>
          ⚠ {unknownText(unknown)}
        </span>
      ) : null}
    </span>
  );
}

interface Rendered {
  subject: string;
  body: string;
  unknown: string[];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const renderedOf = (body: unknown, html: boolean): Rendered => {
  const found = isRecord(body) ? body : {};
  return {
    subject: text(found.subject),
    body: html ? text(found.body) : text(found.text) || text(found.body),
    unknown: Array.isArray(found.unknown_variables) ? found.unknown_variables.map(String) : [],
  };
};

/** A message as one learner would get it, drawn anew when the text rests. */
export function LetterPreview({ subject, body, html }: { subject: string; body: string; html: boolean }) {
  const [learner, setLearner] = useState<{ value: string; label: string } | null>(null);
  const [rendered, setRendered] = useState<Rendered | null>(null);
  const [problem, setProblem] = useState("");
  const draft = useSettled(`${subject}\u0000${body}`, 500);
  const asked = useRef(0);
  useEffect(() => {
    if (!learner) return;
    asked.current = (asked.current ?? 0) + 1;
    const mine = asked.current;
    callServer("POST", "/messages/preview", { ...(subject ? { subject } : {}), body, user: learner.value }).then(
      (answer) => {
        if (mine !== asked.current) return;
        setRendered(isOk(answer) ? renderedOf(answer.body, html) : null);
        const refusal = refusalOf(answer);
        setProblem(isOk(answer) ? "" : (refusal.faults[0]?.message ?? refusal.message));
      },
    );
  }, [draft, learner]);
  return (
    <section class="preview" aria-label="Preview">
      <div class="preview-head">
        <label for="preview-learner">Preview for</label>
        <Combo
          id="preview-learner"
          placeholder="Choose a learner"
          shown={learner?.label ?? ""}
          clears={false}
          search={learners}
          onPick={setLearner}
        />
      </div>
      {problem ? (
        <p class="fault" role="status">
          ✕ {problem}
        </p>
      ) : null}
      {rendered ? <LetterShown subject={rendered.subject} body={rendered.body} html={html} /> : null}
      {rendered && rendered.unknown.length > 0 ? (
        <p class="warned">⚠ Empty for this learner: {rendered.unknown.join(", ")}</p>
      ) : null}
    </section>
  );
}

/** A rendered message: its subject, and its body in a frame of its own when it is HTML. */
export function LetterShown({ subject, body, html }: { subject: string; body: string; html: boolean }) {
  return (
    <div class="letter">
      {subject ? <div class="letter-subject">{subject}</div> : null}
      {html ? <Frame html={body} title={subject || "Message"} /> : <div class="letter-text">{body}</div>}
    </div>
  );
}
