import { and, asc, eq, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { database } from "../../db/client";
import { userMarks } from "../../db/schema";

/** Rows a query, and how many are told of: as many as a job tells of at most. */
const ROWS = 5_000;
const MAX_FOUND = 1_000;

/** What a whole set says of enrolments. */
interface Enrolled {
  /** Whether a course is one of the set's classes: of others it says nothing. */
  hasCourse(course: string): boolean;
  has(course: string, user: string): boolean;
}

/** The first 1,000 enrolments in the classes of a whole set that the directory knows and the set does not. */
export async function missingEnrolments(env: Env, school: string, enrolled: Enrolled) {
  const found: { course: string; user: string }[] = [];
  let after = { course: "", user: "" };
  for (;;) {
    const rows = await database(env.DB)
      .select({ course: userMarks.value, user: userMarks.user })
      .from(userMarks)
      .where(
        and(
          eq(userMarks.school, school),
          eq(userMarks.kind, "course"),
          sql`(${userMarks.value}, ${userMarks.user}) > (${after.course}, ${after.user})`,
        ),
      )
      .orderBy(asc(userMarks.value), asc(userMarks.user))
      .limit(ROWS);
    found.push(...rows.filter(({ course, user }) => enrolled.hasCourse(course) && !enrolled.has(course, user)));
    const last = rows.at(-1);
    if (rows.length < ROWS || found.length >= MAX_FOUND || !last) return found.slice(0, MAX_FOUND);
    after = last;
  }
}
