import { faultsOf } from "../../base/errors/faults";
import { numberMeant } from "../../base/text/numbers";
import { isSeen, trimmed } from "../../base/text/text";
import { type Attributes, attributes, fieldName } from "../../catalogue/account/attributes";
import { fieldFaults, listOfText } from "../../catalogue/account/field-values";
import { readDate } from "../../catalogue/dates/dates";
import { formatInstant, startOfDay } from "../../catalogue/dates/time";
import type { FieldValue, FieldView, SchoolView } from "../../catalogue/facts/facts";
import { type DayOrders, sheetDate } from "../../jobs/files/day-order";
import type { Cells, Columns } from "../../jobs/files/lines";
import { userId } from "../events/event";

/* What a line of an import says of a user. */

const TEXTS = ["email", "username", "registered_at", "source", "timezone", "locale"];
/** Yes or no. */
const CONSENTS = ["marketing_consent", "cookies_accepted"];
/** The word of lists of newsletters: yes takes the consent to marketing away, whatever else is said of it. */
const UNSUBSCRIBED = "unsubscribed";
const FIELD_PREFIX = "fields.";
const TAGS_BETWEEN = "|";
const MAX_ID = 128;

/** The name of the field a column holds, as it is written; null for another column. */
const fieldOf = (column: string): string | null =>
  column.startsWith(FIELD_PREFIX) ? column.slice(FIELD_PREFIX.length) : null;

/** By a school's fields, their names in lower case. */
const inLowerCase = new WeakMap<object, ReadonlyMap<string, string>>();

/** The name of the field a column holds: a declared one in whatever case it is written there; null for another column. */
export function fieldIn(declared: SchoolView["fields"], column: string): string | null {
  const written = fieldOf(column);
  if (written === null || declared.has(written)) return written;
  const known = inLowerCase.get(declared) ?? new Map([...declared.keys()].map((key) => [key.toLowerCase(), key]));
  inLowerCase.set(declared, known);
  return known.get(written.toLowerCase()) ?? written;
}

/** As Moodle writes them: a name in two columns, and own fields by their short names. */
const NAME_PARTS = ["firstname", "lastname"];
const MOODLE_FIELD = /^profile_field_(.+)$/i;
const OWN_FIELD = /^fields\.(.+)$/i;

/** Nor is one named by what stands before a field's, or by what no keyboard writes: that is of a file of another kind. */
const maybeField = (name: string): boolean =>
  fieldName.safeParse(name).success && fieldOf(name) === null && !/[\p{Cc}\ufffd]/u.test(name);

export const USER_COLUMNS: Columns = {
  required: ["id"],
  unique: "id",
  optional: [...TEXTS, ...CONSENTS, UNSUBSCRIBED, "tags", ...NAME_PARTS],
  alias: (name) => {
    const [, field] = MOODLE_FIELD.exec(name) ?? OWN_FIELD.exec(name) ?? [];
    return field === undefined ? undefined : FIELD_PREFIX + field;
  },
  // A bare name is not taken: it is a field's only where one is declared, and a typing error would make a field of its own.
  meant: (name) => (maybeField(name) ? FIELD_PREFIX + name : undefined),
  allows: (column) => {
    const field = fieldOf(column);
    return field !== null && fieldName.safeParse(field).success;
  },
  // Which fields are declared as dates may be others by the time that the lines are read.
  dates: (column) => column === "registered_at" || fieldOf(column) !== null,
};

/** What an import gives of a user, as text mostly: what is not given is left as it is. */
export interface Imported {
  id: string;
  attributes: Readonly<Record<string, FieldValue>>;
  /** By the names of the fields. */
  fields: readonly (readonly [key: string, value: FieldValue])[];
  tags?: readonly string[];
}

interface Faulty {
  faults: string[];
}

/** As spreadsheets write them, Moodle its boxes, and people, in English, German, French, Spanish, Italian, Portuguese, Dutch. */
const YES = ["1", "true", "wahr", "vrai", "verdadero", "vero", "verdadeiro", "waar"].concat([
  "yes",
  "y",
  "ja",
  "j",
  "oui",
  "si",
  "sí",
  "sì",
  "sim",
]);
const NO = ["0", "false", "falsch", "faux", "falso", "onwaar"].concat(["no", "n", "nein", "non", "não", "nao", "nee"]);
/** Of consent, where nothing else can be meant. */
const SUBSCRIBED = "subscribed";

const yesOrNo = (word: string): boolean | null => (YES.includes(word) ? true : NO.includes(word) ? false : null);

/** What a cell says, as a value of the declared field's type; an undeclared field holds text. */
export function typed(field: FieldView | undefined, text: FieldValue): FieldValue {
  if (typeof text !== "string") return text;
  if (field?.type === "number" && text.trim() !== "") return numberMeant(text) ?? text;
  if (field?.type === "boolean") return yesOrNo(text.toLowerCase()) ?? text;
  if (field?.type === "list") return listOfText(text);
  return text;
}

export const isConsent = (column: string): boolean => CONSENTS.includes(column) || column === UNSUBSCRIBED;

