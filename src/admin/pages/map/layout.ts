import type { AnswerTo } from "../../../http/answering/answers";

type Graph = Pick<AnswerTo<"GET /v1/graph">, "nodes" | "edges">;
type Node = Graph["nodes"][number];
type Edge = Graph["edges"][number];

interface Point {
  x: number;
  y: number;
}

/** A box of the drawing, by its upper left corner. */
export interface Box extends Point {
  node: Node;
}

/** A line from box to box, with what it says in its middle. */
export interface Line {
  key: string;
  kinds: Edge["kind"][];
  points: Point[];
  label: Point;
}

export interface Layout {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

export const BOX = { width: 184, height: 46 } as const;
const LABEL = { width: 76, height: 16 } as const;
const MARGIN = 8;

/** More are not drawn: nobody reads them, and they take seconds to arrange. */
export const MOST_BOXES = 80;
export const MOST_LINES = 240;

export const canBeDrawn = ({ nodes, edges }: Graph): boolean =>
  nodes.length <= MOST_BOXES && edges.length <= MOST_LINES;

/** Arranges a graph from left to right. The library is loaded when there is first something to draw. */
export async function layoutOf({ nodes, edges }: Graph): Promise<Layout> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 28, edgesep: 8, marginx: MARGIN, marginy: MARGIN });
  for (const { id } of nodes) graph.setNode(id, { ...BOX });
  const between = new Map<string, Pick<Edge, "from" | "to"> & { kinds: Edge["kind"][] }>();
  for (const { from, to, kind } of edges) {
    const key = JSON.stringify([from, to]);
    const one = between.get(key) ?? { from, to, kinds: [] };
    between.set(key, one);
    if (!one.kinds.includes(kind)) one.kinds.push(kind);
  }
  for (const { from, to, kinds } of between.values())
    graph.setEdge(from, to, { ...LABEL, width: LABEL.width * kinds.length, labelpos: "c" });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Layout>;
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: nodes.map((node) => {
      // The layout has put a place on every node, by its middle.
      const { x, y } = graph.node(node.id) as Point;
      return { node, x: Math.round(x - BOX.width / 2), y: Math.round(y - BOX.height / 2) };
    }),
    lines: [...between].map(([key, { from, to, kinds }]) => {
      // And points and the place of its label on every edge.
      const { points, x, y } = graph.edge(from, to) as Point & { points: Point[] };
      return { key, kinds, points, label: { x: Math.round(x), y: Math.round(y) } };
    }),
  };
}
