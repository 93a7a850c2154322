import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import type { ProductKind } from "../catalogue/products";
import { MOVE_NAMES_OF } from "../db/products";
import { forgetSchool, type School } from "../world/snapshot";

/* Learns by which ids the LMS knows one product: `world/ids.ts` says where that counts. */

/** A product by the two ids that the LMS has for it. */
export interface TwoIds {
  id: string;
  /** Null: it has none besides. */
  other: string | null;
}

const KNOWN = `select theirs, ours from product_ids where school = ?1 and type = ?2
  and (theirs in (select value from json_each(?3)) or ours in (select value from json_each(?3)))`;

/** `held`: somebody has it, by the directory; `known`: something is known of it. */
const SIGNS = `select value as id,
    exists (select 1 from user_marks where school = ?1 and kind = ?2 and user_marks.value = one.value) as held,
    exists (select 1 from products where school = ?1 and type = ?2 and id = one.value) as known
  from json_each(?3) as one`;

/**
 * Learns which ids are of one product. The one by which people have it stays its id, else the first that was known here,
 * else the LMS's own.
 * @returns what each is called here, and those that stay two: people have them by both ids, or another goes by the other
 */
export async function learnIds(
  env: Env,
  school: School,
  type: ProductKind,
  told: readonly TwoIds[],
): Promise<{ oursOf: (id: string) => string; doubled: { id: string; other: string }[] }> {
  const all = told.flatMap(({ id, other }) => (other === null ? [id] : [id, other]));
  const before = new Map<string, string>();
  for (const text of textsOf(all)) {
    const { results } = await env.DB.prepare(KNOWN).bind(school.id, type, text).all<{ theirs: string; ours: string }>();
    for (const { theirs, ours } of results) before.set(theirs, ours);
  }
  const isUndecided = ({ id, other }: TwoIds): boolean =>
    other !== null && other !== id && !before.has(id) && before.get(other) !== id;
  const signs = await signsOf(env, school, type, told.filter(isUndecided));
  const taken = new Set(before.values());
  const ours = new Map<string, string>();
  const doubled: { id: string; other: string }[] = [];
  const wanted = new Map<string, string>();
  for (const one of told) {
    const { id, other } = one;
    const chosen = (other: string) => (taken.has(other) ? null : choose(id, other, signs));
    const is = before.get(id) ?? (other !== null && isUndecided(one) ? chosen(other) : id);
    ours.set(id, is ?? id);
    if (is === null) doubled.push({ id, other: other ?? id });
    else for (const theirs of [id, other]) if (theirs !== null && theirs !== is) wanted.set(theirs, is);
  }
  const gone = [...before].flatMap(([theirs, is]) =>
    ours.get(is) === is && wanted.get(theirs) !== is ? [theirs] : [],
  );
  const news = [...wanted].filter(([theirs, is]) => before.get(theirs) !== is);
  if (gone.length || news.length) await write(env, school, type, gone, news);
  return { oursOf: (id) => ours.get(id) ?? id, doubled };
}

interface Signs {
  held: boolean;
  known: boolean;
}

async function signsOf(
  env: Env,
  school: School,
  type: ProductKind,
  undecided: readonly TwoIds[],
): Promise<Map<string, Signs>> {
  const signs = new Map<string, Signs>();
  for (const text of textsOf(undecided.flatMap(({ id, other }) => [id, other]))) {
    const { results } = await env.DB.prepare(SIGNS)
      .bind(school.id, type, text)
      .all<{ id: string; held: number; known: number }>();
    for (const { id, held, known } of results) signs.set(id, { held: held > 0, known: known > 0 });
  }
  return signs;
}

/** By which of two ids a product goes here; null: people have it by both. */
function choose(id: string, other: string, signs: ReadonlyMap<string, Signs>): string | null {
  const [one, two] = [signs.get(id), signs.get(other)];
  if (one?.held && two?.held) return null;
  if (one?.held || two?.held) return one?.held ? id : other;
  return !one?.known && two?.known ? other : id;
}

async function write(
  env: Env,
  { id: school }: School,
  type: ProductKind,
  gone: readonly string[],
  news: readonly (readonly [theirs: string, ours: string])[],
): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(MOVE_NAMES_OF).bind(school),
    ...textsOf(gone).map((text) =>
      env.DB.prepare(
        "delete from product_ids where school = ?1 and type = ?2 and theirs in (select value from json_each(?3))",
      ).bind(school, type, text),
    ),
    ...textsOf(news).map((text) =>
      env.DB.prepare(
        `insert into product_ids (school, type, theirs, ours)
          select ?1, ?2, value->>0, value->>1 from json_each(?3) where true
          on conflict (school, type, theirs) do update set ours = excluded.ours`,
      ).bind(school, type, text),
    ),
  ]);
  forgetSchool(school);
}
