import type { FC } from "hono/jsx";
import type { Span } from "../words/sentences/sentence";

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

/** What a hyphen holds together, with its count: "1 E-Mail". */
const HYPHENED = /((?:\d+ )?\p{L}+(?:-\p{L}+)+)/u;

/** A text in which that stays on one line. */
export const Unbroken: FC<{ text: string }> = ({ text }) => (
  <>{text.split(HYPHENED).map((piece, index) => (index % 2 ? <span class="is-unbroken">{piece}</span> : piece))}</>
);

/** A thing by its name, the id in the small print to copy; by the id alone where it has no name. */
export const Called: FC<{ id: string; name: string }> = ({ id, name }) => (
  <span>
    {name}
    {name === id ? null : <small class="soft"> {id}</small>}
  </span>
);
