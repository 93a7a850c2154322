/*
 * How long a job waits for what it asks, and how often items, or a page as a whole, are tried again where somebody else is
 * to blame.
 */

export const MAX_TRIES = 5;
export const MAX_PAGE_TRIES = 20;
const MAX_PAUSE_MS = 30_000;
export const pauseMs = (tries: number): number => Math.min(1_000 * 2 ** tries, MAX_PAUSE_MS);

/**
 * A job may miss users of its first seconds: the directory lags, and other isolates may still judge by definitions
 * that are some seconds old. So users known since `LATE_SINCE_MS` before it began are gone over once more, `LATE_MS`
 * after it began.
 */
export const LATE_MS = 15_000;
export const LATE_SINCE_MS = 60_000;

export class Hangs extends Error {
  override readonly name = "Hangs";
}

/** What comes of it within a time; rejects with `Hangs` after that, and lets it go on. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hangs()), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
