/* The shape of assets.js beside this file, which scripts/islands.mjs makes. */

/** A text for browsers; `hash` changes with it: an ETag, or a version in a URL. */
export interface Asset {
  readonly hash: string;
  readonly source: string;
}

/** The JavaScript module of each island, by its name. */
export const islands: ReadonlyMap<string, Asset>;

export const stylesheet: Asset;
