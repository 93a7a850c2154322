import * as z from "zod";
import { eventOf } from "../../catalogue";
import type { Attributes } from "../../catalogue/account/attributes";
import { addDuration } from "../../catalogue/dates/time";
import type { Event } from "../../catalogue/define-event";
import { ENROLLED } from "../../catalogue/facts/by-hand";
import { advance, type InPlace, step } from "../step";
import type { Automation, Decision, Delivery, Effects, Program, Run, StepLog, UserState, World } from "../types";
import { exampleFact } from "./example";

/** A fact as people name one. */
export interface AskedFact {
  type: string;
  data: Record<string, unknown>;
}

export interface Question {
  /** What is tried: a definition compiled, and the id that its runs and starts go by. */
  automation: { id: string; program: Program };
  /** Null: made from its first trigger. */
  fact: AskedFact | null;
  /** How long it is followed: an ISO 8601 duration, in the school's zone. */
  span: string;
  /** Events that come on the way, so long after the fact. */
  assume: readonly { after: string; event: AskedFact & { attributes: Attributes } }[];
}

export interface SimulatedStep {
  at: number;
  step_id: string;
  type: string;
  status: string;
  /** What the step changes or why it does nothing, and the rendered content of what it would send. */
  would: Record<string, unknown>;
}

export interface Simulation {
  /** The fact would start the automation. */
  matched: boolean;
  fact: AskedFact;
  /** What was made of the fact: that it starts, or the first thing that stops it. */
  trace: (Omit<Decision, "automation" | "run"> & { at: number; fact: AskedFact; matched: boolean })[];
  steps: SimulatedStep[];
  /** Null: it is still under way after the span. */
  ends: { at: number; status: string; reason: string | null } | null;
}

/**
 * Follows the run that a fact would start, alone: no other automation reacts, no further run of this one begins, and
 * what is under way for the user is left out. The fact is taken as having happened, also where it changes nothing.
 * @param now the school's clock, ms
 */
export function simulate(state: InPlace<UserState>, world: World, question: Question, now: number): Simulation {
  const { id, program } = question.automation;
  const automation: Automation = {
    id,
    program,
    active: true,
    activeSince: 0,
    revision: 0,
    moveVersion: 0,
    exitRevision: 0,
  };
  // This world knows the automation, so that its run goes on, but no fact in it can start another run.
  const deaf: World = { ...world, paused: false, automations: [], byId: new Map([[id, automation]]) };
  const hearing: World = { ...deaf, automations: [automation] };
  state.runs = [];
  advance(state, deaf, now, { jumps: false });
  const [first] = program.when;
  const fact = question.fact ?? (first ? exampleFact(first, state.learner, now) : { type: ENROLLED, data: {} });

  const begun = step(
    state,
    fact.type === ENROLLED
      ? { kind: "enrol", automation: id, origin: { by: "hand", id: null } }
      : {
          kind: "event",
          id: "simulated",
          event: happened(fact),
          type: fact.type,
          data: fact.data,
          attributes: {},
          at: now,
        },
    hearing,
    now,
  ).effects;
  const deliveries = [...begun.deliveries];
  const follow = (effects: Effects): void => void deliveries.push(...effects.deliveries);
  const run = begun.runs.get(begun.begun[0] ?? "");
  if (!run) return { matched: false, fact, trace: traceOf(begun, fact, now), steps: [], ends: null };

  const zone = world.school.settings.timezone;
  const until = addDuration(now, question.span, zone);
  const coming = question.assume
    .map(({ after, event }) => ({ at: addDuration(now, after, zone), ...event }))
    .filter(({ at }) => at <= until)
    .sort((a, b) => a.at - b.at);
  for (const { at, type, data, attributes } of coming) {
    follow(advance(state, deaf, at, { jumps: true }).effects);
    const event = eventOf(type);
    if (!event) throw new Error(`unknown event ${type}`);
    const stepped = step(state, { kind: "event", id: "assumed", event, type, data, attributes, at }, deaf, at);
    follow(stepped.before);
    follow(stepped.effects);
  }
  follow(advance(state, deaf, until, { jumps: true }).effects);
  return {
    matched: true,
    fact,
    trace: traceOf(begun, fact, now),
    steps: run.steps.map((one) => ({
      at: one.at,
      step_id: one.step_id,
      type: one.type,
      status: one.status,
      would: { ...one.detail, ...contentOf(run, one, deliveries) },
    })),
    ends: run.endedAt === null ? null : { at: run.endedAt, status: run.status, reason: run.reason },
  };
}

const OPEN = z.record(z.string(), z.unknown());

/**
 * An event that makes the fact: the real one of its type, and where that changes nothing, and so makes none, the fact
 * itself.
 */
function happened(fact: AskedFact): Event {
  const event = eventOf(fact.type);
  const read = event?.read(fact.data);
  return {
    kind: "event",
    type: fact.type,
    label: "",
    description: "",
    browser: false,
    data: event?.data ?? OPEN,
    shape: event?.shape ?? null,
    read: (sent) => (event ? event.read(sent) : OPEN.safeParse(sent)),
    apply: (turn) => {
      let told = false;
      const make: typeof turn.make = (type, data, options) => {
        told ||= type === fact.type;
        turn.make(type, data, options);
      };
      if (event && read?.success) event.apply({ ...turn, make }, read.data);
      if (!told) turn.make(fact.type, fact.data);
    },
  };
}

/** What was decided about the fact; of several by one event (tags), the one that starts it, else the last. */
function traceOf(effects: Effects, asked: AskedFact, at: number): Simulation["trace"] {
  const decided = effects.facts.flatMap(({ type, data, at: factAt, decisions }) =>
    decisions.map(({ automation: _, run, ...why }) => ({
      at: factAt,
      fact: { type, data },
      matched: run !== undefined,
      ...why,
    })),
  );
  const shown =
    decided.find((one) => one.matched) ?? decided.findLast((one) => one.fact.type === asked.type) ?? decided.at(-1);
  return [shown ?? { at, fact: asked, matched: false, stopped_by: "trigger" }];
}

/** What a step would send, of a `repeat` in that round, rendered; calls to the LMS only say again what it changes. */
function contentOf(run: Run, entry: StepLog, deliveries: readonly Delivery[]): Record<string, unknown> {
  const { step_id: stepId, round } = entry;
  const sent = deliveries.filter(
    (one) => one.run === run.id && one.step === stepId && one.round === round && one.channel !== "lms",
  );
  const [first] = sent;
  return first ? { channel: first.channel, to: sent.flatMap((one) => one.to), content: first.content } : {};
}
