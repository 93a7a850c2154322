import { momentOf } from "../../src/base/record";
import type { LastTold, Packed } from "../../src/calls/shape";
import type { UserState } from "../../src/engine/types";

/*
 * A learner may be in thousands of things, of which most events change none. What is held is compared with what the
 * directory was told once: items of what is known of a learner are never changed themselves, so the same items are as
 * they were found.
 */

type Items = readonly unknown[];

/** All that marks and activity are made of, but for the last visits of school and app, which nearly every event moves. */
const itemsOf = ({ learner, ahead = [] }: UserState): Items[] => {
  const { courses, appCourses } = learner.lastSeen;
  return [
    learner.tags,
    learner.segments,
    learner.enrolments,
    learner.groups,
    ahead.map(({ id }) => id),
    [courses, appCourses, learner.trials].map(momentOf),
  ];
};

/** What the directory is told of, of what was found, and what it was told. */
type Telling = Pick<Packed, "told"> & { state: UserState; watched: Items | undefined };

const ALL: Items = ["all"];
const found = new WeakMap<LastTold, Items[]>();

/** Notes that these are what the directory was told. */
export function noteAsTold({ told, state, watched = ALL }: Telling): void {
  found.set(
    told,
    [...itemsOf(state), watched].map((items) => [...items]),
  );
}

/** Whether they were found to be what it was told; false: it is not known. */
export function isAsTold({ told, state, watched = ALL }: Telling): boolean {
  const before = found.get(told);
  return before !== undefined && [...itemsOf(state), watched].every((items, n) => isSame(items, before[n] ?? []));
}

function isSame(items: Items, before: Items): boolean {
  if (items.length !== before.length) return false;
  for (let n = 0; n < items.length; n++) if (items[n] !== before[n]) return false;
  return true;
}
