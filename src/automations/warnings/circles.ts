import type { BoundTrigger } from "../../catalogue/define";
import type { Judging } from "../../catalogue/facts/facts";
import { type MadeFact, mayBe, needsOpposite, oppositesOf, placeOf } from "../../catalogue/facts/opposites";
import { membershipIn } from "../../catalogue/segments/change";
import { movedBy } from "../../catalogue/segments/reads";
import type { Warning } from "../../definition/answers";
import { followingAutoGroups, followingSyncs, turnsOf } from "../../engine/belonging/by-itself";
import { segmentsMoved } from "../../engine/belonging/rules";
import type { Program, World } from "../../engine/types";
import { type Made, madeBy } from "./made-by";
import { lastingOf, neverSo } from "./meeting";
import { type Followed, keepRecurring, makerOf, type Source } from "./recurring";

/*
 * Automations that start each other again and again: by what their actions make, and by what follows from that by itself,
 * who joins and leaves a segment by its rules, what syncs give and take then, and the groups that follow a field.
 */

export interface Heard {
  id: string;
  program: Program;
  /** The school's automations that could take a fact; where nothing is known of it, all that listen to its type. */
  listeners(type: string, data: Record<string, unknown>): readonly Named[];
  /** Who makes what undoes a fact. */
  makers: Makers;
  syncs: World["syncs"];
  segments: World["segments"];
  autoGroups: World["autoGroups"];
  school: Judging;
}

/** Those of a school's automations that may make what undoes a fact. */
type Makers = (fact: MadeFact) => Iterable<Named>;
interface Named {
  id: string;
  /** One that is off starts nothing. */
  active: boolean;
  program: Program;
}

const makers = new WeakMap<readonly Named[], Makers>();

/** Known of a list of automations for as long as there is the list. */
export function makersAmong(automations: readonly Named[]): Makers {
  const found = makers.get(automations);
  if (found) return found;
  const by = Map.groupBy(
    automations.flatMap((one) => (one.active ? madeBy(one.program).map(({ fact }) => ({ one, fact })) : [])),
    ({ fact }) => `${fact.type} ${placeOf(fact) ?? ""}`,
  );
  const made: Makers = (fact) => {
    const place = placeOf(fact);
    const places = new Set([place ?? "", ""]);
    return new Set(
      oppositesOf(fact.type).flatMap((type) =>
        [...places].flatMap((at) => (by.get(`${type} ${at}`) ?? []).map(({ one }) => one)),
      ),
    );
  };
  makers.set(automations, made);
  return made;
}

/** Whether a fact may start it. One of which nothing is known may be any of its type. */
const mayStart = (fact: MadeFact, when: readonly BoundTrigger[]): boolean =>
  when.some(
    ({ on, subject, accepts }) =>
      on.includes(fact.type) &&
      (!Object.keys(fact.data).length || accepts(fact.data)) &&
      (!subject || subject.values.some((one) => mayBe(fact, subject.data, one))),
  );

/** Whether a step fails that would make a fact: who is in a segment that has rules, these decide. */
function isInVain(fact: MadeFact, segments: World["segments"]): boolean {
  const segment = membershipIn(fact)?.segment;
  return typeof segment === "string" && segments.get(segment)?.managed === true;
}

/** Whether a learner goes through it so many times and no more. */
const ends = ({ reentry, limit }: Program): boolean => reentry === "once" || limit?.per === null;

/** So many things are looked at on the way back: a warning is worth no more. */
const MOST_LOOKS = 20_000;

/** The others among all that follows, by their ids. */
interface Programs {
  programs: Map<string, Program>;
}

