import type { Env } from "../../../base/env";
import { ALL_SCHOOLS, costsOf, type MonthCost } from "../../../schools/costs/costs";
import { schoolNames } from "../../../schools/find";
import { type Operations, operationsOf, type Release, releaseOf } from "../../../schools/platform/operations";
import type { PlatformApi } from "../../client";
import type { DeadLetter } from "./given-up";
import type { School } from "./schools";
import type { SecretKey } from "./secret-change";

/* What the operator's page is drawn of. */

const SHOWN = 50;

/** What the page shows, as it is read. */
export interface Listed {
  /** A page of them; with `wanted` of those that are found by it. */
  schools: { data: readonly School[]; next_cursor: string | null };
  /** How the name begins that was looked for, or the id. */
  wanted: string;
  dead: readonly DeadLetter[];
  /** Of schools that something was given up of. */
  names: ReadonlyMap<string, string>;
  doing: ReadonlyMap<string, Operations>;
  /** By school, and under an empty id of all schools together. */
  costs: ReadonlyMap<string, readonly MonthCost[]>;
  release: Release;
  secret: SecretKey;
}

/** Whose name begins so, and first the one of that id. */
async function foundBy(api: PlatformApi, wanted: string, cursor: string | undefined): Promise<Listed["schools"]> {
  const [one, named] = await Promise.all([
    cursor === undefined ? api.find("GET /v1/schools/:id", { params: { id: wanted } }) : null,
    api.call("GET /v1/schools", { query: { name: wanted, limit: SHOWN, cursor } }),
  ]);
  if (!one) return named;
  return { ...named, data: [one, ...named.data.filter(({ id }) => id !== one.id)] };
}

/** A page of schools, with what was given up; of one alone, what was given up of its. */
export async function listed(
  env: Env,
  api: PlatformApi,
  { wanted, cursor }: { wanted: string; cursor?: string | undefined },
): Promise<Listed> {
  const [schools, release, secret] = await Promise.all([
    wanted === "" ? api.call("GET /v1/schools", { query: { limit: SHOWN, cursor } }) : foundBy(api, wanted, cursor),
    releaseOf(env),
    api.call("GET /v1/secret-key", {}),
  ]);
  const ids = schools.data.map(({ id }) => id);
  const only = wanted !== "" && ids.length === 1 ? { school: ids[0] } : {};
  const [{ data: dead }, doing, costs] = await Promise.all([
    api.call("GET /v1/dead-letters", { query: { limit: SHOWN, ...only } }),
    operationsOf(env, ids),
    costsOf(env, [ALL_SCHOOLS, ...ids]),
  ]);
  const names = await schoolNames(
    env,
    dead.flatMap(({ school_id: id }) => id ?? []),
  );
  return { schools, wanted, dead, names, release, secret, doing, costs };
}
