import type { Env } from "../../base/env";
import { invalid, notFound, Problem } from "../../base/errors/errors";
import { pages } from "../../base/pages";
import { addDuration } from "../../catalogue/dates/time";
import { settleJobs } from "../../jobs/pages/settle";
import { forgetAhead, noteAhead } from "../../users/waking/ahead";
import { dueUsers } from "../../users/waking/due";
import { wakeUsers } from "../../users/waking/wake";
import { forgetSchool, loadSchool, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { type HeldClock, holdingClock } from "./lease";

/** What one request does: steps of runs, and users woken, each a call. Beside that some queries a page. */
const MAX_STEPS = 100_000;
const MAX_USERS = 500;
const PAGE = 100;
const MAX_AHEAD = "P2Y";
/** At so many moments the clock stops in one request for what happens to the school itself. */
const MAX_MOMENTS = 10;

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

export interface Moved {
  /** Where the clock stands: everything due up to then has happened for every user. */
  now: number;
  /** Where it was to go, when there is more to be done on the way. */
  left: { to: number } | null;
}

/**
 * What happens to the school itself at a moment that its clock has come to (`School.deletesAt`), a part of it.
 * @returns whether more of it is left
 */
export type AtMoment = (env: Env, school: School) => Promise<boolean>;

/**
 * Moves a test school's clock; everything due up to then has happened when it answers, in order of time for each user.
 * Where that is more than a request may do the clock stands still, or has come part of the way; called again it goes on.
 */
export async function moveClock(
  env: Env,
  school: School,
  asked: { advance: string } | { to: number },
  atMoment: AtMoment,
): Promise<Moved> {
  // What cannot be is said at once; where the clock goes is reckoned once it is in hand, and stands still.
  targetOf(school, asked);
  const moved = await holdingClock(env, school.id, async (clock) => {
    const standing = await readAnew(env, school.id);
    return move(env, standing, targetOf(standing, asked), clock, atMoment);
  });
  forgetSchool(school.id);
  await loadSchool(env, school.id);
  return moved;
}

async function move(env: Env, school: School, target: number, clock: HeldClock, atMoment: AtMoment): Promise<Moved> {
  const room: Room = { users: MAX_USERS, steps: MAX_STEPS };
  const left = { to: target };
  let standing = school;
  for (let moments = 0; ; moments++) {
    const { deletesAt } = standing;
    const from = standing.now ?? target;
    // The clock stops where something happens to the school itself: users come there first.
    const isMoment = deletesAt !== null && deletesAt <= target;
    const until = isMoment ? Math.max(from, deletesAt) : target;
    const isSettled = await settleJobs(env, standing);
    await clock.renew();
    if (!isSettled) return { now: from, left };
    const { reached, isDone, ahead } = await wakeDue(env, standing, { from, until }, clock, room);
    if (!isDone) await noteAhead(env, standing, ahead, until);
    await clock.set(reached);
    // Not before: where no time is to pass, those who have been taken stand at the very moment from which the rest go on.
    if (!isDone) return { now: reached, left };
    await forgetAhead(env, school.id, reached);
    if (!isMoment) return { now: reached, left: null };
    const isMore = await atMoment(env, await readAnew(env, school.id));
    await clock.renew();
    if (isMore || moments === MAX_MOMENTS) return { now: reached, left };
    standing = await readAnew(env, school.id);
  }
}

async function readAnew(env: Env, id: string): Promise<School> {
  forgetSchool(id);
  const school = await loadSchool(env, id);
  if (!school) throw notFound("school");
  return school;
}

/** What is left of what one request does. */
interface Room {
  users: number;
  steps: number;
}

interface Progress {
  /** Where everybody is. */
  reached: number;
  /** Whether nothing is left to do on the way. */
  isDone: boolean;
  /** Who has been taken all the way. */
  ahead: string[];
}

/** Wakes those who have something to do, as many as a request may. */
async function wakeDue(
  env: Env,
  school: School,
  between: { from: number; until: number },
  clock: HeldClock,
  room: Room,
): Promise<Progress> {
  const world = await loadWorld(env, school);
  const ahead: string[] = [];
  const failed: string[] = [];
  let tried = 0;
  let reached = between.until;
  let isDone = true;
  const wake = async (users: readonly string[]): Promise<string[]> => {
    const results = await wakeUsers(env, school, users, between.until, Math.max(1, room.steps));
    for (const { user, steps: taken, finished, now } of results) {
      room.steps -= taken;
      if (finished) ahead.push(user);
      else {
        isDone = false;
        // Of what is due at that very moment some may be left.
        reached = Math.max(between.from, Math.min(reached, now - 1));
      }
    }
    tried += users.length;
    room.users -= users.length;
    await clock.renew();
    const answered = new Set(results.map(({ user }) => user));
    return users.filter((user) => !answered.has(user));
  };
  for await (const users of pages(PAGE, (after) => dueUsers(env, world, between, after, PAGE))) {
    if (room.users <= 0 || room.steps <= 0) {
      reached = between.from;
      isDone = false;
      break;
    }
    failed.push(...(await wake(users)));
  }
  // Who fails is asked once more, as most objects that fail do not fail twice, and then passed over; but not everybody:
  // the clock would leave them all behind.
  const again = failed.slice(0, PAGE);
  const left = failed.length - again.length + (again.length ? (await wake(again)).length : 0);
  if (left && left === tried - again.length)
    throw new Problem("unavailable", "No user answered. Move the clock again.", undefined, 1);
  return { reached, isDone, ahead };
}
