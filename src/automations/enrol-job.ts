import { and, asc, eq, gt, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Env } from "../base/env";
import { referenceOf, userObject } from "../calls/stub";
import { storedTagKeys } from "../catalogue/tags/key";
import { database } from "../db/client";
import { userMarks, users } from "../db/schema";
import { readEntries } from "../jobs/chunks";
import {
  defineJob,
  FOUND,
  type Item,
  type ItemSource,
  type JobKind,
  type JobLine,
  type JobScene,
} from "../jobs/define";

/** Who is meant: some by their ids, those who bear a mark, or everybody. */
export type Meant = { users: string[] } | Sought;
type Sought = { segment: string } | { tag: string } | { course: string } | { all: true };

const item = (user: string, cursor: string): Item<string> => ({ cursor, place: { user }, key: user, value: user });

/** Ids that were given, kept apart. */
const listedUsers = (total: number): ItemSource<string> => ({
  total: async () => total,
  next: async (scene, after, limit) =>
    (await readEntries(scene, after, limit)).map(({ cursor, text }) => item(text, cursor)),
});

const entriesOf = (users: readonly string[]): JobLine[] => users.map((user, index) => [index, user]);

/** Who asked for it. A job of before did not keep it. */
const hand = z.string().nullable().default(null);

const start = ({ env, school, job }: JobScene, asked: { automation: string; hand: string | null }, user: string) =>
  userObject(env, school, user).change(
    referenceOf(school),
    { kind: "enrol", automation: asked.automation, origin: { by: "hand", id: asked.hand } },
    { creates: false, once: job },
  );

const listed = defineJob({
  name: "enrol",
  params: z.object({ automation: z.string(), hand, total: z.number() }),
  source: ({ total }) => listedUsers(total),
  perform: async (scene, asked, user: string) => {
    await start(scene, asked, user);
    return null;
  },
});

/** Starts an automation for users now. */
export const enrolJob: JobKind<{ automation: string; hand: string | null; users: readonly string[] }> = {
  name: listed.name,
  ready: ({ users, ...asked }) => ({
    ...listed.ready({ ...asked, total: users.length }),
    entries: entriesOf(users),
  }),
  read: listed.read,
};

// ---- Of many candidates ----

/** What users are found by in the directory: of a kind any of these values. */
type Mark = [kind: "segment" | "tag" | "course", values: string[]];

function markOf(whom: Sought): Mark | null {
  if ("segment" in whom) return ["segment", [whom.segment]];
  if ("course" in whom) return ["course", [whom.course]];
  return "tag" in whom ? ["tag", storedTagKeys(whom.tag)] : null;
}

const ofMark = (school: string, [kind, value]: Mark) =>
  and(eq(userMarks.school, school), eq(userMarks.kind, kind), inArray(userMarks.value, value));

/** The next users meant, by id behind one. */
export async function meantAfter(
  env: Env,
  school: string,
  whom: Sought,
  after: string,
  limit: number,
): Promise<string[]> {
  const db = database(env.DB);
  const mark = markOf(whom);
  const rows = mark
    ? await db
        .selectDistinct({ id: userMarks.user })
        .from(userMarks)
        .where(and(ofMark(school, mark), gt(userMarks.user, after)))
        .orderBy(asc(userMarks.user))
        .limit(limit)
    : await db
        .select({ id: users.id })
        .from(users)
        .where(and(eq(users.school, school), gt(users.id, after)))
        .orderBy(asc(users.id))
        .limit(limit);
  return rows.map((row) => row.id);
}

const soughtUsers = (whom: Sought): ItemSource<string> => ({
  total: async ({ env, school }) => {
    const mark = markOf(whom);
    return mark
      ? database(env.DB).$count(userMarks, ofMark(school.id, mark))
      : database(env.DB).$count(users, eq(users.school, school.id));
  },
  next: async ({ env, school }, after, limit) =>
    (await meantAfter(env, school.id, whom, after ?? "", limit)).map((user) => item(user, user)),
});

const candidates = defineJob({
  name: "enrol_candidates",
  params: z.object({
    automation: z.string(),
    hand,
    isDry: z.boolean(),
    whom: z.union([
      z.object({ listed: z.number() }),
      z.object({ segment: z.string() }),
      z.object({ tag: z.string() }),
      z.object({ course: z.string() }),
      z.object({ all: z.literal(true) }),
    ]),
  }),
  source: ({ whom }) => ("listed" in whom ? listedUsers(whom.listed) : soughtUsers(whom)),
  counts: true,
  perform: async (scene, { isDry, ...asked }, user: string) => {
    const { env, school } = scene;
    if (!(await userObject(env, school, user).wouldStart(referenceOf(school), asked.automation, scene.job)))
      return null;
    if (!isDry) await start(scene, asked, user);
    return FOUND;
  },
});

/** Counts for whom of many an automation would start, and starts it for them unless it is only asked. */
export const candidatesJob: JobKind<{ automation: string; hand: string | null; whom: Meant; isDry: boolean }> = {
  name: candidates.name,
  ready: ({ whom, ...rest }) =>
    "users" in whom
      ? { ...candidates.ready({ ...rest, whom: { listed: whom.users.length } }), entries: entriesOf(whom.users) }
      : candidates.ready({ ...rest, whom }),
  read: candidates.read,
};
