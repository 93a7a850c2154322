/*
 * What is pasted into a field of several values: a column or row of a sheet is a value a cell, and where no value holds
 * a comma (addresses, domains), what stands between commas or semicolons is one.
 */

const CELLS = /[\r\n\t]+/;
const LISTED = /[\r\n\t,;]+/;
/** An address as mail programs write it: its person before it. */
const NAMED = /<([^<>\s]+@[^<>\s]+)>$/;

/** The values of a pasted text; null where it is one, to be typed on. */
export function pastedValues(text: string, options: { plain: boolean }): string[] | null {
  const parts = text
    .split(options.plain ? LISTED : CELLS)
    .map((part) => part.trim())
    .map((part) => (options.plain ? (NAMED.exec(part)?.[1] ?? part) : part))
    .filter((part) => part !== "");
  return parts.length > 1 ? [...new Set(parts)] : null;
}
