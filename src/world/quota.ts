import { type Env, variablesOf } from "../base/env";
import { type Fault, Problem } from "../base/errors/errors";
import { countSome, type Grains, REFUSED_S, secondsRefused } from "../base/grains";
import { log } from "../base/reports/log";
import { noteProblem, QUOTA_NEAR } from "./problems";
import type { School } from "./snapshot";

/*
 * How much a school may send, by all its keys, hooks and learners together: requests, and of what brings many events at
 * once each event. The limiter of wrangler.toml has one limit for all schools: of which quota a school is says after how
 * many it is asked.
 */

/** So often may `SCHOOL_LIMIT` be asked in ten seconds, by wrangler.toml: `quota.test.ts` holds the two together. */
export const QUESTIONS = { most: 400, seconds: 10 } as const;
const A_MINUTE = 60 / QUESTIONS.seconds;

type Whose = Pick<School, "id" | "epoch" | "stamp" | "quota">;

/** Requests a minute of a school; null: nothing counts them here. */
export const quotaOf = (env: Env, { quota }: Pick<School, "quota">): number | null =>
  env.SCHOOL_LIMIT ? (quota ?? variablesOf(env).SCHOOL_QUOTA) : null;

/** As it is asked for; null: what is usual here. */
export type Quota = number | null;

/** That a quota is asked for which nothing would count. */
export const faultsOfQuota = (env: Env, asked: Quota | undefined): Fault[] =>
  typeof asked === "number" && !env.SCHOOL_LIMIT
    ? [{ path: "/requests_per_minute", message: "nothing counts it here: SCHOOL_LIMIT is not bound" }]
    : [];

interface Counted extends Grains {
  quota: number;
}

function countedOf(env: Env, school: Whose): Counted | null {
  const quota = quotaOf(env, school);
  if (!env.SCHOOL_LIMIT || quota === null) return null;
  return { limiter: env.SCHOOL_LIMIT, id: `school ${school.id}`, grain: quota / A_MINUTE / QUESTIONS.most, quota };
}

const usedUp = ({ quota }: Counted, seconds: number): Problem =>
  new Problem("too_many", `${overOf(quota)}.`, undefined, seconds, {
    name: "school",
    policy: { quota: inTenSeconds(quota), seconds: QUESTIONS.seconds },
  });

/** What of a quota may come in the time that is counted at once. */
const inTenSeconds = (quota: number): number => Math.floor(quota / A_MINUTE);
const overOf = (quota: number): string =>
  `Within ten seconds more came than ${inWords(inTenSeconds(quota))} requests, a sixth of the quota of ${inWords(quota)} a minute`;

const inWords = (quota: number): string => quota.toLocaleString("en");

/** Counts a request of a school; 429 where its quota is used up. */
export async function requireQuota(env: Env, school: Whose): Promise<void> {
  const counted = countedOf(env, school);
  if (!counted) return;
  const seconds = secondsRefused(counted.id);
  if (seconds !== null) {
    await note(env, school, "quota_used_up", refused(counted));
    throw usedUp(counted, seconds);
  }
  if (!(await count(env, school, counted, 1))) throw usedUp(counted, REFUSED_S);
}

/**
 * Counts events that came in a request beside its first. It was let through, and is taken whole: what it is too many by
 * is refused to whoever comes next.
 */
export async function countFurther(env: Env, school: Whose, events: number): Promise<void> {
  const counted = countedOf(env, school);
  if (counted && events > 0) await count(env, school, counted, events);
}

async function count(env: Env, school: Whose, counted: Counted, some: number): Promise<boolean> {
  if (await countSome(counted, some)) {
    if (!(await isFar(counted, some))) await note(env, school, QUOTA_NEAR, nearly(counted));
    return true;
  }
  await note(env, school, "quota_used_up", refused(counted));
  return false;
}

const refused = ({ quota }: Counted): string => `${overOf(quota)}: what was beyond them was refused, to be sent again.`;

/** What of its quota is most of it. */
const MOST_OF_IT = 0.8;

const nearly = ({ quota }: Counted): string =>
  `Within ten seconds the school sent more than four fifths of the ${inWords(inTenSeconds(quota))} requests that its quota of ${inWords(quota)} a minute lets through then: what is beyond them is refused, to be sent again.`;

/** Counts the same against most of the quota, as the limiter of another name. */
async function isFar({ id, grain, ...counted }: Counted, some: number): Promise<boolean> {
  const near = { ...counted, id: `near ${id}`, grain: grain * MOST_OF_IT };
  return secondsRefused(near.id) !== null || countSome(near, some);
}

/** The school is told. Where that fails, the request is none the worse for it. */
const note = (env: Env, school: Whose, code: "quota_used_up" | typeof QUOTA_NEAR, message: string): Promise<void> =>
  noteProblem(env, school, code, message).catch((error: unknown) =>
    log("error", "problem.not_noted", { school: school.id, subject: code, error }),
  );
