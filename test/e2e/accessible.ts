import { expect, type Page } from "@playwright/test";
import axe from "axe-core";
import { expectLanguage, inLanguage, LANGUAGES } from "./languages";

/* What a page is like for whoever reads it: in each width, theme and language. */

const WIDTHS = [360, 1024, 1680];

/** Rules whose answer a theme changes: it changes colours alone. */
const OF_COLOUR = ["color-contrast", "link-in-text-block"];

/** The page is drawn as wide and in the theme that was asked for: a browser may be later than its answer. */
const drawn = (width: number, colorScheme: string): string => `new Promise((done) => {
  const isMet = () => innerWidth === ${width} && matchMedia("(prefers-color-scheme: ${colorScheme})").matches;
  const look = () => requestAnimationFrame(isMet() ? () => requestAnimationFrame(() => done(null)) : look);
  look();
})`;

/**
 * What is cut, or hardly to be hit: a row of ways that goes on out of sight, a list that a desk's window does not hold, and
 * what is pressed but stands in no sentence, under 24 px. The editor scrolls within itself.
 */
const cutIn = (width: number): string => `(() => {
  const named = (one) => one.outerHTML.slice(0, 90);
  const wide = [...document.querySelectorAll(${width > 1_000} ? ".tabs, .subnav, .page > .table-scroll" : ".tabs, .subnav")];
  const pressed = [...document.querySelectorAll(":is(header, .page:not(.is-full)) :is(a, button, summary)")];
  const small = pressed.filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 0 && Math.min(width, height) < 23.5 && getComputedStyle(one).display !== "inline";
  });
  return [
    ...wide.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => "cut: " + named(one)),
    ...small.map((one) => "small: " + named(one)),
  ];
})()`;

/** What axe finds in what is shown now. */
async function foundIn(page: Page, rules: string[] | null): Promise<string[]> {
  const options = {
    resultTypes: ["violations"],
    preload: false,
    ...(rules ? { runOnly: { type: "rule", values: rules } } : {}),
  };
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.map((node) => node.target.join(" ")).join(", ")))`,
  );
}

/**
 * Fails with what axe finds, and where the page is wider than the window: of the page as it stands, in every width and both
 * themes. All rules are asked in each width, since what is shown differs; in the second theme those of colours.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize();
  // No script runs in a message's frame, not even axe's, which would wait for it for ever.
  await page.evaluate(`document.querySelectorAll("iframe[sandbox]").forEach((frame) => frame.remove())`);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(drawn(width, colorScheme));
      const found = await foundIn(page, colorScheme === "light" ? null : OF_COLOUR);
      expect.soft(found, `${page.url()}, ${width} px wide, ${colorScheme}`).toEqual([]);
    }
    expect.soft(await page.evaluate<string[]>(cutIn(width)), `${page.url()}, ${width} px wide`).toEqual([]);
    const tooWide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect.soft(tooWide, `${page.url()}, ${width} px: wider than the window`).toBeLessThanOrEqual(0);
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

/** The same in each language: of a page that its address shows again. */
export async function expectAccessibleInAll(page: Page): Promise<void> {
  for (const code of LANGUAGES) {
    if (code !== "en") {
      await inLanguage(page.context(), code);
      await page.reload();
    }
    await expectLanguage(page, code);
    await expectAccessible(page);
  }
  await inLanguage(page.context(), "en");
  await page.reload();
}
