import type { Child, FC } from "hono/jsx";

/** Several values side by side. */
export const Chips: FC<{
  values: readonly string[];
  href?: (value: string) => string;
  name?: (value: string) => string;
  /** What is said of each behind it. */
  more?: (value: string) => Child;
}> = ({ values, href, name, more }) =>
  values.length === 0 ? (
    <span class="soft">none</span>
  ) : (
    <span class="tags">
      {values.map((value) => (
        <span class="inline">
          {href ? (
            <a class="tag" href={href(value)}>
              {name?.(value) ?? value}
            </a>
          ) : (
            <span class="tag" title={value}>
              {name?.(value) ?? value}
            </span>
          )}
          {more?.(value)}
        </span>
      ))}
    </span>
  );
