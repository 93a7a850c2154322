import { and, eq, or, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../base/env";
import { readJson, readOptionalJson, strings, textsOf } from "../base/json";
import { bareRecord } from "../base/record";
import { waysToKeep } from "../base/text/text";
import { BEHIND_ALL, wordsSought } from "../base/text/words";
import { isProductKind, PRODUCT_KINDS, type ProductKind, TELLERS } from "../catalogue/facts/products";
import { database } from "../db/client";
import { lookByWords } from "../db/lists/begun";
import { type ListQuery, mapPage } from "../db/lists/list";
import { lookForRows } from "../db/lists/look";
import { getRow, ifGiven, listRows } from "../db/lists/rows";
import { holdsOneOf, holdsText, partedIn } from "../db/lists/search";
import { PRODUCT_COLUMNS } from "../db/products";
import { products } from "../db/schema";
import { courseIdIn } from "../world/naming/ids";
import type { School } from "../world/snapshot";

export type ProductRow = typeof products.$inferSelect;

const told = z.partialRecord(z.enum(PRODUCT_COLUMNS), z.enum(TELLERS));

/** A product, with who said what of it. */
export const toProduct = (row: ProductRow) => {
  if (!isProductKind(row.type)) throw new Error(`there is no kind of product ${row.type}`);
  return {
    type: row.type,
    id: row.id,
    name: row.name,
    url: row.url,
    image_url: row.imageUrl,
    parent: row.parent,
    courses: readOptionalJson(strings, row.courses),
    starts_at: row.startsAt,
    ends_at: row.endsAt,
    due_at: row.dueAt,
    told: readJson(told, row.told),
  };
};

export type Product = ReturnType<typeof toProduct>;

export const whichProduct = (school: string, type: string, id: string) =>
  and(eq(products.school, school), eq(products.type, type), eq(products.id, id));

/** What is known of a product; 404 when nothing is. */
export const getProduct = async (env: Env, school: string, type: string, id: string): Promise<Product> =>
  toProduct(await getRow(env, products, whichProduct(school, type, id), "product"));

interface NamedProduct {
  type: ProductKind;
  id: string;
}

/** The id that a product has here. */
export const ourIdOf = async (env: Env, school: School, { type, id }: NamedProduct): Promise<string> =>
  type === "course" ? (await courseIdIn(env, school))(id) : id;

/** The same, but where something is known by the very id: it was said before it was learned whose that is. */
export async function idOfProduct(env: Env, school: School, named: NamedProduct): Promise<string> {
  const ours = await ourIdOf(env, school, named);
  if (ours === named.id) return ours;
  const isKnown = await database(env.DB).$count(products, whichProduct(school.id, named.type, named.id));
  return isKnown ? named.id : ours;
}

export interface ProductQuery extends ListQuery {
  type?: ProductKind | undefined;
  /** Part of the id or the name. */
  q?: string | undefined;
}

const holds = (q: string) => or(holdsText(sql`lower(${products.id})`, q), holdsText(products.nameKey, q));

const WORDS = sql.raw(partedIn("products.id || ' ' || coalesce(products.name_key, '')"));

/** Whether words of a product begin so. */
const areBegun = (words: readonly string[]): SQL =>
  and(
    ...words.map((word) =>
      holdsOneOf(
        WORDS,
        waysToKeep(word).map((way) => ` ${way}`),
      ),
    ),
  ) ?? sql`true`;

/** Products of which a word begins so: of one kind, or each of all. */
const begunIn = (kinds: readonly ProductKind[]): string =>
  `select kind, id from name_words where school = ?1 and kind in (${kinds.map((kind) => `'${kind}'`).join(", ")})
    and word >= ?2 and word < ?3 limit ?4`;

/** The same, of a word of a text that so few have; null where none of its words is such. */
async function begunBy(env: Env, school: string, words: readonly string[], most: number, type?: ProductKind) {
  const begun = env.DB.prepare(begunIn(type === undefined ? PRODUCT_KINDS : [type]));
  for (const word of words) {
    const found = await env.DB.batch<{ kind: string; id: string }>(
      waysToKeep(word).map((way) => begun.bind(school, way, way + BEHIND_ALL, most + 1)),
    );
    const results = found.flatMap((one) => one.results);
    if (results.length > most) continue;
    return [...new Map(results.map(({ kind, id }) => [JSON.stringify([kind, id]), [kind, id]])).values()];
  }
  return null;
}

/**
 * A page of what is known of a school's products, by kind and id. Of a text those come first of which a word begins so; among
 * the others it is looked for, and a page may hold fewer than the limit while others follow.
 */
export async function listProducts(env: Env, school: string, { type, q, ...query }: ProductQuery) {
  const within = ifGiven(products.type, type);
  const key = ["type", "id"] as const;
  const fits = q === undefined ? undefined : holds(q);
  const words = wordsSought(q ?? "");
  const find = (most: number) => begunBy(env, school, words, most, type);
  return mapPage(
    fits && words.length
      ? await lookByWords(env, products, school, query, { key, names: key, within, fits, begun: areBegun(words), find })
      : fits
        ? await lookForRows(env, products, school, query, { key, within, fits })
        : await listRows(env, products, key, query, and(eq(products.school, school), within)),
    toProduct,
  );
}

/** Of each id: it may be that of one thing of each kind, or another id of one. */
const NAMED = `select products.type, products.id, name from json_each(?2) as one cross join products
    indexed by products_by_id on school = ?1 and products.id = one.value where name is not null
  union all select product_ids.type, theirs, products.name from json_each(?2) as one
    cross join product_ids on product_ids.school = ?1 and product_ids.type = 'course' and theirs = one.value
    cross join products on products.school = ?1 and products.type = 'course' and products.id = ours
    where products.name is not null`;

/** The names of those of these ids that have one, by kind and id: what a page shows, not what a school has. */
export async function productNames(
  env: Env,
  school: string,
  ids: readonly string[],
): Promise<Record<string, Record<string, string>>> {
  const names = bareRecord<Record<string, string>>();
  for (const text of textsOf([...new Set(ids)])) {
    const { results } = await env.DB.prepare(NAMED)
      .bind(school, text)
      .all<{ type: string; id: string; name: string }>();
    for (const { type, id, name } of results) {
      names[type] ??= bareRecord();
      names[type][id] = name;
    }
  }
  return names;
}
