import * as z from "zod";
import { type Fault, pointer } from "../../base/errors/errors";
import { faultsOf, together } from "../../base/errors/faults";
import type { Route } from "../route";

/* What stands in the query of a write: whether it only says what it would do, and nothing that it has not. */

/** What only says what it would do is a reading, whatever scope the real thing asks for. */
export const onlyReading = ({ scopes }: Route): Pick<Route, "scopes"> => ({ scopes: [...scopes, "read"] });

export function isDryRun({ query }: Route, url: string): boolean {
  // An event's address has none, and to take it apart costs.
  if (!url.includes("dry_run=") || !(query instanceof z.ZodObject) || !("dry_run" in query.shape)) return false;
  const given = new URL(url).searchParams.getAll("dry_run");
  return given.length === 1 && given[0] === "true";
}

/** A query, each parameter that is there more than once as a list. */
export function queryIn(url: string): Readonly<Record<string, string | string[]>> {
  // An event's address has none, and to take it apart costs.
  if (!url.includes("?")) return {};
  const { searchParams: all } = new URL(url);
  const values = [...new Set(all.keys())].map((name) => [name, all.getAll(name)] as const);
  return Object.fromEntries(
    values.map(([name, [first = "", ...more]]) => [name, more.length ? [first, ...more] : first]),
  );
}

/** A write with an option that it does not have, or that is misspelt (`dryrun`), would be the real thing. */
function faultsOfOptions({ method, openQuery, query }: Route, given: Readonly<Record<string, unknown>>): Fault[] {
  if (method === "GET" || openQuery) return [];
  const known = query instanceof z.ZodObject ? Object.keys(query.shape) : [];
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  return unknown.map((name) => ({ path: pointer([name]), message: "is no option of this call" }));
}

/** What a route makes of a query, or all that is wrong with it; `found`: by its schema. */
export function lookAtQuery(
  route: Route,
  given: Readonly<Record<string, unknown>>,
  found: z.ZodSafeParseResult<unknown> | undefined,
): { faults: Fault[]; data?: unknown } {
  const faults = found?.error ? faultsOf(found.error) : [];
  return { faults: together(faultsOfOptions(route, given), faults), data: found?.data };
}
