import { inject, type TestContext } from "vitest";

/** One figure beside its goal, as bench/scale.mjs prints it. */
export interface Shown {
  what: string;
  value: number;
  unit: string;
  /** At most so much; left out: told for the record. */
  goal?: number;
  /** What else one may want to know of it. */
  note?: string;
}

/** Hands figures to bench/scale.mjs, which judges them: nothing here fails for missing a goal. */
export function show({ task }: Pick<TestContext, "task">, shown: readonly Shown[]): void {
  Reflect.set(task.meta, "figures", shown);
}

/** How many users; all else that grows by size follows from it. */
export const usersOfSize = (): number => inject("users") ?? 10_000;

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** The mean of the middle half: for times of a few ticks of the clock, some of them spoilt by what else happens. */
export function middling(numbers: readonly number[]): number {
  const quarter = Math.floor(numbers.length / 4);
  const middle = numbers.toSorted((a, b) => a - b).slice(quarter, numbers.length - quarter);
  return middle.reduce((sum, number) => sum + number, 0) / middle.length;
}

/** Runs an act and resolves to how long it took, in ms. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}
