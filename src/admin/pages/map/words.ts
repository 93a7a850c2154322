import { isProductKind } from "../../../catalogue/facts/products";
import { kinds } from "../../../catalogue/kinds";
import type { AnswerTo } from "../../../http/answering/answers";
import { inWords, later, say, type Text } from "../../../language/say";
import { hrefWith } from "../../components/forms/filters";
import type { Visit } from "../../visit";
import { coursePath } from "../courses/courses";
import { productPath } from "../products/product";

type Graph = AnswerTo<"GET /v1/graph">;
export type Node = Graph["nodes"][number];
type Edge = Graph["edges"][number];

const NOUNS: Readonly<Record<string, Text>> = {
  automation: later("automation"),
  event: later("what happens"),
  sync: later("sync"),
  rule: later("rule"),
  auto_group: later("auto groups"),
};

/** What people call one of its kind. */
export const nounOf = ({ kind, type }: Pick<Node, "kind" | "type">): string =>
  inWords(NOUNS[kind] ?? kinds.get(type ?? kind)?.noun ?? "product");

/** What an edge says, read along its arrow, and from the thing it comes to. */
const VERBS = {
  starts: { along: later("starts@edge"), out: later("Starts@edge"), in: later("Is started by") },
  needs: { along: later("asked for by"), out: later("Is asked for by"), in: later("Asks for") },
  ends: { along: later("ends@edge"), out: later("Ends@edge"), in: later("Is ended by") },
  gives: { along: later("gives@edge"), out: later("Gives@edge"), in: later("Is given by") },
  takes: { along: later("takes@edge"), out: later("Takes@edge"), in: later("Is taken by") },
} as const satisfies Readonly<Record<Edge["kind"], { along: Text; out: Text; in: Text }>>;

/** What is written along an edge. */
export const alongText = (kind: Edge["kind"]): string => say(VERBS[kind].along);

/** Edges as sentences. */
export const SENTENCES = {
  starts: later("{from} starts {to}"),
  needs: later("{from} is asked for by {to}"),
  ends: later("{from} ends {to}"),
  gives: later("{from} gives {to}"),
  takes: later("{from} takes {to}"),
} as const satisfies Readonly<Record<Edge["kind"], Text>>;

/** An edge, to be said. */
export interface Said {
  from: Node;
  kind: Edge["kind"];
  to: Node;
}

/** Every edge in words, by the name of where it begins. */
export function linesOf({ nodes, edges }: Pick<Graph, "nodes" | "edges">): Said[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return edges
    .flatMap(({ from, to, kind }): Said[] => {
      const [one, other] = [byId.get(from), byId.get(to)];
      return one && other ? [{ from: one, kind, to: other }] : [];
    })
    .sort((one, other) => one.from.name.localeCompare(other.from.name, "en"));
}

/** The id of a node's thing, as its own page knows it. */
const idOf = ({ id }: Node): string => id.slice(id.indexOf(":") + 1);

/** The page of a thing and what it is called; null: it has none. */
export function pageOf(visit: Visit, node: Node): { href: string; label: string } | null {
  const id = idOf(node);
  const own = encodeURIComponent(id);
  const at = (path: string, label: string) => ({ href: visit.path(path), label });
  switch (node.kind) {
    case "automation":
      return at(`/automations/${own}`, say("Open the automation"));
    case "segment":
      return at(`/segments/${own}`, say("Open the segment"));
    case "sync":
      return at(`/syncs/${own}`, say("Open the sync"));
    case "rule":
      return at(`/rules/${own}`, say("Open the rule"));
    case "auto_group":
      return at("/auto-groups", say("Open the auto groups"));
    case "field":
      return at("/settings/fields", say("Open the profile fields"));
    case "tag":
      return { href: hrefWith(visit.path("/learners"), { tag: node.name }), label: say("Learners who have it") };
    case "event":
      return null;
    default: {
      const kind = node.type ?? node.kind;
      if (kind === "course") return { href: coursePath(visit, id), label: say("Open the course") };
      return isProductKind(kind)
        ? { href: productPath(visit, kind, id), label: say("Open the {noun}", { noun: nounOf(node) }) }
        : null;
    }
  }
}

export interface Touching {
  heading: string;
  nodes: Node[];
}

/** What touches a thing, in words, by what it has to do with it. */
export function touchingOf({ nodes, edges }: Pick<Graph, "nodes" | "edges">, about: string): Touching[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = new Map<string, Map<string, Node>>();
  for (const { from, to, kind } of edges) {
    if (from !== about && to !== about) continue;
    const heading = say(VERBS[kind][from === about ? "out" : "in"]);
    const other = byId.get(from === about ? to : from);
    const group = groups.get(heading) ?? new Map<string, Node>();
    groups.set(heading, group);
    if (other) group.set(other.id, other);
  }
  return [...groups].map(([heading, group]) => ({
    heading,
    nodes: [...group.values()].sort((one, other) => one.name.localeCompare(other.name, "en")),
  }));
}
