import { eventOf } from "../../catalogue";
import { type Attributes, mergeAttributes, tellUpdated } from "../../catalogue/account/attributes";
import { USER_SIGNED_UP, USER_UPDATED } from "../../catalogue/account/facts";
import type { Event } from "../../catalogue/define-event";
import { type LmsEnrolled, type Side, takeTheirs, tellOurs } from "../../catalogue/enrolment/drift";
import { alignHolding } from "../../catalogue/enrolment/holding";
import type { RosterNews } from "../../catalogue/enrolment/roster";
import { ENROLLED } from "../../catalogue/facts/by-hand";
import type { SchoolView } from "../../catalogue/facts/facts";
import type { Origin } from "../../catalogue/facts/givers";
import { LIMITS, type Limit, limitPassed } from "../../catalogue/facts/limits";
import type { Holder } from "../../catalogue/facts/products";
import { leaveGroup } from "../../catalogue/groups/change";
import { joinSegment, leaveSegment } from "../../catalogue/segments/change";
import { addTags } from "../../catalogue/tags/change";
import { takeBack } from "../../catalogue/undo/take-back";
import { type Touched, toldOf } from "../../catalogue/undo/told";
import { alignAll, alignAutoGroup, alignSync, followMembership, withdrawSync } from "../belonging/membership";
import { applyRecord } from "../belonging/roster";
import { alignSegment } from "../belonging/rules";
import { type Traced, tracedBy } from "../identity";
import { endRun } from "../runs";
import type { MissedFact, UserState } from "../types";
import { type Causes, make, OUTSIDE, turnOf, type Work } from "../work";
import { callState } from "./course-ids";
import { takeState } from "./merge";
import { type MailByHand, writeTo } from "./write-to";

/*
 * What happens to a user from outside, but for the passing of time.
 */

export type Input =
  /** An event that has passed its schema. */
  | {
      kind: "event";
      id: string;
      event: Event;
      type: string;
      data: Record<string, unknown>;
      attributes: Attributes;
      at: number;
      /** It starts automations, however long it happened before they were active. */
      fire?: true;
      /**
       * `learner`: the user said so in person; `here`: did it with us; `hand`: somebody of the school did. Of the last two
       * the LMS knows nothing.
       */
      from?: "learner" | "here" | "hand";
      /** The enrolment method by whose key the user did it here. */
      method?: string;
      /** Whose hand it was: an address, or the id of a key. */
      hand?: string | null;
      /** The trace of the call that brought it. */
      trace?: string;
    }
  /** `origin`: who asks for it. */
  | { kind: "put"; attributes: Attributes; origin: Origin }
  | {
      kind: "import";
      attributes: Attributes;
      tags: readonly string[];
      /** What a list says of the user besides: an event whose data has passed its schema. */
      event?: { type: string; data: Record<string, unknown> };
      /** Or what a roster says of an enrolment. */
      record?: RosterNews;
      fire: boolean;
      origin: Origin;
      /** The trace of the call that brought the list. */
      trace?: string;
    }
  | { kind: "member"; segment: string; joins: boolean; quiet: boolean; origin: Origin; trace?: string }
  /** `fact`: one that was missed, from which it starts. */
  | { kind: "enrol"; automation: string; fact?: MissedFact; origin: Origin }
  /** The learner does with or without kinds of mail, by their ids. */
  | { kind: "choose"; topics: Readonly<Record<string, boolean>>; origin: Origin }
  /** Somebody of the school writes a mail to the user. */
  | ({ kind: "write"; mail: MailByHand; origin: Origin } & Traced)
  /** Makes the enrolment in a course as the LMS has it, or tells the LMS of ours; `theirs`: what it said, null: of none. */
  | { kind: "reconcile"; course: string; theirs: LmsEnrolled | null; side: Side; quiet: true; origin: Origin }
  /** Ends what is live of some runs, and takes back what they gave; `origin`: the run or automation that is undone. */
  | { kind: "undo"; runs: readonly string[]; quiet: true; origin: Origin }
  /** The user is no more where the learners are: nothing goes on or starts until an event comes. */
  | { kind: "gone"; origin: Origin }
  /** Another user is this one: `state` is all that was of the other. */
  | { kind: "merge"; state: UserState; quiet: true; origin: Origin }
  | {
      kind: "align";
      fire: boolean;
      /** With every segment, sync and auto group. */
      everything?: boolean;
      segment?: string;
      segments?: string[];
      dropSegment?: string;
      /** A group that is gone in the LMS. */
      dropGroup?: string;
      sync?: string;
      withdrawSync?: string;
      autoGroup?: string;
      /** With the courses of a bundle, subscription or seat. */
      holding?: { type: Holder; id: string };
      withdrawAutoGroup?: { id: string; course: string; field: string };
      gone?: Gone;
    };

