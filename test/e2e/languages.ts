import { type BrowserContext, expect, type Page } from "@playwright/test";
import { german } from "../../src/language/german";
import { base } from "./school";

export const LANGUAGES = ["en", "de"] as const;
export type Code = (typeof LANGUAGES)[number];
export type Text = keyof typeof german;

/** What texts are in a language. */
export const wordsIn =
  (code: Code) =>
  (text: Text): string =>
    code === "de" ? german[text] : text.replace(MEANING, "");

/** From now on pages are in that language. */
export const inLanguage = (context: BrowserContext, code: Code): Promise<void> =>
  context.addCookies([{ name: "schoolbell-language", value: code, url: base() }]);

const MEANING = /@[a-z]+$/;
const saidInGerman = new Set<string>(Object.values(german).map((text) => text.trim()));

/** English that no German text is written like. */
const ENGLISH = Object.keys(german)
  .map((text) => text.replace(MEANING, "").trim())
  .filter((text) => /\p{L}/u.test(text) && !saidInGerman.has(text));

/** What people see or hear of a page, but what is written as code. */
const TEXTS = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement?.closest("script, style, code, pre, textarea")) texts.push(node.textContent ?? "");
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const element of document.querySelectorAll("[" + name + "]")) texts.push(element.getAttribute(name) ?? "");
  return texts.map((text) => text.replace(/\\s+/g, " ").trim());
})()`;

/** Fails where a page is in another language, and with what stands on it in English though there is German for it. */
export async function expectLanguage(page: Page, code: Code): Promise<void> {
  expect.soft(await page.locator("html").getAttribute("lang"), page.url()).toBe(code);
  if (code === "en") return;
  const texts = new Set(await page.evaluate<string[]>(TEXTS));
  expect
    .soft(
      ENGLISH.filter((text) => texts.has(text)),
      page.url(),
    )
    .toEqual([]);
}
