import { AsyncLocalStorage } from "node:async_hooks";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { ENGLISH, type Language, speakBy } from "./say";

/*
 * Whose language a page is in: the one chosen on a page before, or that of the learner it is for; else the one that
 * the browser asks for. A mail is in that of whom it goes to.
 */

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

const languageOf = async (code: string): Promise<Language> => (code === GERMAN_CODE ? await germanLanguage() : ENGLISH);

/**
 * "de" of "de-AT,de;q=0.9,en;q=0.8", and of a locale: what stands first is what people want most, in every browser's
 * list.
 */
const first = (locales: string | null | undefined): string =>
  /^\s*([a-z]{2,3})(?![a-z])/i.exec(locales ?? "")?.[1]?.toLowerCase() ?? "";

const asked = (c: Context): string => first(c.req.header("accept-language"));

/** Everything below answers in the reader's language; what a page calls itself, in the page's. */
export const speaking: MiddlewareHandler = async (c, next) => {
  if (readers.getStore()) return next();
  await readers.run(await languageOf(getCookie(c, LANGUAGE_COOKIE) ?? asked(c)), next);
};

/** Does something in a language, by its code or a locale ("de-AT"); in English where we have none of it. */
export const speakingIn = async <T>(locale: string | null | undefined, work: () => T): Promise<T> =>
  readers.run(await languageOf(first(locale)), work);

/**
 * Does something in a learner's language, else in the one that their browser asks for.
 * @param locale the learner's, where it is known ("de-AT")
 */
export async function speakingWith<T>(c: Context, locale: string | null, work: () => Promise<T>): Promise<T> {
  const own = first(locale);
  return readers.run(await languageOf(own === ENGLISH.code || own === GERMAN_CODE ? own : asked(c)), work);
}
