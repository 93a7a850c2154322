import type { LmsAnswer, LmsAsked } from "../../src/calls/lms";
import type { JournalEntry, Packed } from "../../src/calls/shape";
import type { SchoolReference } from "../../src/calls/user";
import { enrolmentOf } from "../../src/catalogue/enrolment/change";
import { asLmsWould, differenceOf } from "../../src/catalogue/enrolment/drift";
import type { Delivery } from "../../src/engine/types";
import type { UserParts } from "../parts";
import { LMS } from "../sending/changes";

/*
 * A user's enrolment in a course beside what the LMS said of it.
 */

type Parts = Pick<UserParts, "store" | "turns">;

/** So many of the newest entries and deliveries are looked through: of who has more since, all is taken to be moving. */
const LOOKED_AT = 50;

const isAbout = (course: string, data: unknown): boolean =>
  typeof data === "object" && data !== null && "course" in data && data.course === course;

const isChangeOf = (course: string, { channel, content }: Delivery): boolean =>
  channel === LMS && isAbout(course, content.data);

/** Whether the LMS could not yet have said how it is now: a change is on its way, or all is newer than what it said. */
function isMoving({ store }: Parts, packed: Packed, { course, since }: LmsAsked): boolean {
  if (Object.values(packed.outbox).some(({ delivery }) => isChangeOf(course, delivery))) return true;
  if (since === null) return false;
  const newest = { newestFirst: true, most: LOOKED_AT };
  const isNew = (at: number) => at >= since;
  const entries = store.entries(newest).items.filter(({ at }) => isNew(at));
  const ended = store.ended(newest).items.filter(({ at }) => isNew(at));
  if (entries.length >= LOOKED_AT || ended.length >= LOOKED_AT) return true;
  const isEntry = ({ facts, input }: JournalEntry) =>
    (input?.kind === "reconcile" && input.course === course) || facts.some(({ data }) => isAbout(course, data));
  return entries.some(isEntry) || ended.some((one) => "delivery" in one && isChangeOf(course, one.delivery));
}

function look(parts: Parts, asked: LmsAsked): LmsAnswer {
  const { course, theirs } = asked;
  const packed = parts.store.load();
  const learner = packed?.movedTo === undefined ? packed?.state?.learner : undefined;
  if (!packed || !learner) return { kind: theirs && !theirs.suspended ? "unknown" : null, ours: null };
  const known = enrolmentOf(learner, "course", course);
  const ours = known ? asLmsWould(known) : null;
  const difference = differenceOf(learner, course, theirs);
  if (!difference) return { kind: null, ours };
  const givers = known?.sources.map(({ source, given }) => ({ source, given }));
  const found: LmsAnswer = isMoving(parts, packed, asked) ? { kind: "on_its_way", ours } : { ...difference, ours };
  return givers ? { ...found, givers } : found;
}

/** Has who is in the course by another id be in it by its own: nothing else of the user changes. */
async function bringTogether({ store, turns }: Parts, reference: SchoolReference, { others }: LmsAsked): Promise<void> {
  const enrolments = store.load()?.state?.learner.enrolments ?? [];
  if (!enrolments.some(({ type, product }) => type === "course" && others.includes(product))) return;
  const input = { kind: "align", fire: false, everything: true } as const;
  await turns.change(reference, false, (packed, scene) => turns.happen(packed, scene, input));
}

/** Says what differs, and mends it where somebody's word counts for that. */
export async function compareWithLms(parts: Parts, reference: SchoolReference, asked: LmsAsked): Promise<LmsAnswer> {
  await bringTogether(parts, reference, asked);
  const found = look(parts, asked);
  const { mend, course, theirs } = asked;
  if (!mend || found.kind === null || found.kind === "on_its_way" || !mend.sides[found.kind]) return found;
  const mended = await parts.turns.change<LmsAnswer>(
    reference,
    found.kind === "unknown",
    (packed, scene) => {
      // Others may have come between.
      const still = look(parts, asked);
      const side = still.kind === null || still.kind === "on_its_way" ? undefined : mend.sides[still.kind];
      if (!side) return still;
      const isNew = packed.state ? {} : { isNew: true as const };
      const input = { kind: "reconcile", course, theirs, side, quiet: true, origin: mend.origin, ...isNew } as const;
      const { refused } = parts.turns.happen(packed, scene, input);
      return refused ? { ...still, refused } : { ...still, mended: true };
    },
    { onNews: () => {} },
  );
  return mended ?? found;
}
