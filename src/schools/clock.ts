import type { Env } from "../base/env";
import { invalid, notFound, Problem } from "../base/errors";
import { pages } from "../base/pages";
import { addDuration } from "../catalogue/time";
import { settleJobs } from "../jobs/settle";
import { crossingUsers, thresholdsOf, wakingUsers } from "../users/due";
import { type Woken, wakeUsers } from "../users/wake";
import { forgetSchool, loadSchool, type School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { type HeldClock, holdingClock } from "./clock-lease";

const MAX_STEPS = 100_000;
const PAGE = 200;
const MAX_AHEAD = "P2Y";

/** Where the clock is asked to go, ms; 409 for a live school, 422 for what cannot be. */
function targetOf(school: School, asked: { advance: string } | { to: number }): number {
  if (school.now === null) throw new Problem("conflict", "A live school's clock is not moved.");
  const zone = school.settings.timezone;
  const path = "advance" in asked ? "/advance" : "/to";
  const target = "advance" in asked ? addDuration(school.now, asked.advance, zone) : asked.to;
  if (target < school.now) throw invalid([{ path, message: "the clock never goes back" }]);
  if (target > addDuration(school.now, MAX_AHEAD, zone)) throw invalid([{ path, message: "two years ahead at most" }]);
  return target;
}

/**
 * Moves a test school's clock; everything due up to then has happened when it answers, in order of time for each user.
 * @returns the time reached, ms, and whether there is more to be done on the way
 */
export async function moveClock(
  env: Env,
  school: School,
  asked: { advance: string } | { to: number },
): Promise<{ now: number; more: boolean }> {
  // What cannot be is said at once; where the clock goes is reckoned once it is in hand, and stands still.
  targetOf(school, asked);
  const moved = await holdingClock(env, school.id, async (clock) => {
    forgetSchool(school.id);
    const standing = await loadSchool(env, school.id);
    if (!standing) throw notFound("school");
    return move(env, standing, asked, clock);
  });
  forgetSchool(school.id);
  await loadSchool(env, school.id);
  return moved;
}

async function move(
  env: Env,
  school: School,
  asked: { advance: string } | { to: number },
  clock: HeldClock,
): Promise<{ now: number; more: boolean }> {
  const target = targetOf(school, asked);
  const from = school.now ?? target;
  await settleJobs(env, school);
  await clock.renew();
  const world = await loadWorld(env, school);
  let steps = 0;
  let reached = target;
  let more = false;
  const stopAt = (now: number): void => {
    reached = Math.min(reached, now);
    more = true;
  };
  const wake = async (users: string[]): Promise<void> => {
    const woken: Woken[] = await wakeUsers(env, school, users, target, Math.max(1, MAX_STEPS - steps));
    for (const { steps: taken, finished, now } of woken) {
      steps += taken;
      if (!finished) stopAt(now);
    }
  };
  const each = async (read: (after: string) => Promise<string[]>): Promise<void> => {
    for await (const users of pages(PAGE, read)) {
      if (steps >= MAX_STEPS) return stopAt(from);
      await wake(users);
      await clock.renew();
    }
  };
  if (target > from) {
    for (const threshold of thresholdsOf(world)) {
      await each((after) => crossingUsers(env, world, threshold, { from, until: target }, after, PAGE));
    }
  }
  await each((after) => wakingUsers(env, school.id, target, after, PAGE));
  await clock.set(reached);
  return { now: reached, more };
}
