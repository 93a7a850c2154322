import { useEffect, useState } from "hono/jsx/dom";
import { type Choice, fetchVocabulary } from "../draft/api";

/** What a text field offers to choose from: all of a vocabulary, which the browser narrows. */
export function Offers({ id, kind }: { id: string; kind: string }) {
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  useEffect(() => {
    fetchVocabulary(kind, "").then(setChoices);
  }, [kind]);
  return (
    <datalist id={id}>
      {choices.map(({ value, label }) => (
        <option value={value} key={value}>
          {label === value ? null : label}
        </option>
      ))}
    </datalist>
  );
}
