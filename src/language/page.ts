import { type Language, speakBy } from "./say";

/*
 * In a browser: the page says in its `lang` what it is in, and `islands/german.tsx`, loaded before the others, has left
 * its texts here. Each island is a module by itself, so they share nothing but the page.
 */

const KEPT = "schoolbellLanguage";

/** Leaves a language for the islands that are loaded after. */
export const leaveLanguage = (language: Language): void => void Object.assign(globalThis, { [KEPT]: language });

/** From now on an island speaks as its page does. */
export function speakAsPage(): void {
  const kept: unknown = Reflect.get(globalThis, KEPT);
  // Nothing but `leaveLanguage` writes it.
  if (kept !== undefined) speakBy(() => kept as Language);
}
