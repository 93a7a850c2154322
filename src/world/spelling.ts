import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { tagKey } from "../catalogue/tags/key";
import { type Database, database } from "../db/client";
import { vocabulary } from "../db/schema";
import type { World } from "../engine/types";

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

/**
 * Tags as the school spells them. Unknown ones are learned as given.
 * The map in the world only grows, so it is added to in place.
 */
export async function spellTags(env: Env, world: World, tags: readonly string[]): Promise<string[]> {
  // Made with the world as a Map, and handed on as one that is only read.
  const spellings = world.school.spellings as Map<string, string>;
  const unknown = new Map(tags.filter((tag) => !spellings.has(tagKey(tag))).map((tag) => [tagKey(tag), tag]));
  const school = world.school.id;
  const db = database(env.DB);
  for (const text of textsOf([...unknown])) {
    const [, known] = await db.batch([
      learn(db, school, text),
      db
        .select({ key: vocabulary.key, value: vocabulary.value })
        .from(vocabulary)
        .where(
          and(
            eq(vocabulary.school, school),
            eq(vocabulary.kind, "tag"),
            sql`${vocabulary.key} in (select value->>0 from json_each(${text}))`,
          ),
        ),
    ]);
    for (const { key, value } of known) spellings.set(key, value);
  }
  return tags.map((tag) => spellings.get(tagKey(tag)) ?? tag);
}
