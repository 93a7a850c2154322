import { and, eq, or, sql } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../base/env";
import { readJson, readOptionalJson, strings, textsOf } from "../base/json";
import { isProductKind, PRODUCT_KINDS, type ProductKind, TELLERS } from "../catalogue/products";
import { database } from "../db/client";
import { type ListQuery, mapPage } from "../db/list";
import { PRODUCT_COLUMNS } from "../db/products";
import { getRow, ifGiven, listRows } from "../db/rows";
import { products } from "../db/schema";
import { holdsText } from "../db/search";
import { courseIdIn } from "../world/ids";
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

/** A page of what is known of a school's products, by kind and id. */
export const listProducts = async (env: Env, school: string, query: ProductQuery) =>
  mapPage(
    await listRows(
      env,
      products,
      ["type", "id"],
      query,
      and(
        eq(products.school, school),
        ifGiven(products.type, query.type),
        query.q === undefined ? undefined : holds(query.q),
      ),
    ),
    toProduct,
  );

/** By the key: an id may be that of one thing of each kind, or another id of one. */
const NAMED = `select type, id, name from products where school = ?1 and name is not null and (type, id) in (
  select kind.value, one.value from json_each('${JSON.stringify(PRODUCT_KINDS)}') as kind cross join json_each(?2) as one)
  union all select type, theirs, (select name from products
      where products.school = ?1 and products.type = product_ids.type and products.id = ours)
    from product_ids where school = ?1 and type = 'course' and theirs in (select value from json_each(?2))`;

/** The names of those of these ids that have one, by kind and id: what a page shows, not what a school has. */
export async function productNames(
  env: Env,
  school: string,
  ids: readonly string[],
): Promise<Record<string, Record<string, string>>> {
  const names: Record<string, Record<string, string>> = {};
  for (const text of textsOf([...new Set(ids)])) {
    const { results } = await env.DB.prepare(NAMED)
      .bind(school, text)
      .all<{ type: string; id: string; name: string | null }>();
    for (const { type, id, name } of results) if (name !== null) names[type] = { ...names[type], [id]: name };
  }
  return names;
}
