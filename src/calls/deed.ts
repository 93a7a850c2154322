import { AsyncLocalStorage } from "node:async_hooks";

/*
 * What a request has done so far. Until it has done something, what the platform sheds is refused at once: who asked asks
 * again, and nothing is done twice. From then on a refusal would say that what is done was not.
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
