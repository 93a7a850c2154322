import type { Learner, Turn } from "../facts";

export const inGroup = (learner: Learner, group: string): boolean => learner.groups.some((one) => one.group === group);

/** Gives a group membership a source; a fact comes with the first. */
export function joinGroup(turn: Turn, group: string, source: string): boolean {
  const known = turn.learner.groups.find((one) => one.group === group);
  if (known) {
    if (!known.sources.includes(source)) known.sources.push(source);
    return false;
  }
  turn.learner.groups.push({ group, sources: [source] });
  turn.make("group.joined", { group });
  return true;
}

const byHand = (source: string): boolean => source === "event" || source === "run";

/** Takes sources away from a membership, and the membership with the last. What a sync holds is not left by hand. */
export function leaveGroup(
  turn: Turn,
  group: string,
  which: (source: string) => boolean = byHand,
): "left" | "held" | "none" {
  const { learner } = turn;
  const known = learner.groups.find((one) => one.group === group);
  if (!known) return "none";
  known.sources = known.sources.filter((source) => !which(source));
  if (known.sources.length) return "held";
  learner.groups = learner.groups.filter((one) => one !== known);
  turn.make("group.left", { group });
  return "left";
}
