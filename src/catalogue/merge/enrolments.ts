import { entry, setEntry } from "../../base/record";
import { change, enrol, enrolmentOf, isActive } from "../enrolment/change";
import type { Enrolment, Learner, Source, Turn } from "../facts";
import { joinGroup } from "../groups/change";
import { courseRecord } from "../progress/record";

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

function takeActive(turn: Turn, one: Enrolment, { source, endsAt, paid, private: isPrivate, by }: Source): void {
  const { type, product, role } = one;
  const isNew = !enrolmentOf(turn.learner, type, product);
  enrol({ ...turn, at: one.enrolledAt }, { type, product, source, role, endsAt, paid, private: isPrivate, by });
  const made = isNew ? enrolmentOf(turn.learner, type, product) : undefined;
  if (made) change(turn.learner, made, { knownAt: one.knownAt });
}

/** What is suspended counts as none: nothing becomes true by it. */
function takeSuspended(turn: Turn, one: Enrolment, source: Source): void {
  const known = enrolmentOf(turn.learner, one.type, one.product);
  const taken = { ...source, given: turn.giver };
  if (!known) turn.learner.enrolments.push({ ...one, sources: [taken] });
  else if (!known.sources.some((own) => own.source === source.source))
    change(turn.learner, known, { sources: [...known.sources, taken] });
  if (one.type === "course") courseRecord(turn.learner, one.product);
}

/** The same of groups. */
export function takeGroups(turn: Turn, from: Learner, which: (source: string) => boolean): void {
  for (const { group, sources } of from.groups)
    for (const { source } of sources) if (which(source)) joinGroup(turn, group, source);
}

/** Of two trials of one subscription the target's stays, unless it alone was canceled. */
export function takeTrials({ learner }: Turn, from: Learner): void {
  for (const [subscription, trial] of Object.entries(from.trials)) {
    const own = entry(learner.trials, subscription);
    if (!own || (own.canceled && !trial.canceled)) setEntry(learner.trials, subscription, trial);
  }
}
