import type { FC } from "hono/jsx";
import type { Span } from "../words/sentence";

/** A made sentence: what is done stands out, what it is done with is set apart. */
export const SpansText: FC<{ spans: readonly Span[] }> = ({ spans }) => (
  <span class="words">
    {spans.map((span) =>
      span.as === "value" || span.as === "name" ? (
        <em>{span.text}</em>
      ) : span.as === "verb" ? (
        <b>{span.text}</b>
      ) : (
        span.text
      ),
    )}
  </span>
);

/** A thing by its name, the id in the small print to copy; by the id alone where it has no name. */
export const Called: FC<{ id: string; name: string }> = ({ id, name }) => (
  <span>
    {name}
    {name === id ? null : <small class="soft"> {id}</small>}
  </span>
);
