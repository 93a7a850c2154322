import type { EventAnswer, EventCall, UserPlace } from "../src/calls/user";
import { eventOf } from "../src/catalogue";
import { presentLearner } from "../src/catalogue/present";
import { newState, step } from "../src/engine/step";
import type { Effects, UserState, World } from "../src/engine/types";
import { emptyPacked } from "./packed";
import type { Clock, TurnScene } from "./scene";
import type { Store } from "./store";
import type { Telling } from "./telling";
import type { Turns } from "./turn";

export interface EventParts {
  place: UserPlace;
  store: Pick<Store, "load" | "save" | "eventBefore" | "addEvent">;
  clock: Clock;
  turns: Pick<Turns, "take" | "record">;
  telling: Pick<Telling, "note">;
}

/**
 * Judges an event, within a turn; the same event again gets the first one's facts and runs. One that is refused leaves
 * nothing, not even its id.
 */
export function takeEvent(parts: EventParts, scene: TurnScene, call: EventCall): EventAnswer {
  const { place, store, clock, turns, telling } = parts;
  const { type, data, attributes, id } = call;
  const before = call.hash === null ? null : store.eventBefore(id);
  if (before) {
    if (before.hash !== call.hash) return { kind: "other_body" };
    return answerAgain(id, before.answer, store.load()?.state ?? null, scene.world);
  }
  const event = eventOf(type);
  if (!event) throw new Error(`unknown event ${type}`);
  const packed = store.load() ?? emptyPacked(scene.school.mode, clock());
  const at = call.at ?? scene.now;
  const isNew = !packed.state || packed.isFresh === true;
  const state = packed.state ?? newState(place.user, scene.now, at);
  const stepped = step(state, { kind: "event", id, event, type, data, attributes, at }, scene.world, scene.now, isNew);
  const { effects, refused } = stepped;
  // Of a refused event nothing stays, but whatever was due before it has happened.
  if (refused && !packed.state) return { kind: "limit", ...refused };
  turns.record(packed, scene, stepped.before);
  packed.state = state;
  packed.nextWake = stepped.nextWake;
  if (refused) {
    store.save(packed);
    return { kind: "limit", ...refused };
  }
  delete packed.isFresh;
  turns.take(packed, scene, effects);
  if (isNew || effects.facts.length) telling.note(packed);
  const brought = broughtBy(id, effects);
  const entry = { seq: packed.seq, at: scene.now, facts: effects.facts };
  if (call.hash === null) packed.entries.push({ ...entry, eventId: id });
  else store.addEvent(id, { ...entry, hash: call.hash, answer: `${brought},"user":null}` });
  store.save(packed);
  return `${brought},"user":${JSON.stringify(presentLearner(state.learner, scene.world.school))}}`;
}

/**
 * The answer to an event (contract §4) as far as it is kept for a copy: JSON that lacks `user` and its end. The user as of
 * now is not kept: with a thousand events it would be a thousand times all that is known.
 */
function broughtBy(id: string, effects: Effects): string {
  const facts = effects.facts.flatMap(({ type, data, hidden }) => (hidden ? [] : [{ type, data }]));
  const runs = effects.begun.flatMap((run) => {
    const now = effects.runs.get(run);
    return now ? [{ id: now.id, automation_id: now.automation, synchronous: now.synchronous, status: now.status }] : [];
  });
  return JSON.stringify({ id, duplicate: false, facts, runs }).slice(0, -1);
}

/** The answer to a copy. @param kept null: whose it was has been erased since */
function answerAgain(id: string, kept: string | null, state: UserState | null, world: World): string {
  if (kept === null) return JSON.stringify({ id, duplicate: true, facts: [], runs: [], user: null });
  const user = state ? presentLearner(state.learner, world.school) : null;
  // Written by `broughtBy`; by releases before it with the user of then.
  return JSON.stringify({ ...(JSON.parse(kept) as object), duplicate: true, user });
}
