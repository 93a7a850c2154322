import { entry, setEntry } from "../../base/record";
import { change, changeSources, enrol, enrolmentOf, isActive } from "../enrolment/change";
import type { Enrolment, Learner, Source, Turn } from "../facts/facts";
import { givenToBoth, type Was } from "../facts/givers";
import { joinGroup } from "../groups/change";
import { courseRecord } from "../progress/record";
import { turnAlong } from "./along";

/** Whether what a source gives is decided by the target's own segments and fields: by a sync or an auto group. */
export const isFollowing = (source: string): boolean => source.startsWith("sync:") || source.startsWith("auto:");

/** Takes sources of enrolments: the target holds what either held, until the later end. */
export function takeSources(turn: Turn, from: Learner, which: (source: Source) => boolean): void {
  for (const one of from.enrolments) {
    const sources = one.sources.filter(which);
    for (const source of sources.filter(isActive)) takeActive(turn, one, source);
    for (const source of sources) if (!isActive(source)) takeSuspended(turn, one, source);
  }
}

function takeActive(turn: Turn, one: Enrolment, theirs: Source): void {
  const { type, product, role } = one;
  const { source, endsAt, paid, private: isPrivate, by } = theirs;
  const known = enrolmentOf(turn.learner, type, product);
  const own = known?.sources.find((it) => it.source === source);
  const along = turnAlong(turn, theirs.given);
  enrol({ ...along, at: one.enrolledAt }, { type, product, source, role, endsAt, paid, private: isPrivate, by });
  const made = enrolmentOf(turn.learner, type, product);
  if (!made) return;
  if (!known) {
    const { knownAt, expectedSince } = one;
    change(turn.learner, made, { knownAt, ...(expectedSince === undefined ? {} : { expectedSince }) });
  }
  if (!own || !isActive(own) || along.giver.by !== "run") return;
  const { given } = givenToBoth(endIn(own), endIn(theirs));
  // What is more than an end by the merging counts as given by both.
  if (given)
    changeSources(turn.learner, made, (it) =>
      it.source === source && it.given.again !== true ? { ...it, given } : it,
    );
}

const endIn = ({ endsAt, by, given }: Source): Was => ({
  ...(endsAt === null ? {} : { value: endsAt }),
  ...(by ? { by } : {}),
  given,
});

/** What is suspended counts as none: nothing becomes true by it. */
function takeSuspended(turn: Turn, one: Enrolment, source: Source): void {
  const known = enrolmentOf(turn.learner, one.type, one.product);
  const taken = { ...source, given: turnAlong(turn, source.given).giver };
  if (!known) turn.learner.enrolments = [...turn.learner.enrolments, { ...one, sources: [taken] }];
  else if (!known.sources.some((own) => own.source === source.source))
    change(turn.learner, known, { sources: [...known.sources, taken] });
  if (one.type === "course") courseRecord(turn.learner, one.product);
}

/** The same of groups. */
export function takeGroups(turn: Turn, from: Learner, which: (source: string) => boolean): void {
  for (const { group, sources } of from.groups)
    for (const { source, given } of sources) if (which(source)) joinGroup(turnAlong(turn, given), group, source);
}

/** Of two trials of one subscription the target's stays, unless it alone was canceled. */
export function takeTrials({ learner }: Turn, from: Learner): void {
  for (const [subscription, trial] of Object.entries(from.trials)) {
    const own = entry(learner.trials, subscription);
    if (!own || (own.canceled && !trial.canceled)) setEntry(learner.trials, subscription, trial);
  }
}
