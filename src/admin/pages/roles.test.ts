import { expect, test } from "vitest";
import { ROLES, type Role } from "../../http/access/credentials";
import { byPath } from "../../http/by-path";
import { call } from "../../http/test-client";
import { addressIn } from "../address";
import { pagesOfSchools } from "./index";
import { app, headersOf, schoolWithAll } from "./test-school";

/* What a page offers to somebody of a role, that role may do. */

const DECLARED = pagesOfSchools.flatMap(({ declared }) => declared).toSorted(byPath);
const matcherOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:[a-z]+/g, "[^/]+")}$`);
const MATCHERS = DECLARED.map((page) => ({ ...page, matcher: matcherOf(page.path) }));

/** The least role that what is at an address takes. */
const roleOf = (method: string, path: string): Role | undefined =>
  MATCHERS.find((page) => page.method === method && page.matcher.test(path))?.role;

const unescaped = (text: string): string => text.replaceAll("&amp;", "&");

/** Each kind of page is looked at so often: lists lead to many alike. */
const EACH = 3;

/** Goes through a school by what its pages lead to; what of it is refused. */
async function refusedTo(role: Role, school: string): Promise<string[]> {
  const headers = await headersOf(role);
  const home = addressIn(school, "");
  const found = new Set<string>();
  const waiting = ["/health"];
  const seen = new Set<string>(waiting);
  const looked = new Map<string, number>();
  const mayNot = (least: Role | undefined): boolean =>
    least !== undefined && ROLES.indexOf(least) > ROLES.indexOf(role);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const { status, text } = await call(app, "GET", addressIn(school, path), undefined, { headers });
    if (status === 403) found.add(`GET ${path} is refused`);
    const own = (to: string): string | null =>
      to.startsWith(`${home}/`) ? (unescaped(to).slice(home.length).split("#")[0] ?? null) : null;
    for (const [form, to = ""] of text.matchAll(/<form method="post"[^>]* action="([^"]*)".*?<\/form>/gs)) {
      // What may only be looked at is a form that nothing sends.
      if (/<fieldset disabled|<textarea[^>]* readonly/.test(form)) continue;
      const action = own(to)?.split("?")[0] ?? null;
      if (action !== null && mayNot(roleOf("POST", action))) found.add(`${path} offers POST ${action}`);
    }
    for (const [, to = ""] of text.matchAll(/ href="([^"]*)"/g)) {
      const link = own(to);
      if (link === null || seen.has(link)) continue;
      seen.add(link);
      const [at = ""] = link.split("?");
      if (mayNot(roleOf("GET", at))) found.add(`${path} leads to ${at}`);
      const kind = MATCHERS.find(({ method, matcher }) => method === "GET" && matcher.test(at))?.path ?? at;
      const times = looked.get(kind) ?? 0;
      looked.set(kind, times + 1);
      if (times < EACH) waiting.push(link);
    }
  }
  expect(looked.size).toBeGreaterThan(25);
  return [...found];
}

test.each(ROLES)("nothing is offered to a role of %s that is refused to it", async (role) => {
  const { id } = await schoolWithAll();
  expect(await refusedTo(role, id)).toEqual([]);
});
