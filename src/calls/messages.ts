import * as z from "zod";
import { once } from "../base/cache";

/*
 * What travels by queue: who, and which thing of theirs. Never what it says: a message may come late, twice, or after
 * the user was erased.
 */

const place = { school: z.string(), user: z.string() };
/** Releases before there were epochs sent none. */
const epoch = z.number().default(1);

const userPlace = once(() => z.object({ school: z.string(), epoch, user: z.string() }));

/** Events that came, to be counted for the bill: of which school, and how many. */
const countedEvents = once(() => z.tuple([z.string(), epoch, z.number()]));
export type CountedEvents = [school: string, epoch: number, events: number];
/** Releases before sent none; one that could not be read is left out. */
const counted = once(() => z.array(countedEvents()).exactOptional().catch([]));

const auditRow = once(() =>
  z.object({
    ...{ school: z.string(), id: z.string(), at: z.number(), who: z.string(), what: z.string(), subject: z.string() },
    ...{ before: z.string().nullable(), after: z.string().nullable() },
  }),
);

export const actionMessage = once(() =>
  z.discriminatedUnion("kind", [
    /** The user has runs to go on with. */
    z.object({ kind: z.literal("wake"), ...place }),
    /** The same of many users, of whatever schools; `school` is empty. D1 is told of them too. */
    z.object({
      kind: z.literal("wake_users"),
      school: z.string(),
      users: z.array(userPlace()),
      events: counted(),
    }),
    z.object({
      kind: z.literal("deliver"),
      ...place,
      delivery: z.string(),
      /** What tells where it goes from other places: a digest. Releases before it sent none. */
      to: z.string().optional(),
      /** How often the slow queue has put it off. */
      times: z.number().optional(),
    }),
    /** The users of a school whose time has come: a page of them. */
    z.object({
      kind: z.literal("wake_school"),
      school: z.string(),
      /** Behind this one in the order of their times; releases before named an `after`, and are begun again. */
      behind: z.object({ wake: z.number(), user: z.string() }).optional(),
      /** Only those whose time came up to then, real time, ms; left out: up to now. */
      until: z.number().optional(),
    }),
    /** Users who are to look at what became of their runs, or of what a pause held up: a page of them (users/waking/touch.ts). */
    z.object({
      kind: z.literal("touch_users"),
      school: z.string(),
      of: z.object({
        automations: z.array(z.string()).exactOptional(),
        statuses: z.array(z.string()).exactOptional(),
      }),
      at: z.object({ list: z.number(), behind: z.string().nullable() }),
    }),
    /**
     * Users of a school who may have crossed a threshold: a page of them, from where its row in D1 stands. Without a scope:
     * which thresholds the school has. `lease`: by which the row is known to be this message's to take up, real time, ms.
     */
    z.object({ kind: z.literal("scan"), school: z.string(), scope: z.string(), days: z.number(), lease: z.number() }),
    /** Schools that have users whose time came up to then, real time, ms: a page of them. */
    z.object({
      kind: z.literal("watch"),
      school: z.string(),
      /** Behind this one in the order of `school_wakes`; releases before named an `after`, and are begun again. */
      behind: z.object({ at: z.number(), school: z.string() }).exactOptional(),
      until: z.number(),
    }),
    /**
     * What is kept for a time only, of schools whose moment has come: behind one in the order of `school_ages`, up to
     * another, or a page of them, and then those behind that. What is kept for all schools: `through` is empty. Releases
     * before named an `after`, and are begun again.
     */
    z.object({
      kind: z.literal("retain"),
      school: z.string(),
      after: z.string(),
      through: z.string().optional(),
      behind: z.object({ at: z.number(), school: z.string() }).optional(),
      to: z.object({ at: z.number(), school: z.string() }).optional(),
    }),
    /** Steps or deliveries of an automation failed; `at` is when the last of them did, by the school's clock, ms. */
    z.object({ kind: z.literal("failures"), school: z.string(), automation: z.string(), at: z.number() }),
    /**
     * What was done by hand, for the audit, which D1 did not take when it was: whom it was done to by id, and the names of
     * what changed.
     */
    z.object({ kind: z.literal("audit"), school: z.string(), row: auditRow() }),
    /** Whose owners are to hear that something is wrong, of the schools behind one: a page of them. */
    z.object({ kind: z.literal("health"), school: z.string(), after: z.string() }),
    /** The owners are to hear what is wrong with their school. */
    z.object({ kind: z.literal("health_mail"), school: z.string() }),
    /** An automation has stopped itself, and the owners are to hear of it. */
    z.object({ kind: z.literal("stopped"), school: z.string(), automation: z.string() }),
    /** A lead that is being handed over, which was cut off: `user` is the lead. */
    z.object({ kind: z.literal("lead"), ...place }),
    /** The next page of a job. */
    z.object({ kind: z.literal("job"), school: z.string(), job: z.string() }),
    /** The next page of a range of a job, whichever is free. */
    z.object({ kind: z.literal("job_range"), school: z.string(), job: z.string() }),
    /** What a school held, to be deleted, is due: some of it. */
    z.object({ kind: z.literal("end_held"), school: z.string() }),
    /** The next page of what goes over all schools; `school` is empty. */
    z.object({ kind: z.literal("platform_job"), school: z.string(), job: z.string() }),
    /** The next of what is left of a deleted school. */
    z.object({ kind: z.literal("clear_school"), school: z.string() }),
  ]),
);
export type ActionMessage = z.infer<ReturnType<typeof actionMessage>>;
export type RetainMessage = Extract<ActionMessage, { kind: "retain" }>;
export type ScanMessage = Extract<ActionMessage, { kind: "scan" }>;
export type AuditMessage = Extract<ActionMessage, { kind: "audit" }>;
export type DeliverMessage = Extract<ActionMessage, { kind: "deliver" }>;

/** How often a message is tried: `max_retries` of wrangler.toml, and the first time. */
export const TRIES = 21;

/** By which binding messages of each kind are sent. */
export const QUEUE_OF: Readonly<Record<ActionMessage["kind"], "ACTIONS" | "DELIVERIES" | "JOBS">> = {
  wake: "ACTIONS",
  wake_users: "ACTIONS",
  failures: "ACTIONS",
  lead: "ACTIONS",
  audit: "ACTIONS",
  deliver: "DELIVERIES",
  // What takes seconds.
  wake_school: "JOBS",
  touch_users: "JOBS",
  scan: "JOBS",
  watch: "JOBS",
  retain: "JOBS",
  job: "JOBS",
  job_range: "JOBS",
  platform_job: "JOBS",
  clear_school: "JOBS",
  end_held: "JOBS",
  health: "JOBS",
  health_mail: "JOBS",
  stopped: "JOBS",
};

/** How far the log in D1 may lag: what happens to a user within this time is written together. */
export const LOG_LAG_MS = 5_000;

export interface LogMessage {
  users: z.infer<ReturnType<typeof userPlace>>[];
  events?: CountedEvents[];
}

/** The objects of these users, of whatever schools, have something for the log. Releases before named one alone. */
export const logMessage = z.union([
  z.object({ users: z.array(userPlace()), events: counted() }),
  userPlace().transform((user): LogMessage => ({ users: [user] })),
]);
