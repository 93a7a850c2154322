import type { BoundTrigger } from "../catalogue/define";
import type { Fact } from "../catalogue/facts";
import { TRIGGER } from "../catalogue/fields";
import { movedBy } from "../catalogue/segments/reads";
import type { Warning } from "../definition/answers";
import { followingSyncs, turnsOf } from "../engine/by-itself";
import { segmentsMoved } from "../engine/rules";
import type { Program, World } from "../engine/types";

/*
 * Automations that start each other: by what their actions make, and by what follows from that by itself, who joins and
 * leaves a segment by its rules, and what syncs give and take then.
 */

export interface Heard {
  id: string;
  program: Program;
  /** The school's automations that could take a fact; where nothing is known of it, all that listen to its type. */
  listeners(type: string, data: Record<string, unknown>): readonly { id: string; program: Program }[];
  syncs: World["syncs"];
  segments: World["segments"];
}

type MadeFact = Pick<Fact, "type" | "data">;

interface Links {
  makes: MadeFact[];
  when: BoundTrigger[];
}

const known = new WeakMap<Program, Links>();

/** Of what an isolate has compiled anyway: no definition is read for it. */
function linksOf(program: Program): Links {
  let links = known.get(program);
  if (!links) {
    const { when, operations } = program;
    const makes = operations.flatMap((one) =>
      one.kind === "perform" ? one.action.mayMake.flatMap((fact) => resolved(fact, when)) : [],
    );
    links = { makes, when };
    known.set(program, links);
  }
  return links;
}

/** A fact about `"$trigger"` is one about each that the triggers name; where they name none it may be about any. */
function resolved(fact: MadeFact, when: readonly BoundTrigger[]): MadeFact[] {
  const { type, data } = fact;
  const open = Object.keys(data).find((key) => data[key] === TRIGGER);
  if (open === undefined) return [fact];
  const named = when.flatMap(({ params }) => params[`${open}s`]);
  if (!named.every((one) => typeof one === "string")) return [{ type, data: {} }];
  return named.map((one) => ({ type, data: { ...data, [open]: one } }));
}

/** Whether a fact may start it. One of which nothing is known may be any of its type. */
const mayStart = ({ type, data }: MadeFact, when: readonly BoundTrigger[]): boolean =>
  when.some((trigger) => trigger.on.includes(type) && (!Object.keys(data).length || trigger.accepts(data)));

/** So many things are looked at on the way back: a warning is worth no more. */
const MOST_LOOKS = 20_000;

/** A fact, and the way that led to it. */
interface Way {
  fact: MadeFact;
  automations: string[];
  segments: string[];
}

/** The shortest way by which an automation's own facts come back to it. Waits on the way do not matter. */
export function cyclesOf({ id, program, listeners, segments, syncs }: Heard): Warning[] {
  const { when } = linksOf(program);
  const seen = new Set([id]);
  const told = new Set<string>();
  const ways: Way[] = [];
  let looks = 0;
  const go = ({ fact, ...way }: Way): void => {
    const key = JSON.stringify(fact);
    if (told.has(key)) return;
    told.add(key);
    ways.push({ fact, ...way });
  };
  for (const fact of linksOf(program).makes) go({ fact, automations: [id], segments: [] });
  for (let at = 0; at < ways.length && looks < MOST_LOOKS; at++) {
    const way = ways[at];
    if (!way) break;
    const { fact } = way;
    if (mayStart(fact, when)) return [cycle(way)];
    for (const other of listeners(fact.type, fact.data)) {
      looks++;
      if (seen.has(other.id) || !mayStart(fact, other.program.when)) continue;
      seen.add(other.id);
      for (const made of linksOf(other.program).makes)
        go({ ...way, fact: made, automations: [...way.automations, other.id] });
    }
    const read = movedBy(fact.type);
    if (read !== undefined)
      for (const segment of segmentsMoved(segments, new Set([read]))) {
        looks++;
        for (const made of turnsOf(segment, fact))
          go({ ...way, fact: made, segments: [...new Set([...way.segments, segment.id])] });
      }
    for (const made of followingSyncs(syncs, fact))
      go({ ...way, fact: made.fact, segments: [...new Set([...way.segments, made.segment])] });
  }
  return [];
}

const listed = (ids: readonly string[]): string => ids.map((id) => JSON.stringify(id)).join(", ");

function cycle({ automations, segments }: Way): Warning {
  const others = automations.length > 1 ? automations.join(", ") : null;
  const message = segments.length
    ? others === null
      ? `What it does may start it again, by way of the segments ${listed(segments)}.`
      : `These automations may start each other in a circle, by way of the segments ${listed(segments)}: ${others}.`
    : others === null
      ? "What it does may start it again."
      : `These automations may start each other in a circle: ${others}.`;
  return { code: "cycle", message, automations, ...(segments.length ? { segments } : {}) };
}
