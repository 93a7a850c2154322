import { afterAll, describe, expect, test, vi } from "vitest";
import { env, liveSchool } from "./live";
import { meterOfD1 } from "./metered";
import { fillSchool, listCases } from "./reading";

/* What lists read of a large school, by what D1 itself says it read. */

const FILL = { users: 20_000, runs: 40_000 };

const { school } = liveSchool();

/** What is old would keep the retention of other files' rows waiting. */
afterAll(() =>
  env.DB.batch(
    ["deliveries", "runs", "user_marks", "users"].map((table) =>
      env.DB.prepare(`delete from ${table} where school = ?`).bind(school.id),
    ),
  ),
);

describe("of a school with 20,000 users and 40,000 runs", () => {
  test("each list reads what it shows, or looks at so many", async () => {
    await fillSchool(school.id, FILL);
    // What an isolate keeps of a school it reads once.
    await school.ask("GET", "/v1/users?limit=1");
    const found: string[] = [];
    for (const { path, shows, most } of listCases(FILL)) {
      const metered = meterOfD1();
      const answer = await school.ask("GET", `/v1/${path}`);
      vi.restoreAllMocks();
      const count = answer.body.data?.length;
      if (!path.startsWith("users") && count !== shows) found.push(`${path}: ${count} of ${shows}`);
      if (metered.rowsRead > most) found.push(`${path}: ${metered.rowsRead} rows read`);
    }
    expect(found).toEqual([]);
  });
});
