import { afterEach, beforeEach, expect, test } from "vitest";
import { startVictim } from "../kill/victim.mjs";

const MINUTE_MS = 60_000;

let worker: Awaited<ReturnType<typeof startVictim>>;

beforeEach(async () => {
  worker = await startVictim();
}, MINUTE_MS);

afterEach(() => worker?.stop());

test(
  "a runtime that is killed again and again, as it comes back too, answers again on its port",
  async () => {
    for (let kills = 0; kills < 5; kills++) await worker.killNext();
    await worker.back();
  },
  2 * MINUTE_MS,
);

test(
  "a runtime that dies whenever it comes up is given up with a word and a code",
  async () => {
    const ended = worker.exited;
    let isOver = false;
    ended.finally(() => {
      isOver = true;
    });
    while (!isOver) await Promise.race([ended, worker.killNext()]);
    expect(await ended).toEqual([1, null]);
    expect(worker.said()).toContain("it is not started again");
  },
  3 * MINUTE_MS,
);
