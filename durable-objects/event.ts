import type { BegunRun, JournalEntry, Packed } from "../src/calls/shape";
import type { EventAnswer, EventCall } from "../src/calls/user";
import { presentLearner } from "../src/catalogue/present";
import type { JournalFact, UserState, World } from "../src/engine/types";
import { emptyPacked } from "./packed";
import type { Clock, TurnScene } from "./scene";
import type { Store } from "./store";
import type { Turns } from "./turn";

export interface EventParts {
  store: Pick<Store, "load" | "save" | "eventBefore">;
  clock: Clock;
  turns: Pick<Turns, "happen">;
}

/**
 * Judges an event, within a turn; the same event again gets the first one's facts and runs. One that is refused leaves
 * nothing, not even its id.
 */
export function takeEvent(parts: EventParts, scene: TurnScene, call: EventCall): EventAnswer {
  const { store, clock, turns } = parts;
  const { id, hash, type, data, attributes } = call;
  const before = hash === null ? null : store.eventBefore(id);
  if (before)
    return before.hash === hash ? answerAgain(id, before.entry, store.load(), scene.world) : { kind: "other_body" };
  const packed = store.load() ?? emptyPacked(scene.school.mode, clock());
  const isNew = !packed.state || packed.isFresh === true;
  const at = call.at ?? scene.now;
  const input = { kind: "event", type, data, attributes, at, ...(isNew ? { isNew } : {}) } as const;
  const { state, effects, refused } = turns.happen(packed, scene, input, { id, hash });
  if (refused) {
    // Whatever was due before it has happened.
    if (packed.state) store.save(packed);
    return { kind: "limit", ...refused };
  }
  delete packed.isFresh;
  store.save(packed);
  const runs = effects.begun.flatMap((run): BegunRun[] => {
    const now = effects.runs.get(run);
    return now ? [[now.id, now.automation, now.synchronous, now.status]] : [];
  });
  return answerOf(id, false, effects.facts, runs, state, scene.world);
}

/** The answer to an event (contract §4), as JSON text. */
function answerOf(
  id: string,
  duplicate: boolean,
  facts: readonly JournalFact[],
  runs: readonly BegunRun[],
  state: UserState | null,
  world: World,
): string {
  return JSON.stringify({
    id,
    duplicate,
    facts: facts.flatMap(({ type, data, hidden }) => (hidden ? [] : [{ type, data }])),
    runs: runs.map(([run, automation_id, synchronous, status]) => ({ id: run, automation_id, synchronous, status })),
    user: state ? presentLearner(state.learner, world.school) : null,
  });
}

/** The answer to a copy, the user as of now. @param entry null: whose it was has been erased since */
const answerAgain = (id: string, entry: JournalEntry | null, packed: Packed | null, world: World): string =>
  answerOf(id, true, entry?.facts ?? [], entry?.runs ?? [], entry ? (packed?.state ?? null) : null, world);
