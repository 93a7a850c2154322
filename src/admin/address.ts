/*
 * Where things are in the UI. The school stands in the address of all that is a school's, so that two tabs on two
 * schools never meet; every link, form and redirect is made here.
 */

const HOME = "/admin";
const SCHOOLS = `${HOME}/s/`;

/** Where a school's pages are, as a router writes it; its routes for who is signed in are at `/api` below. */
export const SCHOOL = `${SCHOOLS}:school`;
export const SCHOOL_API = `${SCHOOL}/api`;

/** An address outside of all schools, such as the sign-in page's. */
export const outside = (path: string): string => HOME + path;

/** The address of something in a school; `path` is what comes after the school, "" its home. */
export const addressIn = (school: string, path: string): string => SCHOOLS + encodeURIComponent(school) + path;

/** The school that an address made here is in; null outside of all. */
export function schoolIn(address: string): string | null {
  const [, school] = /^\/admin\/s\/([^/?#]+)/.exec(address) ?? [];
  return school === undefined ? null : decodeURIComponent(school);
}

/** What is outside of all schools, by the first word of its path. */
const OUTSIDE = new Set(["s", "schools", "operator", "sign-in", "sign-out", "theme", "language", "assets", "api"]);

/**
 * Where an address of before schools stood in it leads in whatever school is chosen: `/admin/runs/run_1?x` to
 * `/runs/run_1?x`. "", a school's home, for any other address.
 */
export function pathOfBefore(address: string): string {
  const [, path, word] = /^\/admin(\/([^/?#]+).*)$/s.exec(address) ?? [];
  return path === undefined || OUTSIDE.has(word ?? "") ? "" : path;
}
