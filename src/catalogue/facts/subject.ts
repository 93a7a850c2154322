import { TRIGGER } from "../options/fields";

/** Of a fact that says what it is about under this name, one of these values is meant, and no other. */
export interface Subject {
  data: string;
  values: readonly string[];
  /** Values with the same key are the same. */
  keyOf(value: string): string;
}

/** What narrows a trigger with these params; one whose list speaks of what started a run narrows nothing. */
export function subjectIn(
  params: Record<string, unknown>,
  subject?: { option: string; data: string; keyOf?(value: string): string },
): Subject | null {
  const values = subject && params[subject.option];
  if (!subject || !Array.isArray(values) || values.includes(TRIGGER)) return null;
  return { data: subject.data, values, keyOf: subject.keyOf ?? ((value) => value) };
}
