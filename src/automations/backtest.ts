import { and, desc, eq } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../base/env";
import { subtractDays } from "../catalogue/time";
import { database } from "../db/client";
import { activity, users } from "../db/schema";
import { backtesting, type Firing } from "../engine/backtest";
import { compile } from "../engine/compile";
import type { Program } from "../engine/types";
import { retell } from "../users/past";
import { nowOf, type School } from "../world/snapshot";
import { readDefinition } from "../world/upgrades";
import { automationRow } from "./document";

export interface Backtest {
  count: number;
  users: { user: string; count: number; firings: Firing[] }[];
  /** What to bear in mind when reading it. */
  note: string | null;
}

const AT_ONCE = 20;
/** The platform allows a request some 1,000 calls of others. */
const MAX_USERS = 900;
/** How many firings of one user are told of, and how much of all of them: a fact may hold 64 KiB. */
const MAX_TOLD = 5;
const MAX_TOLD_CHARACTERS = 4_000_000;

/** How often, and for whom, an automation would have started over the facts recorded in the last days. */
export async function backtest(env: Env, school: School, automation: string, days: number): Promise<Backtest> {
  const row = await automationRow(env, school.id, automation);
  const program = compile(readDefinition(row.definition), row.version);
  const since = subtractDays(nowOf(school), days, school.settings.timezone);
  const ids = await seenLast(env, school.id);
  let room = MAX_TOLD_CHARACTERS;
  let cut = 0;
  const asked = await pMap(
    ids,
    async (user) => {
      const { firings, isCut } = await firingsFor(env, school, user, program, since);
      if (isCut) cut++;
      const told = firings.slice(-MAX_TOLD).filter((firing) => {
        room -= JSON.stringify(firing).length;
        return room >= 0;
      });
      return { user, count: firings.length, firings: told };
    },
    { concurrency: AT_ONCE },
  );
  const found: Backtest["users"] = asked.filter(({ count }) => count > 0);
  const total = ids.length < MAX_USERS ? ids.length : await database(env.DB).$count(users, eq(users.school, school.id));
  return {
    count: found.reduce((sum, one) => sum + one.count, 0),
    users: found.sort((a, b) => b.count - a.count),
    note: noteOn(program, school, { days, asked: ids.length, total, isTold: room >= 0, cut }),
  };
}

/** The users seen last, of whom most is to be expected, when there are more than can be asked. */
async function seenLast(env: Env, school: string): Promise<string[]> {
  const rows = await database(env.DB)
    .select({ id: activity.user })
    .from(activity)
    .where(and(eq(activity.school, school), eq(activity.scope, "school")))
    .orderBy(desc(activity.at), desc(activity.user))
    .limit(MAX_USERS);
  if (rows.length === MAX_USERS) return rows.map((row) => row.id);
  // Who never came: the newest first, as far as there is room.
  const others = await database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(eq(users.school, school))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(MAX_USERS);
  return [...new Set([...rows, ...others].map((row) => row.id))].slice(0, MAX_USERS);
}

/** The user's past is told again, with the automation looking on. */
async function firingsFor(env: Env, school: School, user: string, program: Program, since: number) {
  const { firings, hear } = backtesting(program, since);
  const from = await retell(env, school, user, (world) => ({ ...world, heed: hear }));
  return { firings, isCut: from !== null && from > since };
}

const FOR_LISTENERS = /^(inactivity|trial\.ending)/;

function noteOn(
  program: Program,
  school: School,
  { days, asked, total, isTold, cut }: { days: number; asked: number; total: number; isTold: boolean; cut: number },
): string | null {
  const kept = school.settings.log_retention_days;
  const notes = [
    ...(asked < total ? [`Of ${total} users only the ${asked} seen last were asked.`] : []),
    ...(cut ? [`Of ${cut} users the record begins later.`] : []),
    ...(isTold ? [] : ["The facts are too long to tell of all: some are left out, and counted."]),
    ...(kept < days ? [`Facts are kept for ${kept} days.`] : []),
    ...(program.when.some((trigger) => FOR_LISTENERS.test(trigger.type))
      ? ["Inactivity and the end of trials are recorded only where an automation listens to them."]
      : []),
    ...(program.reentry === "one_at_a_time" ? ["Each run is taken to have ended at once."] : []),
  ];
  return notes.length ? notes.join(" ") : null;
}
