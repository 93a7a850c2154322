import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { env, holdQueues, makeSchool, setNow } from "../../../test/workers/live";
import { scansOf } from "../../../test/workers/scanning";
import { crossesAt } from "../waking/due";
import { scanPage, scanSchools } from "./page";

/*
 * Whatever becomes of rounds and messages (late, doubled, lost; pages cut off before or after they woke anybody), each
 * crossing wakes its user once it is due, and none is lost: reckoned here from the times of activity alone.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ZONE = "Europe/Athens";
/** Clocks go forward, and back, within it; or neither. */
const BEGINS = ["2026-03-24T22:10:00Z", "2026-10-20T21:10:00Z", "2026-06-01T00:00:00Z"].map((text) => Date.parse(text));
const LENGTH_MS = 8 * DAY_MS;
const DAYS = [1, 3];

const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("round" as const), doubled: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("message" as const), twice: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("lost" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cut off" as const), after: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("visit" as const), user: fc.nat(39) }) },
);

test("each crossing wakes its user once, and none is lost, whatever becomes of rounds and pages", async () => {
  const figures = { crossings: 0, again: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...BEGINS),
      fc.array(fc.tuple(fc.nat(LENGTH_MS / 60_000), happening), { minLength: 30, maxLength: 60 }),
      async (begin, plan) => {
        vi.restoreAllMocks();
        setNow(begin);
        const queues = holdQueues();
        const school = await makeSchool("live", { timezone: ZONE });
        for (const days of DAYS) await school.automation({ when: [{ type: "inactivity.school", days }], then: [] });
        /** By user, the times of their visits. */
        const visits = new Map<string, number[]>();
        const woken: { user: string; at: number }[] = [];
        let isCut: "before" | "after" | null = null;
        let cuts = 0;
        const { getByName } = env.USERS;
        vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
          const [id, user] = JSON.parse(name);
          const object = getByName.call(env.USERS, name);
          if (id !== school.id) return object;
          // As one answers that knows nobody: a thousand of them would each have files open.
          const own: Record<PropertyKey, () => unknown> = {
            advance: () => {
              woken.push({ user, at: Date.now() });
              return { now: Date.now(), steps: 0, finished: true, nextWake: null };
            },
            untold: () => ({ batch: null, erasedBelow: null }),
          };
          return new Proxy(object, { get: (_, method) => async () => own[method]?.() });
        });
        const visit = async (user: string, at: number) => {
          const before = visits.get(user)?.at(-1) ?? null;
          visits.set(user, [...(visits.get(user) ?? []), at]);
          await env.DB.batch([
            env.DB.prepare("delete from activity where school = ? and user = ? and at is ?").bind(
              school.id,
              user,
              before,
            ),
            env.DB.prepare(
              "insert into activity (school, user, scope, subject, at) values (?, ?, 'school', '', ?)",
            ).bind(school.id, user, at),
          ]);
        };
        const batch = env.DB.batch.bind(env.DB);
        const prepare = env.DB.prepare.bind(env.DB);
        vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
          if (isCut === "before" && statements.length === 2) throw new Error("cut off");
          return batch(statements) as never;
        });
        vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
          if (isCut === "after" && sql.startsWith('update "scans"')) throw new Error("cut off");
          return prepare(sql);
        });
        const waiting = () => scansOf(queues, school.id);
        const take = async (twice: boolean) => {
          const [message, ...others] = waiting();
          queues.actions.push(...others);
          if (!message) return;
          for (const _ of twice ? [1, 2] : [1]) await scanPage(env, message);
        };
        for (let n = 0; n < 40; n++) await visit(`u${n}`, begin + n);
        for (const [minutes, what] of plan.toSorted(([a], [b]) => a - b)) {
          setNow(Math.max(Date.now(), begin + 40 + minutes * 60_000));
          if (what.kind === "visit") await visit(`u${what.user}`, Date.now());
          if (what.kind === "round") await Promise.all([scanSchools(env), what.doubled && scanSchools(env)]);
          if (what.kind === "message") await take(what.twice);
          if (what.kind === "lost") queues.actions.length = 0;
          if (what.kind === "cut off") {
            isCut = what.after ? "after" : "before";
            cuts++;
            await take(false).catch(() => {});
            isCut = null;
          }
        }
        // Nothing goes wrong any more. An alarm rings for whoever was found a little early, where clocks change.
        const end = begin + LENGTH_MS + 4 * DAY_MS;
        setNow(end);
        for (let round = 0; round < 12; round++) {
          setNow(end + round * 6 * 60_000);
          await scanSchools(env);
          while (queues.actions.some((one) => one.kind === "scan" && one.school === school.id)) await take(false);
        }
        const over = Date.now();
        let crossings = 0;
        for (const [user, times] of visits) {
          const wakes = woken.filter((one) => one.user === user).map(({ at }) => at);
          for (const days of DAYS) {
            const last = times.at(-1) ?? 0;
            // Of those who came again before that, cron may never have seen the row.
            const due = crossesAt({ days, direction: "after" }, last, ZONE);
            crossings++;
            // Two hours about a moment that a change of clocks has moved by one.
            const early = 3 * HOUR_MS + 1;
            expect(
              wakes.some((at) => at >= due - early && at <= over),
              `${user} after ${days} days`,
            ).toBe(true);
          }
        }
        const most = [...visits.values()].reduce((sum, times) => sum + times.length * DAYS.length, 0);
        figures.crossings += crossings;
        figures.again += Math.max(0, woken.length - most);
        // Only a page that was cut off once it had woken its users wakes them again.
        if (cuts === 0) expect(woken.length).toBeLessThanOrEqual(most);
      },
    ),
    { numRuns: 25 },
  );
  expect(figures.crossings).toBeGreaterThan(500);
});
