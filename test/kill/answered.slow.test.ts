import { afterAll, beforeAll, expect, test } from "vitest";
import { check, rest } from "./check.mjs";
import { makeSchool, newBook, sendUntilAnswered } from "./client.mjs";
import { startVictim } from "./victim.mjs";

const MINUTE_MS = 60_000;

let worker: Awaited<ReturnType<typeof startVictim>>;
let school: Awaited<ReturnType<typeof makeSchool>>;

beforeAll(async () => {
  worker = await startVictim();
  school = await makeSchool(worker);
}, 2 * MINUTE_MS);

afterAll(() => worker?.stop());

test(
  "what was answered is there after a SIGKILL right behind the answer: the event, its asynchronous run, its wait",
  async () => {
    const book = newBook();
    for (const [user, what] of [
      ["anna", "runtime"],
      ["ben", "process"],
    ] as const) {
      await sendUntilAnswered(school.call, book, user, 1);
      worker.kill(what);
      await worker.back();
      const { data } = await school.call("GET", `/v1/users/${user}/timeline`);
      const told = book.told.get(`${user}-1`)?.runs.map(({ id }: { id: string }) => id);
      expect(told).toHaveLength(3);
      expect(data.filter((one: { type?: string }) => one.type === "custom.step")).toHaveLength(1);
      expect(data.map((one: { run_id?: string }) => one.run_id)).toEqual(expect.arrayContaining(told));
    }
    const runs = book.told.size * Object.keys(school.automations).length;
    expect(await rest(school.call, runs, MINUTE_MS)).not.toBeNull();
    const { faults, figures } = await check(school, book);
    expect(Object.entries(faults).filter(([, count]) => count > 0)).toEqual([]);
    expect(figures).toMatchObject({ users: 2, runs, mails: 2, waits: 2 });
  },
  3 * MINUTE_MS,
);
