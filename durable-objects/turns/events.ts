import type { Part } from "../../src/base/text/parts";
import type { EventCall, EventOptions, EventsAnswer, SchoolReference } from "../../src/calls/user";
import { movedTo } from "../handing/handing";
import type { UserParts } from "../parts";
import { sceneOf } from "../scene";
import { giveToCaller } from "../sending/changes";
import { takeEvent } from "./event";

/** Judges events in one turn, in the order given; whose they are not any more, they are told whose they are. */
export async function takeEvents(
  parts: UserParts,
  reference: SchoolReference,
  calls: readonly EventCall[],
  { budgetMs, isMinimal = false }: EventOptions = { budgetMs: 0 },
): Promise<EventsAnswer<readonly Part[]>> {
  const { store, turns, clock, holders } = parts;
  await holders.ask(store.load() !== null);
  const late = new Set<string>();
  const { result, hasNews, wakes, lead } = await turns.play(
    reference,
    (scene) => {
      if (movedTo(parts) !== undefined) return { answers: [] };
      const answers = calls.map((call) =>
        takeEvent(parts, sceneOf(scene, store.load()?.state?.clock), call, { late, isMinimal }),
      );
      return { answers, ...giveToCaller(store.load(), late, budgetMs, clock()) };
    },
    { by: { wakes: true } },
  );
  const to = movedTo(parts);
  return {
    ...result,
    hasNews,
    ...(wakes ? { wakes } : {}),
    ...(to === undefined ? {} : { movedTo: to, ...(store.load() ? { holdsState: true } : {}) }),
    ...(lead === undefined ? {} : { lead }),
  };
}