/** All that may follow from an automation; null: it is too much to look at, or does not lead back. */
function followed({
  id,
  program,
  listeners,
  makers,
  segments,
  syncs,
  autoGroups,
}: Heard): (Followed & Programs) | null {
  const all: Followed & Programs = { facts: new Map(), starts: new Map([[id, new Set()]]), programs: new Map() };
  const queue: { key: string; fact: MadeFact }[] = [];
  let looks = 0;
  const add = (fact: MadeFact, source: Source): void => {
    const key = JSON.stringify(fact);
    const node = all.facts.get(key);
    if (node) return void node.sources.push(source);
    all.facts.set(key, { fact, sources: [source] });
    queue.push({ key, fact });
  };
  const addMade = (automation: string, made: readonly Made[]): void => {
    for (const { fact, ...where } of made) if (!isInVain(fact, segments)) add(fact, { automation, ...where });
  };
  const addAll = (other: Named, start: string | null): void => {
    const by = all.starts.get(other.id) ?? new Set();
    if (start !== null) by.add(start);
    if (all.starts.has(other.id)) return;
    all.starts.set(other.id, by);
    all.programs.set(other.id, other.program);
    addMade(other.id, madeBy(other.program));
  };
  addMade(id, madeBy(program));
  for (let at = 0; at < queue.length; at++) {
    const { key, fact } = queue[at] ?? { key: "", fact: { type: "", data: {} } };
    if (mayStart(fact, program.when)) all.starts.get(id)?.add(key);
    for (const other of listeners(fact.type, fact.data)) {
      if (++looks > MOST_LOOKS) return null;
      if (other.id === id || !other.active || ends(other.program) || !mayStart(fact, other.program.when)) continue;
      addAll(other, key);
    }
    // What lets it come again may be another's, whom nothing of this starts.
    for (const other of needsOpposite(fact) ? makers(fact) : []) {
      if (++looks > MOST_LOOKS) return null;
      if (other.id !== id && !ends(other.program)) addAll(other, null);
    }
    const read = movedBy(fact.type);
    for (const segment of read === undefined ? [] : segmentsMoved(segments, new Set([read]))) {
      if (++looks > MOST_LOOKS) return null;
      for (const made of turnsOf(segment, fact)) add(made, { from: key, by: { segment: segment.id } });
    }
    for (const { fact: made, sync } of followingSyncs(syncs, fact))
      add(made, { from: key, by: { segment: sync.segment } });
    for (const { fact: made, auto } of followingAutoGroups(autoGroups, fact))
      add(made, { from: key, by: { course: auto.course } });
  }
  return all.starts.get(id)?.size ? all : null;
}

/** Takes out who never starts for whom the automation starts for, by what nothing of all that follows turns. */
function takeOthers({ facts, starts, programs }: Followed & Programs, { program, school }: Heard): void {
  const made = [...facts.values()].map(({ fact }) => fact);
  const sure = lastingOf(program, made);
  if (!sure.length) return;
  for (const [id, other] of programs)
    if (lastingOf(other, made).some((its) => neverSo(its, sure, school))) starts.delete(id);
}

interface Way {
  key: string;
  automations: string[];
  segments: string[];
  courses: string[];
}

/** The shortest way by which an automation's own facts come back to it again and again. Waits on the way do not matter. */
export function cyclesOf(heard: Heard): Warning[] {
  const { id, program } = heard;
  const all = ends(program) ? null : followed(heard);
  if (!all) return [];
  takeOthers(all, heard);
  keepRecurring(all);
  const home = all.starts.get(id);
  if (!home) return [];
  const out = Map.groupBy(
    [...all.facts].flatMap(([key, { sources }]) => sources.map((source) => ({ key, source }))),
    ({ source }) => makerOf(source),
  );
  const seen = new Set<string>();
  const ways: Way[] = [];
  const goOn = (from: string, { automations, segments, courses }: Omit<Way, "key">): void => {
    for (const { key, source } of out.get(from) ?? []) {
      if (seen.has(key)) continue;
      seen.add(key);
      const by = "from" in source ? source.by : undefined;
      ways.push({
        key,
        automations,
        segments: by && "segment" in by ? [...new Set([...segments, by.segment])] : segments,
        courses: by && "course" in by ? [...new Set([...courses, by.course])] : courses,
      });
    }
  };
  goOn(`automation ${id}`, { automations: [id], segments: [], courses: [] });
  for (let at = 0; at < ways.length; at++) {
    const way = ways[at];
    if (!way) break;
    if (home.has(way.key)) return [cycle(way)];
    for (const [other, by] of all.starts)
      if (by.has(way.key)) goOn(`automation ${other}`, { ...way, automations: [...way.automations, other] });
    goOn(`fact ${way.key}`, way);
  }
  return [];
}

const listed = (ids: readonly string[]): string => ids.map((id) => JSON.stringify(id)).join(", ");

function cycle({ automations, segments, courses }: Way): Warning {
  const through = [
    ...(segments.length ? [`the segments ${listed(segments)}`] : []),
    ...(courses.length ? [`the auto groups of ${listed(courses)}`] : []),
  ].join(" and ");
  const others = automations.length > 1 ? automations.join(", ") : null;
  const message = through
    ? others === null
      ? `What it does may start it again, by way of ${through}.`
      : `These automations may start each other in a circle, by way of ${through}: ${others}.`
    : others === null
      ? "What it does may start it again."
      : `These automations may start each other in a circle: ${others}.`;
  return { code: "cycle", message, automations, ...(segments.length ? { segments } : {}) };
}
