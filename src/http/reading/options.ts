import * as z from "zod";
import { invalid } from "../../base/errors";
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

/** A write with an option that it does not have, or that is misspelt (`dryrun`), would be the real thing. */
export function optionsCheck({ method, openQuery, query }: Route): (url: string) => void {
  if (method === "GET" || openQuery) return () => {};
  const known = new Set(query instanceof z.ZodObject ? Object.keys(query.shape) : []);
  return (url) => {
    // An event's address has none, and to take it apart costs.
    if (!url.includes("?")) return;
    const unknown = [...new Set(new URL(url).searchParams.keys())].filter((name) => !known.has(name));
    if (unknown.length)
      throw invalid(unknown.map((name) => ({ path: `/${name}`, message: "is no option of this call" })));
  };
}
