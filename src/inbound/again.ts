import * as z from "zod";
import type { Env } from "../base/env";
import { readJson } from "../base/json";
import { forgetUsed, keptMessages, type UnusedRow } from "../db/unmapped";
import type { School } from "../world/snapshot";
import { learnworldsAgain, learnworldsFormat } from "./learnworlds/take";
import { moodleAgain, moodleFormat } from "./moodle-take";
import { segmentFormat } from "./segment";
import { segmentAgain } from "./segment-take";
import { type Came, type Format, takeAgain } from "./take";
import { statementAgain, xapiFormat } from "./xapi/take";

/*
 * What could not be used is tried again, once the school has mended what it takes: a choice was added, a field declared.
 */

/** How a kept message is read again; null: it was taken while it was read. */
type Again = (env: Env, school: School, message: unknown, how: Record<string, unknown>) => Promise<Came | null>;

const FORMATS = new Map<string, { format: Format; again: Again }>([
  [segmentFormat.name, { format: segmentFormat, again: (_, __, message, how) => segmentAgain(message, how) }],
  [xapiFormat.name, { format: xapiFormat, again: statementAgain }],
  [learnworldsFormat.name, { format: learnworldsFormat, again: learnworldsAgain }],
  [moodleFormat.name, { format: moodleFormat, again: moodleAgain }],
]);

const kept = z.object({ message: z.unknown(), how: z.record(z.string(), z.unknown()).optional() });

/** Tries the messages kept of a row; those used whole leave it. Done twice, it does nothing more. */
export async function tryAgain(env: Env, school: School, row: UnusedRow): Promise<{ tried: number; used: number }> {
  const way = FORMATS.get(row.format);
  const messages = way ? await keptMessages(env, school.id, row) : [];
  const used: string[] = [];
  for (const { id, body } of messages) {
    const { message, how = {} } = readJson(kept, body);
    const came = await way?.again(env, school, message, how);
    const taken = way && came ? await takeAgain(env, school, way.format, came) : null;
    const isUsed = !taken || (taken.unused.length === 0 && taken.results.every((result) => "text" in result));
    if (isUsed) used.push(id);
  }
  await forgetUsed(env, school.id, row, used);
  return { tried: messages.length, used: used.length };
}
