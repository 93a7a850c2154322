import { describe, expect, test } from "vitest";
import { aroundD1 } from "../../../test/workers/d1-calls";
import { env, liveSchool } from "../../../test/workers/live";
import { loggedSchool } from "../../../test/workers/log-move";
import { retain } from "../../../test/workers/retaining";
import { forgetEverything } from "../../base/cache";
import { shardsOf } from "../../db/log";
import { takeUpPlatformJobs } from "./jobs";

/* What else happens while a log moves: people turn pages, what is old goes, learners are erased, the Worker is killed. */

const made = liveSchool("live", { connectors: { webhook: {} } });
const { school } = made;
const { settle, rowsByPlace, stateOf, moveTo, pass, skip, shown, lived, other } = loggedSchool(made);

const DAY_MS = 86_400_000;
const all = async (path: string): Promise<{ id: string }[]> => (await school.ask("GET", path)).body.data;

describe.each(["/v1/runs", "/v1/runs?status=completed", "/v1/deliveries"])("pages of %s", (path) => {
  test.each(["", "&order=asc"])("that are turned all through a move have each row once: %j", async (order) => {
    const list = `${path}${path.includes("?") ? "&" : "?"}limit=1${order}`;
    await lived();
    await settle();
    const before = (await all(list.replace("limit=1", "limit=100"))).map(({ id }) => id);
    expect(before.length).toBeGreaterThan(2);
    const to = await other();
    await moveTo(to);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await school.ask("GET", `${list}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...page.body.data.map(({ id }: { id: string }) => id));
      cursor = page.body.next_cursor;
      await pass(2);
    }
    await pass(2);
    expect((await stateOf()).log).toBe(to);
    expect(seen).toEqual(before);
  });
});

describe("what is kept for a time only", () => {
  const hasEnded = ({ status }: { status: string }) => status === "completed";
  const retainAll = async () => {
    while (await retain(env)) {}
  };

  test("goes at the new place too, of a school in which nothing has happened since", async () => {
    const automations = await lived();
    const to = await other();
    await shardsOf(env).get(to)?.prepare("delete from schools where id = ?").bind(school.id).run();
    await moveTo(to);
    await pass(10);
    expect((await stateOf()).log).toBe(to);
    skip(100 * DAY_MS);
    await retainAll();
    const { runs, stats } = await shown(automations);
    expect(runs.filter(hasEnded)).toEqual([]);
    // Counted for ever is what ever ran.
    expect(stats[1]?.runs.completed).toBe(3);
  });

  test("comes back by no move that was under way, nor does what is kept go", async () => {
    const automations = await lived();
    const before = await shown(automations);
    const to = await other();
    await moveTo(to);
    for (let minute = 0; minute < 8; minute++) {
      await retainAll();
      await pass(1);
    }
    expect(await shown(automations)).toEqual(before);
    // Old in the first minute of the way back.
    await moveTo(await other());
    skip(100 * DAY_MS);
    for (let minute = 0; minute < 10; minute++) {
      await retainAll();
      await pass(1);
    }
    expect((await shown(automations)).runs.filter(hasEnded)).toEqual([]);
  });
});

test("counters of an automation that was had back while its log lay elsewhere are kept where the log returns", async () => {
  const automations = await lived();
  const [, id] = automations;
  const first = (await stateOf()).log;
  await moveTo(await other());
  await pass(10);
  // As another of that id, which was made later, is known at the new place.
  await env.DB.prepare("update automations set created_at = created_at + 1 where school = ? and id = ?")
    .bind(school.id, id)
    .run();
  await school.event("tag.added", "dora", { tag: "vip" });
  await settle();
  const counted = (await shown(automations)).stats[1]?.runs.completed;
  await moveTo(first);
  await pass(10);
  await school.event("tag.added", "emma", { tag: "vip" });
  await settle();
  expect((await shown(automations)).stats[1]?.runs.completed).toBe(counted + 1);
});

test("a learner who is erased in any minute of a move is in neither place once it is over", async () => {
  await lived();
  for (const [minute, user] of ["anna", "ben", "cora"].entries()) {
    const to = await other();
    await moveTo(to);
    await pass(minute);
    let { status } = await school.ask("DELETE", `/v1/users/${user}`);
    expect([204, 503]).toContain(status);
    await pass(10);
    if (status === 503) ({ status } = await school.ask("DELETE", `/v1/users/${user}`));
    expect(status).toBe(204);
    await settle();
    for (const db of [env.DB, ...shardsOf(env).values()])
      for (const table of ["runs", "live_runs", "deliveries"]) {
        const left = await db
          .prepare(`select count(*) as n from ${table} where school = ? and user = ?`)
          .bind(school.id, user)
          .first("n");
        expect([table, left]).toEqual([table, 0]);
      }
  }
});

describe("a Worker that is killed at a statement of a move", () => {
  /** Kills at a call of any database, before it is made or once it is; from then on nothing happens until it is started. */
  function killer(when: "before" | "after") {
    const state = { left: Number.POSITIVE_INFINITY, isDead: false };
    const killed = () => {
      state.isDead = true;
      return new Error("killed");
    };
    aroundD1(async (real) => {
      if (state.isDead) throw killed();
      const isIt = --state.left === 0;
      if (isIt && when === "before") throw killed();
      const answer = await real();
      if (isIt || state.isDead) throw killed();
      return answer;
    });
    return {
      /** Is killed at the nth call from now on. */
      at: (n: number) => {
        state.left = n;
      },
      /** Answers whether it was killed. */
      start: () => {
        const wasDead = state.isDead;
        Object.assign(state, { isDead: false, ...(wasDead ? { left: Number.POSITIVE_INFINITY } : {}) });
        if (wasDead) forgetEverything();
        return wasDead;
      },
    };
  }

  test.each(["before", "after"] as const)("goes on from there, whichever it was: %s it", async (when) => {
    const automations = await lived();
    let before = await shown(automations);
    const kill = killer(when);
    for (let n = 1; ; n++) {
      const to = await other();
      // Asking for it, and each of its minutes, is an invocation of its own.
      const invocations = [() => moveTo(to), ...Array.from({ length: 4 }, () => () => pass(1))];
      let wasKilled = false;
      kill.at(n);
      for (const invocation of invocations) {
        await Promise.resolve(invocation()).catch(() => undefined);
        wasKilled ||= kill.start();
      }
      kill.at(Number.POSITIVE_INFINITY);
      if (!wasKilled) {
        expect(n).toBeGreaterThan(20);
        return;
      }
      // Whoever asked was told that it failed. Once it has begun nobody need ask again: cron takes up what stands still.
      const { log, moves_to } = await stateOf();
      if (log !== to && moves_to !== to) expect([202, 409]).toContain((await moveTo(to)).status);
      for (let minute = 0; minute < 14; minute++) {
        await takeUpPlatformJobs(env);
        await pass(1);
      }
      expect([n, await stateOf()]).toMatchObject([
        n,
        { log: to, moves_to: null, move: { ended_at: expect.any(String) } },
      ]);
      expect([n, Object.keys(await rowsByPlace())]).toEqual([n, [to]]);
      expect([n, await shown(automations)]).toEqual([n, before]);
      await school.event("tag.added", `new-${n}`, { tag: "vip" });
      await settle();
      const after = await shown(automations);
      expect([n, after.stats[1]?.runs.completed]).toEqual([n, before.stats[1]?.runs.completed + 1]);
      before = after;
    }
  });
});
