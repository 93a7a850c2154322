import { formatInstant } from "../catalogue/dates/time";
import type { Learner } from "../catalogue/facts/facts";
import type { Giver, Origin } from "../catalogue/facts/givers";
import type { Proof } from "../catalogue/facts/proven";

/*
 * What a pack says of one learner, out of what is known and kept of them: pure. A line is a list of texts, one for each
 * column of its file.
 */

/** What a pack is about. */
export interface About {
  kind: "course" | "segment" | "automation";
  id: string;
  /** ms, by the school's clock; `to` is not in it. */
  from: number;
  to: number;
  /** Automations that name the course, in whatever version that was in force. */
  automations: readonly string[];
  /** Courses that the automation names. */
  courses: readonly string[];
}

export const FILES = {
  people: [
    ...(["learner", "name", "email", "course", "enrolled_at", "enrolled_by", "enrolled_by_id", "left_at"] as const),
    ...(["started_at", "completed_at", "completed_by", "completed_by_id", "certified_at", "certificate"] as const),
    ...(["certificate_expires_at", "messages", "last_message_at"] as const),
    // Of the segment that it is about; behind the others, as packs of a release before have no such.
    ...(["member_from", "member_until"] as const),
  ],
  events: [
    "learner",
    "at",
    "what",
    "course",
    "segment",
    "certificate",
    "expires_at",
    "by",
    "by_id",
    "automation",
    "run",
  ],
  messages: ["learner", "at", "channel", "status", "reason", "automation", "step", "run", "message"],
  runs: ["learner", "started_at", "ended_at", "automation", "version", "status", "reason", "run"],
} as const;
export type LearnerFile = keyof typeof FILES;

export type Lines = Record<LearnerFile, string[][]>;

interface Known {
  learner: Learner;
  proofs: readonly Proof[];
}

const time = (at: number | null | undefined): string => (at === null || at === undefined ? "" : formatInstant(at));

/** What a pack says of a learner; null: it is not about them. */
export function linesOf(about: About, { learner, proofs }: Known): Lines | null {
  const known = inOrder(proofs.filter(({ at }) => at < about.to));
  const runs = new Map(known.flatMap((one) => (one.what === "ran" ? [[one.id, one]] : [])));
  const isMeant = meant(about, runs);
  const inTime = known.filter((one) => one.at >= about.from && isMeant(one));
  const courses = coursesOf(about, learner, known, inTime);
  if (!concerns(about, learner, known, inTime)) return null;
  const automationOf = (run: string | undefined): string =>
    run === undefined ? "" : (runs.get(run)?.automation ?? "");
  const of = (what: string) => inTime.filter((one) => one.what === what);
  const events = inTime.filter(({ what }) => what !== "ran" && what !== "sent");
  return {
    people: (courses.length ? courses : [""]).map((course) => [
      ...personLine(
        course,
        { learner, proofs: known },
        of("sent").filter((one) => isOfCourse(about, one, course, runs)),
        about.to,
      ),
      ...membershipOf(about, learner, known),
    ]),
    events: events.map((one) => [
      ...[learner.id, time(one.at), one.what, one.course ?? "", one.segment ?? "", one.certificate ?? ""],
      ...[one.expires_at ?? "", ...byOf(one.by), automationOf(one.run), one.run ?? ""],
    ]),
    messages: of("sent").map((one) => [
      ...[learner.id, time(one.at), one.channel ?? "", one.status ?? "", one.reason ?? "", one.automation ?? ""],
      ...[one.step ?? "", one.run ?? "", one.id],
    ]),
    runs: of("ran").map((one) => [
      ...[learner.id, time(one.at), time(one.endedAt), one.automation ?? "", String(one.version ?? "")],
      ...[one.status ?? "", one.reason ?? "", one.id],
    ]),
  };
}

/**
 * Whether somebody belongs into a pack: by what was until its time ended, so that nobody comes to be in it who entered
 * later, however often it is made.
 */
