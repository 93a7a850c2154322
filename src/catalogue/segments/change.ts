import type { Fact, Turn } from "../facts/facts";
import { forgetGiver, noteAgain, noteGiver } from "../facts/givers";

export const SEGMENT_JOINED = "segment.joined";
export const SEGMENT_LEFT = "segment.left";

/** Whether the user's membership of which segment began or ended with a fact; null: with no such fact. */
export const membershipIn = ({
  type,
  data,
}: Pick<Fact, "type" | "data">): { segment: unknown; joined: boolean } | null =>
  type === SEGMENT_JOINED || type === SEGMENT_LEFT ? { segment: data.segment, joined: type === SEGMENT_JOINED } : null;

/** Makes the user a member, with a fact where there was no membership. */
export function joinSegment(turn: Turn, segment: string): boolean {
  if (turn.learner.segments.includes(segment)) {
    noteAgain(turn, "segments", segment);
    return false;
  }
  turn.learner.segments = [...turn.learner.segments, segment];
  noteGiver(turn, "segments", segment);
  turn.make(SEGMENT_JOINED, { segment });
  turn.tell("segment.joined", { segment });
  return true;
}

/** Ends a membership, with a fact where there was one. */
export function leaveSegment(turn: Turn, segment: string): boolean {
  if (!turn.learner.segments.includes(segment)) return false;
  turn.learner.segments = turn.learner.segments.filter((one) => one !== segment);
  forgetGiver(turn, "segments", segment);
  turn.make(SEGMENT_LEFT, { segment });
  turn.tell("segment.left", { segment });
  return true;
}
