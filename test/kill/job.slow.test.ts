import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { all, makeSchool } from "../e2e-node/client.mjs";
import { startVictim } from "./victim.mjs";

const MINUTE_MS = 60_000;
/** How soon it goes on: less than a lease, src/jobs/store.ts. */
const WITHIN_MS = 15_000;
/** Enough to be gone over in ranges: src/jobs/ranges/split.ts. */
const LINES = 5_400;

let worker: Awaited<ReturnType<typeof startVictim>>;
let call: Awaited<ReturnType<typeof makeSchool>>["call"];

beforeAll(async () => {
  worker = await startVictim();
  ({ call } = await makeSchool(worker, { id: "kill", name: "Kill", mode: "live" }));
}, 2 * MINUTE_MS);

afterAll(() => worker?.stop());

/** Resolves to the job as soon as it has done so many, or has ended. */
async function come(id: string, done: number, withinMs: number) {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(500)) {
    const job = await call("GET", `/v1/jobs/${id}`).catch(() => null);
    if (job && (job.done >= done || job.status !== "running")) return job;
  }
  throw new Error(`The job did not come to ${done}.\n${worker.said().slice(-2_000)}`);
}

test(
  "a job in ranges that is killed in their midst goes on from each one's cursor, and does everything once",
  async () => {
    const lines = Array.from({ length: LINES }, (_, n) => `learner-${n},Name that fills a line of it ${n}`);
    const { job_id: id } = await call("POST", "/v1/users/import", ["id,username", ...lines].join("\n"));
    for (const [what, done] of [
      ["runtime", 400],
      ["process", 2_000],
    ] as const) {
      const before = await come(id, done, 5 * MINUTE_MS);
      expect(before.status).toBe("running");
      worker.kill(what);
      await worker.back();
      expect((await come(id, 0, MINUTE_MS)).done).toBeGreaterThanOrEqual(before.done);
      // Well before a lease is over: nobody else can have it in hand on this machine.
      expect((await come(id, before.done + 1, WITHIN_MS)).done).toBeGreaterThan(before.done);
    }
    const ended = await come(id, LINES + 1, 10 * MINUTE_MS);
    expect(ended).toMatchObject({ status: "done", done: LINES, total: LINES, errors: [] });
    const learners: { id: string }[] = await all(call, "/v1/users");
    expect(new Set(learners.map((one) => one.id))).toEqual(new Set(lines.map((line) => line.split(",")[0])));
    expect(learners).toHaveLength(LINES);
  },
  18 * MINUTE_MS,
);
