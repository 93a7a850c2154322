import type { Env } from "../../base/env";
import { attributes } from "../../catalogue/account/attributes";
import { textOfList } from "../../catalogue/account/field-values";
import { unixAsMoment } from "../../catalogue/dates/dates";
import type { FieldValue, SchoolView } from "../../catalogue/facts/facts";
import { openFile } from "../../jobs/files/csv";
import { type DayOrders, sheetDate } from "../../jobs/files/day-order";
import { type Line, lineOf, NAMELESS } from "../../jobs/files/lines";
import type { School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { cellsTaken, consentIn, fieldIn, isConsent, readImported, readLine, tagsIn, typed, USER_COLUMNS } from "./line";

/** A cell: a list is shown as it would be written, with `|` between its texts. */
type Shown = Exclude<FieldValue, string[]>;

/** So many lines are shown. */
const SHOWN = 20;

export interface ImportPreview {
  columns: string[];
  /** Of each line that can be read its cells, in the order of the columns; "" leaves what is there. */
  rows: Shown[][];
  errors: { line: number; message: string }[];
}

/**
 * The first lines of an import of users as they would be taken, and what is wrong with them. No more of the file is read
 * than that takes, and nothing is written.
 * @throws Problem as an import's start
 */
export async function previewUsers(
  env: Env,
  school: School,
  pieces: AsyncIterable<Uint8Array>,
  charset: string | undefined,
): Promise<ImportPreview> {
  const { columns, delimiter, lines, dayOrders } = await openFile(pieces, USER_COLUMNS, charset);
  const { school: view } = await loadWorld(env, school);
  const read: [number, Line][] = [];
  for await (const [n, text] of lines) {
    read.push([n, lineOf(text, { columns, delimiter })]);
    if (read.length === SHOWN) break;
  }
  // All that was read tells how dates are written, not the lines shown alone.
  const orders = dayOrders();
  return {
    columns: columns.filter((column) => column !== NAMELESS),
    rows: read.flatMap(([, line]) => (line.cells ? [shown(view, line.cells, orders)] : [])),
    errors: read.flatMap(([line, given]) => {
      const message = faultOf(view, given, orders);
      return message === null ? [] : [{ line, message }];
    }),
  };
}

type View = Pick<SchoolView, "fields" | "settings">;

/** What is wrong with a line; null: nothing. */
function faultOf(view: View, { cells, fault }: Line, dayOrders: DayOrders): string | null {
  if (!cells) return fault;
  const line = readLine(view, cells, dayOrders);
  const read = "faults" in line ? line : readImported(view, line);
  return "faults" in read ? read.faults.join("; ") : null;
}

const shown = (view: View, line: ReadonlyMap<string, string>, dayOrders: DayOrders): Shown[] =>
  [...cellsTaken(view, line, dayOrders).cells].map(([column, text]) => valueIn(view, column, text));

/** The value that a cell's text becomes; what is refused stays as it is. */
function valueIn({ fields }: View, column: string, text: string): Shown {
  if (text === "") return text;
  if (column === "email") return attributes.shape.email.safeParse(text).data ?? text;
  if (isConsent(column)) return consentIn(text) ?? text;
  if (column === "tags") return tagsIn(text).join("|");
  const key = fieldIn(fields, column);
  if (key === null) return text;
  const field = fields.get(key);
  if (field?.type === "date") return "fault" in sheetDate(text, undefined) ? text : unixAsMoment(text);
  const value = typed(field, text);
  return Array.isArray(value) ? textOfList(value) : value;
}
