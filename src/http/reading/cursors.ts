import { invalid } from "../../base/errors/errors";
import { decodeCursor } from "../../db/lists/list";
import { madeAt } from "../../engine/identity";

/*
 * A cursor is a place in a list: in another list, or in the same by another filter, which may lie in another order, it is
 * none, and would pass over some or begin anywhere. So each is marked with the list that it was made for.
 */

/** What a list was asked for. */
interface Listing {
  school: { id: string } | null;
  params: unknown;
  query: unknown;
}

/** How many, and from where on: neither makes another list. Moments cut a list, and are reckoned anew for each page. */
const SAME_LIST: ReadonlySet<string> = new Set(["limit", "cursor", "since", "from", "to"]);
const BETWEEN = ".";

/** FNV-1a, 32 bits: it is to find mistakes, and keeps nothing secret. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

function markOf(path: string, { school, params, query }: Listing): string {
  const filter = Object.entries(query ?? {}).filter(([name, value]) => value !== undefined && !SAME_LIST.has(name));
  return digest(JSON.stringify([path, school?.id, params, filter.sort(([one], [other]) => (one < other ? -1 : 1))]));
}

interface Page {
  next_cursor: string | null;
}
const isPage = (body: unknown): body is Page =>
  typeof body === "object" && body !== null && typeof (body as Partial<Page>).next_cursor === "string";

/** The moment that a list of runs or deliveries has come to: their cursors name an id, which begins with the time. */
export const momentOfCursor = (cursor: string): number =>
  madeAt(String(decodeCursor(cursor.split(BETWEEN)[0] ?? "", 1)[0]));

/**
 * The handler of a list, which is given its own cursors only. One without a mark is of a release before, and passes.
 * @param handle of the route at `path`; its query has `cursor`
 */
export function withOwnCursors<Call extends Listing, Answer extends { body?: unknown }>(
  path: string,
  handle: (call: Call) => Promise<Answer> | Answer,
): (call: Call) => Promise<Answer> {
  return async (call) => {
    const mark = markOf(path, call);
    const { cursor, ...filter } = call.query as { cursor?: string };
    const [place, ofList = mark] = cursor?.split(BETWEEN) ?? [];
    if (ofList !== mark)
      throw invalid([
        { path: "/cursor", message: "a cursor of another list, or of another filter: begin at its first page" },
      ]);
    const answer = await handle({ ...call, query: { ...filter, ...(place === undefined ? {} : { cursor: place }) } });
    const { body } = answer;
    return isPage(body) ? { ...answer, body: { ...body, next_cursor: body.next_cursor + BETWEEN + mark } } : answer;
  };
}
