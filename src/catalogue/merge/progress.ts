import type { Learner, Turn } from "../facts";
import { complete, completeActivity, progress } from "../progress/change";
import { courseRecord } from "../progress/record";

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Progress in each course is the greater; what was done was done when it was first. */
export function takeProgress(turn: Turn, from: Learner): void {
  for (const [course, theirs] of Object.entries(from.courses)) {
    const own = courseRecord(turn.learner, course);
    own.startedAt = earlier(own.startedAt, theirs.startedAt);
    own.certificateAt = earlier(own.certificateAt, theirs.certificateAt);
    for (const { id, at, kind } of theirs.activities) completeActivity({ ...turn, at }, course, id, kind);
    if (theirs.completedAt !== null) complete({ ...turn, at: theirs.completedAt }, course);
    own.completedAt = earlier(own.completedAt, theirs.completedAt);
    progress(turn, course, theirs.percent);
  }
}

export function takeCertificates({ learner }: Turn, from: Learner): void {
  const known = new Set(learner.certificates.map((one) => JSON.stringify(one)));
  learner.certificates.push(...from.certificates.filter((one) => !known.has(JSON.stringify(one))));
}
