import pMap from "p-map";
import { isTransient } from "../../calls/reaching/again";
import { CannotRead, type JobScene } from "../../jobs/define";
import { everyUser } from "../../jobs/directory";

const AT_ONCE = 16;

export interface AskedPage<T> {
  /** Who answered, and what. */
  answers: { user: string; told: T }[];
  faults: { user: string; message: string }[];
  done: number;
  /** Where the next page begins; null: that was the last. */
  next: string | null;
}

/** Asks the next users of the directory, oldest first; of each nothing is heard whom nobody knows. */
export async function askPage<T>(
  scene: JobScene,
  after: string | null,
  most: number,
  ask: (user: string) => Promise<T | null>,
): Promise<AskedPage<T>> {
  const items = await everyUser.next(scene, after, most);
  const faults: AskedPage<T>["faults"] = [];
  const told = await pMap(
    items,
    async ({ value: user }) => {
      try {
        return await ask(user);
      } catch (error) {
        if (isTransient(error)) throw new CannotRead("A user gave no answer.", { afterMs: 0 }, error);
        faults.push({ user, message: "It failed for a fault of ours, and was passed over." });
        return null;
      }
    },
    { concurrency: AT_ONCE },
  );
  const answers = items.flatMap(({ value: user }, index) => {
    const one = told[index];
    return one ? [{ user, told: one }] : [];
  });
  const next = items.length < most ? null : (items.at(-1)?.cursor ?? null);
  return { answers, faults, done: items.length, next };
}

/** How many users a request asks, and how long it goes on; what is more is a job's. */
export const MOST_USERS = 10_000;
const MOST_MS = 20_000;
const PAGE = 200;

/**
 * Asks all users of a school of whom there are not too many for a request; false: there are, or it takes too long.
 * @param hear of each page, in order
 */
export async function askAll<T>(
  scene: JobScene,
  ask: (user: string) => Promise<T | null>,
  hear: (page: AskedPage<T>) => void,
): Promise<boolean> {
  const deadline = Date.now() + MOST_MS;
  let asked = 0;
  for (let after: string | null = null; ; ) {
    const page: AskedPage<T> = await askPage(scene, after, PAGE, ask);
    hear(page);
    asked += page.done;
    if (page.next === null) return true;
    if (asked >= MOST_USERS || Date.now() > deadline) return false;
    after = page.next;
  }
}
