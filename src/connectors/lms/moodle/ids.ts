import * as z from "zod";
import { siteOf } from "./settings";

/*
 * Moodle's ids are numbers, and its addresses hold them. Whatever names a thing of Moodle's, from a webhook, an xAPI
 * statement or by hand, comes to one id here.
 */

type PageKind = "course" | "activity" | "attempt" | "group" | "certificate";

/** What an address of Moodle's leads to. */
export interface MoodlePage {
  id: string;
  kind: PageKind;
}

interface Pattern {
  path: RegExp;
  kind: PageKind;
  /** The parameter that holds the id; left out: it is in the path. */
  parameter?: string;
}

const PAGES: readonly Pattern[] = [
  { path: /\/course\/view\.php$/, parameter: "id", kind: "course" },
  { path: /\/course\/(\d+)\/?$/, kind: "course" },
  { path: /\/mod\/quiz\/attempt\.php$/, parameter: "cmid", kind: "attempt" },
  { path: /\/mod\/[a-z0-9_]+\/view\.php$/, parameter: "id", kind: "activity" },
  { path: /\/group\/index\.php$/, parameter: "id", kind: "group" },
  { path: /\/badges\/overview\.php$/, parameter: "id", kind: "certificate" },
  { path: /\/index\.php$/, parameter: "code", kind: "certificate" },
];

/** What an address leads to, where it is one of Moodle's. */
export function moodlePage(address: string): MoodlePage | null {
  const url = URL.parse(address);
  if (!url) return null;
  for (const { path, parameter, kind } of PAGES) {
    const found = path.exec(url.pathname);
    if (!found) continue;
    const id = parameter === undefined ? found[1] : url.searchParams.get(parameter);
    return id ? { id, kind } : null;
  }
  return null;
}

const NUMBER = /^[1-9]\d{0,17}$/;

/** Whether a text is an id as Moodle gives them: a number from 1. */
export const isMoodleId = (text: string): boolean => NUMBER.test(text);

function numberOf(text: string, kinds: readonly PageKind[]): string | null {
  if (isMoodleId(text)) return text;
  const page = moodlePage(text);
  return page && kinds.includes(page.kind) && isMoodleId(page.id) ? page.id : null;
}

/** The number of a course, of its address or itself; null where the text holds none. */
export const moodleCourseId = (text: string): string | null => numberOf(text, ["course"]);

/** The number of an activity in its course (cmid), of its address or itself; null where the text holds none. */
export const moodleActivityId = (text: string): string | null => numberOf(text, ["activity", "attempt"]);

const addressed = z.object({ url: z.string() });

/** The number of the course that an address of this very Moodle leads to. */
export function courseAt(settings: unknown, address: string): string | null {
  const chosen = addressed.safeParse(settings);
  const site = chosen.success ? URL.parse(siteOf(chosen.data.url)) : null;
  const page = URL.parse(address);
  if (!site || !page || page.host !== site.host) return null;
  const folder = site.pathname.replace(/\/$/, "");
  return page.pathname.startsWith(`${folder}/`) ? moodleCourseId(address) : null;
}
