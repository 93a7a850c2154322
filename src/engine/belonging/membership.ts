import { entry } from "../../base/record";
import { composed, trimmed } from "../../base/text/text";
import { enrol, giveRole, isEnrolled, suspend, withdraw } from "../../catalogue/enrolment/change";
import { type Turn, turnBy } from "../../catalogue/facts/facts";
import { limitPassed } from "../../catalogue/facts/limits";
import { joinGroup, leaveGroup } from "../../catalogue/groups/change";
import { membershipIn } from "../../catalogue/segments/change";
import { hash53 } from "../identity";
import type { CompiledAutoGroup, JournalFact, SegmentSync } from "../types";
import { OUTSIDE, turnOf, type Work } from "../work";
import { alignSegment, judgeNoMore, segmentsMoved } from "./rules";

/*
 * What follows from what a user is and has by itself: managed segments, then syncs, then groups.
 */

const sourceOf = (sync: SegmentSync): string => `sync:${sync.id}`;

/** Puts the user into the sync's group, or out of it where that is null, and out of what was its group before. */
function keepGroup(turn: Turn, sync: SegmentSync, group: string | null): void {
  const own = turnBy(turn, "sync", sync.id);
  for (const one of [...turn.learner.groups])
    if (one.group !== group) leaveGroup(own, one.group, (source) => source === sourceOf(sync));
  if (group !== null) joinGroup(own, group, sourceOf(sync));
}

/** What a sync gives to a member: nothing where the course would be one too many. */
export function giveSync(turn: Turn, sync: SegmentSync): void {
  if (limitPassed(turn.learner, { enrolments: [{ type: "course", product: sync.course }] })) return;
  const given = turnBy(turn, "sync", sync.id);
  enrol(given, { type: "course", product: sync.course, source: sourceOf(sync), role: sync.role });
  // Whoever is enrolled by another way too keeps the role that this gave.
  giveRole(given, sync.course, sync.role, sourceOf(sync));
  keepGroup(turn, sync, sync.group);
}

/** What becomes of it when the member leaves. */
function takeSync(turn: Turn, sync: SegmentSync): void {
  if (sync.onLeave === "suspend")
    suspend(turnBy(turn, "sync", sync.id), sync.course, ({ source }) => source === sourceOf(sync));
  else withdrawSync(turn, sync.id, sync.course);
  keepGroup(turn, sync, null);
}

/** Of a sync that enrols nobody: its group, for members who are in the course anyhow. */
function alignGroupOnly(turn: Turn, sync: SegmentSync): void {
  const { learner } = turn;
  const isMember = learner.segments.includes(sync.segment);
  // What it gave while it enrolled; of one that is switched off that stays.
  if (sync.active || !isMember)
    withdraw(turnBy(turn, "sync", sync.id), "course", sync.course, ({ source }) => source === sourceOf(sync));
  if (!isMember || !isEnrolled(learner, "course", sync.course)) keepGroup(turn, sync, null);
  else if (sync.active) keepGroup(turn, sync, sync.group);
}

/** Withdraws all that a sync gave. */
export function withdrawSync(turn: Turn, id: string, course?: string): void {
  const gave = `sync:${id}`;
  const taken = turnBy(turn, "sync", id);
  for (const one of [...turn.learner.enrolments]) {
    if (one.type !== "course" || (course !== undefined && one.product !== course)) continue;
    withdraw(taken, "course", one.product, (source) => source.source === gave);
  }
  if (course !== undefined) return;
  for (const { group } of [...turn.learner.groups]) leaveGroup(taken, group, (source) => source === gave);
}

/** Brings a sync in line: gives to members, takes from others what it gave. */
export function alignSync(turn: Turn, sync: SegmentSync): void {
  if (sync.enrol === false) return alignGroupOnly(turn, sync);
  const isMember = turn.learner.segments.includes(sync.segment);
  if (isMember && sync.active) giveSync(turn, sync);
  if (!isMember) takeSync(turn, sync);
}

