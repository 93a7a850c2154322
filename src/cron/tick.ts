import { fillNamed, fillSought } from "../automations/finding/sought-fill";
import type { Env } from "../base/env";
import { log } from "../base/reports/log";
import { endDueSchools } from "../held/end";
import { resumeJobs } from "../jobs/pages/resume";
import { writeCounted } from "../journal/tables/usage";
import { sendHealthRound } from "../schools/health/mail";
import { clearSchools } from "../schools/life/clear";
import { takeUpPlatformJobs } from "../schools/platform/jobs";
import { scanSchools } from "../users/scan/page";
import { sendRetention } from "./rounds";
import { watch } from "./watch";

/** In which minute of the hour that is done for which an hour is soon enough. */
const HOURLY_AT = 7;

const EACH_MINUTE = { scanSchools, watch, resumeJobs, clearSchools, endDueSchools, takeUpPlatformJobs, writeCounted };
const EACH_HOUR = { sendRetention, fillSought, fillNamed };
/** In which hour that is done for which a day is soon enough: before most of those it is for begin theirs. */
const DAILY_AT = 5;
const EACH_DAY = { sendHealthRound };

/**
 * The minute's round: it finds what is due, and mostly hands it on. Late, doubled or missed rounds do no harm: each takes
 * up where the last one stopped. No task waits for another, nor stops it.
 */
export async function tick(env: Env): Promise<void> {
  const now = new Date();
  const isHourly = now.getUTCMinutes() === HOURLY_AT;
  const isDaily = isHourly && now.getUTCHours() === DAILY_AT;
  const tasks = Object.entries({ ...EACH_MINUTE, ...(isHourly ? EACH_HOUR : {}), ...(isDaily ? EACH_DAY : {}) });
  await Promise.all(
    tasks.map(async ([what, task]) => {
      try {
        await task(env);
      } catch (error) {
        log("error", `cron.${what}`, { error });
      }
    }),
  );
}
