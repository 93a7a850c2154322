import { pMapSettled } from "p-map";
import type { Env } from "../base/env";
import { log } from "../base/reports/log";
import type { LogBatch } from "../calls/batch";
import { objectAt, schoolObject, userObject } from "../calls/reaching/stub";
import type { SchoolEpoch, UserPlace } from "../calls/user";
import { announce } from "./announce";
import { takeBack } from "./held/forget";
import { keepChanges, schoolsOf } from "./tables/changes";
import { writeLog } from "./write";

/*
 * Objects are pulled a few at a time, and the next page when the last is written: no event stands behind a flush.
 */
const USERS_A_PAGE = 25;
const AT_ONCE = 4;
/** Of what a job was given, which waits for it: so much in one transaction, and so many hear of it at once. */
const GIVEN_A_PAGE = 100;
const GIVEN_CHARACTERS = 500_000;
const GIVEN_AT_ONCE = 12;

/** Activity is told to the millisecond, not to the day. */
interface Telling {
  exact: boolean;
}

/** Writes to D1, now, what a user's object has for it. */
export async function tellUser(env: Env, school: SchoolEpoch, user: string, { exact }: Telling): Promise<void> {
  const { batch } = await userObject(env, school, user).untold({ heard: null, exact });
  if (batch) await tell(env, [batch], { exact });
}

/**
 * The same for many users, a page in one transaction. An object that does not answer stops no other, nor does a page
 * that cannot be written, for which it throws at the end.
 */
export async function tellUsers(
  env: Env,
  users: readonly UserPlace[],
  telling: Telling = { exact: false },
): Promise<void> {
  const { errors } = await tellAll(env, users, telling);
  if (errors.length) throw errors[0];
}

/** The same, with whom D1 did not hear of, and why pages could not be written. */
export async function tellAll(
  env: Env,
  users: readonly UserPlace[],
  { exact }: Telling,
): Promise<{ untold: UserPlace[]; errors: unknown[] }> {
  const places = [
    ...new Map(users.map((user) => [JSON.stringify([user.school, user.epoch, user.user]), user])).values(),
  ];
  const errors: unknown[] = [];
  const untold: UserPlace[] = [];
  for (let from = 0; from < places.length; from += USERS_A_PAGE) {
    const page = places.slice(from, from + USERS_A_PAGE);
    const asked = await settled(page, async (user) => ({
      user,
      ...(await objectAt(env, user).untold({ heard: null, exact })),
    }));
    const answered = new Set(asked.map(({ user }) => user));
    untold.push(...page.filter((user) => !answered.has(user)));
    const batches = asked.flatMap(({ batch }) => batch ?? []);
    await tell(env, batches, { exact }).then(
      (waiting) => untold.push(...waiting),
      (error: unknown) => {
        errors.push(error);
        untold.push(...asked.flatMap(({ user, batch }) => (batch ? [user] : [])));
      },
    );
  }
  return { untold, errors };
}

/**
 * Writes to D1, now, what users' objects have given already, a page in one transaction. A page that cannot be written
 * stops no other: it throws for it at the end.
 */
export async function tellGiven(env: Env, given: readonly LogBatch[]): Promise<void> {
  const errors: unknown[] = [];
  for (const page of pagesOf(given))
    await tell(env, page, { exact: false }, GIVEN_AT_ONCE).catch((error: unknown) => errors.push(error));
  if (errors.length) throw errors[0];
}

/** Many of users of whom little is to be told. */
function pagesOf(given: readonly LogBatch[]): LogBatch[][] {
  const pages: LogBatch[][] = [];
  let room = 0;
  for (const batch of given) {
    const size = JSON.stringify(batch).length;
    if (room < size || pages.at(-1)?.length === GIVEN_A_PAGE) {
      pages.push([]);
      room = GIVEN_CHARACTERS;
    }
    pages.at(-1)?.push(batch);
    room -= size;
  }
  return pages;
}

/**
 * The objects keep what they told until they hear that it is written; those of a deleted school leave nothing.
 * @returns of whom it could not be written yet
 */
async function tell(
  env: Env,
  batches: readonly LogBatch[],
  { exact }: Telling,
  atOnce = AT_ONCE,
): Promise<UserPlace[]> {
  const { written, deleted, waiting } = await writeLog(env, await keepChanges(env, batches));
  await settled(deleted, (batch) => objectAt(env, batch).leaveSchool());
  await settled(schoolsOf(deleted), (school) => schoolObject(env, school).leaveSchool());
  const heard = await settled(
    written,
    async (told) => {
      const { school, epoch, user, seq } = told;
      const { batch, erasedBelow } = await objectAt(env, { school, epoch, user }).untold({ heard: seq, exact });
      // The user was erased between reading and writing: what was just written is deleted again.
      if (erasedBelow !== null) await takeBack(env, told, erasedBelow);
      return batch ? { school, epoch, user } : null;
    },
    atOnce,
  );
  await announce(
    env,
    heard.flatMap((user) => user ?? []),
  );
  return waiting.map(({ school, epoch, user }) => ({ school, epoch, user }));
}

/** What came of all that did not fail. */
async function settled<T, R>(items: readonly T[], act: (item: T) => Promise<R>, concurrency = AT_ONCE): Promise<R[]> {
  const results = await pMapSettled(items, act, { concurrency });
  return results.flatMap((result) => {
    if (result.status === "fulfilled") return [result.value];
    log("error", "log.not_told", { error: result.reason });
    return [];
  });
}
