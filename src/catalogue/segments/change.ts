import type { Turn } from "../facts";

/** Makes the user a member, with a fact where there was no membership. */
export function joinSegment(turn: Turn, segment: string): boolean {
  if (turn.learner.segments.includes(segment)) return false;
  turn.learner.segments.push(segment);
  turn.make("segment.joined", { segment });
  return true;
}

/** Ends a membership, with a fact where there was one. */
export function leaveSegment(turn: Turn, segment: string): boolean {
  if (!turn.learner.segments.includes(segment)) return false;
  turn.learner.segments = turn.learner.segments.filter((one) => one !== segment);
  turn.make("segment.left", { segment });
  return true;
}
