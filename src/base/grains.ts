import { Cache } from "./cache";

/*
 * Limits of the platform, asked now and then: a backend sends thousands a second, so each isolate counts by itself and
 * asks once for so many (a grain), and a warm call waits for nothing.
 */

/** For how long is refused who sent too much: the shorter of the periods that a limit may be configured with. */
export const REFUSED_S = 10;

export interface Grains {
  limiter: RateLimit;
  /** Of a key or a school: no two have the same. */
  id: string;
  /** How many are one question; need not be whole. */
  grain: number;
}

const MAX_COUNTED = 10_000;
const counts = new Cache<{ left: number }>({ entries: MAX_COUNTED });
/** Real time until which who sent too much is refused: all that comes until then is, and asks nothing. */
const refusedUntil = new Cache<number>({ entries: MAX_COUNTED });

/** In how many seconds one may come again who is refused; null: nobody refuses them. */
export function secondsRefused(id: string): number | null {
  const now = Date.now();
  const until = refusedUntil.get(id, now);
  return until === undefined ? null : Math.ceil((until - now) / 1_000);
}

/** Counts some more; false: they are too many, and whoever comes from now on is refused for a while. */
export async function countSome({ limiter, id, grain }: Grains, some: number): Promise<boolean> {
  const count = counts.get(id) ?? counts.set(id, { left: 0 });
  const questions = Math.floor((count.left + some) / grain);
  count.left += some - questions * grain;
  for (let asked = 0; asked < questions; asked++) {
    const { success } = await limiter.limit({ key: id });
    if (success) continue;
    const end = Date.now() + REFUSED_S * 1_000;
    refusedUntil.set(id, end, end);
    return false;
  }
  return true;
}
