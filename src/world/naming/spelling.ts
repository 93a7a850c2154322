import { and, eq, type SQL, sql } from "drizzle-orm";
import { Cache } from "../../base/cache";
import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";
import { storedKeys } from "../../base/text/text";
import { tagKey } from "../../catalogue/tags/key";
import { type Database, database } from "../../db/client";
import { vocabulary } from "../../db/schema";
import type { School } from "../snapshot";

/*
 * A school spells a tag as it was first written in it. Words are learned together, one statement for as many as one
 * text may hold: a request may bring thousands.
 */

/** `rows`: JSON, key and as written. */
const learn = (db: Database, school: string, rows: string) =>
  db
    .insert(vocabulary)
    .select(sql`select ${school}, 'tag', value->>0, value->>1 from json_each(${rows}) where true`)
    .onConflictDoNothing();

/** The statements by which a school learns tags, to be put into the batch of what names them. */
export const learnTags = (db: Database, school: string, tags: readonly string[]) =>
  textsOf(tags.map((tag) => [tagKey(tag), tag])).map((text) => learn(db, school, text));

/** What the isolate has read and may keep. */
const SPELLINGS_BYTES = 6 * 1024 * 1024;
/** An entry's own, beside its text. */
const ENTRY_BYTES = 200;

/** How tags are spelled, by school, epoch and key: once a school has spelled one, that never changes. */
const kept = new Cache<string>({
  entries: 50_000,
  bytes: { most: SPELLINGS_BYTES, of: (tag) => ENTRY_BYTES + 4 * tag.length },
});

type Whose = Pick<School, "id" | "epoch">;

const keyOf = ({ id, epoch }: Whose, key: string): string => JSON.stringify([id, epoch, key]);

/** How a school spells the tag of a key, where the isolate knows it. */
export const spellingAtHand = (school: Whose, key: string): string | undefined => kept.get(keyOf(school, key));

/** @param keys SQL, a select of the keys of tags in all forms in which they may be stored */
const reading = (db: Database, school: string, keys: SQL) =>
  db
    .select({ key: vocabulary.key, value: vocabulary.value })
    .from(vocabulary)
    .where(and(eq(vocabulary.school, school), eq(vocabulary.kind, "tag"), sql`${vocabulary.key} in (${keys})`));

/** Takes up what was read. Of two that are one, the one stored before keys were composed came first. */
function keep(school: Whose, rows: readonly { key: string; value: string }[], into: Map<string, string>): void {
  const asNow = ({ key }: { key: string }): boolean => tagKey(key) === key;
  for (const { key: stored, value } of [...rows.filter(asNow), ...rows.filter((one) => !asNow(one))]) {
    const key = tagKey(stored);
    into.set(key, value);
    kept.set(keyOf(school, key), value);
  }
}

/** How a school spells tags, by their keys; what it has not spelled so far is not in it. */
export async function readSpellings(env: Env, school: Whose, keys: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const db = database(env.DB);
  for (const text of textsOf(keys.flatMap(storedKeys)))
    keep(school, await reading(db, school.id, sql`select value from json_each(${text})`), found);
  return found;
}

/** Tags as the school spells them. Unknown ones are learned as given, of two spellings in one list the first. */
export async function spellTags(env: Env, school: Whose, tags: readonly string[]): Promise<string[]> {
  const spellings = new Map<string, string>();
  const unknown = new Map<string, string>();
  for (const tag of tags) {
    const key = tagKey(tag);
    const known = spellingAtHand(school, key);
    if (known === undefined) {
      if (!unknown.has(key)) unknown.set(key, tag);
    } else spellings.set(key, known);
  }
  const db = database(env.DB);
  for (const text of textsOf([...unknown].map(([key, tag]) => [key, tag, ...storedKeys(key).slice(1)]))) {
    // What stands second is the tag as it is written.
    const keys = sql`select form.value from json_each(${text}) as one, json_each(one.value) as form where form.key <> 1`;
    const [, known] = await db.batch([learn(db, school.id, text), reading(db, school.id, keys)]);
    keep(school, known, spellings);
  }
  return tags.map((tag) => spellings.get(tagKey(tag)) ?? tag);
}
