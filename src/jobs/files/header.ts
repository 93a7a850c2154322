import { invalid } from "../../base/errors/errors";
import { trimmed } from "../../base/text/text";
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
    .replaceAll(/[\s_\p{Pd}'’]/gu, "");

/** What Outlook, Moodle and people call a column: in English, German, French, Spanish, Italian, Portuguese, Dutch. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  email: [
    ...["Email address", "E-Mail-Adresse", "Mail", "Mailadresse", "Adresse e-mail", "Adresse de courriel", "Courriel"],
    ...["Correo electrónico", "Correo", "Dirección de correo", "Dirección de correo electrónico", "Indirizzo e-mail"],
    ...["Endereço de e-mail", "E-mailadres"],
  ],
  firstname: ["Given name", "Vorname", "Prénom", "Nombre", "Nome", "Voornaam"],
  lastname: [
    ...["Surname", "Family name", "Nachname", "Familienname", "Zuname", "Nom", "Nom de famille"],
    ...["Apellido", "Apellidos", "Apellido(s)", "Cognome", "Apelido", "Sobrenome", "Achternaam"],
  ],
  username: [
    ...["Full name", "Display name", "Vollständiger Name", "Anzeigename", "Benutzername", "Anmeldename"],
    ...["Nom complet", "Nom d'utilisateur", "Nombre completo", "Nombre de usuario", "Nome utente", "Nome completo"],
    "Gebruikersnaam",
  ],
  registered_at: ["Registered", "Registriert am", "Registriert", "Registrierungsdatum"],
  source: ["Quelle"],
  timezone: ["Zeitzone", "Fuseau horaire", "Zona horaria", "Fuso orario", "Fuso horário", "Tijdzone"],
  locale: ["Language", "Lang", "Sprache", "Langue", "Idioma", "Lingua", "Taal"],
  marketing_consent: [
    ...["Consent", "Marketing", "Marketing opt-in", "Opt-in", "Accepts marketing", "Newsletter", "Einwilligung"],
    ...["Werbeeinwilligung", "Einwilligung Werbung", "Consentement", "Consentimiento", "Consenso", "Consentimento"],
    "Toestemming",
  ],
  cookies_accepted: ["Cookies", "Cookie consent"],
  unsubscribed: [
    ...["Unsubscribe", "Opt-out", "Opted out", "Abgemeldet", "Abbestellt", "Désabonné", "Désinscrit", "Dado de baja"],
    ...["Disiscritto", "Descadastrado", "Uitgeschreven"],
  ],
  tags: ["Schlagwörter", "Schlagworte", "Étiquettes", "Etiquetas"],
  user: ["Benutzer", "Teilnehmer"],
  action: ["Aktion"],
  type: ["Typ", "Art"],
};
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries(CALLED).flatMap(([column, names]) => names.map((name) => [nameKey(name), column])),
);

/** A column as we call it: in whatever case it is written, or by another name that is in use. */
function columnNamed(name: string, columns: Columns, known: ReadonlyMap<string, string>): string {
  const key = nameKey(name);
  const named = known.get(key) ?? known.get(nameKey(SYNONYMS.get(key) ?? "")) ?? columns.alias?.(name) ?? name;
  return named === "" && !columns.allows?.("") ? NAMELESS : named;
}

/** "Name" is the whole name of a person, but beside a first name the last: `Name;Vorname`. */
function withName(names: readonly string[], known: ReadonlyMap<string, string>): readonly string[] {
  if (known.has("name") || !known.has("username")) return names;
  const meant = names.includes("firstname") ? known.get("lastname") : "username";
  if (meant === undefined || names.includes(meant)) return names;
  return names.map((name) => (nameKey(name) === "name" ? meant : name));
}

const noColumn = (name: string, meant: string | undefined): string =>
  meant === undefined
    ? `there is no column ${JSON.stringify(name)}`
    : `there is no column ${JSON.stringify(name)}: for a field, call it ${JSON.stringify(meant)}`;

/** What is no CSV at all, and sent for it; null: it may be. */
function otherKind(text: string): string | null {
  if (text.startsWith("PK\u0003\u0004")) return "this is a workbook (.xlsx) or a zip: save the sheet as CSV";
  return text.includes("\0") ? "this is no text, or UTF-16 that does not say so: save it as UTF-8" : null;
}

/**
 * Reads a header; empty columns at its end are left out.
 * @param line its number in the file
 * @param separator what an earlier line has said stands between cells
 * @throws Problem 422 for one that is not allowed
 */
export function readHeader(text: string, columns: Columns, line = 1, separator?: string): Header {
  const other = otherKind(text);
  if (other !== null) throw invalid([{ path: `/${line}`, message: other }]);
  const delimiter = separator ?? delimiterIn(text) ?? ",";
  const { cells, fault } = parseRecord(text, delimiter);
  const all = [...columns.required, ...(columns.optional ?? []), ...(columns.oneOf ?? [])];
  const known = new Map(all.map((name) => [nameKey(name), name]));
  const written = cells.map(trimmed);
  while (written.length > 1 && written.at(-1) === "") written.pop();
  const names = withName(
    written.map((name) => columnNamed(name, columns, known)),
    known,
  );
  const missing = columns.required.filter((name) => !names.includes(name));
  const messages =
    fault !== null
      ? [fault]
      : [
          ...written.flatMap((name, index) => {
            const column = names[index] ?? name;
            return column === NAMELESS || all.includes(column) || columns.allows?.(column)
              ? []
              : [noColumn(name, columns.meant?.(name))];
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
  return { columns: [...names], delimiter };
}
