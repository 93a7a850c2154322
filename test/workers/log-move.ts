import { beforeEach } from "vitest";
import { shardsOf } from "../../src/db/log";
import { call, consume, env, type liveSchool, PLATFORM, setNow } from "./live";

/* For tests: a school whose log lies in a shard, moves, and is read. */

const TABLES = ["runs", "live_runs", "run_counts", "day_counts", "deliveries"];
const MINUTE_MS = 60_000;

const WAITING = {
  when: [{ type: "custom", name: "go" }],
  then: [
    { type: "webhook.send", url: "https://hooks.acme.com/x", body: {} },
    { type: "wait", for: "P1D" },
  ],
};
const ENDING = { when: [{ type: "tag.added", tags: ["vip"] }], then: [{ type: "tags.add", tags: ["seen"] }] };

export function loggedSchool({ school, queues }: ReturnType<typeof liveSchool>) {
  let now: number;
  /** Messages of the move, each of which has its time. */
  let later: typeof queues.actions = [];
  beforeEach(() => {
    now = Date.now();
    setNow(now);
    later = [];
  });

  async function settle(): Promise<void> {
    for (let round = 0; round < 50; round++) {
      const [sent, log] = [queues.actions.splice(0), queues.log.splice(0)];
      later.push(...sent.filter(({ kind }) => kind === "platform_job"));
      const actions = sent.filter(({ kind }) => kind !== "platform_job");
      if (!actions.length && !log.length) return;
      if (actions.length) await consume("schoolbell-actions", actions);
      if (log.length) await consume("schoolbell-log", log);
    }
    throw new Error("it never comes to rest");
  }

  /** How many rows of a school's log lie in each database. */
  async function rowsByPlace(of = school.id): Promise<Record<string, number>> {
    const places = [["main", env.DB] as const, ...shardsOf(env)];
    const counted = await Promise.all(
      places.map(async ([name, db]) => {
        const found = await db.batch<{ n: number }>(
          TABLES.map((table) => db.prepare(`select count(*) as n from ${table} where school = ?`).bind(of)),
        );
        return [name, found.reduce((sum, { results }) => sum + (results[0]?.n ?? 0), 0)] as const;
      }),
    );
    return Object.fromEntries(counted.filter(([, n]) => n > 0));
  }

  const stateOf = async () => (await call("GET", `/v1/schools/${school.id}/log`, undefined, PLATFORM)).body;
  const moveTo = (to: string) => call("POST", `/v1/schools/${school.id}/log`, { to }, PLATFORM);

  /** Lets the minutes pass that a move waits, and each do what it may. */
  async function pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      now += MINUTE_MS + 1;
      setNow(now);
      const due = later;
      later = [];
      if (due.length) await consume("schoolbell-actions", due);
      await settle();
    }
  }

  /** Lets time pass in which nothing happens. */
  function skip(ms: number): void {
    now += ms;
    setNow(now);
  }

  /** What people read of it. */
  async function shown(automations: readonly string[]) {
    const read = async (path: string) => (await school.ask("GET", path)).body;
    const stats = await Promise.all(automations.map((id) => read(`/v1/automations/${id}/stats`)));
    return {
      runs: (await read("/v1/runs?limit=100")).data,
      deliveries: (await read("/v1/deliveries?limit=100")).data.map(({ id }: { id: string }) => id),
      stats: stats.map(({ runs, steps }) => ({ runs, steps })),
    };
  }

  /** Three learners, each with a run that waits and one that has ended. */
  async function lived(): Promise<string[]> {
    const automations = [await school.automation(WAITING), await school.automation(ENDING)];
    for (const user of ["anna", "ben", "cora"]) {
      await school.event("custom.go", user);
      await school.event("tag.added", user, { tag: "vip" });
    }
    await settle();
    return automations;
  }

  /** The one of two shards in which it does not lie. */
  const other = async (): Promise<string> => ((await stateOf()).log === "0" ? "1" : "0");

  return { settle, rowsByPlace, stateOf, moveTo, pass, skip, shown, lived, other };
}
