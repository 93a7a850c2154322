import type { Child, FC } from "hono/jsx";
import { say } from "../../../language/say";
import { schoolIn } from "../../address";

/** The field by which a form says for which school it was drawn. */
export const FORM_OF = "form-of";

/** A form that changes something. It says of which school it is, so that one sent to another's address is refused. */
export const Form: FC<{
  /** Made by `visit.path` where it is of a school. */
  action: string;
  class?: string;
  id?: string;
  enctype?: "multipart/form-data";
  /** What it holds may be looked at alone: nothing is filled in, and nothing sends it. */
  isLocked?: boolean;
  children?: Child;
}> = ({ action, isLocked = false, children, ...rest }) => {
  const school = schoolIn(action);
  return (
    <form method="post" action={action} {...rest}>
      {school === null ? null : <input type="hidden" name={FORM_OF} value={school} />}
      {isLocked ? (
        <fieldset disabled class="is-locked">
          {children}
        </fieldset>
      ) : (
        children
      )}
    </form>
  );
};

export interface FormFieldProps {
  /** The id of the input inside, which names its line of help `<id>-says`. */
  id: string;
  label: string;
  hint?: string;
  fault?: string | undefined;
  optional?: boolean;
  /** Whether the label follows the input on one line, as for a tick. */
  beside?: boolean;
  children?: Child;
}

/** A label, the input given inside, and under it what is wrong or what helps. */
export const FormField: FC<FormFieldProps> = ({ id, label, hint, fault, optional, beside, children }) => (
  <div class={`field${beside ? " is-beside" : ""}${fault ? " is-faulty" : ""}`}>
    <label for={id}>
      {label}
      {optional ? <small> {say("optional")}</small> : null}
    </label>
    {children}
    {fault ? (
      <span class="fault" id={`${id}-says`}>
        ✕ {fault}
      </span>
    ) : hint ? (
      <span class="hint" id={`${id}-says`}>
        {hint}
      </span>
    ) : null}
  </div>
);

interface TextFieldProps extends Omit<FormFieldProps, "id" | "children" | "beside"> {
  name: string;
  value?: string;
  type?: "text" | "email" | "url" | "password" | "search" | "number" | "date" | "time";
  required?: boolean;
}

export const TextField: FC<TextFieldProps> = ({ name, value = "", type = "text", required = false, ...field }) => (
  <FormField id={`f-${name}`} {...field}>
    <input
      id={`f-${name}`}
      name={name}
      type={type}
      value={value}
      required={required}
      aria-describedby={field.fault || field.hint ? `f-${name}-says` : undefined}
      aria-invalid={field.fault ? "true" : undefined}
    />
  </FormField>
);

interface SelectFieldProps extends Omit<FormFieldProps, "id" | "children" | "beside"> {
  name: string;
  value?: string;
  options: readonly (readonly [value: string, label: string])[];
}

export const SelectField: FC<SelectFieldProps> = ({ name, value = "", options, ...field }) => (
  <FormField id={`f-${name}`} {...field}>
    <select id={`f-${name}`} name={name} aria-invalid={field.fault ? "true" : undefined}>
      {options.map(([option, label]) => (
        <option value={option} selected={option === value}>
          {label}
        </option>
      ))}
    </select>
  </FormField>
);

export const CheckField: FC<{ name: string; label: string; checked?: boolean; hint?: string }> = ({
  name,
  label,
  checked = false,
  hint,
}) => (
  <FormField id={`f-${name}`} label={label} beside {...(hint === undefined ? {} : { hint })}>
    <input id={`f-${name}`} name={name} type="checkbox" value="true" checked={checked} />
  </FormField>
);

/** A button that does one thing by itself; a destructive one says what it will do ("Delete, 37 learners exit"). */
export const ActionButton: FC<{
  action: string;
  tone?: "main" | "danger";
  /** For rows of a list. */
  small?: boolean;
  fields?: Readonly<Record<string, string>>;
  title?: string;
  children?: Child;
}> = ({ action, tone, small = false, fields = {}, title, children }) => (
  <Form action={action} class="inline">
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button type="submit" class={`button${tone ? ` is-${tone}` : ""}${small ? " is-small" : ""}`} title={title}>
      {children}
    </button>
  </Form>
);

/**
 * What a destructive button stands behind where nothing holds what it takes: it opens to say what follows, and the one
 * inside does it. Opens without script.
 */
export const AskedButton: FC<{
  /** "Delete…". */
  ask: string;
  /** What it is about, for who does not see beside what it stands. */
  of?: string;
  follows: string;
  action: string;
  fields?: Readonly<Record<string, string>>;
  small?: boolean;
  /** What the button inside does. */
  children?: Child;
}> = ({ ask, of, follows, action, fields = {}, small = false, children }) => (
  <details class="ask">
    <summary class={`button is-danger${small ? " is-small" : ""}`}>
      {ask}
      {of === undefined ? null : <span class="sr-only"> {of}</span>}
    </summary>
    <div class="ask-box">
      <p>{follows}</p>
      <ActionButton action={action} fields={fields} tone="danger" small={small}>
        {children}
        {of === undefined ? null : <span class="sr-only"> {of}</span>}
      </ActionButton>
    </div>
  </details>
);
