import { vi } from "vitest";
import { env } from "./live";

/* For tests: what D1 itself says that it read, of every statement, whoever asked. */

export interface Metered {
  statements: number;
  rowsRead: number;
  /** Rows read, by the text of what read them. */
  readBy: Map<string, number>;
}

/** What an isolate asks anew of who calls, of their school and its stamp, once a second has passed, whatever is called. */
const OF_WHO_CALLS = /^select (?:"id", [^(]*|"stamp") from "(api_keys|schools)" where "\1"\."id" = \?$/;

/** How many rows those were: one of each at most. */
export const readOfWhoCalls = ({ readBy }: Metered): number =>
  [...readBy].reduce((sum, [text, rows]) => sum + (OF_WHO_CALLS.test(text) ? rows : 0), 0);

interface Meta {
  rows_read?: number;
}

/** A statement's text, which the platform keeps beside the values bound to it. */
const textOf = (statement: object): string => String(Reflect.get(statement, "statement"));

/**
 * Counts from now on, until mocks are restored. Of a statement that changes something and is asked for bare rows D1 says
 * nothing: it is counted as one, without its rows.
 */
export function meterOfD1(): Metered {
  const metered: Metered = { statements: 0, rowsRead: 0, readBy: new Map() };
  const note = <R extends { meta: Meta }>(statement: object, result: R): R => {
    const { rows_read: read = 0 } = result.meta;
    const text = textOf(statement);
    metered.statements++;
    metered.rowsRead += read;
    metered.readBy.set(text, (metered.readBy.get(text) ?? 0) + read);
    return result;
  };
  const prototype = Object.getPrototypeOf(env.DB.prepare("select 1")) as D1PreparedStatement;
  const { all, raw, run } = prototype;
  vi.spyOn(prototype, "all").mockImplementation(async function (this: D1PreparedStatement) {
    return note(this, await all.call(this)) as never;
  });
  vi.spyOn(prototype, "run").mockImplementation(async function (this: D1PreparedStatement) {
    return note(this, await run.call(this)) as never;
  });
  vi.spyOn(prototype, "first").mockImplementation(async function (this: D1PreparedStatement, column?: string) {
    const [row] = note(this, await all.call(this)).results as Record<string, unknown>[];
    return row === undefined ? null : column === undefined ? row : row[column];
  } as never);
  vi.spyOn(prototype, "raw").mockImplementation(async function (this: D1PreparedStatement, ...options) {
    if (/^\s*(select|with)\b/i.test(textOf(this))) note(this, await all.call(this));
    else metered.statements++;
    return raw.apply(this, options) as never;
  });
  const batch = env.DB.batch.bind(env.DB);
  vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
    const results = await batch(statements);
    for (const [n, statement] of statements.entries()) if (results[n]) note(statement, results[n]);
    // As it came, whatever rows the caller expects.
    return results as never;
  });
  return metered;
}
