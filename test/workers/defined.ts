import { env } from "./live";

/* For tests: a school that has defined much. */

/** A parameter of D1 has 2 MB at most. */
const A_PARAMETER = 2_500;
export const idOf = (n: number): string => `aut_${String(n).padStart(5, "0")}`;

/**
 * Puts so many automations into a school, each for a course of its own, and 500 segments with a rule each, and tags.
 * Of some 10,000 a school has as much as it may.
 */
export async function define(school: string, automations: number): Promise<void> {
  const definition = (n: number) => ({
    v: 1,
    when: [{ type: "course.enrolled", courses: [`course-${n}`] }],
    then: [{ id: "s1", type: "tags.add", tags: [`Tag ${n}`] }],
    ...{ synchronous: true, only_if: null, exit_when: [], exit_if: null },
    ...{ reentry: "always", reentry_per: "user", cooldown: null },
  });
  const rows = Array.from({ length: automations }, (_, n) => [idOf(n), JSON.stringify(definition(n))]);
  const pages = Array.from({ length: Math.ceil(rows.length / A_PARAMETER) }, (_, page) =>
    JSON.stringify(rows.slice(page * A_PARAMETER, (page + 1) * A_PARAMETER)),
  );
  const numbers = JSON.stringify(Array.from({ length: 500 }, (_, n) => n));
  const statements: [sql: string, value?: string][] = [
    ["update schools set stamp = stamp + 1 where id = ?1"],
    ...pages.flatMap((page): [string, string][] => [
      [
        `insert into automations (school, id, name, description, active, definition, version, revision, active_since, created_at, updated_at)
         select ?1, value->>0, 'A', '', 1, value->>1, 1, 1, 0, 0, 0 from json_each(?2)`,
        page,
      ],
      [
        `insert into automation_versions (school, automation, version, definition, created_at)
         select ?1, value->>0, 1, value->>1, 0 from json_each(?2)`,
        page,
      ],
    ]),
    [
      "insert into segments (school, id, name, managed, created_at) select ?1, 's' || value, 'S', 1, 0 from json_each(?2)",
      numbers,
    ],
    [
      `insert into segment_rules (school, id, segment, "match", clauses, created_at)
       select ?1, 'r' || value, 's' || value, 'all', '[{"field":"source","op":"is","value":"x"}]', 0 from json_each(?2)`,
      numbers,
    ],
    [
      `insert into vocabulary (school, kind, key, value)
       select ?1, 'tag', 'tag ' || value, 'TAG ' || value from json_each(?2)`,
      numbers,
    ],
  ];
  await env.DB.batch(
    statements.map(([sql, value]) => env.DB.prepare(sql).bind(...(value ? [school, value] : [school]))),
  );
}
