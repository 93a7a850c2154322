import * as z from "zod";
import type { LmsAsked } from "../calls/lms";
import { DIFFERENCES, type Sides } from "../catalogue/enrolment/drift";
import type { Origin } from "../catalogue/facts/givers";
import { limitText } from "../catalogue/facts/limits";
import type { LmsEnrolment, LmsPage } from "../connectors";
import type { JobScene, Stepped } from "../jobs/define";
import { keepDrift } from "./kept";
import { countHeld, heldAndNotNamed } from "./ours";
import {
  type Compared,
  comparePeople,
  counts,
  isDifference,
  noCounts,
  type Person,
  sinceNow,
  withCompared,
} from "./people";
import { forJob, type LmsReader } from "./reader";
import { EMPTY, whatNeedsConfirming } from "./sides";
import { namedIn, stage, staged, unstage, whoOfThemIs } from "./staged";

/*
 * One course, step by step: all that the LMS says of it is read first, then compared, and only when all of it is known and
 * nothing stands against it is anything changed.
 */

export const courseState = z.object({
  course: z.string(),
  phase: z.enum(["read", "theirs", "ours", "again", "mend"]),
  /** Where the list goes on: the LMS's cursor, or the last user of ours. */
  after: z.string().nullable(),
  /** The piece that comes next. */
  n: z.number(),
  /** How many pieces there are of what the LMS said, and of what differs. */
  named: z.number(),
  differing: z.number(),
  /** Whether the LMS has named anybody. */
  hasPeople: z.boolean(),
  since: z.number().nullable(),
  counts,
});
export type CourseState = z.output<typeof courseState>;

/** What is made of a course. */
export interface CourseWork {
  scene: JobScene;
  reader: LmsReader;
  sides: Sides;
  confirm: number | null;
  origin: Origin;
}

/** A step of a course; null: it is over. */
type CourseStep = Omit<Stepped, "next"> & { next: CourseState | null };

const OURS_AT_ONCE = 100;

export async function beginCourse({ env, school }: JobScene, course: string): Promise<CourseState> {
  const here = await countHeld(env, school.id, course, Number.MAX_SAFE_INTEGER);
  const place = { phase: "read", after: null, n: 0, named: 0, differing: 0, hasPeople: false } as const;
  return { course, ...place, since: sinceNow(school), counts: noCounts(here) };
}

export const stepCourse = (work: CourseWork, at: CourseState): Promise<CourseStep> => PHASES[at.phase](work, at);

const PHASES: Record<CourseState["phase"], (work: CourseWork, at: CourseState) => Promise<CourseStep>> = {
  read: async (work, at) => {
    const page = await readPage(work, at);
    if ("not" in page) return endCourse(work, at, page.not);
    const people = page.items.map(toPerson);
    if (people.length) await stage(work.scene, "named", at.named, people);
    const there = at.counts.there + people.filter(({ theirs }) => !theirs?.suspended).length;
    const next: CourseState = {
      ...at,
      named: at.named + (people.length ? 1 : 0),
      hasPeople: at.hasPeople || people.length > 0,
      counts: { ...at.counts, there },
    };
    if (page.next !== null) return going({ ...next, after: page.next });
    return going({ ...next, phase: "theirs", after: null });
  },

  theirs: async (work, at) => {
    if (at.n >= at.named) return going({ ...at, phase: "ours", n: 0 });
    const compared = await compare(work, at, await staged(work.scene, "named", at.n));
    return { next: { ...(await record(work, at, compared)), n: at.n + 1 }, ...outcome(work, compared) };
  },

  ours: async (work, at) => {
    const { env, school } = work.scene;
    const place = { school: school.id, course: at.course, after: at.after ?? "", limit: OURS_AT_ONCE };
    const users = await heldAndNotNamed(env, place, namedIn(work.scene, "named"));
    const compared = await compare(
      work,
      at,
      users.map((user) => ({ user, theirs: null })),
    );
    const next = await record(work, at, compared);
    const last = users.at(-1);
    if (users.length === OURS_AT_ONCE && last !== undefined)
      return { next: { ...next, after: last }, ...outcome(work, compared) };
    const { faults, ...rest } = outcome(work, compared);
    const decided = await decide(work, { ...next, after: null });
    return { ...rest, next: decided.next, faults: [...faults, ...(decided.faults ?? [])] };
  },

  /**
   * Who leaves the LMS's list, or comes back to it, while it is read in pages may be, or move another, out of sight: nobody
   * is un-enrolled here who is not missing twice.
   */
  again: async (work, at) => {
    const page = await readPage(work, at);
    if ("not" in page) return endCourse(work, at, page.not);
    const people = page.items.map(toPerson);
    await stage(work.scene, "again", at.n, people);
    const next = { ...at, n: at.n + 1, hasPeople: at.hasPeople || people.length > 0 };
    if (page.next !== null) return going({ ...next, after: page.next });
    return next.hasPeople ? going({ ...next, phase: "mend", after: null, n: 0 }) : endCourse(work, at, EMPTY);
  },

  mend: async (work, at) => {
    if (at.n >= at.differing) return endCourse(work, at, null);
    const people = await staged(work.scene, "differing", at.n);
    const seen = await whoOfThemIs(
      work.scene,
      "again",
      people.flatMap(({ user, theirs }) => (theirs ? [] : [user])),
    );
    const { sides, origin } = work;
    const compared = await compare(
      work,
      at,
      people.filter(({ user, theirs }) => theirs || !seen.has(user)),
      { sides, origin },
    );
    const left = { ...at.counts };
    for (const one of compared) {
      if (!one.mended || !isDifference(one)) continue;
      left[one.kind] -= 1;
      if (sides[one.kind] === "ours") left.on_its_way += 1;
    }
    const refused = compared.flatMap(({ user, refused }) =>
      refused ? [{ user, message: limitText(refused.limit) }] : [],
    );
    return {
      next: { ...at, n: at.n + 1, counts: left },
      done: 0,
      // Each was asked, and D1 told.
      took: 3 * people.length,
      faults: [...outcome(work, compared).faults, ...refused],
      found: compared.flatMap(({ user, mended }) => (mended ? [user] : [])),
    };
  },
};

