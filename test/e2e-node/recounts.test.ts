import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorker } from "../../scripts/started.mjs";
import { segments } from "./segments.mjs";
import { year } from "./year.mjs";

/* The short form of `npm run test:segments` and `npm run test:year`. */

let worker: Awaited<ReturnType<typeof startWorker>>;
beforeAll(async () => {
  worker = await startWorker();
}, 60_000);
afterAll(() => worker?.stop());

const none = (faults: Record<string, number>) => Object.fromEntries(Object.keys(faults).map((what) => [what, 0]));

describe("a plain recount agrees", { concurrent: true, timeout: 120_000 }, () => {
  test("with the members of a segment whose rule was made while events came in", async () => {
    const { faults, figures } = await segments(worker, { users: 300, clients: 2 });
    expect(figures.members).toBeGreaterThan(10);
    expect(faults).toEqual(none(faults));
  });

  test("with the runs, steps and deliveries of a term of the demo school", async () => {
    const { faults, figures } = await year(worker, { learners: 40, days: 120, step: 5 });
    expect(figures.waits).toBeGreaterThan(100);
    expect(faults).toEqual(none(faults));
  });
});
