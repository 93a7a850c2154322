/**
 * How a body is read. `json`: strict JSON, checked by the schema. `csv`: text. `bytes`: as it came, for formats that
 * bring their own reader; then the schema documents only. `pieces`: the same as it comes, for what is too large to be held;
 * too much of it is found out while it is read. `none`: what comes all the same says nothing, or is refused; `unread`: it
 * may say what it likes.
 */
export type BodyKind = "none" | "unread" | "json" | "csv" | "bytes" | "pieces";

/** What is taken where a route says nothing else. */
export const CONTENT_TYPES: Record<BodyKind, readonly string[]> = {
  none: [],
  unread: [],
  json: ["application/json"],
  csv: ["text/csv"],
  bytes: [],
  pieces: [],
};

export const LIMIT_BYTES: Record<BodyKind, number> = {
  none: 64 * 1024,
  unread: 0,
  json: 64 * 1024,
  csv: 32 * 1024 * 1024,
  bytes: 64 * 1024,
  pieces: 64 * 1024,
};
