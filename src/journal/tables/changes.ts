import { pMapSettled } from "p-map";
import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import type { LogBatch } from "../../calls/batch";
import { schoolObject } from "../../calls/reaching/stub";
import type { SchoolEpoch } from "../../calls/user";
import type { SentChange } from "../../catalogue/facts/changes";

/*
 * Changes come into their school's feed by the log's way: with the batch that D1 is told, and before it. What is kept
 * twice since somebody was cut off in between, readers see by its `seq`.
 */

/** Of what users' objects have to tell: whose it is, and the changes in it. */
type Keeping = Pick<LogBatch, "school" | "epoch" | "changes">;

const AT_ONCE = 4;
/** A call takes 32 MiB, at three bytes a character; a page of users rarely comes near. */
const CHARACTERS_A_CALL = 8_000_000;

/**
 * Puts changes into their schools' feeds, one call a school. Answers with the batches whose changes are kept, all those
 * without any among them; a school that does not take them stops no other.
 */
export async function keepChanges<Batch extends Keeping>(env: Env, batches: readonly Batch[]): Promise<Batch[]> {
  const some = batches.filter(({ changes }) => changes?.length);
  if (!some.length) return [...batches];
  const schools = [...Map.groupBy(some, keyOf).values()];
  const results = await pMapSettled(schools, (of) => append(env, of), { concurrency: AT_ONCE });
  const failed = new Set<string>();
  for (const [n, result] of results.entries()) {
    const [first] = schools[n] ?? [];
    if (result.status === "fulfilled" || !first) continue;
    failed.add(keyOf(first));
    log("error", "feed.not_kept", { school: first.school, error: result.reason });
  }
  return batches.filter((batch) => !batch.changes?.length || !failed.has(keyOf(batch)));
}

/** Where more than one call is needed, none is made after one that failed: a later change must not come first. */
async function append(env: Env, batches: readonly Keeping[]): Promise<void> {
  const [first] = batches;
  if (!first) return;
  const object = schoolObject(env, placeOf(first));
  for (const changes of callsOf(batches.flatMap(({ changes }) => changes ?? []))) await object.append(changes);
}

function callsOf(changes: readonly SentChange[]): SentChange[][] {
  const calls: SentChange[][] = [[]];
  let characters = 0;
  for (const change of changes) {
    const { length } = JSON.stringify(change);
    if (characters > 0 && characters + length > CHARACTERS_A_CALL) {
      calls.push([]);
      characters = 0;
    }
    calls.at(-1)?.push(change);
    characters += length;
  }
  return calls;
}

/** Takes back what was kept of a user who was erased meanwhile. */
export async function takeBackChanges(env: Env, { user, changes = [], ...batch }: LogBatch): Promise<void> {
  const ids = changes.map(({ id }) => id);
  // Some may be of who was merged into the user.
  const users = [...new Set([user, ...changes.map((change) => change.user)])];
  if (ids.length) await schoolObject(env, placeOf(batch)).erase(users, ids);
}

/** The schools into whose feeds changes were put. */
export const schoolsOf = (batches: readonly Keeping[]): SchoolEpoch[] => [
  ...new Map(
    batches.filter(({ changes }) => changes?.length).map((batch) => [keyOf(batch), placeOf(batch)] as const),
  ).values(),
];

const placeOf = ({ school, epoch }: Keeping): SchoolEpoch => ({ id: school, epoch });
const keyOf = ({ school, epoch }: Keeping): string => JSON.stringify([school, epoch]);
