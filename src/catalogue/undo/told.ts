import { entry } from "../../base/record";
import { isSameValue } from "../account/field-values";
import { formatInstant } from "../dates/time";
import { endOf, enrolmentOf, isActive } from "../enrolment/change";
import type { FieldValue, Learner } from "../facts/facts";
import { inGroup } from "../groups/change";
import { hasTag } from "../tags/change";
import type { TakenBack, Thing, Why } from "./things";

/*
 * What is told of an undo: how all that it had to do with stands once everything has followed, beside how it stood before.
 */

/** A field's value or an enrolment's end (RFC 3339, null: never), `held` or `suspended`; undefined: it is not held. */
type Standing = FieldValue | null | undefined;
const SUSPENDED = "suspended";
/** What was suspended goes on, whatever its end. */
export const RESUMED = "resumed";

/** What an undo had to do with. */
export interface Touched extends Thing {
  before: Standing;
  /** Why it is as before, where it is. None: there is nothing to tell then. */
  why: Why | null;
}

const held = (is: boolean): Standing => (is ? "held" : undefined);

const STANDING: Record<Thing["kind"], (learner: Learner, id: string) => Standing> = {
  tag: (learner, id) => held(hasTag(learner, id)),
  seat: ({ seats }, id) => held(seats.includes(id)),
  space: ({ spaces }, id) => held(spaces.includes(id)),
  segment: ({ segments }, id) => held(segments.includes(id)),
  group: (learner, id) => held(inGroup(learner, id)),
  field: ({ fields }, id) => entry(fields, id),
  course: (learner, id) => endsAt(learner, "course", id),
  bundle: (learner, id) => endsAt(learner, "bundle", id),
  subscription: (learner, id) => endsAt(learner, "subscription", id),
};

function endsAt(learner: Learner, type: "course" | "bundle" | "subscription", product: string): Standing {
  const known = enrolmentOf(learner, type, product);
  if (!known) return undefined;
  if (!known.sources.some(isActive)) return SUSPENDED;
  const end = endOf(known);
  return end === null ? null : formatInstant(end);
}

/** All that is held, as it stands. */
export const standing = (learner: Learner): Touched[] =>
  [
    ...learner.tags.map((id): Thing => ({ kind: "tag", id })),
    ...Object.keys(learner.fields).map((id): Thing => ({ kind: "field", id })),
    ...learner.seats.map((id): Thing => ({ kind: "seat", id })),
    ...learner.spaces.map((id): Thing => ({ kind: "space", id })),
    ...learner.segments.map((id): Thing => ({ kind: "segment", id })),
    ...learner.enrolments.map(({ type, product }): Thing => ({ kind: type, id: product })),
    ...learner.groups.map(({ group }): Thing => ({ kind: "group", id: group })),
  ].map(({ kind, id }) => ({ kind, id, before: STANDING[kind](learner, id), why: null }));

/** What was touched, and what was not touched itself but may follow, as it stood in the beginning. */
export function withAll(touched: readonly Touched[], held: readonly Touched[]): Touched[] {
  const nameOf = ({ kind, id }: Thing): string => `${kind} ${id}`;
  const left = new Map(held.map((one) => [nameOf(one), one]));
  const known = touched.map((one): Touched => {
    const before = left.get(nameOf(one))?.before;
    left.delete(nameOf(one));
    // By the time it was touched it may have followed something.
    return { ...one, before };
  });
  return [...known, ...left.values()];
}

/** Notes what is touched. */
export function touch(touched: Touched[], learner: Learner, kind: Thing["kind"], id: string, why: Why | null): void {
  if (touched.some((one) => one.kind === kind && one.id === id)) return;
  touched.push({ kind, id, before: STANDING[kind](learner, id), why });
}

/** What was taken back of it, and what stays. @param learner once all has followed */
export function toldOf(learner: Learner, touched: readonly Touched[]): TakenBack {
  const told: TakenBack = { takes: [], stays: [] };
  for (const { kind, id, before, why } of touched) {
    const now = STANDING[kind](learner, id);
    const isAsBefore = now === undefined || before === undefined ? now === before : isSameValue(now, before);
    if (!isAsBefore) {
      const isGone = kind !== "field" && (now === undefined || now === SUSPENDED);
      told.takes.push({ kind, id, ...(isGone ? {} : { to: before === SUSPENDED ? RESUMED : (now ?? null) }) });
    } else if (why) told.stays.push({ kind, id, why });
  }
  return told;
}
