import * as z from "zod";
import { trimmed } from "../base/text/text";
import { HOLDERS, isHolder, PRODUCT_KINDS, type ProductKind } from "../catalogue/facts/products";
import { id, name } from "../catalogue/options/fields";
import type { ProductColumn } from "../db/products";
import { productDate } from "./dates";

/*
 * What may be said of a product, checked: by its fields in JSON and by the cells of a CSV.
 */

const listOf = (words: readonly string[]): string => `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

export const productKind = z.enum(PRODUCT_KINDS, { error: `a type is ${listOf(PRODUCT_KINDS)}` });

/** Where learners are led: we call nobody there. */
const address = z
  .string()
  .overwrite(trimmed)
  .max(2_048)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  }, "not an address, such as https://school.example.com/courses/js-101");

const courses = z
  .array(id)
  .max(200)
  .transform((list) => [...new Set(list)]);

/** What is said of a product; null is the same as leaving it out. */
export const productBody = z.strictObject({
  name,
  url: address.nullish(),
  image_url: address.nullish(),
  parent: id.nullish().meta({ description: "The id of what it is in: an activity's course, a group's, a space's." }),
  courses: courses.nullish().meta({ description: "Of a bundle, subscription or seat: whoever holds it holds them." }),
  starts_at: productDate.nullish(),
  ends_at: productDate.nullish(),
  due_at: productDate.nullish(),
});

/** The same where it is told by others, or in part. */
export const productPart = productBody.partial();
export type ProductPart = z.output<typeof productPart>;

/** Why this cannot be said of a product of its kind, or null. */
export const coursesFault = (kind: ProductKind, { courses }: ProductPart): string | null =>
  courses && !isHolder(kind) ? `only a ${listOf(HOLDERS)} holds courses` : null;

const FIELDS = Object.entries(productPart.shape);

/** What of what others tell can be said of a product of this kind: the rest is left out, and spoils nothing. */
export function goodPart(kind: ProductKind, told: Readonly<Record<string, unknown>>): ProductPart {
  const good = FIELDS.flatMap(([key, field]) => {
    const read = field.safeParse(told[key]);
    return read.success && read.data != null && (key !== "courses" || isHolder(kind)) ? [[key, read.data]] : [];
  });
  // Each has passed the schema of its key.
  return Object.fromEntries(good) as ProductPart;
}

/** As it is written down. */
export const saidOf = ({ courses, ...texts }: ProductPart): Partial<Record<ProductColumn, string | null>> => ({
  // Of each key left out or null nothing is said.
  ...Object.fromEntries(Object.entries(texts).flatMap(([key, value]) => (value == null ? [] : [[key, value]]))),
  ...(courses ? { courses: JSON.stringify(courses) } : {}),
});
