import type { Child } from "hono/jsx";
import type { Fault } from "../../../../base/errors/errors";
import type { CatalogueEntry } from "../../../../definition/catalogue";
import type { CardUse } from "../../../../definition/types";
import { say } from "../../../../language/say";
import { fieldsOfForm } from "../../draft/form/form";
import { withKey } from "../../draft/form/inputs";
import { Fields } from "../fields";

interface CardFormProps {
  card: CardUse;
  entry: CatalogueEntry | undefined;
  base: string;
  faults: readonly Fault[];
  onChange(card: CardUse, key: string): void;
  /** What stands before the options that are folded away. */
  between?: Child;
}

/** The options of a trigger, condition or action, by its entry's schema. */
export function CardForm({ card, entry, base, faults, onChange, between }: CardFormProps) {
  if (!entry)
    return (
      <p class="fault">✕ {say("There is no “{type}” any more. Remove it, or choose another.", { type: card.type })}</p>
    );
  const fields = fieldsOfForm(entry.params, card);
  const whole = faults.filter((fault) => fault.path === "" || fault.path === "/type");
  return (
    <>
      {whole.map((fault) => (
        <p class="fault" key={fault.message}>
          ✕ {fault.message}
        </p>
      ))}
      {fields.length === 0 ? <p class="hint">{say("Nothing to set.")}</p> : null}
      <Fields
        fields={fields}
        values={card}
        base={`${base}-${card.type.replaceAll(".", "-")}`}
        faults={faults}
        onChange={(key, value) => onChange(withKey(card, key, value), key)}
        between={between}
      />
    </>
  );
}
