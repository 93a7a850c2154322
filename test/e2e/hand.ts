import type { Locator, Page } from "@playwright/test";

/** The hand of an administrator with a mouse, whose clicks are counted: one to press, one to get into a field and type. */
export class Hand {
  clicks = 0;

  constructor(readonly page: Page) {}

  async press(what: Locator): Promise<void> {
    this.clicks++;
    await what.click();
  }

  /** By the name that a person reads; the first of several. */
  link = (name: string | RegExp) => this.press(this.page.getByRole("link", { name }).first());
  button = (name: string | RegExp) => this.press(this.page.getByRole("button", { name }).first());

  async type(into: Locator, text: string): Promise<void> {
    this.clicks++;
    await into.fill(text);
  }

  /** A list that opens, and what is taken from it. */
  async choose(from: Locator, value: string): Promise<void> {
    this.clicks += 2;
    await from.selectOption(value);
  }

  /** A key is no click: it is for what the hand is at already. */
  key = (name: string) => this.page.keyboard.press(name);

  /** A section of the head. */
  section = (name: string) => this.press(this.page.locator(".top-sections > a", { hasText: name }));
}
