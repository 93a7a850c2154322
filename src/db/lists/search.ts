import { or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { ALIKE, alikeFor, likened, loosened, searchKey, trimmed } from "../../base/text/text";

/*
 * What `?q=` finds. A column may hold texts as they were kept before they were normalised, and SQLite lowers ASCII
 * alone: so each is asked for in the ways in which it may stand there, or with the letters that are sought made small.
 */

/** The SQL of a text with the apostrophes and blanks of a keyboard, as far as SQLite can. */
export const plain = (text: string): string => `replace(replace(replace(${text}, '’', ''''), '   ', ' '), '  ', ' ')`;

/** The SQL of a text with one letter for each of those that are alike, capitals that SQLite leaves too. */
export const loosenedIn = (text: string): string => likenedIn(text, ALIKE);

/** The same for those by which what is sought may be written otherwise: `alikeFor`. */
export const likenedIn = (text: string, alike: ReturnType<typeof alikeFor>): string =>
  [...alike, ["İ", "i"] as const].reduce((sql, [letter, one]) => `replace(${sql}, '${letter}', '${one}')`, text);

/** What stands between the words of a name, as triggers take it apart (migration 0065). */
const SEPARATORS = [...".-_/:,;()[]\"'’+&#@|!?\\„“”«»–—\u00a0\t\n"];

/** The SQL of a name as its words with blanks between them, one before the first: it has one that begins so where it holds ` so`. */
export const partedIn = (text: string): string =>
  SEPARATORS.reduce(
    (sql, one) => `replace(${sql}, char(${one.charCodeAt(0)}), ' ')`,
    loosenedIn(`' ' || lower(${text})`),
  );

const upper = (text: string): string => text.replaceAll(/[^\0-\x7f]/gu, (letter) => letter.toUpperCase());

/** A text in lower case as SQLite makes it: whoever writes it as it stands there finds it, in whatever case its letters are. */
const asStored = (text: string): string => trimmed(text).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The ways in which what is sought may be written in a text of which SQLite has lowered the ASCII letters. */
export function waysToWrite(q: string): string[] {
  const key = searchKey(q);
  const [first = ""] = key;
  const cases = [key, upper(key), upper(first) + key.slice(first.length), asStored(q)];
  return [...new Set(cases.flatMap((one) => [one.normalize("NFC"), one.normalize("NFD")]))];
}

/** So many letters of what is sought are made small in what it is sought in; no alphabet has more that people write together. */
const MOST_SMALL = 40;

/** The capitals beyond ASCII that may stand for a letter of what is sought, each with its small letter. */
function capitalsFor(q: string): [capital: string, small: string][] {
  const key = searchKey(q);
  const alike = alikeFor(key);
  const others = alike.filter(([, one]) => likened(key, alike).includes(one)).map(([letter]) => letter);
  const forms = [q, q.normalize("NFC"), q.normalize("NFD"), ...others];
  const letters = new Set(
    forms.flatMap((one) => [...one, ...one.toLowerCase()]).filter((one) => /[^\0-\x7f]/.test(one)),
  );
  const pairs = [...letters].flatMap((letter) =>
    [letter, letter === "ß" ? "ẞ" : letter.toUpperCase()].map((capital) => [capital, capital.toLowerCase()] as const),
  );
  // One letter for one, and letters alone: they stand in the statement's text.
  const each = pairs.filter(
    ([capital, small]) => capital !== small && /^\p{L}$/u.test(capital) && /^\p{L}$/u.test(small),
  );
  return [...new Map(each)].slice(0, MOST_SMALL);
}

/** Whether a text holds one of these; what the text is made by stands in the statement once. */
export function holdsOneOf(text: SQL, [one = "", ...more]: readonly string[]): SQL {
  if (!more.length) return sql`instr(${text}, ${one}) > 0`;
  return sql`exists (select 1 from json_each(${JSON.stringify([one, ...more])}) as way where instr(${text}, way.value) > 0)`;
}

/** Whether a text, in lower case as SQLite makes it, holds what is sought; no condition where nothing is. */
export function holdsText(text: SQLWrapper, q: string | undefined): SQL | undefined {
  if (q === undefined || searchKey(q) === "") return undefined;
  const small = capitalsFor(q).reduce((sql, [from, to]) => `replace(${sql}, '${from}', '${to}')`, "?");
  const shownBy = (alike: ReturnType<typeof alikeFor>): SQL => {
    const [before = "", after = ""] = likenedIn(plain(small), alike).split("?");
    return sql`${sql.raw(before)}${text}${sql.raw(after)}`;
  };
  const key = loosened(searchKey(q));
  const ways = new Set([key, key.normalize("NFC"), key.normalize("NFD")].map(loosened));
  const alike = alikeFor(searchKey(q));
  const also = alike.length > ALIKE.length ? [sql`instr(${shownBy(alike)}, ${likened(key, alike)}) > 0`] : [];
  return or(...[...ways].map((way) => sql`instr(${shownBy(ALIKE)}, ${way}) > 0`), ...also);
}
