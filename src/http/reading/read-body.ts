import type { Route } from "../route";
import {
  checkBody,
  checkNothing,
  checkWhole,
  decodeText,
  inOne,
  readPieces,
  requireContentType,
  withoutMark,
} from "./body";
import { parseJson } from "./json";

/* What a handler is given of a body, by how its route takes it. */

/** A body that is read as it comes. */
export function streamBody(route: Route, contentType: string | null, request: Request) {
  const body = readPieces(request, route.limitBytes);
  if (route.contentTypes.length) requireContentType(contentType, route.contentTypes);
  return { body, faults: [] };
}

/** A body that came: what the route's schema makes of it. */
export async function readBody(
  route: Route,
  contentType: string | null,
  bytes: Uint8Array,
  call: Parameters<NonNullable<Route["faultsBeside"]>>[0],
) {
  const { bodyKind, body: schema } = route;
  if (bodyKind === "none") checkNothing(bytes);
  if (bodyKind === "none" || bodyKind === "unread") return { body: undefined, faults: [] };
  if (bodyKind === "json" && schema && bytes.length === 0 && schema.safeParse(undefined).success) {
    return { body: schema.parse(undefined), faults: [] };
  }
  if (route.contentTypes.length) requireContentType(contentType, route.contentTypes);
  if (bodyKind === "bytes") return { body: bytes, faults: [] };
  if (bodyKind === "pieces") return { body: inOne(bytes), faults: [] };
  // Where nothing is asked of the content type, senders are taken as they are: PHP's files have marks that get out.
  const text = decodeText(route.contentTypes.length ? bytes : withoutMark(bytes));
  if (bodyKind === "csv") return { body: text, faults: [] };
  const parsed = parseJson(text, route.lenient?.maxDepth);
  if (!schema) return { body: parsed.value, faults: parsed.faults };
  if (!route.lenient) {
    const beside = (...of: [Record<string, unknown>, Record<string, unknown>]) =>
      route.faultsBeside?.(call, ...of) ?? [];
    return { body: await checkWhole(schema, parsed, beside), faults: [] };
  }
  return { body: checkBody(schema, { ...parsed, faults: [], tooDeep: false }), faults: parsed.faults };
}
