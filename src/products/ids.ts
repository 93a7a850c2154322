import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import type { ProductKind } from "../catalogue/facts/products";
import { forgetSchool, MOVE_STAMP, type School } from "../world/snapshot";

/* Learns by which ids the LMS knows one product: `world/naming/course-ids.ts` says where that counts. */

/** A product by the two ids that the LMS has for it. */
export interface TwoIds {
  id: string;
  /** Null: it has none besides; undefined: the LMS does not tell. */
  other: string | null | undefined;
}

const KNOWN = `select theirs, ours from product_ids where school = ?1 and type = ?2
  and (theirs in (select value from json_each(?3)) or ours in (select value from json_each(?3)))`;

/** `held`: somebody has it, by the directory; `known`: something is known of it. */
const SIGNS = `select value as id,
    exists (select 1 from user_marks where school = ?1 and kind = ?2 and user_marks.value = one.value) as held,
    exists (select 1 from products where school = ?1 and type = ?2 and id = one.value) as known
  from json_each(?3) as one`;

export interface Learned {
  /** What each is called here. */
  oursOf: (id: string) => string;
  /** Those that stay two for now: the other id is one by which people have another still. */
  doubled: { id: string; other: string }[];
  /** Whether any is called otherwise now: people may have it by the id before. */
  isNews: boolean;
}

/**
 * Learns which ids are of one product. The one by which people have it stays its id, else the first that was known here,
 * else the LMS's own; that too where people have it by both. An id that the LMS has given to another product is the
 * other's once nobody has the one before by it.
 */
export async function learnIds(env: Env, school: School, type: ProductKind, told: readonly TwoIds[]): Promise<Learned> {
  const all = [...new Set(told.flatMap(({ id, other }) => (other ? [id, other] : [id])))];
  const before = new Map<string, string>();
  for (const text of textsOf(all)) {
    const { results } = await env.DB.prepare(KNOWN).bind(school.id, type, text).all<{ theirs: string; ours: string }>();
    for (const { theirs, ours } of results) before.set(theirs, ours);
  }
  const signs = await signsOf(env, school, type, [
    ...told.flatMap(({ id, other }) => (other && isNew(id, other, before) ? [id, other] : [])),
    ...[...before].flat(),
  ]);
  const now = new Map(before);
  const doubled: Learned["doubled"] = [];
  for (const one of told) if (!takeUp(now, one, signs)) doubled.push({ id: one.id, other: one.other ?? one.id });
  const gone = [...before.keys()].filter((theirs) => !now.has(theirs));
  const news = [...now].filter(([theirs, ours]) => before.get(theirs) !== ours);
  const isNews = gone.length > 0 || news.length > 0;
  if (isNews) await write(env, school, type, gone, news);
  return { oursOf: (id) => now.get(id) ?? id, doubled, isNews };
}

/** Whether it is told that two ids are one, and that is not known. */
const isNew = (id: string, other: TwoIds["other"], known: ReadonlyMap<string, string>): boolean =>
  !!other && other !== id && (known.get(other) ?? other) !== (known.get(id) ?? id);

/**
 * Takes up what is told of a product. @param now the ids of products by their other ids, which is changed
 * @returns false: its other id is not its own yet
 */
function takeUp(now: Map<string, string>, { id, other }: TwoIds, signs: Signs): boolean {
  // Whoever may not see other ids is told of none.
  if (other === undefined) return true;
  const before = now.get(id);
  if (before !== undefined && before !== other) callByOwn(now, id, before);
  const ours = now.get(id) ?? id;
  const isLeft = (one: string) => one !== id && one !== other && !signs.held.has(one);
  for (const [theirs, is] of [...now]) if (is === ours && isLeft(theirs)) now.delete(theirs);
  if (other === null || !isNew(id, other, now)) return true;
  const [whose] = [...now].find(([, is]) => is === other) ?? [];
  if (whose !== undefined) {
    // Another goes by it, and so do people who do not have this one.
    callByOwn(now, whose, other);
    return false;
  }
  if (now.has(other) && signs.held.has(other)) return false;
  const isFree = !now.has(other) && ![...now.values()].includes(id);
  if (isFree && isCalledByOther(id, other, signs)) now.set(id, other);
  else now.set(other, id);
  return true;
}

/** A product that went by its other id goes by the LMS's own. */
function callByOwn(now: Map<string, string>, id: string, other: string): void {
  now.delete(id);
  now.set(other, id);
}

const isCalledByOther = (id: string, other: string, { held, known }: Signs): boolean =>
  held.has(id) || held.has(other) ? !held.has(id) : known.has(other) && !known.has(id);

/** The ids that somebody has something by, as far as the directory knows, and those of which something is known. */
interface Signs {
  held: ReadonlySet<string>;
  known: ReadonlySet<string>;
}

async function signsOf(env: Env, school: School, type: ProductKind, ids: readonly string[]): Promise<Signs> {
  const [held, known] = [new Set<string>(), new Set<string>()];
  for (const text of textsOf([...new Set(ids)])) {
    const { results } = await env.DB.prepare(SIGNS)
      .bind(school.id, type, text)
      .all<{ id: string; held: number; known: number }>();
    for (const one of results) {
      if (one.held) held.add(one.id);
      if (one.known) known.add(one.id);
    }
  }
  return { held, known };
}

/** What is called otherwise is compiled anew: the stamp comes first, as D1 notes down the changes by the one it finds. */
async function write(
  env: Env,
  { id: school }: School,
  type: ProductKind,
  gone: readonly string[],
  news: readonly (readonly [theirs: string, ours: string])[],
): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(MOVE_STAMP).bind(school),
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
