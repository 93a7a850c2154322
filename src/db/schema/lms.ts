import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { flag, school, time } from "./columns";

// What was last found when a school was compared with its LMS.

const count = (name: string) => integer(name).notNull();

/** A course as it was last compared: how many, and of nobody who. */
export const lmsDrift = sqliteTable(
  "lms_drift",
  {
    school: school(),
    course: text("course").notNull(),
    /** Real time, ms. */
    comparedAt: time("compared_at").notNull(),
    /** How many are enrolled and not suspended. */
    here: count("here"),
    there: count("there"),
    missingHere: count("missing_here"),
    missingThere: count("missing_there"),
    differing: count("differing"),
    unknown: count("unknown"),
    /** Of these a change has yet to reach the LMS. */
    onItsWay: count("on_its_way"),
    differs: flag("differs"),
    /** Why it could not be compared, or is not to be mended. */
    problem: text("problem"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.course] }),
    index("lms_drift_differing").on(t.school, t.course).where(sql`${t.differs} = 1`),
  ],
);