const going = (next: CourseState): CourseStep => ({ next, done: 0 });

const readPage = (
  { reader }: CourseWork,
  { course, after }: CourseState,
): Promise<LmsPage<LmsEnrolment> | { not: string }> => forJob(reader, reader.enrolments(course, after));

export const toPerson = ({ user, ...theirs }: LmsEnrolment): Person => ({ user, theirs });

const compare = (
  { scene }: CourseWork,
  { course, since }: CourseState,
  people: readonly Person[],
  mend?: LmsAsked["mend"],
): Promise<Compared[]> => comparePeople(scene.env, scene.school, people, { course, since, ...(mend ? { mend } : {}) });

/** Where nothing is to be mended, who differs is what was looked for. */
const outcome = ({ sides }: CourseWork, compared: readonly Compared[]) => ({
  done: compared.length,
  found: Object.keys(sides).length ? [] : compared.filter(isDifference).map(({ user }) => user),
  faults: compared.flatMap(({ user, fault }) => (fault === undefined ? [] : [{ user, message: fault }])),
});

/** Notes who differs. */
async function record({ scene }: CourseWork, at: CourseState, compared: readonly Compared[]): Promise<CourseState> {
  const people = compared.filter(isDifference).map(({ user, theirs }) => ({ user, theirs }));
  if (people.length) await stage(scene, "differing", at.differing, people);
  return { ...at, differing: at.differing + (people.length ? 1 : 0), counts: withCompared(at.counts, compared) };
}

/** All is compared: whether it is to be mended, and may be. */
async function decide(work: CourseWork, at: CourseState): Promise<CourseStep> {
  const { sides } = work;
  const isAsked = DIFFERENCES.some((kind) => sides[kind] && at.counts[kind] > 0);
  if (!at.hasPeople && at.counts.missing_there > 0) return endCourse(work, at, EMPTY, isAsked);
  if (!isAsked) return endCourse(work, at, null);
  const refusal = whatNeedsConfirming(sides, at.counts, work.confirm);
  if (refusal !== null) return endCourse(work, at, refusal);
  await keepDrift(work.scene.env, work.scene.school.id, at.course, { counts: at.counts, problem: null });
  const isSure = sides.missing_there !== "theirs" || at.counts.missing_there === 0;
  return going({ ...at, phase: isSure ? "mend" : "again", n: 0, hasPeople: false });
}

/** Keeps how the course was found, and what of it is mended. @param tells of a problem: whether somebody has to hear of it */
async function endCourse(
  { scene }: CourseWork,
  { course, counts }: CourseState,
  problem: string | null,
  tells = true,
): Promise<CourseStep> {
  await keepDrift(scene.env, scene.school.id, course, { counts, problem });
  await unstage(scene);
  const faults = problem !== null && tells ? [{ message: `${course}: ${problem}` }] : [];
  return { next: null, done: 0, faults };
}
