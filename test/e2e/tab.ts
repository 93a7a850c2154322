import { expect, type Locator, type Page } from "@playwright/test";

/** So many stops at most lie between two things of a page. */
const MOST_STOPS = 80;

/** Goes there by Tab alone, as somebody without a mouse does. */
export async function tabTo(page: Page, what: Locator, key = "Tab"): Promise<void> {
  const one = what.first();
  await expect(one).toBeVisible();
  for (let n = 0; n < MOST_STOPS; n++) {
    if (await one.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${what} is not reached by the keyboard`);
}
