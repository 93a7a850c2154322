import type { CatalogueEntry } from "../../../../definition/catalogue";
import { language } from "../../../../language/say";

/** What tells no two entries apart, and endings that are not what is looked for, by the language of the entries. */
const LANGUAGES = {
  en: {
    empty: new Set("a an the is are has have gets get to of in user learner".split(" ")),
    // "Completes" and "completed" are one word.
    ending: /(?:ings?|ed|es|s|e)$/,
  },
  de: {
    empty: new Set(
      "der die das dem den des ein eine einen einem einer ist sind wird hat bekommt zu von in im teilnehmer".split(" "),
    ),
    ending: /(?:en|em|er|es|e|n|s)+$/,
  },
} as const;
const SHORTEST_STEM = 3;

/** How well an entry fits, best first. */
const RANKS = ["label", "beginning", "synonym", "words", "synonym's words", "description"] as const;
const WORDS = RANKS.indexOf("words");

const stemOf = (word: string): string => {
  // "Enroll" is "enrol" elsewhere.
  const single = word.replace(/ll/g, "l");
  const stem = single.replace(LANGUAGES[language().code].ending, "");
  return stem.length >= SHORTEST_STEM ? stem : single;
};

/** The stems of a text's words, without the empty ones unless there are no others. */
function stemsOf(text: string): string[] {
  const words = text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}|['’]/gu, "")
    .split(/[^\p{L}\p{N}%]+/u)
    .filter((word) => word !== "");
  const telling = words.filter((word) => !LANGUAGES[language().code].empty.has(word));
  return (telling.length ? telling : words).map(stemOf);
}

const begins = (stems: readonly string[], asked: readonly string[]): boolean =>
  asked.every((stem, index) =>
    index === asked.length - 1 ? (stems[index]?.startsWith(stem) ?? false) : stems[index] === stem,
  );
const equals = (stems: readonly string[], asked: readonly string[]): boolean =>
  stems.length === asked.length && stems.every((stem, index) => stem === asked[index]);
/** Whether each word that is asked for begins one; in German also where it ends one: "Kurs" is in "Einführungskurs". */
const holds = (stems: readonly string[], asked: readonly string[]): boolean =>
  asked.every((stem) =>
    stems.some(
      (one) => one.startsWith(stem) || (language().code === "de" && stem.length >= SHORTEST_STEM && one.endsWith(stem)),
    ),
  );

function rankOf(entry: CatalogueEntry, asked: readonly string[]): number | null {
  const label = stemsOf(entry.label);
  const also = (entry.also ?? []).map(stemsOf);
  const all = [...label, ...also.flat()];
  const tests: Record<(typeof RANKS)[number], boolean> = {
    label: equals(label, asked),
    beginning: begins(label, asked),
    synonym: also.some((stems) => equals(stems, asked)),
    words: holds(label, asked),
    "synonym's words": holds(all, asked),
    description: holds([...all, ...stemsOf(`${entry.type} ${entry.category} ${entry.description ?? ""}`)], asked),
  };
  const rank = RANKS.findIndex((name) => tests[name]);
  return rank === -1 ? null : rank;
}

/**
 * The entries that a search finds, best first: by the label, then by the card's other words, then by what is said of it;
 * of labels that hold the words alike the shorter one. Nothing asked: all, as they come.
 */
export function search(entries: readonly CatalogueEntry[], q: string): CatalogueEntry[] {
  const asked = stemsOf(q);
  if (!asked.length) return [...entries];
  return entries
    .flatMap((entry) => {
      const rank = rankOf(entry, asked);
      const length = rank === WORDS ? stemsOf(entry.label).length : 0;
      return rank === null ? [] : [{ entry, rank, length }];
    })
    .sort((a, b) => a.rank - b.rank || a.length - b.length)
    .map(({ entry }) => entry);
}
