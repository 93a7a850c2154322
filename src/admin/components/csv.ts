import type { Context } from "hono";
import Papa from "papaparse";

/** Text that a spreadsheet would take for a formula begins with an apostrophe: it is shown, and does nothing. */
const harmless = (cell: string): string => (/^[=+\-@\t\r\0＝＋－＠]/.test(cell) ? `'${cell}` : cell);

/** Rows as CSV with a header, by RFC 4180. */
export const csv = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${Papa.unparse([head, ...rows].map((row) => row.map(harmless)))}\r\n`;

/** A file to keep. */
export const csvAnswer = (c: Context, name: string, text: string): Response =>
  c.body(text, 200, {
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}"`,
  });
