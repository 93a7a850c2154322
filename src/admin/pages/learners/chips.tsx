import type { FC } from "hono/jsx";

/** Several values side by side. */
export const Chips: FC<{
  values: readonly string[];
  href?: (value: string) => string;
  name?: (value: string) => string;
}> = ({ values, href, name }) =>
  values.length === 0 ? (
    <span class="soft">none</span>
  ) : (
    <span class="tags">
      {values.map((value) =>
        href ? (
          <a class="tag" href={href(value)}>
            {name?.(value) ?? value}
          </a>
        ) : (
          <span class="tag" title={value}>
            {name?.(value) ?? value}
          </span>
        ),
      )}
    </span>
  );
