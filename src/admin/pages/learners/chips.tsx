import type { Child, FC } from "hono/jsx";
import { say } from "../../../language/say";

interface ChipProps {
  value: string;
  href?: ((value: string) => string) | undefined;
  name?: ((value: string) => string) | undefined;
}

const Chip: FC<ChipProps> = ({ value, href, name }) =>
  href ? (
    <a class="tag" href={href(value)}>
      {name?.(value) ?? value}
    </a>
  ) : (
    <span class="tag" title={value}>
      {name?.(value) ?? value}
    </span>
  );

/** Several values side by side. */
export const Chips: FC<
  Omit<ChipProps, "value"> & {
    values: readonly string[];
    /** What is said of each behind it. */
    more?: (value: string) => Child;
  }
> = ({ values, href, name, more }) =>
  values.length === 0 ? (
    <span class="soft">{say("none")}</span>
  ) : (
    <span class="tags">
      {values.map((value) =>
        more ? (
          <span class="inline">
            <Chip value={value} href={href} name={name} />
            {more(value)}
          </span>
        ) : (
          <Chip value={value} href={href} name={name} />
        ),
      )}
    </span>
  );
