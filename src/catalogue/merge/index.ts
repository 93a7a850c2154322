import { entry, setEntry } from "../../base/record";
import type { Learner, Result, Turn } from "../facts/facts";
import { giverOf } from "../facts/givers";
import { addSeat, enterSpace } from "../groups/change";
import { later } from "../inactivity/visits";
import { addTags } from "../tags/change";
import { tagKey } from "../tags/key";
import { turnAlong } from "./along";
import { takeAttributes } from "./attributes";
import { isFollowing, takeGroups, takeSources, takeTrials } from "./enrolments";
import { takeCertificates, takeProgress } from "./progress";

/*
 * What one user brings along who is merged into another (an LMS made one of two accounts): both together hold what either
 * held. Where the same thing has two values the target's stays, or the greater.
 */

type Take = (turn: Turn, from: Learner) => void;

/**
 * What is known of a user, each with how the target takes it from the other, in this order. `attributes`: with the others,
 * as one change; `stays`: the target's own; `follows`: from what else is taken.
 */
const TAKES: { readonly [K in keyof Learner]: Take | "attributes" | "stays" | "follows" } = {
  id: "stays",
  knownAt: ({ learner }, from) => {
    learner.knownAt = Math.min(learner.knownAt, from.knownAt);
  },
  email: takeAttributes,
  username: "attributes",
  registeredAt: "attributes",
  registeredGuessed: "attributes",
  source: "attributes",
  fields: "attributes",
  timezone: "attributes",
  locale: "attributes",
  marketingConsent: "attributes",
  cookiesAccepted: "attributes",
  pushTokens: "attributes",
  // No to either of two who are one is no.
  topicsOff: ({ learner }, from) => {
    learner.topicsOff = [...new Set([...learner.topicsOff, ...from.topicsOff])];
  },
  signedUp: ({ learner }, from) => {
    learner.signedUp ||= from.signedUp;
  },
  tags: (turn, from) => {
    for (const tag of from.tags) addTags(turnAlong(turn, giverOf(from.givers.tags, tagKey(tag))), [tag]);
  },
  pastTags: ({ learner }, from) => {
    const held = new Set(learner.tags.map(tagKey));
    learner.pastTags = [...new Set([...learner.pastTags, ...from.pastTags])].filter((key) => !held.has(key));
  },
  enrolments: (turn, from) => takeSources(turn, from, ({ source }) => !isFollowing(source)),
  groups: (turn, from) => takeGroups(turn, from, (source) => !isFollowing(source)),
  seats: (turn, from) => {
    for (const seat of from.seats) addSeat(turnAlong(turn, giverOf(from.givers.seats, seat)), seat);
  },
  spaces: (turn, from) => {
    for (const space of from.spaces) enterSpace(turnAlong(turn, giverOf(from.givers.spaces, space)), space);
  },
  // The engine knows which are kept by hand.
  segments: "follows",
  givers: "follows",
  courses: takeProgress,
  certificates: takeCertificates,
  lastSeen: ({ learner }, { lastSeen }) => {
    const own = learner.lastSeen;
    if (lastSeen.school) own.school = later(own.school, lastSeen.school);
    if (lastSeen.app) own.app = later(own.app, lastSeen.app);
    each(own.courses, lastSeen.courses, later);
    each(own.appCourses, lastSeen.appCourses, later);
  },
  payments: ({ learner }, from) => {
    // One that both know and of which nothing is left here was given back.
    for (const [id, left] of Object.entries(from.refundable))
      if (!learner.payments.includes(id)) setEntry(learner.refundable, id, structuredClone(left));
    learner.payments = [...new Set([...learner.payments, ...from.payments])];
  },
  paid: ({ learner }, from) => {
    learner.paid ||= from.paid;
  },
  refundable: "follows",
  trials: takeTrials,
  forms: ({ learner }, from) =>
    each(learner.forms, from.forms, (own, other) =>
      own
        ? { at: Math.max(own.at, other.at), kinds: [...new Set([...own.kinds, ...other.kinds])] }
        : structuredClone(other),
    ),
  assessments: ({ learner }, from) => each(learner.assessments, from.assessments, betterOf),
  exams: ({ learner }, from) => each(learner.exams, from.exams, betterOf),
  nps: ({ learner }, { nps }) => {
    if (nps && (!learner.nps || nps.at > learner.nps.at)) learner.nps = nps;
  },
};

/** Takes what another was and had; of what holds by segments, syncs and auto groups see `isFollowing`. */
export function takeLearner(turn: Turn, from: Learner): void {
  for (const take of Object.values(TAKES)) if (typeof take === "function") take(turn, from);
}

function each<T>(own: Record<string, T>, other: Record<string, T>, choose: (own: T | undefined, other: T) => T): void {
  for (const [key, value] of Object.entries(other)) setEntry(own, key, choose(entry(own, key), value));
}

/** Passed by either is passed, since the first time. */
function betterOf(own: Result | undefined, other: Result): Result {
  if (!own) return other;
  const submittedAt = Math.max(own.submittedAt ?? 0, other.submittedAt ?? 0) || null;
  if (own.passed === other.passed) {
    const times = [own.passedAt, other.passedAt].filter((at) => at !== null);
    return { submittedAt, passed: own.passed, passedAt: times.length ? Math.min(...times) : null };
  }
  const better = own.passed || other.passed === null ? own : other;
  return { ...better, submittedAt };
}
