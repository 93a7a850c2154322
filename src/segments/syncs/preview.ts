import { asc, eq } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { userObject } from "../../calls/reaching/stub";
import { COURSE_ENROLLED, COURSE_UNENROLLED } from "../../catalogue/enrolment/change";
import { GROUP_JOINED, GROUP_LEFT } from "../../catalogue/groups/change";
import { database } from "../../db/client";
import { requireStanding } from "../../db/deleting/held";
import { users } from "../../db/schema";
import { step } from "../../engine/step";
import type { UserState, World } from "../../engine/types";
import { nowOf, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { circlesBySync, type Warned } from "./circles";
import { changedSync, getSync, type Sync, type SyncChange } from "./syncs";

/*
 * Whom a change of a sync would move: asked of the users themselves, through the engine, and nothing is kept of it.
 */

const AT_ONCE = 20;
const MAX_LOOKED_AT = 1_000;

const NOTHING = {
  would_enrol: 0,
  would_unenrol: 0,
  would_change_role: 0,
  would_join_group: 0,
  would_leave_group: 0,
};
type Figures = typeof NOTHING;
export interface SyncPreview extends Figures {
  /** True: there are more users than were looked at, and the figures are projected from those. */
  estimated: boolean;
}

const COUNTED: Readonly<Record<string, keyof Figures>> = {
  [COURSE_ENROLLED]: "would_enrol",
  [COURSE_UNENROLLED]: "would_unenrol",
  [GROUP_JOINED]: "would_join_group",
  [GROUP_LEFT]: "would_leave_group",
};

const roleIn = (state: UserState, { course }: Sync): string | undefined =>
  state.learner.enrolments.find((one) => one.type === "course" && one.product === course)?.role;

/** What a change would bring about for one user. */
function figuresFor(state: UserState, sync: Sync, world: World, now: number): Figures {
  const figures = { ...NOTHING };
  const before = roleIn(state, sync);
  const { effects } = step(state, { kind: "align", fire: false, sync: sync.id }, world, now);
  for (const { type, by } of effects.facts) {
    const counted = by?.by === "sync" && by.id === sync.id ? COUNTED[type] : undefined;
    if (counted) figures[counted]++;
  }
  const after = roleIn(state, sync);
  if (before !== undefined && after !== undefined && before !== after) figures.would_change_role++;
  return figures;
}

/** Whom a change of a sync would move, looking at the first 1,000 users by id. */
export async function previewSync(
  env: Env,
  school: School,
  id: string,
  change: SyncChange,
): Promise<SyncPreview & Warned> {
  const before = await getSync(env, school.id, id);
  requireStanding("segment_sync", id, before);
  const after = changedSync(before, change);
  const world = await loadWorld(env, school);
  const changed: World = { ...world, syncs: [...world.syncs.filter((one) => one.id !== id), after] };
  const rows = await database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(eq(users.school, school.id))
    .orderBy(asc(users.id))
    .limit(MAX_LOOKED_AT + 1);
  const looked = rows.slice(0, MAX_LOOKED_AT);
  const total = rows.length > looked.length ? await database(env.DB).$count(users, eq(users.school, school.id)) : 0;
  const figures = { ...NOTHING };
  await pMap(
    looked,
    async (user) => {
      const state = await stateOf(env, school, user.id);
      const own = state ? figuresFor(state, after, changed, nowOf(school)) : NOTHING;
      for (const name of namesOf(figures)) figures[name] += own[name];
    },
    { concurrency: AT_ONCE },
  );
  if (total > 0)
    for (const name of namesOf(figures)) figures[name] = Math.round((figures[name] * total) / looked.length);
  return { ...figures, estimated: total > 0, ...(await circlesBySync(env, school.id, after)) };
}

// The keys of a record written out above.
const namesOf = (figures: Figures) => Object.keys(figures) as (keyof Figures)[];

/** One whose object fails is left out. */
async function stateOf(env: Env, school: School, id: string): Promise<UserState | null> {
  try {
    return await userObject(env, school, id).state();
  } catch (error) {
    log("error", "user.not_read", { school: school.id, error });
    return null;
  }
}
