import type { FC } from "hono/jsx";
import { later, say } from "../../../../language/say";
import { Form } from "../../../components/forms/form";
import type { Visit } from "../../../visit";

const FORM = "many";

const VERBS = [
  ["activate", later("Switch on")],
  ["deactivate", later("Switch off")],
  ["label", later("Add the label")],
  ["unlabel", later("Remove the label")],
  ["delete", later("Delete")],
] as const;

/** Ticks a row for the form below the list. */
export const PickRow: FC<{ id: string; name: string }> = ({ id, name }) => (
  <input type="checkbox" name="id" value={id} form={FORM} aria-label={say("Select {name}", { name })} />
);

export const ManyForm: FC<{ visit: Visit; back: string }> = ({ visit, back }) => (
  <Form action={visit.path("/automations/many")} id={FORM} class="inline after">
    <input type="hidden" name="back" value={back} />
    <label>
      <span>{say("With the selected ones:")} </span>
      <select name="do">
        {VERBS.map(([verb, says]) => (
          <option value={verb}>{say(says)}</option>
        ))}
      </select>
    </label>
    <label>
      <span class="sr-only">{say("Label")}</span>
      <input name="label" maxlength={64} placeholder={say("Label")} />
    </label>
    <button type="submit" class="button">
      {say("Do it")}
    </button>
  </Form>
);
