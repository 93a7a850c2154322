import * as z from "zod";
import { once } from "../../base/cache";
import { openObject, readJson } from "../../base/json";
import { movesBetweenUsers, type RosterNews } from "../../catalogue/enrolment/roster";
import type { Change } from "../../engine/play";
import { defineListJob, type ItemSource, type JobLine, type JobScene } from "../../jobs/define";
import { readEntries } from "../../jobs/files/chunks";
import { changeOf, whoIs } from "../merging/moved";
import { importUser, NO_SUCH_USER, refusedOf } from "./import";
import { askAtEnd, changeInPage, tellImported } from "./telling";

/*
 * A roster: changes of users that were read from a set of files when the set arrived, each kept as JSON until its turn.
 * Whatever else a file holds, passwords for one, is never kept.
 */

/** Whose records are, of school `?1`, by a list of their ids. */
export const HOLDERS = `select roster_records.record, user from json_each(?2) as one cross join roster_records
  indexed by roster_records_by_record on roster_records.school = ?1 and roster_records.record = one.value`;

const values = once(() => z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])));
/**
 * `creates`: who is not there is made. `othersKeep`: the set gives the record to another user too, and nobody but this
 * one loses it. `event`: as jobs of earlier
 * releases still hold it.
 */
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
      othersKeep: z.literal(true).optional(),
    }),
    z.object({
      user: z.string(),
      creates: z.boolean(),
      event: z.object({ type: z.string(), data: openObject }),
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

/** `holders`: who has the item's record, as far as D1 has heard. */
type Given = { line: number; item: RosterItem; holders: readonly string[] };

const itemsOf = (total: number): ItemSource<Given> => ({
  total: async () => total,
  next: async (scene, after, limit) => {
    const entries = (await readEntries(scene, after, limit)).map((entry) => ({
      ...entry,
      item: readJson(item(), entry.text),
    }));
    const holdersOf = await recordHolders(
      scene,
      entries.flatMap((entry) => movingRecord(entry.item) ?? []),
    );
    return entries.map(({ cursor, n, item }) => {
      const user = "fault" in item ? item.user : undefined;
      const record = movingRecord(item);
      return {
        cursor,
        place: user === undefined ? { line: n } : { user },
        key: "fault" in item ? "" : item.change.user,
        value: { line: n, item, holders: record === null ? [] : holdersOf(record) },
      };
    });
  },
});

/** The record of an item, where others may have had it until now. */
function movingRecord(given: RosterItem): string | null {
  if ("fault" in given || !("record" in given.change) || given.change.othersKeep) return null;
  const { id } = given.change.record;
  return movesBetweenUsers(id) ? id : null;
}

/** Of many records at once, who has each. */
async function recordHolders({ env, school }: JobScene, records: readonly string[]) {
  const found = new Map<string, string[]>();
  if (records.length) {
    const { results } = await env.DB.prepare(HOLDERS)
      .bind(school.id, JSON.stringify(records))
      .all<{ record: string; user: string }>();
    for (const { record, user } of results) found.set(record, [...(found.get(record) ?? []), user]);
  }
  return (record: string): readonly string[] => found.get(record) ?? [];
}

/** Brings users in line with a roster. Doing it twice changes nothing more. */
export const rosterImport = defineListJob({
  name: "roster_import",
  params: z.object({ total: z.number(), fire: z.boolean(), trace: z.string().nullable().default(null) }),
  source: ({ total }) => itemsOf(total),
  perform: async (scene, { fire, trace }, { line, item: given, holders }) => {
    if ("fault" in given) return given.fault;
    const { note } = given;
    const fault = (await perform(scene, line, given.change, { fire, trace, holders })) ?? note ?? null;
    return fault === null ? null : `${given.file}: ${fault}`;
  },
  endPage: tellImported,
});

async function perform(
  scene: JobScene,
  line: number,
  given: RosterChange,
  { fire, trace, holders }: { fire: boolean; trace: string | null; holders: readonly string[] },
): Promise<string | null> {
  const { user, creates } = given;
  if ("attributes" in given) {
    const { attributes, fields } = given;
    return importUser(scene, { id: user, attributes, fields: Object.entries(fields) }, { fire, creates, trace });
  }
  const origin = { by: "import", id: scene.job } as const;
  const what = "record" in given ? { record: given.record } : { event: given.event };
  const traced = trace === null ? {} : { trace };
  const input = { kind: "import", attributes: {}, tags: [], ...what, fire, origin, ...traced } as const;
  // Doing a page again leaves the user's enrolments as they are; but with `fire` it would start runs a second time.
  const once = fire ? { once: `${scene.job} ${line}` } : {};
  const changed = await changeInPage(scene, user, input, { creates, ...once });
  if (changed?.refused) return refusedOf(changed);
  // Behind the giving: where that fails nobody has lost it.
  const took =
    "record" in given && (await takeFromOthers(scene, user, holders, { ...input, record: given.record }, once));
  return changed || creates || took ? null : NO_SUCH_USER;
}

/** Takes a record away from whoever else has it. @returns whether anybody had */
async function takeFromOthers(
  scene: JobScene,
  user: string,
  holders: readonly string[],
  input: Extract<Change, { kind: "import" }> & { record: RosterNews },
  once: { once?: string },
): Promise<boolean> {
  if (holders.every((one) => one === user)) return false;
  const { env, school } = scene;
  // Who was merged is called otherwise since.
  const self = await whoIs(env, school, user);
  const others = holders.filter((one) => one !== user && one !== self);
  const { id, course } = input.record;
  for (const other of others) {
    askAtEnd(scene, other);
    await changeOf(
      env,
      school,
      other,
      { ...input, record: { id, course, ends: "elsewhere" } },
      { creates: false, ...once },
    );
  }
  return others.length > 0;
}
