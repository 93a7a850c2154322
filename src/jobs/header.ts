import { invalid } from "../base/errors";
import { trimmed } from "../base/text";
import { type Columns, type FileParams, NAMELESS, parseRecord } from "./lines";

/* What the first line of a file says of its cells. */

/** What a file's header says of its lines. */
export type Header = Pick<FileParams, "columns" | "delimiter">;

const DELIMITERS = [",", ";", "\t"];

/** Excel's line before the header, which names what stands between cells. */
export const separatorIn = (line: string): string | undefined => /^"?sep=([^\r\n"])"?[,;\t]*$/i.exec(line)?.[1];

/** Old programs end a file with a sign of its own. */
const EMPTY = new Set([" ", "\t", "\r", "\n", '"', "\u001a"]);

/** Whether a line holds nothing but what stands between cells: a row of a sheet that is empty. */
export const isEmptyRow = (text: string, delimiter: string): boolean =>
  !Array.prototype.some.call(text, (char: string) => char !== delimiter && !EMPTY.has(char));

/** Whether a line says nothing, whatever it is that stands between cells. */
export const isBlankLine = (text: string): boolean => /^[\s,;"]*$/.test(text);

/** What stands between the names of a header; what a name holds within quotes does not. */
function delimiterIn(header: string): string | undefined {
  const bare = header.replaceAll(/"[^"]*"/g, "");
  return DELIMITERS.find((one) => bare.includes(one));
}

/** "E-mail", "First name" and "registered at" are names of ours, too. */
const nameKey = (name: string): string =>
  name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s_\p{Pd}]/gu, "");

/** What Outlook and Moodle call the same. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["emailaddress", "email"],
  ["givenname", "firstname"],
  ["surname", "lastname"],
  ["familyname", "lastname"],
]);

/** A column as we call it: in whatever case it is written, or by another name that is in use. */
function columnNamed(name: string, columns: Columns, known: ReadonlyMap<string, string>): string {
  const key = nameKey(name);
  const named = known.get(key) ?? known.get(SYNONYMS.get(key) ?? "") ?? columns.alias?.(name) ?? name;
  return named === "" && !columns.allows?.("") ? NAMELESS : named;
}

/**
 * Reads a header; empty columns at its end are left out.
 * @param line its number in the file
 * @param separator what an earlier line has said stands between cells
 * @throws Problem 422 for one that is not allowed
 */
export function readHeader(text: string, columns: Columns, line = 1, separator?: string): Header {
  const delimiter = separator ?? delimiterIn(text) ?? ",";
  const { cells, fault } = parseRecord(text, delimiter);
  const all = [...columns.required, ...(columns.optional ?? []), ...(columns.oneOf ?? [])];
  const known = new Map(all.map((name) => [nameKey(name), name]));
  const written = cells.map(trimmed);
  while (written.length > 1 && written.at(-1) === "") written.pop();
  const names = written.map((name) => columnNamed(name, columns, known));
  const missing = columns.required.filter((name) => !names.includes(name));
  const messages =
    fault !== null
      ? [fault]
      : [
          ...written.flatMap((name, index) => {
            const column = names[index] ?? name;
            return column === NAMELESS || all.includes(column) || columns.allows?.(column)
              ? []
              : [`there is no column ${JSON.stringify(name)}`];
          }),
          ...names
            .filter((name, index) => name !== NAMELESS && names.indexOf(name) < index)
            .map((name) => `the column ${JSON.stringify(name)} is there twice`),
          ...missing.map((name) => `the column ${JSON.stringify(name)} is missing`),
          ...(columns.oneOf && !columns.oneOf.some((name) => names.includes(name))
            ? [`there has to be one of the columns ${columns.oneOf.join(", ")}`]
            : []),
        ];
  if (messages.length) throw invalid(messages.map((message) => ({ path: `/${line}`, message })));
  return { columns: names, delimiter };
}
