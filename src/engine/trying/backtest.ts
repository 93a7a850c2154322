import { ENROLLED } from "../../catalogue/facts/by-hand";
import { followListeners } from "../compile/listeners";
import type { Outcome, Played } from "../play";
import type { Automation, JournalFact, Program, Run, World } from "../types";

/*
 * What if an automation had been on: the past is told again with it in the school, acting as it would have. What really
 * happened comes as it came; what followed from it follows anew.
 */

/** What is tried. */
export interface Tried {
  /** One that the school has stands aside for it from then on. */
  id: string;
  program: Program;
  /** From when on it is there, ms. */
  since: number;
  /** Since when it is taken to be active: earlier for one that really was. */
  activeSince: number;
}

/** A fact that would have started it. */
export interface Firing {
  fact: { type: string; data: Record<string, unknown>; at: number };
  eventId: string | null;
  /** When the run would have begun, ms. */
  at: number;
}

interface With {
  automations: readonly Automation[];
  byId: ReadonlyMap<string, Automation>;
}

/** Of what is tried, by the list of a school's automations: most lists outlive an edit, and users share them. */
const made = new WeakMap<Tried, WeakMap<readonly Automation[], With>>();

function listsWith({ automations, byId }: World, tried: Tried): With {
  const { id, program, activeSince } = tried;
  const own: Automation = {
    ...{ id, revision: 0, moveVersion: 0, ...byId.get(id), program },
    // As it was not switched off, nothing of it ends for that.
    ...{ active: true, activeSince, watchSince: activeSince, exitRevision: 0 },
  };
  const list = byId.has(id) ? automations.map((one) => (one.id === id ? own : one)) : [...automations, own];
  followListeners(automations, list);
  return { automations: list, byId: new Map(byId).set(id, own) };
}

/** A world in which it is on. One of the school's stands at its own place in their order, a new one behind all. */
export function worldWith(world: World, tried: Tried): World {
  const known = made.get(tried) ?? new WeakMap<readonly Automation[], With>();
  made.set(tried, known);
  const lists = known.get(world.automations) ?? listsWith(world, tried);
  known.set(world.automations, lists);
  return { ...world, ...lists };
}

type Begun = Pick<Outcome, "before" | "effects">;

/** Its starts among what came of something; those that somebody asked for are none of its triggers'. */
export const firingsIn = ({ before, effects }: Begun, id: string): Firing[] =>
  [before, effects].flatMap(({ begun, runs }) =>
    begun.flatMap((run) => {
      const { automation, trigger, eventId, startedAt } = runs.get(run) ?? {};
      if (automation !== id || !trigger || trigger.type === ENROLLED || startedAt === undefined) return [];
      const { type, data, at } = trigger;
      return [{ fact: { type, data, at }, eventId: eventId ?? null, at: startedAt }];
    }),
  );

interface RunThen {
  id: string;
  at: number;
}

const likeness = (automation: string, type: string, data: Record<string, unknown>): string =>
  JSON.stringify([automation, type, data]);

/**
 * The runs of the record, by what they are called here: where something else happened before, ids differ, and what was
 * done to a run is done to the one that the same fact began.
 */
export class RunNames {
  readonly #then = new Map<string, { key: string; at: number }>();
  readonly #here = new Map<string, RunThen[]>();
  readonly #ids = new Set<string>();

  /** Notes what the record has of facts. */
  record(facts: readonly Pick<JournalFact, "type" | "data" | "at" | "decisions">[]): void {
    for (const { type, data, at, decisions } of facts)
      for (const { automation, run } of decisions)
        if (run !== undefined) this.#then.set(run, { key: likeness(automation, type, data), at });
  }

  /** Notes what began here. */
  begun({ before, effects }: Begun): void {
    for (const { begun, runs } of [before, effects]) {
      for (const id of begun) {
        const run = runs.get(id);
        if (!run) continue;
        const key = likeness(run.automation, run.trigger.type, run.trigger.data);
        this.#here.set(key, [...(this.#here.get(key) ?? []), { id, at: run.trigger.at }]);
        this.#ids.add(id);
      }
    }
  }

  #of(id: string): string {
    const then = this.#then.get(id);
    if (!then || this.#ids.has(id)) return id;
    const far = ({ at }: RunThen): number => Math.abs(at - then.at);
    const [first, ...rest] = this.#here.get(then.key) ?? [];
    return first ? rest.reduce((near, one) => (far(one) < far(near) ? one : near), first).id : id;
  }

  /** An input of the record, as it is here. */
  input(input: Played): Played {
    if (input.kind === "retry") return { ...input, run: { ...input.run, id: this.#of(input.run.id) } satisfies Run };
    if (input.kind === "undo") return { ...input, runs: input.runs.map((run) => this.#of(run)) };
    return "run" in input ? { ...input, run: this.#of(input.run) } : input;
  }
}
