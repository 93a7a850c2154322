/*
 * What has a name: the things of an LMS that events, options and messages know by their ids.
 */

/** The kinds of product that have names, in the order of the contract. */
export const PRODUCT_KINDS = [
  ...(["course", "bundle", "subscription", "activity", "assessment", "exam"] as const),
  ...(["form", "certificate", "group", "seat", "space"] as const),
] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

/** Those that hold courses: whoever holds one of them holds its courses. */
export const HOLDERS = ["bundle", "subscription", "seat"] as const satisfies readonly ProductKind[];
export type Holder = (typeof HOLDERS)[number];

export const isProductKind = (kind: string): kind is ProductKind => PRODUCT_KINDS.some((one) => one === kind);
export const isHolder = (kind: string): kind is Holder => HOLDERS.some((one) => one === kind);

/** Who says something of a product, the strongest first: what one has said is changed by itself and by those before it. */
export const TELLERS = ["hand", "lms", "event"] as const;
export type Teller = (typeof TELLERS)[number];

/** Whose word a teller may replace: its own, and that of the weaker. */
export const weakerThan = (teller: Teller): readonly Teller[] => TELLERS.slice(TELLERS.indexOf(teller));

/** What a product is called, and where it is. */
export interface Named {
  name: string | null;
  url: string | null;
}

/** What products are called, as far as it was asked for. */
export interface ProductNames {
  of(kind: ProductKind, id: string): Named | undefined;
}

export const NO_NAMES: ProductNames = { of: () => undefined };
