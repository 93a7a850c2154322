import { type Env, faultsOfEnv } from "../base/env";
import { Problem } from "../base/errors/errors";
import { log } from "../base/reports/log";
import { faultOfPlatformMail } from "../connectors/mail/platform";
import { isMigrated } from "../db/migrated";

/*
 * A Worker that is not set up, or by half, answers nothing but what is missing: with a part of its configuration it
 * would do without in silence what the other part was set for. The names that are told are those of the documentation.
 */

/** Where links lead to this machine nothing is deployed: then what is missing is made by other commands. */
const isLocal = (env: Env): boolean => LOOPBACK.has(URL.parse(String(env.PUBLIC_URL))?.hostname ?? "");
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1"]);

const HERE =
  "On this machine `npm start` and `npm run dev` do all that is needed; for a plain `npx wrangler dev` it is " +
  "`cp .dev.vars.example .dev.vars && npx wrangler d1 migrations apply DB --local`, and then to start it again.";
const DEPLOYED =
  "`npm run deploy` makes what is missing and applies the migrations; README.md says what is set by hand.";

export const notSetUp = (env: Env, faults: readonly string[]): Problem =>
  new Problem(
    "unavailable",
    `This installation is not set up: ${faults.join("; ")}. ${isLocal(env) ? HERE : DEPLOYED}`,
  );

const known = new WeakMap<object, readonly string[]>();

/** What is wrong with the Worker's variables, secrets and bindings; read once, for every request asks. */
export function faultsOfSetUp(env: Env): readonly string[] {
  let faults = known.get(env);
  if (faults === undefined) {
    faults = [...faultsOfEnv(env), faultOfPlatformMail(env) ?? []].flat();
    for (const subject of faults) log("error", "not_set_up", { subject });
    known.set(env, faults);
  }
  return faults;
}

const UNMIGRATED = "the migrations of the database DB are not applied";

/** 503 that names all that is missing at once, the migrations too where the database can be asked. */
export async function refuseSetUp(env: Env): Promise<never> {
  const isDone = await isMigrated(env).catch(() => true);
  throw notSetUp(env, [...faultsOfSetUp(env), ...(isDone ? [] : [UNMIGRATED])]);
}

/** 503 where the database has not been migrated as far as this Worker goes, or does not answer. */
export async function requireMigrated(env: Env): Promise<void> {
  let isDone: boolean;
  try {
    isDone = await isMigrated(env);
  } catch (error) {
    log("error", "database.unreachable", { error });
    throw new Problem("unavailable", "The database DB does not answer.");
  }
  if (!isDone) throw notSetUp(env, [UNMIGRATED]);
}
