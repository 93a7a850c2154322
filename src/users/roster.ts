import { z } from "zod";
import { once } from "../base/cache";
import { readJson } from "../base/json";
import { readEntries } from "../jobs/chunks";
import { defineListJob, type ItemSource, type JobLine, type JobScene } from "../jobs/define";
import { importUser, NO_SUCH_USER, refusedOf, tellImported } from "./import";
import { changeOf } from "./moved";

/*
 * A roster: changes of users that were read from a set of files when the set arrived, each kept as JSON until its turn.
 * Whatever else a file holds, passwords for one, is never kept.
 */

const values = once(() => z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])));
/** `creates`: who is not there is made. `event`: as jobs of earlier releases still hold it. */
const change = once(() =>
  z.union([
    z.object({ user: z.string(), creates: z.boolean(), attributes: values(), fields: values() }),
    z.object({
      user: z.string(),
      creates: z.boolean(),
      record: z.object({
        id: z.string(),
        course: z.string(),
        role: z.string().optional(),
        endsAt: z.number().optional(),
        beginsAt: z.number().optional(),
        ends: z.literal(true).optional(),
      }),
    }),
    z.object({
      user: z.string(),
      creates: z.boolean(),
      event: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) }),
    }),
  ]),
);
export type RosterChange = z.infer<ReturnType<typeof change>>;

/** Made when the first roster is read: few isolates meet one. */
const item = once(() =>
  z.union([
    z.object({ fault: z.string(), user: z.string().optional() }),
    z.object({ file: z.string(), change: change(), note: z.string().optional() }),
  ]),
);
/** What a line asks for, and what of it was left out; or what is wrong with it. A fault that no one line has is reported of its user. */
export type RosterItem = z.infer<ReturnType<typeof item>>;

export const rosterEntry = (line: number, given: RosterItem): JobLine => [line, JSON.stringify(given)];

const itemsOf = (total: number): ItemSource<{ line: number; item: RosterItem }> => ({
  total: async () => total,
  next: async (scene, after, limit) =>
    (await readEntries(scene, after, limit)).map(({ cursor, n, text }) => {
      const read = readJson(item(), text);
      const user = "fault" in read ? read.user : undefined;
      return {
        cursor,
        place: user === undefined ? { line: n } : { user },
        key: "fault" in read ? "" : read.change.user,
        value: { line: n, item: read },
      };
    }),
});

/** Brings users in line with a roster. Doing it twice changes nothing more. */
export const rosterImport = defineListJob({
  name: "roster_import",
  params: z.object({ total: z.number(), fire: z.boolean() }),
  source: ({ total }) => itemsOf(total),
  perform: async (scene, { fire }, { line, item: given }) => {
    if ("fault" in given) return given.fault;
    const { note } = given;
    const fault = (await perform(scene, line, given.change, fire)) ?? note ?? null;
    return fault === null ? null : `${given.file}: ${fault}`;
  },
  endPage: tellImported,
});

async function perform(scene: JobScene, line: number, given: RosterChange, fire: boolean): Promise<string | null> {
  const { user, creates } = given;
  if ("attributes" in given) {
    const { attributes, fields } = given;
    return importUser(scene, { id: user, attributes, fields: Object.entries(fields) }, { fire, creates });
  }
  const { env, school, job } = scene;
  const what = "record" in given ? { record: given.record } : { event: given.event };
  const origin = { by: "import", id: job } as const;
  const input = { kind: "import", attributes: {}, tags: [], ...what, fire, origin } as const;
  // Doing a page again leaves the user's enrolments as they are; but with `fire` it would start runs a second time.
  const once = fire ? { once: `${scene.job} ${line}` } : {};
  const changed = await changeOf(env, school, user, input, { creates, tells: true, ...once });
  return changed || creates ? refusedOf(changed) : NO_SUCH_USER;
}
