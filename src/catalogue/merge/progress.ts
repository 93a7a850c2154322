import type { Learner, Turn } from "../facts/facts";
import { complete, completeActivity, progress } from "../progress/change";
import { changeRecord, courseRecord } from "../progress/record";

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Progress in each course is the greater; what was done was done when it was first. */
export function takeProgress(turn: Turn, from: Learner): void {
  for (const [course, theirs] of Object.entries(from.courses)) {
    const own = courseRecord(turn.learner, course);
    changeRecord(turn.learner, course, {
      startedAt: earlier(own.startedAt, theirs.startedAt),
      certificateAt: earlier(own.certificateAt, theirs.certificateAt),
    });
    for (const { id, at, kind } of theirs.activities) completeActivity({ ...turn, at }, course, id, kind);
    if (theirs.completedAt !== null) complete({ ...turn, at: theirs.completedAt }, course);
    const { completedAt } = courseRecord(turn.learner, course);
    changeRecord(turn.learner, course, { completedAt: earlier(completedAt, theirs.completedAt) });
    progress(turn, course, theirs.percent);
  }
}

export function takeCertificates({ learner }: Turn, from: Learner): void {
  const known = new Set(learner.certificates.map((one) => JSON.stringify(one)));
  const more = from.certificates.filter((one) => !known.has(JSON.stringify(one)));
  if (more.length) learner.certificates = [...learner.certificates, ...more];
}
