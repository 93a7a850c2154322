import { replaced } from "../../base/record";
import { coursesIn, giveCourses, takeCourses } from "../enrolment/holding";
import type { Learner, Membership, Turn } from "../facts/facts";
import { forgetGiver, type Giver, givenAgain, noteAgain, noteGiver } from "../facts/givers";

/** Facts that others count. */
export const GROUP_JOINED = "group.joined";
export const GROUP_LEFT = "group.left";

export const inGroup = (learner: Learner, group: string): boolean => learner.groups.some((one) => one.group === group);

/** Gives a group membership a source; a fact comes with the first. */
export function joinGroup(turn: Turn, group: string, source: string): boolean {
  const known = turn.learner.groups.find((one) => one.group === group);
  if (known) {
    const same = known.sources.find((one) => one.source === source);
    if (same) giveGroup(turn, group, source, givenAgain(same.given, turn.giver));
    else putGroup(turn.learner, known, { group, sources: [...known.sources, { source, given: turn.giver }] });
    return false;
  }
  turn.learner.groups = [...turn.learner.groups, { group, sources: [{ source, given: turn.giver }] }];
  turn.make("group.joined", { group });
  turn.tell("group.joined", { group });
  return true;
}

function putGroup(learner: Learner, was: Membership, now: Membership): void {
  learner.groups = replaced(learner.groups, was, now);
}

/** Notes who gave a source of a membership. */
export function giveGroup({ learner }: Turn, group: string, source: string, given: Giver): void {
  const known = learner.groups.find((one) => one.group === group);
  const sources = known?.sources.map((one) => (one.source === source ? { ...one, given } : one));
  if (known && sources) putGroup(learner, known, { group, sources });
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
  const sources = known.sources.filter(({ source }) => !which(source));
  if (sources.length) {
    if (sources.length < known.sources.length) putGroup(learner, known, { group, sources });
    return "held";
  }
  learner.groups = learner.groups.filter((one) => one !== known);
  turn.make("group.left", { group });
  turn.tell("group.left", { group });
  return "left";
}

/** Gives a seat. @param data of the fact */
export function addSeat(turn: Turn, seat: string, data: Record<string, unknown> = { seat }): boolean {
  if (turn.learner.seats.includes(seat)) {
    noteAgain(turn, "seats", seat);
    return false;
  }
  turn.learner.seats = [...turn.learner.seats, seat];
  noteGiver(turn, "seats", seat);
  turn.make("seat.added", data);
  turn.tell("seat.added", { seat });
  giveCourses(turn, "seat", seat, coursesIn(turn.school, "seat", seat));
  return true;
}

/** Takes a seat. @param data of the fact */
export function removeSeat(turn: Turn, seat: string, data: Record<string, unknown> = { seat }): boolean {
  if (!turn.learner.seats.includes(seat)) return false;
  turn.learner.seats = turn.learner.seats.filter((one) => one !== seat);
  forgetGiver(turn, "seats", seat);
  turn.make("seat.removed", data);
  turn.tell("seat.removed", { seat });
  takeCourses(turn, "seat", seat);
  return true;
}

/** Lets the user into a space; no fact says so, but a change does. */
export function enterSpace(turn: Turn, space: string): boolean {
  if (turn.learner.spaces.includes(space)) {
    noteAgain(turn, "spaces", space);
    return false;
  }
  turn.learner.spaces = [...turn.learner.spaces, space];
  noteGiver(turn, "spaces", space);
  turn.tell("space.added", { space });
  return true;
}

/** Takes the user out of a space. */
export function leaveSpace(turn: Turn, space: string): boolean {
  if (!turn.learner.spaces.includes(space)) return false;
  turn.learner.spaces = turn.learner.spaces.filter((one) => one !== space);
  forgetGiver(turn, "spaces", space);
  turn.tell("space.removed", { space });
  return true;
}
