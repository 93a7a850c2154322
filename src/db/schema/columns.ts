import { integer, text } from "drizzle-orm/sqlite-core";
import { COURSE_DATES } from "../../catalogue/dates/date-sources";

/*
 * Times are milliseconds since 1970. `school` comes first in every key: no query reads across schools.
 * JSON columns are written by us only and parsed by zod where they are read (see base/json.ts).
 * Tables are WITHOUT ROWID in the migrations: a row costs one write, and lies in the order it is read in.
 */

export const school = () => text("school").notNull();
export const time = (name: string) => integer(name, { mode: "number" });
export const json = (name: string) => text(name).notNull();
export const flag = (name: string) => integer(name, { mode: "boolean" }).notNull();

/** Whether a definition may go by a date of a course: as the index has it, and who asks for that says it. */
export const GOES_BY_COURSE_DATES = `(${Object.keys(COURSE_DATES)
  .map((name) => `instr(definition, '"${name}"') > 0`)
  .join(" or ")})`;

/** Whether a counter is of an automation's runs that may go on, and there are some: as the index of those has it. */
export const COUNTS_LIVE = "step = '' and status in ('queued', 'running', 'waiting') and n > 0";
