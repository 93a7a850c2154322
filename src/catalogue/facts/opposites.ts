import { USER_UPDATED } from "../account/facts";
import { wordKey } from "../kinds";
import type { Fact } from "./facts";
import { isHolder } from "./products";

/*
 * Facts fire on change: what is held makes no fact when it is given again, and what is not there none when it is taken.
 * So the same fact comes again only when its opposite came between.
 */

/** A fact as far as it is known before it is made. `within`: its subject begins so, and more is not known of it. */
export interface MadeFact extends Pick<Fact, "type" | "data"> {
  within?: { kind: string; prefix: string };
}

interface Move {
  of: readonly string[];
  puts: boolean;
}

const both = (of: string, puts: readonly string[], takes: readonly string[]): [string, Move][] => [
  ...puts.map((type): [string, Move] => [type, { of: [of], puts: true }]),
  ...takes.map((type): [string, Move] => [type, { of: [of], puts: false }]),
];

const MOVES: ReadonlyMap<string, Move> = new Map([
  ...both("tag", ["tag.added"], ["tag.removed"]),
  ...both("course", ["course.enrolled", "course.resumed"], ["course.unenrolled", "course.suspended"]),
  ...both("bundle", ["bundle.enrolled"], ["bundle.unenrolled"]),
  ...both("subscription", ["subscription.enrolled"], ["subscription.unenrolled"]),
  ...both("group", ["group.joined"], ["group.left"]),
  ...both("seat", ["seat.added"], ["seat.removed"]),
  ...both("segment", ["segment.joined"], ["segment.left"]),
  ...both("progress", ["course.completed", "course.progress_reached"], []),
  ...both("activity", ["activity.completed"], ["activity.progress_reset"]),
  // No fact itself: what it takes may come again.
  ["course.progress_reset", { of: ["progress", "activity"], puts: false }],
]);

/** Whether a change, which is told and no fact, lets facts come again. */
export const isTaking = (type: string): boolean => MOVES.get(type)?.puts === false;

/** What a fact is about, where it is known as a whole. */
const KINDS = ["tag", "course", "bundle", "subscription", "group", "seat", "segment", "activity"] as const;

function isOfSame(one: MadeFact, other: MadeFact): boolean {
  return KINDS.every((kind) => {
    const [own, its] = [one.data[kind], other.data[kind]];
    if (typeof own === "string" && typeof its === "string") return wordKey(kind, own) === wordKey(kind, its);
    return mayBe(one, kind, its) && mayBe(other, kind, own);
  });
}

/** Whether a fact may be about an id, of which nothing else is known. */
export const mayBe = ({ within }: MadeFact, kind: string, id: unknown): boolean =>
  within?.kind !== kind || typeof id !== "string" || id.startsWith(within.prefix);

/** What a field becomes; undefined: a fact of something else. `to` is left out where nobody knows. */
const writes = ({ type, data: { changed, to } }: MadeFact) =>
  type === USER_UPDATED && Array.isArray(changed) ? { changed, to } : undefined;

/** Whether a fact comes again only after another that undoes it. */
export const needsOpposite = (fact: MadeFact): boolean => {
  const written = writes(fact);
  if (written) return written.to !== undefined;
  const move = MOVES.get(fact.type);
  return (
    move !== undefined &&
    (move.puts || (fact.type !== "course.progress_reset" && fact.type !== "activity.progress_reset"))
  );
};

const OPPOSITES: ReadonlyMap<string, readonly string[]> = new Map([
  [USER_UPDATED, [USER_UPDATED]],
  ...[...MOVES].map(([type, { of, puts }]): [string, string[]] => [
    type,
    [...MOVES].flatMap(([other, its]) => (its.puts !== puts && its.of.some((one) => of.includes(one)) ? [other] : [])),
  ]),
]);

/** The types of facts that may undo what one says. */
export const oppositesOf = (type: string): readonly string[] => OPPOSITES.get(type) ?? [];

/** By what a fact is found among those of its type; null: it is not known what it is about. */
export function placeOf(fact: MadeFact): string | null {
  const written = writes(fact);
  if (written) return String(written.changed[0]);
  const kind = KINDS.find((one) => typeof fact.data[one] === "string");
  return kind === undefined ? null : wordKey(kind, String(fact.data[kind]));
}

/** What a fact puts or takes, where it is known what that is. */
export function movedIn({ type, data }: MadeFact): { kind: string; id: string; puts: boolean } | null {
  const move = MOVES.get(type);
  const kind = KINDS.find((one) => move?.of.includes(one) && typeof data[one] === "string");
  return move && kind ? { kind, id: wordKey(kind, String(data[kind])), puts: move.puts } : null;
}

/** Whether facts of a type put or take something of a kind; `course`: what holds courses, too. */
export const moves = (type: string, kind: string): boolean =>
  MOVES.get(type)?.of.some((one) => one === kind || (kind === "course" && isHolder(one))) ?? false;

/** Whether one undoes what the other says: it puts what the other takes, or something else into the same field. */
export function areOpposite(one: MadeFact, other: MadeFact): boolean {
  const [own, its] = [writes(one), writes(other)];
  if (own && its)
    return own.changed.some((name) => its.changed.includes(name)) && (its.to === undefined || its.to !== own.to);
  const [move, back] = [MOVES.get(one.type), MOVES.get(other.type)];
  if (!move || !back || move.puts === back.puts) return false;
  return move.of.some((of) => back.of.includes(of)) && isOfSame(one, other);
}

/** Whether a fact leaves what another says as it is: about the same thing, and put or taken as that is. */
export function saysSame(one: MadeFact, other: MadeFact): boolean {
  const [move, same] = [MOVES.get(one.type), MOVES.get(other.type)];
  return (
    move !== undefined && move.puts === same?.puts && move.of.some((of) => same.of.includes(of)) && isOfSame(one, other)
  );
}
