import * as z from "zod";
import { type Fault, invalid, notFound, Problem, type ProblemKind } from "../../base/errors/errors";
import { faultsOf } from "../../base/errors/faults";
import type { Caller } from "../access/credentials";
import type { CallBase, Route } from "../route";
import { lookWhole } from "./body";
import { lookAtQuery, queryIn } from "./options";
import type { CameBody } from "./read-body";

/*
 * What a handler is given of a call. One order holds for all routes: what its credential may not say is a 403, then what
 * its path names and is not there a 404, and then all that is wrong with path, query and body is told at once.
 */

/** What a handler is given before its path, query and body. */
export type Asked = Omit<CallBase<unknown, unknown, unknown>, "params" | "query" | "body" | "bodyFaults" | "entry"> & {
  credential: Caller["credential"] | null;
  school: Caller["school"];
};

export interface Read {
  params: Record<string, string>;
  query: unknown;
  body: unknown;
  bodyFaults: Fault[];
}

/** What of a call came by its address: the parameters of the path, and what the schemas of the route found, where it has any. */
export interface Given {
  params: Record<string, string>;
  ofParams: z.ZodSafeParseResult<unknown> | undefined;
  ofQuery: z.ZodSafeParseResult<unknown> | undefined;
}

/** Nothing can stand at a path that breaks the schema; only what would make it is told why. */
function readParams({ makes }: Route, { params, ofParams: found }: Given) {
  if (!found) return { params, faults: [] };
  // A schema of a path's parameters gives texts.
  if (found.success) return { params: found.data as Record<string, string>, faults: [] };
  if (!makes) throw notFound("thing");
  return { params: null, faults: faultsOf(found.error) };
}

export async function readCall(route: Route, asked: Asked, given: Given, come: () => CameBody): Promise<Read> {
  const sentQuery = queryIn(asked.request.url);
  const sayable = (body: unknown) => route.requires?.(asked.credential, { query: sentQuery, body });
  const came = comeOr(come, () => sayable(undefined));
  sayable("json" in came ? came.json.value : undefined);
  const { params, faults: ofPath } = readParams(route, given);
  const { faults: ofQuery, data: query } = lookAtQuery(route, sentQuery, given.ofQuery);
  const {
    faults: ofBody,
    body,
    bodyFaults,
  } = await readContent(route, asked, came, params, ofPath.length + ofQuery.length > 0);
  const faults = [...ofPath, ...ofQuery, ...ofBody];
  if (faults.length || !params) throw invalid(faults);
  return { params, query, body, bodyFaults };
}

/** What its query may not say is refused whether its body can be read or not. */
function comeOr(come: () => CameBody, before: () => void): CameBody {
  try {
    return come();
  } catch (error) {
    before();
    throw error;
  }
}

/** Of a call that takes no body: whoever writes something all the same means something by it. */
const NOTHING = z.strictObject({}).nullable();

async function readContent(
  route: Route,
  asked: Asked,
  came: CameBody,
  params: Record<string, string> | null,
  isRefused: boolean,
): Promise<{ faults: Fault[]; body?: unknown; bodyFaults: Fault[] }> {
  if ("body" in came) return { faults: [], body: came.body, bodyFaults: [] };
  const { lenient, body: schema = route.bodyKind === "none" ? NOTHING : undefined } = route;
  const { json } = came;
  if (!schema) return { faults: [], body: json.value, bodyFaults: json.faults };
  const judged = lenient ? { ...json, faults: [], tooDeep: false } : json;
  const { faults, data } = await lookWhole(schema, judged, isRefused, (part, sent) =>
    params ? (route.faultsBeside?.({ ...asked, params }, part, sent) ?? []) : [],
  );
  return { faults, body: data, bodyFaults: lenient ? json.faults : [] };
}

/** How a request is refused whose fault it is. */
const FAULTY: readonly ProblemKind[] = ["malformed", "unsupported", "invalid"];

/**
 * Does `work`; where it finds fault with the request, a 404 for what its path names and is not there comes first.
 * @param reads the routes that read, by their path
 */
export async function afterPath<T>(
  route: Route,
  reads: ReadonlyMap<string, Route>,
  asked: Asked,
  given: Given,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && FAULTY.includes(error.kind) && route.path.includes("/:"))
      await requirePath(route, reads, asked, given);
    throw error;
  }
}

async function requirePath(route: Route, reads: ReadonlyMap<string, Route>, asked: Asked, given: Given): Promise<void> {
  const { params } = readParams(route, given);
  if (!params || route.makes) return;
  if (route.finds) {
    await route.finds({ ...asked, params });
    return;
  }
  const nothing = { params, query: undefined, body: undefined, bodyFaults: [], entry: null };
  for (const [path, read] of reads) {
    // What lists what belongs to a thing is asked for a page of it; what reads it takes no query.
    if (read === route || read.query || !/\/:[^/]+$/.test(path)) continue;
    if (route.path === path || route.path.startsWith(`${path}/`)) await read.handle({ ...asked, ...nothing });
  }
}
