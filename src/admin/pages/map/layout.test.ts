import { expect, test } from "vitest";
import { BOX, layoutOf } from "./layout";
import { touchingOf } from "./words";

const node = (id: string) => ({ id, kind: "automation" as const, name: id.toUpperCase() });
const edge = (from: string, to: string, kind: "gives" | "starts" | "takes") => ({ from, to, kind, paths: [] });

const graph = {
  nodes: ["a", "b", "c", "d", "e"].map(node),
  edges: [
    edge("a", "b", "gives"),
    edge("a", "b", "takes"),
    edge("b", "c", "starts"),
    edge("c", "a", "gives"),
    edge("d", "b", "starts"),
  ],
};

test("no two boxes lie over each other, all is within the drawing, and between two there is one line", async () => {
  const { boxes, lines, width, height } = await layoutOf(graph);
  expect(boxes.map((box) => box.node.id)).toEqual(["a", "b", "c", "d", "e"]);
  for (const [i, one] of boxes.entries()) {
    expect(Math.min(one.x, one.y)).toBeGreaterThanOrEqual(0);
    expect([one.x + BOX.width <= width, one.y + BOX.height <= height]).toEqual([true, true]);
    for (const other of boxes.slice(i + 1))
      expect(Math.abs(one.x - other.x) >= BOX.width || Math.abs(one.y - other.y) >= BOX.height).toBe(true);
  }
  expect(lines.map(({ kinds }) => kinds.join())).toEqual(["gives,takes", "starts", "gives", "starts"]);
  for (const { points } of lines) expect(points.length).toBeGreaterThanOrEqual(2);
  expect(await layoutOf(graph)).toEqual(await layoutOf(graph));
});

test("nothing is drawn as nothing", async () => {
  expect(await layoutOf({ nodes: [], edges: [] })).toMatchObject({ boxes: [], lines: [] });
});

test("what touches a thing is said from where it stands, each once", () => {
  const said = touchingOf(graph, "b").map(({ heading, nodes }) => [heading, nodes.map(({ name }) => name).join()]);
  expect(said).toEqual([
    ["Is given by", "A"],
    ["Is taken by", "A"],
    ["Starts", "C"],
    ["Is started by", "D"],
  ]);
});
