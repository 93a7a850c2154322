import { eq, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { invalid, notFound, Problem } from "../../base/errors/errors";
import { type Jurisdiction, jurisdictionOf } from "../../base/jurisdiction";
import { channelNames, channelOf } from "../../catalogue/channels";
import { recordAudit } from "../../db/audit";
import { breaksConstraint, database } from "../../db/client";
import { origins, schools } from "../../db/schema";
import { resumeSchoolUsers } from "../../users/waking/of-school";
import { changedConnectors } from "../../world/connectors";
import { forgettingProblem, type ProblemCode, QUOTA_NEAR, wayProblems } from "../../world/problems";
import { faultsOfQuota, type Quota } from "../../world/quota";
import { changedSettings, type SettingsChange } from "../../world/settings";
import { forgetSchool, loadSchool, type School } from "../../world/snapshot";
import { nameKey } from "../name-key";
import { faultsOfOwners } from "../owners";
import { letGo } from "./pause";

export interface SchoolChange {
  name?: string | undefined;
  suspended?: boolean | undefined;
  /** Letting go: what was held goes on. */
  paused?: boolean | undefined;
  /** With `paused: false`: what was held exits. */
  held?: "exit" | undefined;
  /** Merged: what is left out stays, null goes back to the default. */
  settings?: SettingsChange | undefined;
  /** Only what it is. */
  jurisdiction?: Jurisdiction | undefined;
  quota?: Quota | undefined;
}

const ATTEMPTS = 5;
const PLATFORM = "platform";

/** Changes a school, seen at once here and within 5 s everywhere; 404 when there is none. */
export async function changeSchool(env: Env, id: string, change: SchoolChange, who: string): Promise<School> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    forgetSchool(id);
    const before = await loadSchool(env, id);
    if (!before) throw notFound("school");
    const moves = change.jurisdiction !== undefined && change.jurisdiction !== jurisdictionOf(before.epoch);
    const faults = [
      ...faultsOfQuota(env, change.quota),
      // The platform can let others in again.
      ...(who === PLATFORM ? [] : faultsOfOwners(before, change.settings?.collaborators)),
      ...(moves ? [{ path: "/jurisdiction", message: "fixed when a school is made: make another school" }] : []),
    ];
    if (faults.length) throw invalid(faults);
    if (!(await tryToChange(env, before, change, who))) continue;
    forgetSchool(id);
    const after = await loadSchool(env, id);
    if (!after) throw notFound("school");
    if (before.suspended && !after.suspended) await resumeSchoolUsers(env, id);
    if (before.paused && !after.paused) await letGo(env, after);
    return after;
  }
  throw new Problem("unavailable", "The school is being changed by others. Try again.", undefined, 1);
}

/** False when the school was changed by another meanwhile; nothing is changed then. */
async function tryToChange(env: Env, before: School, change: SchoolChange, who: string): Promise<boolean> {
  const db = database(env.DB);
  const { id, edition } = before;
  const name = change.name ?? before.name;
  const suspended = change.suspended ?? before.suspended;
  const paused = change.paused ?? before.paused;
  const quota = change.quota === undefined ? before.quota : change.quota;
  const ends = before.paused && !paused && change.held === "exit";
  const connectors = await changedConnectors(
    env,
    id,
    { open: before.settings.connectors, sealed: edition.connectorSecrets },
    connectorsChange(before, change),
  );
  const settings = changedSettings(before.settings, change.settings ?? {}, connectors.open);
  const [was, is] = differences(
    {
      name: before.name,
      suspended: before.suspended,
      paused: before.paused,
      requests_per_minute: before.quota,
      ...before.settings,
    },
    { name, suspended, paused, requests_per_minute: quota, ...(ends ? { held: "exit" } : {}), ...settings },
  );
  try {
    await db.batch([
      db
        .update(schools)
        .set({
          // Another's change has moved the stamp: the column refuses null, and the batch fails as a whole.
          name: sql`case when ${schools.stamp} = ${before.stamp} then ${name} end`,
          suspended,
          paused,
          quota,
          ...(ends ? { pauseExitStamp: before.stamp + 1 } : {}),
          settings: JSON.stringify(settings),
          connectorSecrets: connectors.sealed,
          stamp: before.stamp + 1,
        })
        .where(eq(schools.id, id)),
      // Behind the trigger's, which knows the capitals of ASCII alone.
      ...(name === before.name
        ? []
        : [
            db
              .update(schools)
              .set({ nameKey: nameKey(name) })
              .where(eq(schools.id, id)),
          ]),
      db.delete(origins).where(eq(origins.school, id)),
      ...settings.allowed_origins.map((origin) => db.insert(origins).values({ origin, school: id })),
      // Whatever was wrong with the connection before, this is another.
      ...Object.keys(connectorsChange(before, change))
        .flatMap(problemsOfWay)
        .map((code) => forgettingProblem(db, id, code)),
      ...(quota === before.quota
        ? []
        : [forgettingProblem(db, id, "quota_used_up"), forgettingProblem(db, id, QUOTA_NEAR)]),
      recordAudit(db, { school: id, who, what: "school.changed", subject: id, before: was, after: is }),
    ]);
    return true;
  } catch (error) {
    if (breaksConstraint(error, "schools.name")) return false;
    throw error;
  }
}

/** What may be wrong with a way that a school sets up. */
function problemsOfWay(way: string): ProblemCode[] {
  const channel = channelNames.find((name) => name === way);
  if (!channel) return [];
  return channelOf(channel).staysOwn ? ["lms_broken"] : wayProblems(channel);
}

/** By channel, what is to change; `connectors: null` takes all away. */
const connectorsChange = (before: School, { settings }: SchoolChange): Readonly<Record<string, unknown>> =>
  settings?.connectors === null
    ? Object.fromEntries(Object.keys(before.settings.connectors).map((channel) => [channel, null]))
    : (settings?.connectors ?? {});

/** The entries of two records that are not equal. */
function differences(before: Record<string, unknown>, after: Record<string, unknown>) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const part = (record: Record<string, unknown>) => Object.fromEntries(changed.map((name) => [name, record[name]]));
  return [part(before), part(after)] as const;
}
