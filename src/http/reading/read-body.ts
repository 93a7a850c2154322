import type { Route } from "../route";
import { decodeText, inOne, readPieces, requireContentType, withoutMark } from "./body";
import { type ParsedJson, parseJson } from "./json";

/* What came as a body, by how its route takes it, before its content is judged. */

/** What is given to the handler as it is, or JSON that a schema has yet to judge. */
export type CameBody = { body: unknown } | { json: ParsedJson };

/** A body that is read as it comes. */
export function streamBody(route: Route, contentType: string | null, request: Request): CameBody {
  const body = readPieces(request, route.limitBytes);
  if (route.contentTypes.length) requireContentType(contentType, route.contentTypes);
  return { body };
}

/** A body that came; 415 for another content type, 400 where it cannot be read. */
export function readBody(route: Route, contentType: string | null, bytes: Uint8Array): CameBody {
  const { bodyKind, body: schema } = route;
  if (bodyKind === "unread") return { body: undefined };
  if (bodyKind === "none") {
    const said = decodeText(withoutMark(bytes));
    return said.trim() === "" ? { body: undefined } : { json: parseJson(said) };
  }
  if (bodyKind === "json" && bytes.length === 0 && schema?.safeParse(undefined).success)
    return { json: { value: undefined, faults: [], tooDeep: false } };
  if (route.contentTypes.length) requireContentType(contentType, route.contentTypes);
  if (bodyKind === "bytes") return { body: bytes };
  if (bodyKind === "pieces") return { body: inOne(bytes) };
  // Where nothing is asked of the content type, senders are taken as they are: PHP's files have marks that get out.
  const text = decodeText(route.contentTypes.length ? bytes : withoutMark(bytes));
  if (bodyKind === "csv") return { body: text };
  return { json: parseJson(text, route.lenient?.maxDepth) };
}
