import { momentOf } from "../../src/base/record";
import type { LastTold, Packed } from "../../src/calls/shape";
import type { UserState } from "../../src/engine/types";

/*
 * A learner may be in thousands of things, of which most events change none. What is held is compared with what the
 * directory was told once: lists of what is known of a learner are replaced when they change, and records have another
 * moment then, so the same ones are as they were found.
 */

/** What the directory is told of, and what it was told. */
interface Telling extends Pick<Packed, "told"> {
  state: UserState;
  watched: Packed["watched"] | undefined;
}

const ALL: readonly string[] = ["all"];

/** All that the keys of marks and activity are made of. */
const keysFrom = ({ state: { learner, ahead }, watched }: Telling): unknown[] => [
  ...[learner.tags, learner.segments, learner.enrolments, learner.groups, ahead],
  ...[momentOf(learner.trials), ...(watched ?? ALL)],
];

/** And that the times are made of, but for the last visits of school and app, which nearly every event moves. */
const timesFrom = (telling: Telling): unknown[] => {
  const { courses, appCourses } = telling.state.learner.lastSeen;
  return [...keysFrom(telling), momentOf(courses), momentOf(appCourses)];
};

/** Remembers what was found out beside what was told, until one of the things that it came from is another. */
class Found {
  private readonly known = new WeakMap<LastTold, readonly unknown[]>();

  constructor(private readonly from: (telling: Telling) => readonly unknown[]) {}

  note(telling: Telling): void {
    this.known.set(telling.told, this.from(telling));
  }

  /** False: it is not known. */
  holds(telling: Telling): boolean {
    const known = this.known.get(telling.told);
    const now = known && this.from(telling);
    return now?.length === known?.length && now?.every((one, n) => one === known?.[n]) === true;
  }
}

/** What is held was found to be what the directory was told. */
export const asTold = new Found(timesFrom);
/** What differs from that is noted as touched. */
export const allTouched = new Found(keysFrom);
