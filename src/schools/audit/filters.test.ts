import { afterEach, expect, test, vi } from "vitest";
import { bareSchool, env } from "../../../test/workers/live";
import { meterOfD1 } from "../../../test/workers/metered";
import { idFrom } from "../../base/ids";
import { pseudonymOf } from "../../users/past/pseudonym";
import { type AuditQuery, listAudit } from "./audit";

/* The log by all that may be asked of it, beside what going through all of it finds, and what is read for that. */

afterEach(() => vi.restoreAllMocks());

const COUNT = 3_000;
const PAGE = 20;
/** Entries that were made in the same ms have one time. */
const timeOf = (n: number): number => 1_000_000 + Math.floor(n / 2);
/** For what is read beside what is shown: kinds of a thing that come later or earlier, whether somebody was erased. */
const FREE = 12;

interface Entry {
  id: string;
  who: string;
  what: string;
  subject: string;
}

/** What is common lies before what is seldom, which are a few and come last. */
const entryOf = (n: number, pseudonym: string): Entry => {
  const isLate = n >= COUNT - 60;
  const pick = (texts: readonly string[], by: number): string => texts[Math.floor(n / by) % texts.length] ?? "";
  return {
    id: `${idFrom("aud_", timeOf(n))}${n % 2}`,
    who: isLate ? pick(["key:seldom", "admin:often", "key:usual"], 1) : pick(["key:usual", "admin:often"], 1),
    what: isLate
      ? pick(["automation.begun", "user.erased", "segment.held", "automation.changed"], 2)
      : pick(["automation.changed", "automation.created", "automations.x", "automation.held", "user.changed"], 3),
    subject: isLate ? pick(["aut_1", pseudonym, "aut_late", "anna"], 5) : pick(["aut_1", "aut_2", "anna"], 4),
  };
};

test("by any of its filters together a page reads three times what it shows, in either order", async () => {
  const school = { id: await bareSchool(), epoch: 1 };
  const pseudonym = await pseudonymOf(env, school, "anna");
  const entries = Array.from({ length: COUNT }, (_, n) => entryOf(n, pseudonym));
  await env.DB.prepare(
    `insert into audit (school, id, at, who, what, subject) select ?1, value ->> 'id', 0, value ->> 'who', value ->> 'what',
       value ->> 'subject' from json_each(?2)`,
  )
    .bind(school.id, JSON.stringify(entries))
    .run();
  const late = timeOf(COUNT - 70);
  const found: string[] = [];
  for (const who of [undefined, "key:usual", "key:seldom", "nobody"])
    for (const what of [
      ...[undefined, "automation.changed", "automation.begun", "user.erased"],
      ...["automation", "segment", "user", "nothing", "segment.nothing"],
    ])
      for (const subject of [undefined, "aut_1", "aut_2", "aut_late", "anna", "nobody"])
        for (const since of [undefined, timeOf(1_000), late])
          for (const order of ["asc", "desc"] as const) {
            const right = entries.filter(
              (entry) =>
                (who === undefined || entry.who === who) &&
                (what === undefined || entry.what === what || entry.what.startsWith(`${what}.`)) &&
                (subject === undefined ||
                  entry.subject === subject ||
                  (subject === "anna" && entry.subject === pseudonym)) &&
                (since === undefined || entry.id >= idFrom("aud_", since)),
            );
            const ids = (order === "asc" ? right : right.toReversed()).map(({ id }) => id);
            const query: AuditQuery = { limit: PAGE, who, what, subject, since, order };
            found.push(...(await misread(school, query, ids)));
          }
  expect(found).toEqual([]);
});

/** Where pages are not what they should be, or read more: the first few of a long list, and all of a short one. */
async function misread(
  school: { id: string; epoch: number },
  query: AuditQuery,
  right: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const meter = meterOfD1();
    const page = await listAudit(env, school, { ...query, cursor });
    vi.restoreAllMocks();
    if (meter.rowsRead > 3 * page.data.length + FREE)
      found.push(`${JSON.stringify(query)}: ${meter.rowsRead} rows for ${page.data.length} of ${right.length}`);
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
    if (cursor !== undefined && page.data.length < query.limit) found.push(`${JSON.stringify(query)}: a short page`);
  } while (cursor !== undefined && ids.length < 3 * PAGE);
  const some = cursor === undefined ? right : right.slice(0, ids.length);
  if (JSON.stringify(ids) !== JSON.stringify(some))
    found.push(`${JSON.stringify(query)}: ${ids.length} of ${some.length}`);
  return found;
}

test("of a thing that has very many kinds a page may be short, and none is left out", async () => {
  const school = { id: await bareSchool(), epoch: 1 };
  const kinds = Array.from({ length: 15 }, (_, n) => `thing.verb${n}`);
  const fill = (from: number, whats: readonly string[]) =>
    env.DB.prepare(
      `insert into audit (school, id, at, who, what, subject)
       select ?1, 'aud_' || (100 + key + ?3), 0, 'key:one', value, 's1' from json_each(?2)`,
    )
      .bind(school.id, JSON.stringify(whats), from)
      .run();
  await fill(0, [...kinds, ...kinds]);
  const count = async (query: Partial<AuditQuery>): Promise<number> => {
    const page = await listAudit(env, school, { limit: 100, ...query });
    expect(page.next_cursor).toBeNull();
    return page.data.length;
  };
  const queries = [{}, { subject: "s1" }, { who: "key:one" }, { who: "key:one", subject: "s1" }];
  // All values that a statement takes, and then more kinds than it has room for.
  const cursor = (await listAudit(env, school, { limit: 1, what: "thing" })).next_cursor ?? "";
  for (const query of queries)
    for (const order of ["asc", "desc"] as const)
      expect(await count({ ...query, what: "thing", since: 0, order, ...(order === "asc" ? { cursor } : {}) })).toBe(
        order === "asc" ? 29 : 30,
      );
  await fill(30, ["thing.one_more", "other.kind"]);
  for (const query of queries) expect(await count({ ...query, what: "thing", since: 0 })).toBe(31);
  expect(await count({ who: "key:one", subject: "s1" })).toBe(32);
});
