import { bytesOf } from "./bytes";

/*
 * What a definition takes of an isolate's memory follows from two things: how long it is, and how many values it is made
 * of. One of short steps takes some twenty times its text, a long mail hardly more than itself.
 */

/** So much as of text each value counts beside it. */
export const SIZE_OF_A_VALUE = 32;

/** What a school's automations may take together. */
export const MOST_OF_A_SCHOOL = 8 * 1024 * 1024;

/** The size of JSON: bytes of its text, and some for each value in it. */
export const sizeOfJson = (text: string, value: unknown): number => bytesOf(text) + SIZE_OF_A_VALUE * valuesIn(value);

function valuesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const item of Object.values(value)) count += valuesIn(item);
  return count;
}
