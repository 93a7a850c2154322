import { and, or, type SQL, sql } from "drizzle-orm";
import { readJson, strings } from "../../base/json";
import { alikeFor, likened, waysToKeep } from "../../base/text/text";
import { soughtText, wordsOf } from "../../base/text/words";
import { holdsOneOf, holdsText, likenedIn } from "../../db/lists/search";
import { automations } from "../../db/schema";

/*
 * What an automation is found by, beside its id: its name, its labels, and the texts of its definition, as texts are
 * compared, which SQLite cannot do by itself. It stands in its row; triggers keep the marks of it (migration 0065).
 */

/** So many words of a name, and of a definition, are marks; whatever lies behind them is found by looking. */
const MOST_OF_A_NAME = 32;
const MOST_WORDS = 64;
/** So much of all texts is compared in one form; the rest of a long mail as it stands. */
const MOST_TEXT = 8_000;

/** What says how it runs, and is nobody's word. */
const OF_THE_FORM = new Set(["reentry", "reentry_per"]);

type Said = Pick<typeof automations.$inferSelect, "name" | "labels" | "definition" | "revision">;

/** The texts of a definition: first the names of its cards, then the others, the short before the long. */
function textsOf(definition: string): string[] {
  const types: string[] = [];
  const others: string[] = [];
  // Each text goes through it as it is read: no text stands in it that does not stand in the definition.
  JSON.parse(definition, (key, value: unknown) => {
    if (typeof value === "string" && !OF_THE_FORM.has(key))
      (key === "type" ? types : others).push(value.slice(0, MOST_TEXT));
    return value;
  });
  return [...new Set([...types, ...others.sort((one, other) => one.length - other.length)])];
}

/** The first so many words of texts that are not among others. */
function someWords(texts: readonly string[], most: number, others: readonly string[] = []): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of wordsOf(text)) if (words.size < most && !others.includes(word)) words.add(word);
    if (words.size >= most) break;
  }
  return [...words];
}

/** What an automation is found by, as its row keeps it: of its revision, so that it differs whenever the row was written. */
export function soughtOf({ name, labels, definition, revision }: Said): string {
  const texts = textsOf(definition);
  const names = someWords([name], MOST_OF_A_NAME);
  let text = soughtText(name);
  for (const one of texts) if (text.length < MOST_TEXT) text += `\n${soughtText(one)}`;
  return JSON.stringify({
    at: revision,
    names: names.join(" "),
    words: someWords(texts, MOST_WORDS, names).join(" "),
    labels: labelsOf(labels),
    // Half a character would be none to the database.
    text: text.slice(0, MOST_TEXT).replace(/[\ud800-\udbff]$/, ""),
  });
}

const labelsOf = (labels: string): string[] => [...new Set(readJson(strings, labels).map(soughtText))];

/** Whether words of an automation begin so, or are not known: then all of it is looked at with those. */
export const areBegun = (words: readonly string[]): SQL => {
  const own = sql`(' ' || (${automations.search} ->> 'names') || ' ' || (${automations.search} ->> 'words'))`;
  const each = words.map((word) =>
    holdsOneOf(
      own,
      waysToKeep(word).map((way) => ` ${way}`),
    ),
  );
  return sql`${automations.search} is null or ${and(...each) ?? sql`true`}`;
};

/** A break is a blank, as in what is looked for. */
const ONE_LINE = ["char(9)", "char(10)", "char(13)"].reduce((text, mark) => `replace(${text}, ${mark}, ' ')`, "atom");

/** The texts of a definition as they are read, by the database; no word of what they stand in. */
const aText = sql.raw(
  `lower(automations.name || char(10) || (select coalesce(group_concat(${ONE_LINE}, char(10)), '')
    from json_tree(automations.definition) where type = 'text' and coalesce(key, '') not in (${[...OF_THE_FORM]
      .map((key) => `'${key}'`)
      .join(", ")})))`,
);

/** Whether the row has not all of an automation's texts in one form. */
const isCut = sql`(${automations.search} is null or length(${automations.definition}) >= ${MOST_TEXT}
  or length(${automations.search} ->> 'text') >= ${MOST_TEXT - 1})`;

/** Whether an automation's name or definition holds a text; what the row does not have in one form as it stands there. */
export const holdsSoughtText = (q: string): SQL | undefined => {
  const stands = holdsText(aText, q);
  const sought = soughtText(q);
  const alike = alikeFor(sought);
  const text = sql.raw(likenedIn("automations.search ->> 'text'", alike));
  return stands && or(sql`instr(${text}, ${likened(sought, alike)}) > 0`, and(isCut, stands));
};
