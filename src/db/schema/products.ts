import { sql } from "drizzle-orm";
import { index, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { json, school } from "./columns";

// What is sold and learned, as far as the school has told or been told.

/** What bundles held before `products` knew it: a Worker of before reads it while it is being replaced. Nothing else does. */
export const bundles = sqliteTable(
  "bundles",
  { school: school(), id: text("id").notNull(), courses: json("courses") },
  (t) => [primaryKey({ columns: [t.school, t.id] })],
);

/** What products are called, and what else is known of them. */
export const products = sqliteTable(
  "products",
  {
    school: school(),
    /** A `ProductKind`. */
    type: text("type").notNull(),
    id: text("id").notNull(),
    name: text("name"),
    /** The name in lower case, to be found by: SQLite knows ASCII's alone. */
    nameKey: text("name_key"),
    url: text("url"),
    imageUrl: text("image_url"),
    parent: text("parent"),
    /** Of a bundle, subscription or seat, as JSON: whoever holds it holds them. */
    courses: text("courses"),
    startsAt: text("starts_at"),
    endsAt: text("ends_at"),
    dueAt: text("due_at"),
    /** Who said what, as JSON `{<column>: <Teller>}`: a weaker one replaces nothing of a stronger one's. */
    told: json("told"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.type, t.id] }),
    index("products_by_id").on(t.school, t.id),
    index("products_by_name").on(t.school, t.type, t.nameKey, t.id).where(sql`${t.nameKey} is not null`),
    index("products_with_courses").on(t.school, t.type, t.id).where(sql`${t.courses} is not null`),
    index("products_with_dates")
      .on(t.school, t.type, t.id)
      .where(sql`(${t.startsAt} is not null or ${t.endsAt} is not null or ${t.dueAt} is not null)`),
  ],
);

/** What others call a product otherwise than the school does: `products/ids.ts`. */
export const productIds = sqliteTable(
  "product_ids",
  {
    school: school(),
    /** A `ProductKind`. */
    type: text("type").notNull(),
    theirs: text("theirs").notNull(),
    ours: text("ours").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.type, t.theirs] }),
    index("product_ids_by_ours").on(t.school, t.type, t.ours),
  ],
);
