import { referencesIn } from "../../catalogue/checking/references";
import type { Warning } from "../../definition/answers";
import type { Definition } from "../../definition/types";

/** What a school has, as far as definitions name it. */
export interface Referable {
  hasSegment(id: string): boolean;
  /** Whether a field was declared once, and is declared no more. */
  isGone(field: string): boolean;
}

const MOST_TOLD = 50;

/** Segments that are not there and fields that were deleted: what names them waits for nothing, or holds of everybody. */
export function unknownReferences(definition: Definition, { hasSegment, isGone }: Referable): Warning[] {
  const segments = [...referencesIn(definition, "segment")].filter((id) => !hasSegment(id));
  const fields = [...referencesIn(definition, "field")].filter(isGone);
  const messages = [
    ...segments.map((id) => `There is no segment ${JSON.stringify(id)}.`),
    ...fields.map((key) => `The field ${JSON.stringify(key)} was deleted.`),
  ];
  return messages.slice(0, MOST_TOLD).map((message) => ({ code: "unknown_reference", message }));
}
