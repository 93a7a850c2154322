import { type Env, faultsOfEnv } from "../base/env";
import { Problem } from "../base/errors";
import { log } from "../base/log";
import { faultOfPlatformMail } from "../connectors/platform";
import { isMigrated } from "../db/migrated";

/*
 * A Worker that is not set up, or by half, answers nothing but what is missing: with a part of its configuration it
 * would do without in silence what the other part was set for. The names that are told are those of the documentation.
 */

export const notSetUp = (faults: readonly string[]): Problem =>
  new Problem("unavailable", `This installation is not set up: ${faults.join("; ")}.`);

const known = new WeakMap<object, Problem | null>();

/** 503 for every request of a Worker whose variables, secrets or bindings are not what they must be. */
export function requireSetUp(env: Env): void {
  let problem = known.get(env);
  if (problem === undefined) {
    const faults = [...faultsOfEnv(env), faultOfPlatformMail(env) ?? []].flat();
    problem = faults.length ? notSetUp(faults) : null;
    for (const subject of faults) log("error", "not_set_up", { subject });
    known.set(env, problem);
  }
  if (problem) throw problem;
}

const UNMIGRATED = "the migrations of the database DB are not applied (npx wrangler d1 migrations apply DB --remote)";

/** 503 where the database has not been migrated as far as this Worker goes, or does not answer. */
export async function requireMigrated(env: Env): Promise<void> {
  let isDone: boolean;
  try {
    isDone = await isMigrated(env);
  } catch (error) {
    log("error", "database.unreachable", { error });
    throw new Problem("unavailable", "The database DB does not answer.");
  }
  if (!isDone) throw notSetUp([UNMIGRATED]);
}
