import { type Settings, storedSettings } from "./settings";

/*
 * How long a school keeps its log, as SQL reads it from the school's row.
 */

const DAY_MS = 24 * 3_600_000;
const DEFAULT_DAYS = storedSettings.parse({}).log_retention_days;

/** The settings that this asks for, and no others: as JSON. */
export const KEPT_SETTINGS = `json_object('log_retention_days', schools.settings->'log_retention_days',
  'evidence_retention_years', schools.settings->'evidence_retention_years')`;

export const KEPT_DAYS = `coalesce(schools.settings->>'log_retention_days', ${DEFAULT_DAYS})`;

/** Before when a school keeps nothing, by a clock. @param clock SQL, ms */
export const keptSince = (clock: string): string => `${clock} - ${KEPT_DAYS} * ${DAY_MS}`;

const DAYS_A_YEAR = 366;

/** The same of what evidence needs: as long as the log at least. In days. */
export const evidenceDays = ({
  log_retention_days: days,
  evidence_retention_years: years,
}: Pick<Settings, "log_retention_days" | "evidence_retention_years">): number =>
  Math.max(days, (years ?? 0) * DAYS_A_YEAR);

export const KEEPS_EVIDENCE = "coalesce(schools.settings->>'evidence_retention_years', 0) > 0";
export const EVIDENCE_DAYS = `max(${KEPT_DAYS}, coalesce(schools.settings->>'evidence_retention_years', 0) * ${DAYS_A_YEAR})`;
export const evidenceSince = (clock: string): string => `${clock} - ${EVIDENCE_DAYS} * ${DAY_MS}`;

/** The school's clock. @param realNow SQL, ms */
export const schoolClock = (realNow: string): string => `coalesce(schools.now, ${realNow})`;
