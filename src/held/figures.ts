import { and, asc, eq } from "drizzle-orm";
import pMap from "p-map";
import * as z from "zod";
import { liveRuns } from "../automations/document";
import type { Env } from "../base/env";
import { log } from "../base/reports/log";
import { userObject } from "../calls/reaching/stub";
import type { ReferenceKind } from "../catalogue/checking/references";
import { formatInstant } from "../catalogue/dates/time";
import { COURSE_SUSPENDED, COURSE_UNENROLLED } from "../catalogue/enrolment/change";
import { GROUP_LEFT } from "../catalogue/groups/change";
import { SEGMENT_LEFT } from "../catalogue/segments/change";
import { database } from "../db/client";
import type { HeldKind } from "../db/deleting/held";
import { logOf } from "../db/log";
import { segmentCounts, userMarks } from "../db/schema";
import type { Input } from "../engine/inputs/input";
import { step } from "../engine/step";
import type { World } from "../engine/types";
import { getAutoGroup } from "../segments/auto-groups";
import { namedWhileOff } from "../segments/in-use";
import { getRule } from "../segments/rules/rules";
import { getSync } from "../segments/syncs/syncs";
import { nowOf, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";

/*
 * What deleting a definition brings about, in figures of now: by counters where there are some, else by so many rows at
 * most, or asked of so many users.
 */

/** Where there is no counter, so many rows are counted at most. */
const MOST_COUNTED = 1_000;
/** So many members are asked what they would lose; of more it is projected. */
const MOST_ASKED = 200;
const AT_ONCE = 20;
const MOST_NAMED = 20;

const COUNTS = ["runs", "users", "enrolments", "groups", "rules"] as const;
type Count = (typeof COUNTS)[number];

const figure = (description: string) => z.int().meta({ description });

/** As `DELETE` answers them. */
export const figuresDocument = z
  .object({
    at: z.string().meta({ format: "date-time", description: "When it is deleted, by the school's clock." }),
    runs: figure("Live runs that end."),
    users: figure("Users who lose something, or whose runs end."),
    enrolments: figure("Courses that somebody is enrolled in by it alone."),
    groups: figure("Places in groups that somebody has by it alone."),
    rules: figure("Rules that go with it."),
    automations: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .meta({ description: "Automations that are off and name it, 20 at most: they stay, and name nothing then." }),
    estimated: z.boolean().meta({
      description: `True: counted over the first ${MOST_ASKED} members by id and projected.`,
    }),
    at_least: z
      .array(z.enum(COUNTS))
      .meta({ description: `Figures that ended at ${MOST_COUNTED}: there may be more.` }),
  })
  .meta({ component: "DeletionFigures" });
export type Figures = z.output<typeof figuresDocument>;

type Found = Omit<Figures, "at">;

const NOTHING: Found = {
  runs: 0,
  users: 0,
  enrolments: 0,
  groups: 0,
  rules: 0,
  automations: [],
  estimated: false,
  at_least: [],
};

/** @param at when it is deleted, by the school's clock, ms */
export async function figuresOf(env: Env, school: School, kind: HeldKind, id: string, at: number): Promise<Figures> {
  return { at: formatInstant(at), ...NOTHING, ...(await FIGURES[kind](env, school, id, at)) };
}

const RUNNING = `select count(distinct user) as users, count(*) as runs from
  (select user from live_runs where school = ?1 and automation = ?2 limit ${MOST_COUNTED + 1})`;
const RULES = "select count(*) as n from segment_rules where school = ?1 and segment = ?2";

const FIGURES: Readonly<
  Record<HeldKind, (env: Env, school: School, id: string, at: number) => Promise<Partial<Found>>>
> = {
  automation: async (env, school, id) => {
    const { total } = await liveRuns(env, school.id, id);
    const log = await logOf(env, school.id);
    const running = await log.prepare(RUNNING).bind(school.id, id).first<{ users: number; runs: number }>();
    const isCut = (running?.runs ?? 0) > MOST_COUNTED;
    return { runs: total, users: running?.users ?? 0, at_least: isCut ? ["users"] : [] };
  },
  segment: async (env, school, id, at) => ({
    users: (await membersOf(env, school.id, "segment", id)).total,
    rules: (await env.DB.prepare(RULES).bind(school.id, id).first<number>("n")) ?? 0,
    ...(await namedIn(env, school.id, "segment", id, at)),
  }),
  profile_field: (env, school, key, at) => namedIn(env, school.id, "field", key, at),
  segment_rule: async (env, school, id) => {
    const { segment } = await getRule(env, school.id, id);
    const world = await loadWorld(env, school);
    const found = world.segments.get(segment);
    if (!found?.managed) return {};
    const left = { ...found, rules: found.rules.filter((rule) => rule.id !== id) };
    return taken(env, school, ["segment", segment], {
      world: { ...world, segments: new Map([...world.segments, [segment, left]]) },
      input: { kind: "align", segment, fire: false },
    });
  },
  segment_sync: async (env, school, id) => {
    const { segment } = await getSync(env, school.id, id);
    const input: Input = { kind: "align", withdrawSync: id, fire: false };
    return taken(env, school, ["segment", segment], { world: await loadWorld(env, school), input });
  },
  auto_group: async (env, school, id) => {
    const { course, field } = await getAutoGroup(env, school.id, id);
    const input: Input = { kind: "align", withdrawAutoGroup: { id, course, field }, fire: false };
    return taken(env, school, ["course", course], { world: await loadWorld(env, school), input });
  },
};

const namedIn = async (env: Env, school: string, kind: ReferenceKind, id: string, at: number) => ({
  automations: (await namedWhileOff(env, school, kind, id, at)).slice(0, MOST_NAMED),
});

/** Who is in a segment or course by the directory: the first of them, and how many they are. */
async function membersOf(env: Env, school: string, kind: "segment" | "course", value: string) {
  const db = database(env.DB);
  const which = and(eq(userMarks.school, school), eq(userMarks.kind, kind), eq(userMarks.value, value));
  const first = (limit: number) =>
    db.select({ user: userMarks.user }).from(userMarks).where(which).orderBy(asc(userMarks.user)).limit(limit);
  const [rows, counts] = await Promise.all([
    first(kind === "segment" ? MOST_ASKED : MOST_COUNTED + 1),
    kind === "segment"
      ? db
          .select({ n: segmentCounts.n })
          .from(segmentCounts)
          .where(and(eq(segmentCounts.school, school), eq(segmentCounts.segment, value)))
      : [],
  ]);
  const total = Math.max(counts[0]?.n ?? 0, Math.min(rows.length, MOST_COUNTED));
  return { ids: rows.slice(0, MOST_ASKED).map(({ user }) => user), total, isCut: rows.length > MOST_COUNTED };
}

const TAKEN: Readonly<Record<string, Count>> = {
  [COURSE_UNENROLLED]: "enrolments",
  [COURSE_SUSPENDED]: "enrolments",
  [GROUP_LEFT]: "groups",
  [SEGMENT_LEFT]: "users",
};

/** What members lose when they are brought in line with a world in which it is gone: nothing of it is kept. */
async function taken(
  env: Env,
  school: School,
  [kind, value]: ["segment" | "course", string],
  { world, input }: { world: World; input: Input },
): Promise<Partial<Found>> {
  const { ids, total, isCut } = await membersOf(env, school.id, kind, value);
  const sums: Record<"users" | "enrolments" | "groups", number> = { users: 0, enrolments: 0, groups: 0 };
  await pMap(
    ids,
    async (user) => {
      const state = await stateOf(env, school, user);
      if (!state) return;
      const lost = step(state, input, world, nowOf(school)).effects.facts.flatMap(({ type }) => TAKEN[type] ?? []);
      if (lost.length) sums.users++;
      for (const what of lost) if (what === "enrolments" || what === "groups") sums[what]++;
    },
    { concurrency: AT_ONCE },
  );
  const share = ids.length ? total / ids.length : 1;
  const estimated = total > ids.length;
  const projected = (sum: number) => (estimated ? Math.round(sum * share) : sum);
  return {
    users: projected(sums.users),
    enrolments: projected(sums.enrolments),
    groups: projected(sums.groups),
    estimated,
    at_least: isCut ? ["users", "enrolments", "groups"] : [],
  };
}

/** One whose object fails is left out. */
async function stateOf(env: Env, school: School, id: string) {
  try {
    return await userObject(env, school, id).state();
  } catch (error) {
    log("error", "user.not_read", { school: school.id, error });
    return null;
  }
}
