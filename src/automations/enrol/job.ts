import * as z from "zod";
import type { Env } from "../../base/env";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { storedTagKeys } from "../../catalogue/tags/key";
import {
  defineJob,
  FOUND,
  type Item,
  type ItemSource,
  type JobKind,
  type JobLine,
  type JobScene,
} from "../../jobs/define";
import { edgeOfEntries, readEntries } from "../../jobs/files/chunks";

/** Who is meant: some by their ids, those who bear a mark, or everybody. */
export type Meant = { users: string[] } | Sought;
type Sought = { segment: string } | { tag: string } | { course: string } | { all: true };

const item = (user: string, cursor: string): Item<string> => ({ cursor, place: { user }, key: user, value: user });

/** Ids that were given, kept apart. */
const listedUsers = (total: number): ItemSource<string> => ({
  total: async () => total,
  next: async (scene, after, limit, until) =>
    (await readEntries(scene, after, limit, until)).map(({ cursor, text }) => item(text, cursor)),
  edge: edgeOfEntries,
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
  about: ({ automation: id }) => ({ kind: "automation", id }),
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
  about: listed.about,
};

// ---- Of many candidates ----

/** What users are found by in the directory: of a kind any of these values. */
type Mark = [kind: "segment" | "tag" | "course", values: string[]];

function markOf(whom: Sought): Mark | null {
  if ("segment" in whom) return ["segment", [whom.segment]];
  if ("course" in whom) return ["course", [whom.course]];
  return "tag" in whom ? ["tag", storedTagKeys(whom.tag)] : null;
}

/** Of a school those behind `?2`, up to `?3` of them, by their ids. */
const OF_ALL = "select id from users where school = ?1 and id > ?2 and id <= ?4 order by id limit ?3";
/** Those who bear the mark `?5`; of one that was written in several ways each is a walk along the index. */
const ofMark = (values: readonly string[]): string => {
  const walks = values.map(
    (_, index) => `select user as id from (select user from user_marks
      where school = ?1 and kind = ?5 and value = ?${index + 6} and user > ?2 and user <= ?4 order by user limit ?3)`,
  );
  return walks.length === 1 ? String(walks[0]) : `select id from (${walks.join(" union ")}) order by id limit ?3`;
};

/** Behind every id. */
const LAST = "\u{10ffff}";

/** A statement about the next users meant, of whom `ids` selects the ids. */
function askMeant(
  env: Env,
  school: string,
  whom: Sought,
  { after, most, until = LAST }: { after: string; most: number; until?: string | undefined },
  sql: (ids: string) => string = (ids) => ids,
): D1PreparedStatement {
  const mark = markOf(whom);
  const place = [school, after, most, until];
  if (!mark) return env.DB.prepare(sql(OF_ALL)).bind(...place);
  const [kind, values] = mark;
  return env.DB.prepare(sql(ofMark(values))).bind(...place, kind, ...values);
}

/** The next users meant, by id behind one. */
export async function meantAfter(
  env: Env,
  school: string,
  whom: Sought,
  after: string,
  limit: number,
  until?: string,
): Promise<string[]> {
  const { results } = await askMeant(env, school, whom, { after, most: limit, until }).all<{ id: string }>();
  return results.map(({ id }) => id);
}

const soughtUsers = (whom: Sought): ItemSource<string> => ({
  total: async ({ env, school }, most = Number.MAX_SAFE_INTEGER) => {
    const asked = askMeant(env, school.id, whom, { after: "", most }, (ids) => `select count(*) as n from (${ids})`);
    return (await asked.first<number>("n")) ?? 0;
  },
  next: async ({ env, school }, after, limit, until) =>
    (await meantAfter(env, school.id, whom, after ?? "", limit, until ?? undefined)).map((user) => item(user, user)),
  edge: async ({ env, school }, after, size) => {
    const place = { after: after ?? "", most: size };
    const asked = askMeant(env, school.id, whom, place, (ids) => `select max(id) as last, count(*) as n from (${ids})`);
    const { last, n } = (await asked.first<{ last: string | null; n: number }>()) ?? { last: null, n: 0 };
    return { until: n === size ? last : null, items: n };
  },
});

const candidatesAs = (name: string) =>
  defineJob({
    name,
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
    about: ({ automation: id }) => ({ kind: "automation", id }),
    counts: true,
    perform: async (scene, { isDry, ...asked }, user: string) => {
      const { env, school } = scene;
      if (!(await userObject(env, school, user).wouldStart(referenceOf(school), asked.automation, scene.job)))
        return null;
      if (!isDry) await start(scene, asked, user);
      return FOUND;
    },
  });

type Asked = { automation: string; hand: string | null; whom: Meant; isDry: boolean };

function candidates(name: string): JobKind<Asked> {
  const plain = candidatesAs(name);
  return {
    ...plain,
    ready: ({ whom, ...rest }) =>
      "users" in whom
        ? { ...plain.ready({ ...rest, whom: { listed: whom.users.length } }), entries: entriesOf(whom.users) }
        : plain.ready({ ...rest, whom }),
  };
}

/** Counts for whom of many an automation would start, and starts it for them. One of before may only have counted. */
export const candidatesJob = candidates("enrol_candidates");
/** Counts them only. */
export const countJob = candidates("enrol_count");
