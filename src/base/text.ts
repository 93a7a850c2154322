/*
 * What is one text to people though its characters differ: how it is normalised (é is one character or two), what is
 * drawn as nothing, what stands at its ends. One place, so that all that compare texts agree.
 */

/** Blanks, and what is drawn as nothing; not the selectors by which emoji are drawn, nor the tags of flags. */
const NOTHING =
  "[\\s\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufeff\\uffa0]";
const ENDS = new RegExp(`^${NOTHING}+|${NOTHING}+$`, "gu");
const SEEN = /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;

/** Without the blanks and the zero-width characters at its ends. */
export const trimmed = (text: string): string => text.replace(ENDS, "");

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

/** What a text is searched by: as people type it, whose apostrophes and blanks are those of their keyboard. */
export const searchKey = (text: string): string => textKey(trimmed(text).replaceAll("’", "'").replaceAll(/\s+/gu, " "));
