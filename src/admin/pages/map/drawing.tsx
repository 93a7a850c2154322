import type { FC } from "hono/jsx";
import { say } from "../../../language/say";
import type { Visit } from "../../visit";
import { BOX, type Box, type Layout, type Line } from "./layout";
import { mapPath } from "./path";
import { alongText, nounOf } from "./words";

/* The map as it is drawn: made here, so that it is there without script. Whatever has a look has it by a class. */

/** As much of a name as fits its box; the whole stands in its title and in the list beside. */
const MOST_LETTERS = 23;
function fitting(name: string): string {
  const letters = [...name];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join("")}…` : name;
}

/** A line through points, round at those between. */
function curve(points: Line["points"]): string {
  const [first, ...rest] = points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
  const last = rest.at(-1);
  if (!first || !last) return "";
  const parts = [`M${first.x} ${first.y}`];
  for (const [i, { x, y }] of rest.slice(0, -1).entries()) {
    const next = rest[i + 1] ?? last;
    const end = i === rest.length - 2 ? next : { x: (x + next.x) / 2, y: (y + next.y) / 2 };
    parts.push(`Q${x} ${y} ${end.x} ${end.y}`);
  }
  if (rest.length === 1) parts.push(`L${last.x} ${last.y}`);
  return parts.join("");
}

const Arrow: FC = () => (
  <defs>
    <marker id="map-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
      <path class="map-arrow" d="M0 0 8 4 0 8z" />
    </marker>
  </defs>
);

const Edge: FC<{ line: Line }> = ({ line: { kinds, points, label } }) => (
  <g class={`map-edge${kinds.includes("takes") ? " is-takes" : ""}`}>
    <path class="map-line" d={curve(points)} marker-end="url(#map-arrow)" />
    <text class="map-verb" x={label.x} y={label.y + 4} text-anchor="middle">
      {kinds.map(alongText).join(", ")}
    </text>
  </g>
);

const offText = ({ active }: Box["node"]): string => (active === false ? ` · ${say("off")}` : "");

const NodeBox: FC<{ visit: Visit; box: Box; isAbout: boolean }> = ({ visit, box: { node, x, y }, isAbout }) => (
  <a
    href={mapPath(visit, node.id)}
    class={`map-node is-${node.kind}${isAbout ? " is-about" : ""}${node.active === false ? " is-off" : ""}`}
    aria-current={isAbout ? "true" : undefined}
  >
    <title>{`${nounOf(node)}${offText(node)} ${node.name}`}</title>
    <rect x={x} y={y} width={BOX.width} height={BOX.height} rx="6" />
    <text class="map-noun" x={x + 10} y={y + 18}>
      {nounOf(node)}
      {offText(node)}
    </text>
    <text class="map-name" x={x + 10} y={y + 35}>
      {fitting(node.name)}
    </text>
  </a>
);

/** The drawing, which scrolls where it is wider than the page. */
export const Drawing: FC<{ visit: Visit; layout: Layout; about: string | null }> = ({ visit, layout, about }) => (
  <section class="map-scroll" aria-label={say("The map, drawn")} tabindex={0}>
    {/* biome-ignore lint/a11y/noSvgWithoutTitle: the section around it is named, and each box in it */}
    <svg class="map" viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height}>
      <Arrow />
      {layout.lines.map((line) => (
        <Edge line={line} />
      ))}
      {layout.boxes.map((box) => (
        <NodeBox visit={visit} box={box} isAbout={box.node.id === about} />
      ))}
    </svg>
  </section>
);
