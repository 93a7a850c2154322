import { PROBLEMS, type ProblemKind } from "../../base/errors/errors";
import type { JsonSchema } from "../../catalogue/options/json-schema";
import type { Route } from "../route";

/* What a route may refuse, by what it declares of itself. */

const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };

/** What is never refused on a way that is documented, or answered with our own 5XX: any other refusal. */
const OTHERS: readonly ProblemKind[] = ["method_not_allowed", "lms_failed"];

/** Each kind of refusal once, for the document's `components.responses`. */
export const REFUSALS: Record<string, JsonSchema> = {
  ...Object.fromEntries(
    Object.entries(PROBLEMS).flatMap(([kind, { title }]) =>
      OTHERS.some((other) => other === kind) ? [] : [[kind, { description: `${title}.`, content: problem }]],
    ),
  ),
  refused: { description: "Another refusal.", content: problem },
  failed: { description: "A fault of ours: nothing was half done.", content: problem },
};

const refusal = (name: string) => ({ $ref: `#/components/responses/${name}` });

/** By status. */
export function refusalsOf(route: Route): Record<string, JsonSchema> {
  const { method, path, scopes, query, bodyKind, contentTypes, takesHeaders = [], refuses = [] } = route;
  const isOpen = scopes.includes("none");
  const writes = method !== "GET";
  const kinds: readonly (ProblemKind | false)[] = [
    (bodyKind === "json" || (writes && bodyKind === "none")) && "malformed",
    !isOpen && "unauthorized",
    !isOpen && "forbidden",
    path.includes(":") && "not_found",
    writes && !isOpen && "conflict",
    bodyKind !== "unread" && (writes || bodyKind !== "none") && "too_large",
    bodyKind !== "none" && contentTypes.length > 0 && "unsupported",
    (writes || query !== undefined) && "invalid",
    !isOpen && "too_many",
    "unavailable",
    takesHeaders.includes("If-Match") && "outdated",
    ...refuses,
  ];
  return {
    ...Object.fromEntries(
      kinds.flatMap((kind) => (kind ? [[String(PROBLEMS[kind].status), refusal(kind)] as const] : [])),
    ),
    "4XX": refusal("refused"),
    "5XX": refusal("failed"),
  };
}
