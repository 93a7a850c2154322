import type { Env } from "../base/env";
import { formatInstant } from "../catalogue/dates/time";
import type { LmsEnrolled } from "../catalogue/enrolment/drift";
import { presentSource } from "../catalogue/shown/present-givers";
import type { School } from "../world/snapshot";
import { toPerson } from "./course-job";
import { type CourseDrift, keepDrift, showDrift } from "./kept";
import { countHeld, heldAndNotNamed } from "./ours";
import { type Compared, type Counts, comparePeople, noCounts, type Person, sinceNow, withCompared } from "./people";
import { forAnswer, type LmsReader } from "./reader";
import { EMPTY } from "./sides";

/*
 * A course compared while somebody waits: one of so many people at most, those of both sides together, as each is asked.
 */

export const LIVE_PEOPLE = 500;
const LIVE_PAGES = 25;

/** A course as it was found just now, with who differs. */
export interface LiveDrift {
  drift: CourseDrift;
  counts: Counts;
  /** Whether the LMS named nobody, and we have somebody. */
  isEmpty: boolean;
  people: PersonDrift[];
}

const enrolled = (one: LmsEnrolled | null) =>
  one && {
    role: one.role,
    suspended: one.suspended,
    ...(one.expiresAt === undefined
      ? {}
      : { expires_at: one.expiresAt === null ? null : formatInstant(one.expiresAt) }),
  };
const shown = ({ user, what, ours, theirs, givers = [] }: Compared, kind: NonNullable<Compared["kind"]>) => ({
  user,
  kind,
  ...(what ? { what } : {}),
  here: enrolled(ours),
  there: enrolled(theirs),
  givers: givers.map(presentSource),
});
export type PersonDrift = ReturnType<typeof shown>;

/** Compares a course; null: it has more people than are compared at once, or than `most`. */
export async function compareLive(
  env: Env,
  school: School,
  reader: LmsReader,
  course: string,
  most = LIVE_PEOPLE,
): Promise<LiveDrift | null> {
  const here = await countHeld(env, school.id, course, most + 1);
  if (here > most) return null;
  const since = sinceNow(school);
  const named = await readAll(reader, course, most);
  if (!named) return null;
  const bound = [JSON.stringify(named.map(({ user }) => user))];
  const at = { school: school.id, course, after: "", limit: most };
  const missing = await heldAndNotNamed(env, at, { sql: "select value from json_each(?)", bound });
  const people = [...named, ...missing.map((user) => ({ user, theirs: null }))];
  if (people.length > most) return null;
  const compared = await comparePeople(env, school, people, { course, since });
  const there = named.filter(({ theirs }) => !theirs?.suspended).length;
  const counts = withCompared({ ...noCounts(here), there }, compared);
  const isEmpty = named.length === 0 && counts.missing_there > 0;
  const row = await keepDrift(env, school.id, course, { counts, problem: isEmpty ? EMPTY : null });
  const [drift] = (await showDrift(env, school.id, { data: [row], next_cursor: null })).data;
  if (!drift) throw new Error("it was kept just now");
  const differing = compared.flatMap((one) => (one.kind === null ? [] : [shown(one, one.kind)]));
  return { drift, counts, isEmpty, people: differing };
}

/** Everybody whom the LMS names in a course; null: they are too many. */
async function readAll(reader: LmsReader, course: string, most: number): Promise<Person[] | null> {
  const people: Person[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < LIVE_PAGES; pages++) {
    const { items, next }: Awaited<ReturnType<LmsReader["enrolments"]>> = await forAnswer(
      reader,
      reader.enrolments(course, after),
    );
    people.push(...items.map(toPerson));
    if (people.length > most) return null;
    if (next === null) return people;
    after = next;
  }
  return null;
}
