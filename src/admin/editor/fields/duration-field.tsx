import { useState } from "hono/jsx/dom";
import { amountOf, durationOf, isDuration, UNITS, type Unit } from "../../../definition/duration";
import { say } from "../../../language/say";
import { valueLabel } from "../../words/sentences/options";
import { inputOf, type WidgetProps } from "../draft/form/inputs";

/** An amount and its unit; what needs several units is typed as it is written (P1DT12H). */
export const DurationField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => {
  const text = typeof value === "string" ? value : "";
  const found = amountOf(text);
  const [unit, setUnit] = useState<Unit>(found?.unit ?? "days");
  const fixed =
    field.instead.includes(text) ||
    (text === "" && field.instead.length > 0 && field.schema.default === field.instead[0]);
  const odd = text !== "" && !found && !fixed && isDuration(text);
  const shown = found?.unit ?? unit;
  return (
    <span class="inline">
      {field.instead.length > 0 ? (
        <select
          aria-label={say("{field}: from", { field: field.label })}
          value={fixed ? text || String(field.schema.default) : "-"}
          onInput={(event: Event) => {
            const chosen = inputOf(event).value;
            onChange(chosen === "-" ? durationOf(7, "days") : chosen);
          }}
        >
          {field.instead.map((one) => (
            <option value={one} key={one}>
              {one === "trigger" ? say("it started") : valueLabel(one, field.key)}
            </option>
          ))}
          <option value="-">{say("so long ago")}</option>
        </select>
      ) : null}
      {fixed ? null : odd ? (
        <input
          id={id}
          type="text"
          aria-describedby={describedBy}
          value={text}
          onInput={(event: Event) => onChange(inputOf(event).value)}
        />
      ) : (
        <>
          <input
            id={id}
            class="is-short"
            type="number"
            inputmode="numeric"
            min="0"
            step="1"
            aria-describedby={describedBy}
            aria-invalid={invalid ? "true" : undefined}
            value={found ? String(found.amount) : ""}
            onInput={(event: Event) => {
              const amount = inputOf(event).value;
              onChange(/^\d{1,6}$/.test(amount) ? durationOf(Number(amount), shown) : "");
            }}
          />
          <select
            aria-label={say("{field}: unit", { field: field.label })}
            value={shown}
            onInput={(event: Event) => {
              const next = UNITS.find((one) => one === inputOf(event).value) ?? "days";
              setUnit(next);
              if (found) onChange(durationOf(found.amount, next));
            }}
          >
            {UNITS.map((one) => (
              <option value={one} key={one}>
                {say(one)}
              </option>
            ))}
          </select>
        </>
      )}
    </span>
  );
};
