import { AsyncLocalStorage } from "node:async_hooks";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { ENGLISH, type Language, speakBy } from "./say";

/* Whose language a page is in: the one chosen on a page before, else the one that the browser asks for. */

const GERMAN_CODE = "de";
export const LANGUAGE_COOKIE = "schoolbell-language";

const readers = new AsyncLocalStorage<Language>();
speakBy(() => readers.getStore() ?? ENGLISH);

let german: Language | undefined;

/** The dictionary is made when somebody first reads it: a Worker starts without. */
async function germanLanguage(): Promise<Language> {
  if (german) return german;
  const [{ german: texts }, { answers }] = await Promise.all([import("./german"), import("./german/answers")]);
  german = { code: GERMAN_CODE, locale: "de-DE", texts, answers };
  return german;
}

/** "de" of "de-AT,de;q=0.9,en;q=0.8": what stands first is what people want most, in every browser's list. */
const asked = (header: string | undefined): string =>
  /^\s*([a-z]{2,3})\b/i.exec(header ?? "")?.[1]?.toLowerCase() ?? "";

const codeOf = (c: Context): string => getCookie(c, LANGUAGE_COOKIE) ?? asked(c.req.header("accept-language"));

/** Everything below answers in the reader's language. */
export const speaking: MiddlewareHandler = async (c, next) => {
  const language = codeOf(c) === GERMAN_CODE ? await germanLanguage() : ENGLISH;
  await readers.run(language, next);
};
