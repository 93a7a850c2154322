import type { Env } from "../base/env";
import type { Fault } from "../base/errors/errors";
import { nowOf, type School } from "../world/snapshot";
import { dropping } from "./drop";
import { mapMoodle } from "./moodle";
import { doDeed } from "./moodle-deeds";
import { objectIn, textIn } from "./read";
import { type Came, type Format, takeMessages } from "./take";

/** How it is told what of an event of Moodle's was not used. */
export const moodleFormat: Format = {
  name: "moodle",
  places: [
    ["/user/id", "/relateduserid"],
    ["/user", ""],
    ["/data", ""],
    ["/data/course", "/courseid"],
    ["/data/activity", "/contextinstanceid"],
    ["/data/assessment", "/contextinstanceid"],
    ["/data/group", "/objectid"],
    ["/data/certificate", "/objectid"],
    ["/data/expires_at", "/other/expiredate"],
    ["/occurred_at", "/timecreated"],
  ],
  called: (message) => textIn(objectIn(message).eventname) ?? "no eventname",
};

/** Takes an event of Moodle's. @param faults of its text: what no text can hold is left out */
export async function takeMoodle(
  env: Env,
  school: School,
  body: unknown,
  faults: readonly Fault[],
  trace: string | null,
): Promise<void> {
  const message = dropping(body, faults);
  const told = await mapMoodle(message, nowOf(school));
  if ("deed" in told) return doDeed(env, school, told.deed, trace);
  const [taken] = await takeMessages(env, school, moodleFormat, [{ mapped: told, message, unread: faults }], trace);
  for (const result of taken?.results ?? [])
    if ("problem" in result && result.problem.kind === "unavailable") throw result.problem;
}

/** A kept event once more; null where it was no event of ours, and has been done. */
export async function moodleAgain(env: Env, school: School, message: unknown): Promise<Came | null> {
  const told = await mapMoodle(message, nowOf(school));
  if (!("deed" in told)) return { mapped: told, message };
  await doDeed(env, school, told.deed, null);
  return null;
}
