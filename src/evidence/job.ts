import pMap from "p-map";
import * as z from "zod";
import { log } from "../base/reports/log";
import { isTransient } from "../calls/reaching/again";
import { CannotRead, defineSteps } from "../jobs/define";
import { collect } from "../users/past/proven";
import { definitionsInForce } from "./definitions";
import { linesOf } from "./lines";
import { countParts, keepDefinitions, keepParts, rowsOf } from "./parts";
import { countPeople, FIRST, nextPeople } from "./people";

/*
 * Makes a pack: by pages of those who may be in it, each asked in their own object; last the definitions. A page done
 * again writes the same.
 */

const STEP_USERS = 40;
const AT_ONCE = 8;
/** A learner is asked so many things of the platform. */
const COST = 4;
/** The directory lags: who was enrolled a while before a pack was asked for is there by then. */
export const LAG_MS = 15_000;

const about = z.lazy(() =>
  z.object({
    kind: z.enum(["course", "segment", "automation"]),
    id: z.string(),
    from: z.number(),
    to: z.number(),
    automations: z.array(z.string()),
    courses: z.array(z.string()),
  }),
);

/** `since`: real time, ms, before which the directory may not have all. */
const params = z.lazy(() => z.object({ about, since: z.number() }));
export type EvidenceParams = z.output<typeof params>;
/** What was asked of a job of this kind. */
export const paramsOf = (stored: unknown): EvidenceParams => params.parse(stored);

export const evidenceJob = defineSteps({
  name: "evidence",
  params,
  state: z.lazy(() => z.object({ place: z.object({ after: z.string(), past: z.boolean() }).nullable() })),
  about: ({ about: { kind, id } }) => ({ kind, id }),
  total: ({ env, school }, { about }) => countPeople(env, school.id, about),
  step: async ({ env, school, job }, { about, since }, reached, most) => {
    if (reached?.place === null) {
      const definitions = await definitionsInForce(env, school, about);
      await keepDefinitions(env, school.id, job, JSON.stringify(definitions, null, 1));
      const { holds_from } = definitions;
      const counts = await countParts(env, school.id, job);
      return { next: null, done: 0, result: { ...counts, ...(holds_from === null ? {} : { holds_from }) } };
    }
    const waitMs = since - Date.now();
    if (school.mode === "live" && waitMs > 0) return { next: { place: reached?.place ?? FIRST }, done: 0, waitMs };
    const limit = Math.max(1, Math.min(STEP_USERS, Math.floor(most / COST)));
    const people = await nextPeople(env, school.id, about, reached?.place ?? FIRST, limit);
    const faults: { user: string; message: string }[] = [];
    const found = await pMap(
      people.users,
      async (user) => {
        try {
          const collected = await collect(env, school, user);
          const lines = collected && linesOf(about, collected);
          return collected && lines ? [{ ...collected, lines }] : [];
        } catch (error) {
          if (isTransient(error)) throw new CannotRead("A learner gave no answer.", { afterMs: 0 });
          log("error", "job.item_failed", { school: school.id, subject: job, error });
          faults.push({ user, message: "What is known of them could not be read: the pack lacks them." });
          return [];
        }
      },
      { concurrency: AT_ONCE },
    );
    const told = found.flat();
    await keepParts(env, school.id, job, {
      rows: told.flatMap(({ user, learner, lines }) => rowsOf(user, learner.knownAt, lines)),
      erased: people.erased,
    });
    const done = people.users.length;
    return { next: { place: people.next }, done, took: done * COST, faults };
  },
});
