const ZERO_WIDTH = /[\u200b-\u200d\u2060\ufeff]/g;
const BLANKS = /\s+/g;
const APOSTROPHES = /[’ʼ]/g;

/** A text as it is searched, and searched for: how it was typed makes no difference, nor does case. */
export const searchKey = (text: string): string =>
  text.replace(ZERO_WIDTH, "").replace(BLANKS, " ").trim().replace(APOSTROPHES, "'").normalize("NFC").toLowerCase();
