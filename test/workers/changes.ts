import { env as bindings } from "cloudflare:workers";
import type { FeedPage, RemoteSchool } from "../../src/calls/school";
import type { SentChange } from "../../src/catalogue/facts/changes";

/* For tests: changes as users' objects make them, and a school's object to put them into. */

let made = 0;

/** So many changes of a user, their `seq` rising from 1, or from `from`. */
export const changesOf = (user: string, count: number, { from = 1, tag = "vip" } = {}): SentChange[] =>
  Array.from({ length: count }, (_, n) => ({
    type: "tag.added",
    data: { tag },
    id: `chg_${++made}`,
    user,
    seq: from + n,
    at: "2026-01-01T09:00:00.000Z",
    cause: { type: "run", id: "run_1" },
  }));

/** The stub of a school's object as the test tools want it, even while a test counts the calls of `getByName`. */
export const schoolStub = (school: string) =>
  bindings.SCHOOLS.get(bindings.SCHOOLS.idFromName(JSON.stringify([school])));

/** A page, where there is to be one. */
export async function pageOf(object: RemoteSchool, after: number | null, limit = 1_000): Promise<FeedPage> {
  const page = await object.read({ after, limit });
  if (typeof page === "string") throw new Error(page);
  return page;
}

/** All that stands behind a place, page by page. */
export async function readAll(object: RemoteSchool, after: number | null = null, limit = 1_000): Promise<SentChange[]> {
  const changes: SentChange[] = [];
  for (let place = after; ; ) {
    const page = await pageOf(object, place, limit);
    // Written by the object as JSON of what it was given.
    changes.push(...page.changes.map((text) => JSON.parse(text) as SentChange));
    if (page.isEnd) return changes;
    place = page.next;
  }
}
