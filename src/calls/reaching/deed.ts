import { AsyncLocalStorage } from "node:async_hooks";

/*
 * What a request has done so far. Until it has done something, what the platform sheds is refused at once: who asked asks
 * again, and nothing is done twice. From then on a refusal would say that what is done was not: so it waits, and asks again.
 */

export interface Deed {
  /** A user's object was called, or something was written. */
  isDone: boolean;
}

const deeds = new AsyncLocalStorage<Deed>();

/** Notes in `deed` what `act` does. */
export const asDeed = <T>(deed: Deed, act: () => Promise<T>): Promise<T> => deeds.run(deed, act);

/** Notes that something was done. */
export function noteDone(): void {
  const deed = deeds.getStore();
  if (deed) deed.isDone = true;
}

/** Whether the request at hand has done something. */
export const hasDone = (): boolean => deeds.getStore()?.isDone ?? false;

/** About ten seconds, each up to half as long or as long again, so that not all come back together. */
const WAITS_MS = [300, 1_000, 3_000, 6_000];

/** Asks; and again a few times, never at once, where it failed in such a way and the request has done something by then. */
export async function patiently<T>(ask: () => Promise<T>, may: (error: unknown) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const wait = WAITS_MS[tries];
      if (wait === undefined || !hasDone() || !may(error)) throw error;
      await scheduler.wait(wait * (0.5 + Math.random()));
    }
  }
}
