import type { Child, FC } from "hono/jsx";
import { inWords, later, say } from "../../../language/say";

interface FiltersProps {
  action: string;
  /** What is searched for: always in sight. */
  search?: Child;
  /** The other filters: on a phone folded behind "Filter", and open where one of them is used. */
  children?: Child;
  /** Whether something is searched or filtered, so that all can be shown again. */
  clear?: boolean;
  /** How many of the others are used. */
  used?: number;
  /** What its button says. */
  button?: string;
}

/** A row of filters above a list: a form of GET, so that what is found has an address. */
export const Filters: FC<FiltersProps> = ({ action, search, children, clear = false, used = 0, button }) => (
  <form method="get" action={action} class="filters">
    {search}
    {children ? (
      <details class="filters-more" open={used > 0}>
        <summary class="button">{used > 0 ? say("Filter ({n})", { n: used }) : say("Filter")}</summary>
        <div class="filters-row">{children}</div>
      </details>
    ) : null}
    <span class="inline">
      <button type="submit" class="button">
        {button ?? say("Find")}
      </button>
      {clear ? (
        <a class="button is-quiet" href={action}>
          {say("Show all")}
        </a>
      ) : null}
    </span>
  </form>
);

/** How many of some filters say something. */
export const usedOf = (...filters: readonly string[]): number => filters.filter((one) => one !== "").length;

export const SearchBox: FC<{ name?: string; label: string; placeholder?: string; value: string; wide?: boolean }> = ({
  name = "q",
  label,
  placeholder,
  value,
  wide = false,
}) => (
  <label class={wide ? "filter is-wide" : "filter"}>
    <span>{label}</span>
    <input type="search" name={name} value={value} placeholder={placeholder} autocomplete="off" />
  </label>
);

/** The ways to sort what has an age. */
export const BY_AGE = [
  ["", later("Newest first")],
  ["oldest", later("Oldest first")],
] as const;

export const FilterChoice: FC<{
  name: string;
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
}> = ({ name, label, value, options }) => (
  <label class="filter">
    <span>{label}</span>
    <select name={name}>
      {options.map(([option, text]) => (
        <option value={option} selected={option === value}>
          {options === BY_AGE ? inWords(text) : text}
        </option>
      ))}
    </select>
  </label>
);

export const FilterDay: FC<{ name: string; label: string; value: string }> = ({ name, label, value }) => (
  <label class="filter">
    <span>{label}</span>
    <input type="date" name={name} value={value} />
  </label>
);

/** The address of a list with some of its filters changed. */
export function hrefWith(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== "");
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}