function concerns(about: About, learner: Learner, known: readonly Proof[], inTime: readonly Proof[]): boolean {
  const { kind, id, to } = about;
  if (kind === "segment") return inTime.some(({ segment }) => segment === id) || wasMember(about, learner, known);
  if (kind === "automation") return inTime.some(({ what, automation }) => what === "ran" && automation === id);
  if (wasIn(about, id, learner, known)) return true;
  const wasEver =
    known.some(({ what, course }) => course === id && OF_ENROLMENT.has(what)) ||
    enrolmentIn(learner, id, to) !== undefined;
  return inTime.length > 0 && wasEver;
}

const OF_ENROLMENT: ReadonlySet<string> = new Set<Proof["what"]>(["enrolled", "unenrolled", "suspended", "resumed"]);

const enrolmentIn = (learner: Learner, course: string, to: number) =>
  learner.enrolments.find(
    ({ type, product, enrolledAt }) => type === "course" && product === course && enrolledAt < to,
  );

const PLACE = /^(?:(.*) )?(-?\d+)-(\d+)$/s;

/**
 * In the order in which it happened, however it was kept: of one moment as the journal has it, by what each is named.
 * Whoever left and came back within a millisecond is in.
 */
function inOrder(proofs: readonly Proof[]): Proof[] {
  const placed = proofs.map((one) => {
    const [, name = "", seq, index] = PLACE.exec(one.id) ?? [];
    return { one, place: seq === undefined ? null : { name, seq: Number(seq), index: Number(index) } };
  });
  const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return placed
    .toSorted(({ one, place }, { one: other, place: otherPlace }) => {
      if (one.at !== other.at) return one.at - other.at;
      if (!place || !otherPlace) return place ? -1 : otherPlace ? 1 : byText(one.id, other.id);
      return byText(place.name, otherPlace.name) || place.seq - otherPlace.seq || place.index - otherPlace.index;
    })
    .map(({ one }) => one);
}

/** What of a learner belongs into a pack, whenever it was. */
function meant(about: About, runs: ReadonlyMap<string, Proof>): (one: Proof) => boolean {
  const { kind, id } = about;
  const automations = new Set(about.automations);
  const courses = new Set(about.courses);
  const runOf = (one: Proof): Proof | undefined => (one.run === undefined ? undefined : runs.get(one.run));
  if (kind === "segment") return (one) => one.what !== "ran" && (one.segment === undefined || one.segment === id);
  if (kind === "course")
    return (one) => {
      if (one.what === "ran") return false;
      if (one.what !== "sent") return one.course === id;
      return runOf(one)?.course === id || automations.has(one.automation ?? "");
    };
  return (one) => {
    if (one.what === "ran" || one.what === "sent") return one.automation === id;
    return runOf(one)?.automation === id || courses.has(one.course ?? "");
  };
}

/** Those that something was about in the pack's time, and those that the learner was in then, whenever they entered. */
function coursesOf(about: About, learner: Learner, known: readonly Proof[], inTime: readonly Proof[]): string[] {
  const { kind, id } = about;
  if (kind === "course") return [id];
  const enrolled = learner.enrolments.flatMap(({ type, product }) => (type === "course" ? [product] : []));
  const asked = kind === "segment" ? [...enrolled, ...namedIn(known)] : [...about.courses, ...namedIn(inTime)];
  const standing = asked.filter((course) => wasIn(about, course, learner, known));
  // In an order that does not change with what is still kept.
  return [...new Set([...namedIn(inTime.filter(({ what }) => what !== "ran")), ...standing])].toSorted();
}

const namedIn = (proofs: readonly Proof[]): Set<string> => new Set(proofs.flatMap(({ course }) => course ?? []));

/** Of messages, those about a course: all of a pack that is about one course, or about nothing else. */
const isOfCourse = (about: About, one: Proof, course: string, runs: ReadonlyMap<string, Proof>): boolean =>
  about.kind !== "segment" || course === "" || (one.run !== undefined && runs.get(one.run)?.course === course);

