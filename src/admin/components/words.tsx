import type { FC } from "hono/jsx";
import type { Span } from "../words/sentence";

/** A made sentence: what is done stands out, what it is done with is set apart. */
export const SpansText: FC<{ spans: readonly Span[] }> = ({ spans }) => (
  <span class="words">
    {spans.map((span) =>
      span.as === "value" ? <em>{span.text}</em> : span.as === "verb" ? <b>{span.text}</b> : span.text,
    )}
  </span>
);
