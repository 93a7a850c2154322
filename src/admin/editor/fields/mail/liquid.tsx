import { useMemo, useRef } from "hono/jsx/dom";
import { say } from "../../../../language/say";
import { inputOf } from "../../draft/form/inputs";
import { unknownIn, unknownText } from "../../draft/unknown";
import { useTextTools } from "../../stage/tools";
import { Offers } from "../offers";

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
  const { variables, unlisted = unknownText } = useTextTools();
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
        aria-label={label ? say("Insert a variable into {field}", { field: label }) : say("Insert a variable")}
        value=""
        onInput={(event: Event) => {
          const chosen = inputOf(event);
          if (chosen.value) put(chosen.value);
          chosen.value = "";
        }}
      >
        <option value="">{kind === "line" ? "{ }" : `{ } ${say("Insert a variable")}`}</option>
        {variables.map(({ type, label }) => (
          <option value={type} key={type}>
            {label === type ? type : `${label} (${type})`}
          </option>
        ))}
      </select>
      {unknown.length > 0 ? (
        <span class="warned liquid-unknown" id={`${id}-unknown`}>
          ⚠ {unlisted(unknown)}
        </span>
      ) : null}
    </span>
  );
}
