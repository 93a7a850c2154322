import type { Env } from "../../base/env";
import { userObject } from "../../calls/reaching/stub";
import { FIRST_OWN, type JournalEntry, type Page } from "../../calls/shape";
import type { Range, TimelineRange } from "../../calls/user";
import type { Outcome } from "../../engine/play";
import type { World } from "../../engine/types";
import { pastOf } from "../../world/past/past";
import { replay } from "../../world/past/replay";
import type { School } from "../../world/snapshot";

/** What the user lived in person, and not those who were taken over. */
export const OWN_ENTRIES: Range = { after: FIRST_OWN - 1 };

/** A user's journal, page by page: a call between isolates takes no more. */
export const journalOf = (env: Env, school: School, user: string, range: Range = {}) =>
  pages(range, (from) => userObject(env, school, user).journal(from));

/** A user's journal in the order of time, whoever was merged into the user. @param from an entry: it and what comes behind it */
export async function* timelineIn(
  env: Env,
  school: School,
  user: string,
  { from = null, newestFirst = false, most = MOST_AT_ONCE }: Partial<TimelineRange> = {},
): AsyncGenerator<JournalEntry[]> {
  for (let last = from; ; ) {
    const read = await userObject(env, school, user).timeline({ from: last, newestFirst, most });
    // The entry that it goes on from comes once more.
    const items = last === from ? read : read.filter(({ seq }) => seq !== last?.seq);
    if (!items.length) return;
    yield items;
    const { at, seq } = items[items.length - 1] ?? { at: 0, seq: 0 };
    last = { at, seq };
  }
}
const MOST_AT_ONCE = 200;

/** Of the user's runs and deliveries that have ended, as `journalOf`. */
export const endedOf = (env: Env, school: School, user: string, range: Range = {}) =>
  pages(range, (from) => userObject(env, school, user).ended(from));

async function* pages<Item>(range: Range, read: (range: Range) => Promise<Page<Item>>): AsyncGenerator<Item[]> {
  for (let from = range; ; ) {
    const { items, next } = await read(from);
    yield items;
    if (next === null) return;
    from = range.newestFirst ? { ...range, before: next } : { ...range, after: next };
  }
}

/**
 * Tells the past of a user again, as far back as the journal goes.
 * @param watching makes of the world of an entry the one it is told in
 * @returns since when it is told, by the school's clock, ms; null: since the user is known
 */
export async function retell(
  env: Env,
  school: School,
  user: string,
  watching: (world: World) => World,
  heard: (entry: JournalEntry, outcome: Outcome) => void = () => {},
): Promise<number | null> {
  const beginning = await userObject(env, school, user).beginning();
  const worlds = pastOf(env, school);
  await replay(
    user,
    beginning,
    journalOf(env, school, user),
    { ...worlds, at: async (stamp) => watching(await worlds.at(stamp)) },
    heard,
  );
  return beginning?.state?.clock ?? null;
}