/** Definitions that are no more: what they gave is taken back. */
export interface Gone {
  segments: string[];
  syncs: string[];
  autoGroups: { id: string; course: string; field: string }[];
}

const originOf = (input: Input): Origin => {
  if (input.kind === "event") return { by: "event", id: input.id };
  // A rule, sync or auto group names itself where it gives or takes.
  return input.kind === "align" ? { by: "rule", id: null } : input.origin;
};

/** Why an input is not taken: with it a user would hold more than one may. */
export interface Refusal {
  limit: Limit;
  /** What of an event's data asks for so much; null: something else does. */
  field: string | null;
}

/** What an input itself gives. What follows from it is not the input's: that is left out when there is no more room. */
export function refusalOf(input: Input, { learner, runs }: UserState, school: SchoolView): Refusal | null {
  if (input.kind === "event") {
    const gives = input.event.gives?.(input.data, school);
    const limit = gives ? limitPassed(learner, gives) : null;
    return limit && { limit, field: gives?.field ?? null };
  }
  if (input.kind === "reconcile") {
    const { course: product, side, theirs } = input;
    const enrolments = side === "theirs" && theirs && !theirs.suspended ? [{ type: "course" as const, product }] : [];
    const limit = limitPassed(learner, { enrolments });
    return limit && { limit, field: null };
  }
  if (input.kind === "merge") {
    const { learner: other, runs: more } = input.state;
    const limit =
      runs.length + more.length > LIMITS.runs
        ? "runs"
        : limitPassed(learner, {
            tags: other.tags,
            enrolments: other.enrolments,
          });
    return limit && { limit, field: null };
  }
  if (input.kind !== "import") return null;
  const { tags = [], enrolments = [] } =
    (input.event && eventOf(input.event.type)?.gives?.(input.event.data, school)) ?? {};
  const { record } = input;
  const wanted = record && !record.ends ? [{ type: "course" as const, product: record.course }] : [];
  const limit = limitPassed(learner, { tags: [...input.tags, ...tags], enrolments: [...enrolments, ...wanted] });
  return limit && { limit, field: null };
}

