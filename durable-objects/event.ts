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

/** Judges an event, within a turn; the same event again gets the same answer, another of the same id gets none. */
export function takeEvent(parts: EventParts, scene: TurnScene, call: EventCall): EventAnswer {
  const { place, store, clock, turns, telling } = parts;
  const { type, data, attributes, id } = call;
  const before = call.hash === null ? null : store.eventBefore(id);
  if (before) {
    if (before.hash !== call.hash) return null;
    if (before.answer !== null) return before.answer.replace('"duplicate":false', '"duplicate":true');
    return JSON.stringify({ id, duplicate: true, facts: [], runs: [], user: null });
  }
  const event = eventOf(type);
  if (!event) throw new Error(`unknown event ${type}`);
  const packed = store.load() ?? emptyPacked(scene.school.mode, clock());
  const at = call.at ?? scene.now;
  const isNew = !packed.state || packed.isFresh === true;
  delete packed.isFresh;
  const state = packed.state ?? newState(place.user, scene.now, at);
  const stepped = step(state, { kind: "event", id, event, type, data, attributes, at }, scene.world, scene.now, isNew);
  turns.record(packed, scene, stepped.before);
  const { effects } = stepped;
  packed.state = state;
  packed.nextWake = stepped.nextWake;
  turns.take(packed, scene, effects);
  if (isNew || effects.facts.length) telling.note(packed);
  const text = answerOf(id, effects, state, scene.world);
  const entry = { seq: packed.seq, at: scene.now, facts: effects.facts };
  if (call.hash === null) packed.entries.push({ ...entry, eventId: id });
  else store.addEvent(id, { ...entry, hash: call.hash, answer: text });
  store.save(packed);
  return text;
}

/** The answer to an event (contract §4). `duplicate` comes early: a copy's answer differs in it alone. */
function answerOf(id: string, effects: Effects, state: UserState, world: World): string {
  return JSON.stringify({
    id,
    duplicate: false,
    facts: effects.facts.flatMap(({ type, data, hidden }) => (hidden ? [] : [{ type, data }])),
    runs: effects.begun.flatMap((run) => {
      const now = effects.runs.get(run);
      return now
        ? [{ id: now.id, automation_id: now.automation, synchronous: now.synchronous, status: now.status }]
        : [];
    }),
    user: presentLearner(state.learner, world.school),
  });
}