const lastOf = (proofs: readonly Proof[], course: string, ...what: Proof["what"][]): Proof | undefined =>
  proofs.findLast((one) => one.course === course && what.includes(one.what));

/**
 * The last of its kind. What a merge made was lived before, by the one or the other: as it was then, or as far as that is
 * not kept any more at the moment that is known of it.
 */
function lived(
  proofs: readonly Proof[],
  course: string,
  what: Proof["what"],
  knownAt: number | null | undefined,
): Proof | undefined {
  const last = lastOf(proofs, course, what);
  if (last?.by?.by !== "merge") return last;
  const before = proofs.filter((one) => one.by?.by !== "merge" && one.at <= last.at);
  const known = before.filter(({ at }) => at === knownAt);
  const at = typeof knownAt === "number" && knownAt < last.at ? knownAt : last.at;
  return lastOf(known, course, what) ?? lastOf(before, course, what) ?? { ...last, at };
}

/** Whether somebody was enrolled in a course at some moment of the pack's time. */
function wasIn({ from, to }: About, course: string, learner: Learner, known: readonly Proof[]): boolean {
  const last = lastOf(known, course, "enrolled", "unenrolled");
  if (!last) return enrolmentIn(learner, course, to) !== undefined;
  // Who entered or left in it was in.
  return last.what === "enrolled" || last.at >= from;
}

/** The same of a segment. */
function wasMember({ id, from, to }: About, learner: Learner, known: readonly Proof[]): boolean {
  const before = known.findLast((one) => one.segment === id && one.at < from);
  if (before) return before.what === "joined";
  const given = learner.givers.segments[id];
  return learner.segments.includes(id) && (given === undefined || given.at < to);
}

/** From when until when somebody was in the segment, the last time; where it is about one. */
function membershipOf({ kind, id }: About, learner: Learner, known: readonly Proof[]): [from: string, until: string] {
  if (kind !== "segment") return ["", ""];
  const moves = known.filter(({ segment }) => segment === id);
  const last = moves.at(-1);
  const joined = moves.findLast(({ what }) => what === "joined")?.at ?? learner.givers.segments[id]?.at;
  return [time(joined), time(last?.what === "left" ? last.at : null)];
}

function personLine(course: string, { learner, proofs }: Known, sent: readonly Proof[], to: number): string[] {
  const enrolment = enrolmentIn(learner, course, to);
  const record = Object.hasOwn(learner.courses, course) ? learner.courses[course] : undefined;
  const held = learner.certificates.findLast((one) => one.course === course && one.at < to);
  const enrolled = lived(proofs, course, "enrolled", enrolment?.enrolledAt);
  const ended = lastOf(proofs, course, "enrolled", "unenrolled");
  const completed = lived(proofs, course, "completed", record?.completedAt);
  const certified = lived(proofs, course, "certified", record?.certificateAt);
  const enrolledBy = enrolled?.by ?? enrolment?.sources[0]?.given;
  const before = (at: number | null | undefined): number | null =>
    at !== null && at !== undefined && at < to ? at : null;
  return [
    ...[learner.id, learner.username ?? "", learner.email ?? "", course],
    ...[time(enrolled?.at ?? enrolment?.enrolledAt), ...byOf(enrolledBy)],
    time(ended?.what === "unenrolled" ? ended.at : null),
    time(before(record?.startedAt)),
    ...[time(completed?.at ?? before(record?.completedAt)), ...byOf(completed?.by)],
    time(certified?.at ?? held?.at ?? before(record?.certificateAt)),
    certified?.certificate ?? held?.certificate ?? "",
    certified?.expires_at ?? time(held?.expiresAt),
    ...[String(sent.length), time(sent.at(-1)?.at)],
  ];
}

const byOf = (by: Origin | Giver | undefined): [by: string, id: string] => [by?.by ?? "", by?.id ?? ""];
