import * as z from "zod";

/**
 * What a JSON column holds. Only we write these: text that does not fit its schema is a fault of ours and throws,
 * without the text, which may be personal.
 */
export function readJson<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  const read = schema.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  const places = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.code}`);
  throw new Error(`a JSON column does not fit its schema (${places.join(", ")})`);
}

/** The same for a column that may be empty. */
export const readOptionalJson = <S extends z.ZodType>(schema: S, text: string | null): z.output<S> | null =>
  text === null ? null : readJson(schema, text);

export const strings = z.array(z.string());

/** An object of ours as it was stored, whatever its keys: zod's records pass over `__proto__`, which JSON may well have. */
export const openObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/** A JSON text handed over stays well under the 2 MB that D1 takes, at three bytes a character. */
const MAX_LENGTH = 500_000;

/** Rows as JSON texts for `json_each`: one, or as many as their length asks for. */
export function textsOf(rows: readonly unknown[]): string[] {
  const texts: string[] = [];
  let chunk: string[] = [];
  let length = 0;
  const close = (): void => {
    if (chunk.length) texts.push(`[${chunk.join()}]`);
    chunk = [];
    length = 0;
  };
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (length + text.length > MAX_LENGTH) close();
    chunk.push(text);
    length += text.length;
  }
  close();
  return texts;
}

/**
 * JSON in which equal values are equal texts: keys in the order of their UTF-16. Deeper than the stack, it throws a
 * RangeError. By hand, since what was stored is compared by it: RFC 8785's package throws where a text has half a
 * surrogate pair or a number is beyond all bounds, which JSON may have.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`;
}
