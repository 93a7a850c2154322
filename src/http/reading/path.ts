import { getPath } from "hono/utils/url";

/**
 * The path of a request. Clients of xAPI put a path of their own behind the address that they were given, whether or not
 * that ends with a slash; elsewhere an empty part may be an id that was forgotten, and leads nowhere.
 */
export function pathMeant(request: Request): string {
  const path = getPath(request);
  return /^\/+xapi\//.test(path) ? path.replaceAll(/\/{2,}/g, "/").replace(/\/$/, "") : path;
}
