import { type BrowserContext, expect, type Page } from "@playwright/test";
import { german } from "../../src/language/german";
import { base } from "./school";

/** What a text is in German. */
export const de = (text: keyof typeof german): string => german[text];

/** From now on pages are in German. */
export const inGerman = (context: BrowserContext): Promise<void> =>
  context.addCookies([{ name: "schoolbell-language", value: "de", url: base() }]);

const saidInGerman = new Set<string>(Object.values(german).map((text) => text.trim()));

/** English that no German text is written like. */
const ENGLISH = Object.keys(german)
  .map((text) => text.replace(/@[a-z]+$/, "").trim())
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

/** Fails with what stands on a page in English though there is German for it. */
export async function expectGerman(page: Page): Promise<void> {
  expect.soft(await page.locator("html").getAttribute("lang"), page.url()).toBe("de");
  const texts = new Set(await page.evaluate<string[]>(TEXTS));
  expect
    .soft(
      ENGLISH.filter((text) => texts.has(text)),
      page.url(),
    )
    .toEqual([]);
}
