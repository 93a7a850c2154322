import { searchKey } from "../base/text/text";
import { type Teller, weakerThan } from "../catalogue/facts/products";

/*
 * How what is told of products is written, whoever tells it: each column by itself, and a weaker teller replaces nothing
 * that a stronger one has said. One statement, so that two who tell at once do not undo each other.
 */

/** What is known of a product, by column, beside the key. `name_key` goes with the name. */
export const PRODUCT_COLUMNS = [
  ...(["name", "url", "image_url", "parent"] as const),
  ...(["courses", "starts_at", "ends_at", "due_at"] as const),
] as const;
export type ProductColumn = (typeof PRODUCT_COLUMNS)[number];

/** What one teller says of one product; what is left out or null says nothing. */
export interface ProductTold {
  school: string;
  type: string;
  id: string;
  said: Partial<Record<ProductColumn, string | null>>;
}

/** By what a name is found, whatever its case. */
export const nameKey = searchKey;

/** A row of the text that the statements below read. */
export const toldRow = ({ school, type, id, said }: ProductTold): (string | null)[] => [
  school,
  type,
  id,
  ...PRODUCT_COLUMNS.map((column) => said[column] ?? null),
  typeof said.name === "string" ? nameKey(said.name) : null,
];

const place = (column: ProductColumn): string => `value->>${3 + PRODUCT_COLUMNS.indexOf(column)}`;
const KEY = `value->>${3 + PRODUCT_COLUMNS.length}`;

const toldBy = (column: ProductColumn, tellers: readonly Teller[]): string =>
  `coalesce(products.told->>'${column}', 'event') in (${tellers.map((one) => `'${one}'`).join(", ")})`;

/**
 * Writes rows of `toldRow`, one JSON text of them.
 * @param options `replaces`: what the teller has said before and says no more is taken back
 */
export function tellingSql(teller: Teller, { replaces }: { replaces: boolean }): string {
  const weaker = weakerThan(teller);
  const takesBack = (column: ProductColumn): string =>
    replaces ? `excluded.${column} is null and products.told->>'${column}' = '${teller}'` : "false";
  const takes = (column: ProductColumn): string => `excluded.${column} is not null and ${toldBy(column, weaker)}`;
  const value = (column: ProductColumn, of: string = column): string =>
    `case when ${takes(column)} then excluded.${of} when ${takesBack(column)} then null else products.${of} end`;
  const told = PRODUCT_COLUMNS.map(
    (column) => `'${column}', case when ${takes(column)} then '${teller}' when ${takesBack(column)} then null
      else products.told->>'${column}' end`,
  );
  // What changes nothing is not written: a list is told again every night.
  const changes = PRODUCT_COLUMNS.map(
    (column) => `(${takes(column)} and (excluded.${column} is not products.${column}
      or products.told->>'${column}' is not '${teller}')) or (${takesBack(column)})`,
  );
  return `insert into products (school, type, id, ${PRODUCT_COLUMNS.join(", ")}, name_key, told)
    select value->>0, value->>1, value->>2, ${PRODUCT_COLUMNS.map(place).join(", ")}, ${KEY},
      json_patch('{}', json_object(${PRODUCT_COLUMNS.map((column) => `'${column}', case when ${place(column)} is not null then '${teller}' end`).join(", ")}))
    from json_each(?) where true
    on conflict (school, type, id) do update set
      ${PRODUCT_COLUMNS.map((column) => `${column} = ${value(column)}`).join(", ")},
      name_key = ${value("name", "name_key")},
      told = json_patch(products.told, json_object(${told.join(", ")}))
    where ${changes.join(" or ")}`;
}

/** Moves the stamp that the names of the school `?1` are kept by. */
export const MOVE_NAMES_OF = "update schools set names_stamp = names_stamp + 1 where id = ?1";

/** Moves the stamp that names are kept by, for the schools of rows of `toldRow` that name something anew. To be run before. */
export const MOVE_NAMES = `update schools set names_stamp = names_stamp + 1 where id in (
  select value->>0 from json_each(?) left join products
    on products.school = value->>0 and products.type = value->>1 and products.id = value->>2
  where products.id is null or products.name is null
    or (products.name is not ${place("name")} and ${toldBy("name", ["event"])}))`;
