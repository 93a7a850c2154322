/** On every answer that is not a page. */
const SECURITY = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
};
/** Copied into every answer, which costs less than a record does; a text is JSON unless its headers say otherwise. */
export const EMPTY = new Headers(SECURITY);
export const JSON_TEXT = new Headers({ ...SECURITY, "content-type": "application/json" });