/** Whether a cell of consent says yes or no; null: neither. */
export function consentIn(text: string): boolean | null {
  const word = text.toLowerCase();
  return word === SUBSCRIBED || word === UNSUBSCRIBED ? word === SUBSCRIBED : yesOrNo(word);
}

/** What the filled cells of a line say of consent, or what is wrong with them. */
function consentsOf(filled: readonly (readonly [column: string, text: string])[]) {
  const said = filled.flatMap(([column, text]) => (isConsent(column) ? [[column, consentIn(text)] as const] : []));
  const faults = said.flatMap(([column, yes]) =>
    yes === null ? [`${column}: neither yes nor no, such as true or false`] : [],
  );
  const consents = Object.fromEntries(said.flatMap(([column, yes]) => (yes === null ? [] : [[column, yes]])));
  const { [UNSUBSCRIBED]: isUnsubscribed, ...attributes } = consents;
  return { faults, attributes: { ...attributes, ...(isUnsubscribed ? { marketing_consent: false } : {}) } };
}

/** What is given of a user as a change of theirs, or all that is wrong with it. */
export function readImported(
  { fields: declared }: Pick<SchoolView, "fields">,
  { id, attributes: texts, fields, tags = [] }: Imported,
): { user: string; attributes: Attributes; tags: readonly string[] } | Faulty {
  const user = userId.safeParse(id);
  const values = fields.map(([key, text]) => [key, typed(declared.get(key), text)] as const);
  const read = attributes.safeParse({ ...texts, ...(values.length ? { fields: Object.fromEntries(values) } : {}) });
  const faults = [
    ...(user.error?.issues.map((issue) => `id: ${issue.message}`) ?? []),
    ...(read.error
      ? faultsOf(read.error).map(({ path, message }) => `${path.slice(1).replaceAll("/", ".")}: ${message}`)
      : []),
    ...fieldFaults(declared, Object.fromEntries(values)).map(({ key, message }) => `fields.${key}: ${message}`),
    ...(tags.some((tag) => tag.length > MAX_ID) ? [`tags: a tag has at most ${MAX_ID} characters`] : []),
    ...(tags.every(isSeen) ? [] : ["tags: of a tag something is seen"]),
  ];
  return faults.length || !user.success || !read.success
    ? { faults }
    : { user: user.data, attributes: read.data, tags };
}

/** A name that stands in two columns. */
function nameIn(cells: Cells): Record<string, string> {
  const username = NAME_PARTS.flatMap((part) => cells.get(part) || []).join(" ");
  return username === "" ? {} : { username };
}

/** A cell of dates as we write them: a day of `registered_at` is its first moment in the school. */
function dateIn(column: string, text: string, zone: string, dayOrders: DayOrders) {
  const iso = sheetDate(text, dayOrders.get(column));
  if ("fault" in iso || column !== "registered_at") return iso;
  const read = readDate(iso.value, zone);
  return read ? { value: formatInstant("at" in read ? read.at : startOfDay(read.day, zone)) } : iso;
}

/**
 * The cells of a line as they are taken: without blanks around them, dates in ISO 8601. Ids stay as they are. What is
 * wrong with dates is answered beside them.
 */
export function cellsTaken(
  { fields, settings }: Pick<SchoolView, "fields" | "settings">,
  cells: Cells,
  dayOrders: DayOrders,
): { cells: Cells } & Faulty {
  const taken = new Map<string, string>();
  const faults: string[] = [];
  for (const [column, cell] of cells) {
    const text = column === "id" ? cell : trimmed(cell);
    const isDate = column === "registered_at" || fields.get(fieldIn(fields, column) ?? "")?.type === "date";
    const read = isDate && text !== "" ? dateIn(column, text, settings.timezone, dayOrders) : { value: text };
    if ("fault" in read) faults.push(`${column}: ${read.fault}`);
    taken.set(column, "fault" in read ? text : read.value);
  }
  return { cells: taken, faults };
}

/** The tags of a cell. */
export const tagsIn = (text: string): string[] => text.split(TAGS_BETWEEN).flatMap((tag) => trimmed(tag) || []);

/** What a line gives of a user, or what is wrong with it. */
export function readLine(
  school: Pick<SchoolView, "fields" | "settings">,
  line: Cells,
  dayOrders: DayOrders,
): Imported | Faulty {
  const { cells, faults: ofDates } = cellsTaken(school, line, dayOrders);
  // An empty cell leaves what is there.
  const filled = [...cells].filter(([, text]) => text !== "");
  const consents = consentsOf(filled);
  const faults = [...ofDates, ...consents.faults];
  if (faults.length) return { faults };
  return {
    id: cells.get("id") ?? "",
    attributes: {
      ...nameIn(cells),
      ...Object.fromEntries(filled.filter(([column]) => TEXTS.includes(column))),
      ...consents.attributes,
    },
    fields: filled.flatMap(([column, text]) => {
      const key = fieldIn(school.fields, column);
      return key === null ? [] : [[key, text] as const];
    }),
    tags: tagsIn(cells.get("tags") ?? ""),
  };
}
