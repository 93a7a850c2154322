import { runInDurableObject } from "cloudflare:test";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { env, flushLog, holdQueues, makeSchool, setNow, stubOf } from "../live";
import { scanRound } from "../scanning";
import { randomOf, seedsOr, tell } from "./figures";

/*
 * Inactivity fires once a stretch, and not before its days are over, by the school's own calendar and over a change of
 * clocks, whatever becomes of cron: rounds skipped for days, two at once, late ones. What must come is reckoned here from
 * the visits alone.
 */

const ZONE = "Europe/Athens";
const HOUR_MS = 3_600_000;
/** Clocks go forward in the one, and back in the other; both are ahead of the runtime's own clock, by which alarms ring. */
const BEGINS = [Date.parse("2100-03-12T08:00:00Z"), Date.parse("2100-10-10T08:00:00Z")];
const LENGTH_MS = 30 * 24 * HOUR_MS;
const USERS = 10;
const VISITS = 3;
const DAYS = [3, 7];
const EVERY_MS = 3 * HOUR_MS;
const SKIPPED = 0.5;
const DOUBLED = 0.3;

const dueAfter = (at: number, days: number) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).add({ days }).epochMilliseconds;

interface Stretch {
  user: string;
  days: number;
  due: number;
  /** When the next visit ends it. */
  end: number;
  /** When cron looks first after it was due: later it may not be told. */
  looked: number;
}

/** The stretches that reach their days. */
function stretchesOf(
  visits: ReadonlyMap<string, readonly number[]>,
  crons: readonly number[],
  over: number,
): Stretch[] {
  return [...visits].flatMap(([user, times]) =>
    times.flatMap((at, n) => {
      const end = times[n + 1] ?? over;
      return DAYS.flatMap((days) => {
        const due = dueAfter(at, days);
        const looked = Math.min(end, crons.find((cron) => cron >= due) ?? over);
        return due <= end ? [{ user, days, due, end, looked }] : [];
      });
    }),
  );
}

test.for(seedsOr([1, 2]))(
  "inactivity fires once a stretch, and never early, however cron comes: seed %i",
  async (seed, context) => {
    const random = randomOf(seed);
    const begin = BEGINS[seed % 2] ?? 0;
    const over = begin + LENGTH_MS;
    const queues = holdQueues();
    setNow(begin);
    const school = await makeSchool("live", { timezone: ZONE });
    // At this time all that other files left is due, and nobody does it: they would stand before this school for ever.
    await env.DB.prepare("update scans set next_look = null where school <> ?").bind(school.id).run();
    const automations = new Map<string, number>();
    for (const days of DAYS) {
      const definition = {
        when: [{ type: "inactivity.school", days }],
        then: [{ type: "tags.add", tags: [`away-${days}`] }],
      };
      automations.set(await school.automation(definition), days);
    }
    const visits = new Map<string, number[]>();
    const happenings: { at: number; happen: () => Promise<unknown> }[] = [];
    for (let n = 0; n < USERS; n++) {
      const user = `u${n}`;
      const times = Array.from(
        { length: VISITS },
        (_, v) => begin + (v === 0 ? n : Math.floor(random() * (LENGTH_MS - HOUR_MS))),
      );
      visits.set(
        user,
        times.toSorted((a, b) => a - b),
      );
      for (const at of times)
        happenings.push({
          at,
          happen: async () => {
            await school.event("school.visited", user);
            await flushLog(school.id, user);
          },
        });
    }
    const crons: number[] = [];
    let scannedMs = 0;
    // Where clocks change cron finds somebody an hour early, whose own alarm rings then.
    const ringDue = async () => {
      for (const user of visits.keys()) {
        const at = await runInDurableObject(stubOf(school.id, user), (_, { storage }) => storage.getAlarm());
        if (at !== null && at <= Date.now()) await school.ring(user);
      }
    };
    const cron = async () => {
      crons.push(Date.now());
      const begun = performance.now();
      await ringDue();
      await scanRound(queues, school.id);
      scannedMs += performance.now() - begun;
    };
    for (let at = begin; at < over; at += EVERY_MS) {
      if (random() < SKIPPED) continue;
      const isDoubled = random() < DOUBLED;
      const late = Math.floor(random() * EVERY_MS);
      happenings.push({ at: at + late, happen: () => (isDoubled ? Promise.all([cron(), cron()]) : cron()) });
    }
    happenings.push({ at: over, happen: cron });
    for (const { at, happen } of happenings.toSorted((a, b) => a.at - b.at)) {
      setNow(at);
      await happen();
    }

    await flushLog(school.id, ...visits.keys());
    const runs: { user: string; days: number; at: number }[] = [];
    for (const [automation, days] of automations)
      for (let cursor = ""; ; ) {
        const { body } = await school.ask("GET", `/v1/runs?automation=${automation}&limit=100${cursor}`);
        for (const one of body.data) runs.push({ user: one.user_id, days, at: Date.parse(one.started_at) });
        if (!body.next_cursor) break;
        cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
      }
    const stretches = stretchesOf(visits, crons, over);
    const isOf = (run: (typeof runs)[number], { user, days, due, end }: Stretch) =>
      run.user === user && run.days === days && run.at >= due && run.at <= end;
    const firedIn = (stretch: Stretch) => runs.filter((run) => isOf(run, stretch)).length;
    const missed = stretches.filter((one) => !runs.some((run) => isOf(run, one) && run.at <= one.looked));
    const doubled = stretches.filter((one) => firedIn(one) > 1);
    const early = runs.filter((run) => !stretches.some((one) => isOf(run, one)));
    expect(stretches.length).toBeGreaterThan(USERS);
    expect({ missed, doubled, early }).toEqual({ missed: [], doubled: [], early: [] });
    tell(context, {
      users: USERS,
      crons: crons.length,
      stretches: stretches.length,
      missed: 0,
      doubled: 0,
      early: 0,
      scannedMs: Math.round(scannedMs),
    });
  },
);
