/*
 * What is one text to people though its characters differ: how it is normalised (é is one character or two), what is
 * drawn as nothing, what stands at its ends. One place, so that all that compare texts agree.
 */

/** Blanks, and what is drawn as nothing; not the selectors by which emoji are drawn, nor the tags of flags. */
const UNSEEN =
  "\\s\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufeff\\uffa0";
const NOTHING = new RegExp(`[${UNSEEN}]`, "u");
const SEEN = /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** Where a text ends that is left of `end` without what `isLeftOut` says. */
const endBefore = (text: string, end: number, isLeftOut: (char: string) => boolean): number => {
  let at = end;
  while (at > 0 && isLeftOut(text.charAt(at - 1))) at--;
  return at;
};
const isNothing = (char: string): boolean => !(char > " " && char < "\x7f") && NOTHING.test(char);

/**
 * Without the blanks and the zero-width characters at its ends. By hand: an expression that looks for the end tries each
 * blank within the text too, and anybody may send tens of thousands.
 */
export function trimmed(text: string): string {
  const end = endBefore(text, text.length, isNothing);
  let from = 0;
  while (from < end && isNothing(text.charAt(from))) from++;
  return text.slice(from, end);
}

/** Without the slashes at its end. */
export const withoutSlashes = (text: string): string =>
  text.slice(
    0,
    endBefore(text, text.length, (char) => char === "/"),
  );

/** The order of SQLite, which goes by characters where JavaScript goes by halves of some. */
export function compareTexts(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return (one.codePointAt(at) ?? -1) - (other.codePointAt(at) ?? -1);
}

/** Whether something of it is seen. */
export const isSeen = (text: string): boolean => SEEN.test(text);

/** As one line: breaks, tabs and controls become a blank, blanks at the ends go. */
export const oneLine = (text: string): string => text.replace(BREAKS, " ").trim();

/** All that may be written in several ways lies beyond these. */
const MAY_DIFFER = /[^\0-\u02ff]/;

/** In the one form (NFC) in which texts are compared. */
export const composed = (text: string): string => (MAY_DIFFER.test(text) ? text.normalize("NFC") : text);

/** What a text is compared by where case does not count: in lower case, whose letters may compose anew. */
export const textKey = (text: string): string => composed(composed(text).toLowerCase());

/** The forms in which a text may have been stored before texts were compared by `textKey`, that one first. */
export const storedKeys = (text: string): string[] => [
  ...new Set([textKey(text), text.toLowerCase(), text.normalize("NFD").toLowerCase()]),
];

/** Where the digits of scripts begin that have ten in a row: Arabic, Persian, Hindi, Bengali, Thai, and full width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
const FULL_WIDTH = 0xfee0;

/** As a keyboard of ASCII types it: digits of other scripts, full-width signs and letters, marks of direction left out. */
export const asTyped = (text: string): string =>
  text.replaceAll(/[\u200e\u200f\u061c]/g, "").replaceAll(/\p{Nd}|[\uff01-\uff5e\u3000]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const zero = ZEROS.find((one) => code >= one && code < one + 10);
    if (zero !== undefined) return String(code - zero);
    if (char === "\u3000") return " ";
    return code > FULL_WIDTH && code <= 0xff5e ? String.fromCharCode(code - FULL_WIDTH) : char;
  });

/**
 * Letters that are one to who looks for a text, though their small letters are not: a sigma is another at a word's end, and
 * a Turkish i has a dot or none. By these two a text is looked for and never kept, so that keys stay what they are.
 */
export const ALIKE = [
  ["ς", "σ"],
  ["i\u0307", "i"],
  ["ı", "i"],
] as const;

/** A key with one letter for each of those that are alike. */
export const loosened = (key: string): string =>
  ALIKE.reduce((text, [letter, one]) => text.replaceAll(letter, one), key);

/**
 * Letters that are one where somebody looks alone, and are kept as they are written: Greek capitals mostly have no accents,
 * and those of ß are SS. Of a text that is sought, those by which it may be written otherwise.
 */
const ACCENTS: readonly Pair[] = [
  ...[..."αάεέηήιίιϊιΐοόυύυϋυΰωώ"].flatMap((letter, n, all): Pair[] => (n % 2 ? [[letter, all[n - 1] ?? ""]] : [])),
];
const SHARP: readonly Pair[] = [["ß", "ss"]];
type Pair = readonly [letter: string, one: string];

export const alikeFor = (sought: string): readonly Pair[] => [
  ...ALIKE,
  ...(/[\u0370-\u03ff]/.test(sought) ? ACCENTS : []),
  // The text may begin or end within such a letter.
  ...(/^s|s$|ss|ß/i.test(sought) ? SHARP : []),
];

/** A key with one letter for each that is alike by these. */
export const likened = (key: string, alike: readonly Pair[]): string =>
  alike.reduce((text, [letter, one]) => text.replaceAll(letter, one), key);

const withOne = (word: string, [letter, one]: Pair): string[] =>
  [...word].flatMap((char, at) => (char === one ? [word.slice(0, at) + letter + word.slice(at + 1)] : []));

/** How a word may begin where it is kept that begins so for who looks for it; a Greek word has an accent, mostly one. */
export function waysToKeep(begin: string): string[] {
  const alike = alikeFor(begin);
  const plain = likened(begin, alike);
  const sharp = plain.replaceAll("ss", "ß");
  const ways = [
    ...[loosened(begin), plain],
    ...(alike.includes(SHARP[0] ?? ["", ""]) ? [sharp, sharp.replace(/s$/, "ß")] : []),
    ...(alike.length > ALIKE.length ? ACCENTS.flatMap((pair) => withOne(plain, pair)) : []),
  ];
  // A sigma that ends what is looked for ends a word there, or does not.
  return [...new Set(ways.flatMap((way) => (way.endsWith("σ") ? [way, `${way.slice(0, -1)}ς`] : [way])))];
}

/** What a text is searched by: as people type it, whose apostrophes and blanks are those of their keyboard. */
export const searchKey = (text: string): string => textKey(trimmed(text).replaceAll("’", "'").replaceAll(/\s+/gu, " "));

/** Whether a text holds what is sought, as people type it. */
export function holdsSought(text: string, sought: string): boolean {
  const key = searchKey(sought);
  const alike = alikeFor(key);
  return likened(searchKey(text), alike).includes(likened(key, alike));
}
