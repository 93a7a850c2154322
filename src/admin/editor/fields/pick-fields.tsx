import { say } from "../../../language/say";
import { valueLabel } from "../../words/sentences/options";
import { roleText, startedText } from "../../words/sentences/phrases";
import { type Choice, fetchVocabulary } from "../draft/api";
import { allowsTrigger, pickerOfOption } from "../draft/form/form";
import type { WidgetProps } from "../draft/form/inputs";
import { useTools } from "../stage/tools";
import { Chips, Combo } from "./combo";

/** By what vocabulary sentences name what another one, which offers some of it, gave. */
function namedAs(picker: string): string;
function namedAs(picker: string | undefined): string | undefined;
function namedAs(picker: string | undefined): string | undefined {
  return picker === "date_field" ? "field" : picker;
}

/**
 * Searches a vocabulary, and for what started the run where that is allowed.
 * @param fixed names that stand beside the vocabulary
 */
function useSearch(
  picker: string | undefined,
  trigger: boolean,
  fixed: readonly string[] = [],
): (q: string) => Promise<Choice[]> {
  const { learn, words } = useTools();
  return async (q) => {
    const found = picker === undefined ? [] : await fetchVocabulary(picker, q);
    if (picker !== undefined) learn(namedAs(picker), found);
    const isMeant = ({ value, label }: Choice): boolean => `${value} ${label}`.toLowerCase().includes(q.toLowerCase());
    const beside = fixed.map((value): Choice => ({ value, label: valueLabel(value) })).filter(isMeant);
    const started: Choice = {
      value: "$trigger",
      label: say("The {noun} that started it", { noun: words.nounOf(picker) }),
    };
    return [...(trigger && isMeant(started) ? [started] : []), ...found, ...beside];
  };
}

const useName = (picker: string | undefined): ((value: string) => string) => {
  const { words } = useTools();
  return (value) =>
    value === "$trigger" ? startedText(picker, words) : (roleText(value) ?? words.nameOf(namedAs(picker), value));
};

export const IdsField = ({ field, value, onChange, id, describedBy, invalid, offers }: WidgetProps) => {
  const picker = pickerOfOption(field.schema) ?? offers;
  const search = useSearch(picker, allowsTrigger(field.schema));
  const nameOf = useName(picker);
  const values = Array.isArray(value) ? value.map(String) : [];
  return (
    <Chips
      id={id}
      describedBy={describedBy}
      invalid={invalid}
      values={values}
      nameOf={nameOf}
      placeholder={values.length === 0 ? (field.required ? say("Choose or type") : say("Any")) : ""}
      search={search}
      free
      plain={field.schema.plain ?? false}
      onChange={onChange}
    />
  );
};

export const IdField = ({ field, value, onChange, id, describedBy, invalid }: WidgetProps) => {
  const picker = field.schema.dated ? "date_field" : pickerOfOption(field.schema);
  const fixed = (field.schema.examples ?? []).map(String);
  const search = useSearch(picker, allowsTrigger(field.schema), fixed);
  const nameOf = useName(picker);
  const shownOf = (one: string): string => {
    if (fixed.includes(one)) return valueLabel(one);
    return nameOf(one) === one || one === "$trigger" ? nameOf(one) : `${nameOf(one)} (${one})`;
  };
  return (
    <Combo
      id={id}
      describedBy={describedBy}
      invalid={invalid}
      shown={typeof value === "string" ? shownOf(value) : ""}
      placeholder={say("Choose or type")}
      search={search}
      free
      clears={false}
      onPick={(choice) => onChange(choice.value)}
    />
  );
};
