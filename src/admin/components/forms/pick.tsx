import type { FC } from "hono/jsx";
import { MOST, type Word } from "../../../automations/finding/pickers";
import { say } from "../../../language/say";
import { outside } from "../../address";
import { shownOf } from "../../words/meant";
import { Banner } from "../bits";
import { FilterChoice } from "./filters";
import { FormField, type FormFieldProps, SelectField } from "./form";

/* Fields in which something is chosen by its name: the browser offers what is known, anything else may be typed. */

/** Few enough are all there are, and chosen from a list; of more some are offered, and any may be typed. */
const areAll = (known: readonly unknown[]): boolean => known.length < MOST;

const Offered: FC<{ id: string; known: readonly Word[] }> = ({ id, known }) => (
  <datalist id={id}>
    {known.map(({ value, label }) => {
      const shown = shownOf(known, value);
      return <option value={shown}>{shown === value ? label : value}</option>;
    })}
  </datalist>
);

/** Of a kind of which some are offered here: what is offered follows what is typed, where there is script. */
export const picksOf = (kind: string, known: readonly unknown[]): string | undefined =>
  areAll(known) ? undefined : kind;

/** The script for that; a browser runs it once, however often it is named. */
export const Suggests: FC<{ known: readonly unknown[] }> = ({ known }) =>
  areAll(known) ? null : <script type="module" src={outside("/assets/suggest.js")} />;

interface PickFieldProps extends Omit<FormFieldProps, "id" | "children" | "beside"> {
  name: string;
  /** Of what, or of which, with blanks between: as `knownOf` names it. */
  kind: string;
  /** What is known of it, some where there is much. */
  known: readonly Word[];
  /** An id, or what was typed. */
  value: string;
  required?: boolean;
}

/** A field of a form; what is sent is a name or an id: `meantId` tells which. */
export const PickField: FC<PickFieldProps> = ({ name, kind, known, value, required = false, ...field }) => (
  <FormField id={`f-${name}`} {...field}>
    <input
      id={`f-${name}`}
      name={name}
      value={shownOf(known, value)}
      list={`known-${name}`}
      data-picks={picksOf(kind, known)}
      required={required}
      autocomplete="off"
      aria-describedby={field.fault || field.hint ? `f-${name}-says` : undefined}
      aria-invalid={field.fault ? "true" : undefined}
    />
    <Offered id={`known-${name}`} known={known} />
    <Suggests known={known} />
  </FormField>
);

interface PickFilterProps extends Pick<PickFieldProps, "name" | "kind" | "known" | "value"> {
  label: string;
}

/** A filter above a list. */
export const PickFilter: FC<PickFilterProps> = ({ name, kind, label, known, value }) => (
  <label class="filter">
    <span>{label}</span>
    <input
      type="search"
      name={name}
      value={shownOf(known, value)}
      list={`known-${name}`}
      data-picks={picksOf(kind, known)}
      autocomplete="off"
    />
    <Offered id={`known-${name}`} known={known} />
    <Suggests known={known} />
  </label>
);

/** What a filter may have meant, where what was typed is part of several names: each leads to the list of it. */
export const WhatWasMeant: FC<{ typed: string; others: readonly Word[]; to: (id: string) => string }> = ({
  typed,
  others,
  to,
}) =>
  others.length === 0 ? null : (
    <Banner>
      <span>
        {say("“{typed}” is part of several names:", { typed })}{" "}
        {others.map(({ value, label }, index) => (
          <>
            {index > 0 ? ", " : ""}
            <a href={to(value)}>{label ?? value}</a>
          </>
        ))}
      </span>
    </Banner>
  );

const optionsOf = (known: readonly Word[]) => known.map(({ value, label = value }) => [value, label] as const);

/** A field of a form for one of what is there: what is sent is an id or a name, `meantId` tells which. */
export const ChooseField: FC<PickFieldProps> = (props) => {
  const { known, kind: _, required: __, ...field } = props;
  return areAll(known) ? <SelectField {...field} options={optionsOf(known)} /> : <PickField {...props} />;
};

/** A filter above a list by one of what is there. */
export const ChooseFilter: FC<PickFilterProps> = (props) => {
  const { known, kind: _, ...filter } = props;
  return areAll(known) ? (
    <FilterChoice {...filter} options={[["", say("Any")], ...optionsOf(known)]} />
  ) : (
    <PickFilter {...props} />
  );
};
