/** On every answer, whoever may read it. */
export const SAFE = { "strict-transport-security": "max-age=31536000", "x-content-type-options": "nosniff" };

/** On every answer that is not a page. */
const SECURITY = {
  ...SAFE,
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};
/** Copied into every answer, which costs less than a record does; a text is JSON unless its headers say otherwise. */
export const EMPTY = new Headers(SECURITY);
export const JSON_TEXT = new Headers({ ...SECURITY, "content-type": "application/json" });
