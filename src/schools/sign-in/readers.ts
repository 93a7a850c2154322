import { sql } from "drizzle-orm";
import { sha256Hex } from "../../base/bytes";
import type { Env } from "../../base/env";
import { addressKey } from "../../catalogue/account/email";
import { database } from "../../db/client";
import { readers } from "../../db/schema";

/*
 * In what people read the UI, so that what it mails them is in that too. It is noted where it is known, at a sign-in and
 * where it is chosen, and of an address a hash is kept.
 */

/** How long it is kept of who signs in no more. */
export const READER_DAYS = 400;

const personOf = (email: string): Promise<string> => sha256Hex(addressKey(email));

export async function noteReader(env: Env, email: string, language: string): Promise<void> {
  const noted = { language, at: Date.now() };
  await database(env.DB)
    .insert(readers)
    .values({ person: await personOf(email), ...noted })
    .onConflictDoUpdate({ target: readers.person, set: noted });
}

/** What each of some addresses reads, in their order; null: nobody knows. */
export async function languagesOf(env: Env, emails: readonly string[]): Promise<(string | null)[]> {
  const people = await Promise.all(emails.map(personOf));
  const rows = await database(env.DB)
    .select({ person: readers.person, language: readers.language })
    .from(readers)
    .where(sql`${readers.person} in (select value from json_each(${JSON.stringify(people)}))`);
  const found = new Map(rows.map(({ person, language }) => [person, language]));
  return people.map((person) => found.get(person) ?? null);
}
