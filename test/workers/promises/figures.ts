import { inject, type TestContext } from "vitest";

/** Hands figures to whoever runs the promises (test/promises/inside/run.mjs). */
export function tell({ task }: Pick<TestContext, "task">, figures: Record<string, number>): void {
  Reflect.set(task.meta, "figures", figures);
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** The seeds that are to be tried; a few where nobody says. */
export const seedsOr = (own: number[]): number[] => inject("seeds") ?? own;

export const shareOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
