import Papa from "papaparse";

/** Text that a spreadsheet would take for a formula begins with an apostrophe: it is shown, and does nothing. */
const harmless = (cell: string): string => (/^[=+\-@\t\r\0＝＋－＠]/.test(cell) ? `'${cell}` : cell);

/** Rows as CSV, by RFC 4180. */
export const csvRows = (rows: readonly (readonly string[])[]): string =>
  rows.length ? `${Papa.unparse(rows.map((row) => row.map(harmless)))}\r\n` : "";

/** The same with a header. */
export const csv = (head: readonly string[], rows: readonly (readonly string[])[]): string => csvRows([head, ...rows]);
