import type { Child, FC } from "hono/jsx";

/** A row of filters above a list: a form of GET, so that what is found has an address. */
export const Filters: FC<{ action: string; children?: Child; clear?: boolean }> = ({
  action,
  children,
  clear = false,
}) => (
  <form method="get" action={action} class="filters">
    {children}
    <button type="submit" class="button">
      Find
    </button>
    {clear ? (
      <a class="button is-quiet" href={action}>
        Show all
      </a>
    ) : null}
  </form>
);

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
          {text}
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
