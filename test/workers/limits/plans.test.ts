import { expect, test } from "vitest";
import { HAS_AWAY } from "../../../src/cron/forget";
import { DELETIONS, LOG_DELETIONS, LOOKS_IN_LOG, looks, RUNS_TO_REMEMBER } from "../../../src/cron/old";
import { MOVE_ON, WATCHED } from "../../../src/cron/watch";
import { KNOWN, KNOWN_IN_LOG } from "../../../src/journal/tables/known";
import { LOG_STATEMENTS } from "../../../src/journal/tables/tables";
import { COUNT, COURSES, notNamed } from "../../../src/lms/ours";
import { NAMED } from "../../../src/lms/staged";
import { HOLDERS } from "../../../src/users/import/roster";
import { LOOKS } from "../../../src/users/scan/page";
import { DUE_LOOKS } from "../../../src/users/scan/rows";
import { DUE, WAKING } from "../../../src/users/waking/due";
import { REPAIR } from "../../../src/users/waking/wake";
import { env } from "../live";

/* What runs all day finds its rows by an index as far as it can: never by their school alone, or by nothing. */

const STATEMENTS = {
  ...Object.fromEntries(LOG_STATEMENTS.map(({ sql }, n) => [`log ${n}`, sql])),
  ...Object.fromEntries([...DELETIONS, ...LOG_DELETIONS].map((sql, n) => [`retention ${n}`, sql])),
  RUNS_TO_REMEMBER,
  LOOKS: looks(HAS_AWAY),
  LOOKS_IN_LOG,
  KNOWN,
  KNOWN_IN_LOG,
  WATCHED,
  MOVE_ON,
  WAKING,
  DUE,
  DUE_LOOKS,
  ...LOOKS,
  REPAIR,
  HOLDERS,
  COURSES,
  COUNT,
  NOT_NAMED: notNamed({ sql: NAMED }),
};

/** Tables with a row for each user, run, delivery, entry or job of a school, and what stands for them in a query. */
const LONG =
  /^(SCAN|SEARCH) (users|activity|runs|live_runs|deliveries|user_marks|roster_records|jobs|job_chunks|audit|one)\b/;
const BY_SCHOOL_ALONE = /\(school=\?\)/;

test.each(Object.entries(STATEMENTS))("%s", async (_, sql) => {
  const names = new Set(sql.match(/\?\d+/g));
  const places = names.size || [...sql.matchAll(/\?/g)].length;
  const { results } = await env.DB.prepare(`explain query plan ${sql}`)
    .bind(...Array<string>(places).fill("[]"))
    .all<{ detail: string }>();
  const looked = results.map(({ detail }) => detail).filter((detail) => LONG.test(detail));
  const bad = looked
    .filter((detail) => detail.startsWith("SCAN one VIRTUAL") === false)
    .filter((detail) => detail.startsWith("SCAN") || BY_SCHOOL_ALONE.test(detail));
  expect(bad).toEqual([]);
});
