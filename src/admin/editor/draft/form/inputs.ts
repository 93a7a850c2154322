import type { Child } from "hono/jsx";
import { useId, useRef } from "hono/jsx/dom";
import type { Fault } from "../../../../base/errors/errors";
import { optionLabel } from "../../../words/sentences/options";
import type { Field, Widget } from "./form";

/** What a form made from fields is given. */
export interface FieldsProps {
  fields: readonly Field[];
  values: Readonly<Record<string, unknown>>;
  /** Begins the ids of the inputs. */
  base: string;
  faults: readonly Fault[];
  onChange(key: string, value: unknown): void;
  /** What stands behind the fields that one mostly sets, before those that are folded away. */
  between?: Child;
}

/** What every widget is given. */
export interface WidgetProps {
  field: Field;
  value: unknown;
  /** Puts a value; undefined takes the option away. */
  onChange(value: unknown): void;
  /** The id of the input, and of the line that tells of a fault or helps. */
  id: string;
  describedBy: string;
  invalid: boolean;
  /** The card's faults, their pointers from this field on. */
  faults: readonly Fault[];
  /** A vocabulary of what the value may be, where the option itself names none: the choices of the field it is of. */
  offers?: string | undefined;
}

/** The same with the form itself, for a widget that holds another inside: handed in, as the form is made of widgets. */
export interface NestingProps extends WidgetProps {
  Form(props: FieldsProps): Child;
}

export const inputOf = (event: Event): HTMLInputElement => event.target as HTMLInputElement; // listeners stand on inputs

/** The faults at or below a pointer, told from there on. */
export const within = (faults: readonly Fault[], pointer: string): Fault[] =>
  faults
    .filter((fault) => fault.path === pointer || fault.path.startsWith(`${pointer}/`))
    .map((fault) => ({ ...fault, path: fault.path.slice(pointer.length) }));

/** A copy with the key put, or taken away when undefined. */
export function withKey<T extends Record<string, unknown>>(record: T, key: string, value: unknown): T {
  const rest = Object.entries(record).filter(([name]) => name !== key);
  // Options are open: the card keeps its type, whatever else is put.
  return Object.fromEntries(
    value === undefined
      ? rest
      : Object.hasOwn(record, key)
        ? Object.entries(record).map(([name, old]) => [name, name === key ? value : old])
        : [...rest, [key, value]],
  ) as T;
}

/** A field that no schema tells of, with one of the widgets. */
export const plainField = (key: string, label: string, widget: Widget, schema: Field["schema"] = {}): Field => ({
  key,
  label: label || optionLabel(key),
  hint: "",
  required: true,
  widget,
  schema,
  nullable: false,
  instead: [],
});

/** An id of an input that stays the same while its component stands. */
export const useInputId = (): string => {
  const made = useId();
  return useRef(`f${made.replace(/\W/g, "")}`).current ?? made;
};
