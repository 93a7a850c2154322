import { storedKeys, textKey, trimmed } from "../../base/text/text";

/** Tags are compared by this key, and kept as first written in the school, without what nobody sees at their ends. */
export const tagKey = (tag: string): string => textKey(trimmed(tag));

/** The keys by which a tag may have been stored, today's first. */
export const storedTagKeys = (tag: string): string[] => [...new Set([trimmed(tag), tag].flatMap(storedKeys))];