export function applyInput(work: Work, input: Input, isNew: boolean): void {
  const { state, world } = work;
  const causes: Causes = {
    ...OUTSIDE,
    origin: originOf(input),
    eventId: input.kind === "event" ? input.id : null,
    ...("trace" in input ? tracedBy(input) : {}),
    fires: input.kind === "event" && input.fire === true,
    quiet: "quiet" in input ? input.quiet : input.kind !== "event" && "fire" in input ? !input.fire : false,
  };
  const at = input.kind === "event" ? input.at : work.now;
  const turn = turnOf(work, causes, at);
  const from = work.effects.facts.length;
  let touched: Touched[] | undefined;
  const merge = (attributes: Attributes, tells: boolean, teller = turn, open: Record<string, unknown> = {}): void => {
    const changed = mergeAttributes(turn, attributes);
    if (tells && changed.length) turn.make(USER_UPDATED, { ...open, changed });
    tellUpdated(teller, changed);
  };
  const APPLY: { [K in Input["kind"]]: (input: Extract<Input, { kind: K }>) => void } = {
    event: ({ event, type, data, attributes, from, method = null, hand = null }) => {
      delete state.gone;
      const own = from ? turn.by(from === "hand" ? { by: from, id: hand } : { by: "learner", id: method }) : turn;
      merge(attributes, !isNew || type === USER_UPDATED, own, type === USER_UPDATED ? data : {});
      event.apply(from === "here" || from === "hand" ? own : turn, data);
    },
    put: ({ attributes }) => merge(attributes, !isNew),
    import: ({ attributes, tags, event, record, fire, origin }) => {
      merge(attributes, !isNew);
      if (isNew && fire) {
        state.learner.signedUp = true;
        turn.make(USER_SIGNED_UP, {});
      }
      addTags(turn, tags);
      if (event) eventOf(event.type)?.apply(turn, event.data);
      if (record) applyRecord(work, turn, record, fire, origin.id);
    },
    member: ({ segment, joins }) => void (joins ? joinSegment(turn, segment) : leaveSegment(turn, segment)),
    reconcile: ({ course, theirs, side }) => (side === "theirs" ? takeTheirs : tellOurs)(turn, course, theirs),
    enrol: ({ automation, fact: missed }) =>
      make(work, causes, at, ENROLLED, { automation }, { only: [automation], missed }),
    choose: ({ topics }) => {
      const off = new Set(state.learner.topicsOff);
      for (const [topic, isOn] of Object.entries(topics))
        if (isOn) off.delete(topic);
        else off.add(topic);
      state.learner.topicsOff = [...off];
    },
    write: ({ mail }) => writeTo(work, turn, causes, mail),
    merge: ({ state: other }) => takeState(work, turn, other),
    undo: ({ runs }) => {
      const meant = new Set(runs);
      for (const run of state.runs.filter(({ id }) => meant.has(id))) endRun(work, run, "exited", "undone");
      touched = takeBack(turn, meant);
    },
    gone: () => {
      state.gone = true;
      for (const run of [...state.runs]) endRun(work, run, "exited", "user_deleted");
    },
    align: (what) => {
      if (what.everything && callState(state, world.school.courseId, work.effects.changed)) work.effects.renamed = true;
      for (const id of [what.segment ?? [], what.segments ?? []].flat()) {
        const segment = world.segments.get(id);
        if (segment) alignSegment(work, turn, segment, from);
      }
      if (what.dropSegment !== undefined) leaveSegment(turn, what.dropSegment);
      if (what.dropGroup !== undefined) leaveGroup(turn.by({ by: "event", id: null }), what.dropGroup);
      const sync = world.syncs.find((one) => one.id === what.sync);
      if (sync) alignSync(turn, sync);
      if (what.withdrawSync !== undefined) withdrawSync(turn, what.withdrawSync);
      const auto = world.autoGroups.find((one) => one.id === what.autoGroup);
      if (auto) alignAutoGroup(turn, auto);
      if (what.holding) alignHolding(turn, what.holding.type, what.holding.id);
      if (what.everything) alignAll(work, turn);
      if (what.withdrawAutoGroup) alignAutoGroup(turn, { ...what.withdrawAutoGroup, active: false });
      if (what.gone) {
        for (const id of what.gone.segments) leaveSegment(turn, id);
        for (const id of what.gone.syncs) withdrawSync(turn, id);
        for (const one of what.gone.autoGroups) alignAutoGroup(turn, { ...one, active: false });
      }
    },
  };
  // The table has, for each kind, the function that takes inputs of that kind.
  (APPLY[input.kind] as (input: Input) => void)(input);
  followMembership(work, turn, from, isNew);
  if (touched) work.effects.undone = toldOf(state.learner, touched);
}
