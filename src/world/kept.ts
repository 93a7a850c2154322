import { storedSettings } from "./settings";

/*
 * How long a school keeps its log, as SQL reads it from the school's row.
 */

const DAY_MS = 24 * 3_600_000;
const DEFAULT_DAYS = storedSettings.parse({}).log_retention_days;

export const KEPT_DAYS = `coalesce(schools.settings->>'log_retention_days', ${DEFAULT_DAYS})`;

/** Before when a school keeps nothing, by a clock. @param clock SQL, ms */
export const keptSince = (clock: string): string => `${clock} - ${KEPT_DAYS} * ${DAY_MS}`;

/** The school's clock. @param realNow SQL, ms */
export const schoolClock = (realNow: string): string => `coalesce(schools.now, ${realNow})`;