/**
 * The groups that an auto group puts the user in: the course and the value of the field, one for each value of a list.
 * Blanks around a value, or another way to write its letters, make no second group that looks the same.
 */
export function alignAutoGroup(turn: Turn, auto: CompiledAutoGroup, wanted = auto.active): void {
  const { learner } = turn;
  const source = `auto:${auto.id}`;
  const values = [entry(learner.fields, auto.field) ?? []].flat().map((value) => composed(trimmed(String(value))));
  const isMember = wanted && isEnrolled(learner, "course", auto.course);
  const targets = isMember ? values.flatMap((value) => (value ? autoGroupId(auto.course, value) : [])) : [];
  const own = turnBy(turn, "auto_group", auto.id);
  for (const { group, sources } of [...learner.groups]) {
    if (!targets.includes(group) && sources.some((one) => one.source === source))
      leaveGroup(own, group, (one) => one === source);
  }
  for (const target of targets) joinGroup(own, target, source);
}

const MOST_OF_ID = 128;
const DIGEST = 11;

/** What a group of an auto group is called; where that is longer than an id may be, a digest stands for its end. */
export function autoGroupId(course: string, value: string): string {
  const id = `${course}:${value}`;
  if (id.length <= MOST_OF_ID) return id;
  const digest = hash53(id).toString(36).padStart(DIGEST, "0");
  // No character is cut in two.
  const begins = id.slice(0, MOST_OF_ID - DIGEST - 1).replace(/[\ud800-\udbff]$/, "");
  return `${begins}~${digest}`;
}

/** Brings the user in line with everything there is. */
export function alignAll(work: Work, turn: Turn): void {
  const { segments, syncs, autoGroups } = work.world;
  for (const segment of segments.values()) alignSegment(work, turn, segment);
  for (const sync of syncs) alignSync(turn, sync);
  for (const auto of autoGroups) if (auto.active) alignAutoGroup(turn, auto);
}

/**
 * Lets segments, syncs and auto groups follow what has just changed. What a sync gives may move other segments; each is
 * joined or left once, so that this ends.
 * @param from the first of the facts just made; what is made here is put behind them
 * @param everything the user is new: look at all rules
 */
export function followMembership(work: Work, turn: Turn, from: number, everything = false): void {
  const { world } = work;
  const { facts } = work.effects;
  let next = from;
  for (let isFirst = true; isFirst || work.moved.size; isFirst = false) {
    const moved = isFirst && everything ? world.segments.values() : segmentsMoved(world.segments, work.moved);
    work.moved.clear();
    for (const segment of moved) alignSegment(work, turn, segment, from);
    const made = facts.slice(next);
    next = facts.length;
    if (world.syncs.length) followSyncs(work, turn, made);
    if (!everything && facts.length === from) continue;
    for (const sync of world.syncs) if (sync.enrol === false) alignGroupOnly(turn, sync);
    for (const auto of world.autoGroups) if (auto.active) alignAutoGroup(turn, auto);
  }
}

function followSyncs({ world }: Work, turn: Turn, made: readonly JournalFact[]): void {
  for (const { segment, joined } of made.flatMap((fact) => membershipIn(fact) ?? [])) {
    for (const sync of world.syncs) {
      if (sync.segment !== segment || sync.enrol === false) continue;
      if (!joined) takeSync(turn, sync);
      else if (sync.active) giveSync(turn, sync);
    }
  }
}

/**
 * Judges the rules of a segment anew, because the time for it has come.
 * @param lineage the automations behind what would have moved it in the turn before
 */
export function judgeAgain(work: Work, id: string, lineage: readonly string[] = []): void {
  const segment = work.world.segments.get(id);
  judgeNoMore(work, id);
  if (!segment) return;
  const from = work.effects.facts.length;
  const turn = turnOf(work, { ...OUTSIDE, lineage: [...lineage] }, work.now);
  alignSegment(work, turn, segment, from);
  followMembership(work, turn, from);
}
