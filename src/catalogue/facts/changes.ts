import * as z from "zod";
import { tagKey } from "../tags/key";

/*
 * What we changed of a user, as the LMS hears of it (contract §12): one typed thing, whatever made it. Facts say what
 * became true, a change says what is to be made true elsewhere: spaces have no fact, a later end of an enrolment none.
 */

const id = z.string();
/** RFC 3339; null: never. */
const end = z.string().nullable();

const enrolled = {
  role: id,
  /** When it ends by itself: the latest of all that gave it. */
  expires_at: end,
  /** What gives it: `event`, `run`, `sync:<id>`, `bundle:<id>` … */
  source: z.string(),
  paid: z.literal(true).optional(),
  private: z.literal(true).optional(),
  /** Of a payment that goes with it. */
  price: z.number().optional(),
  currency: z.string().optional(),
  /** It was there before: its end is another. */
  renews: z.literal(true).optional(),
};
/** What an enrolment was that ended: with it, and only with it, a new one would bring back what was. */
const ended = { reason: z.string().optional(), role: id, expires_at: end, source: z.string() };

/** The data of each type of change: ids, never `$trigger`. */
export const CHANGES = {
  "course.enrolled": z.object({ course: id, ...enrolled }),
  "course.unenrolled": z.object({ course: id, ...ended }),
  "course.suspended": z.object({ course: id, role: id, expires_at: end }),
  "course.resumed": z.object({ course: id, role: id, expires_at: end }),
  "bundle.enrolled": z.object({ bundle: id, ...enrolled }),
  "bundle.unenrolled": z.object({ bundle: id, ...ended }),
  "subscription.enrolled": z.object({ subscription: id, ...enrolled }),
  "subscription.unenrolled": z.object({ subscription: id, ...ended }),
  "group.joined": z.object({ group: id }),
  "group.left": z.object({ group: id }),
  "seat.added": z.object({ seat: id }),
  "seat.removed": z.object({ seat: id }),
  "space.added": z.object({ space: id }),
  "space.removed": z.object({ space: id }),
  "segment.joined": z.object({ segment: id }),
  "segment.left": z.object({ segment: id }),
  "tag.added": z.object({ tag: z.string() }),
  "tag.removed": z.object({ tag: z.string() }),
  "course.completed": z.object({ course: id }),
  "activity.completed": z.object({ course: id, activity: id }),
  "course.progress_reset": z.object({ course: id }),
  "activity.progress_reset": z.object({ course: id, activity: id }),
  /** `changed`: attributes bare, fields as `fields.<key>`; beside it their values now, null where there is none. */
  "user.updated": z.object({ changed: z.array(z.string()), values: z.record(z.string(), z.unknown()) }),
  /** A school message: text, no HTML. */
  "message.sent": z.object({ subject: z.string().optional(), body: z.string() }),
  "payment.recorded": z.object({
    payment: id,
    amount: z.number(),
    currency: z.string().optional(),
    product_type: z.string().optional(),
    product: id.optional(),
    invoice: z.boolean(),
  }),
} as const;

export type ChangeType = keyof typeof CHANGES;
export type ChangeData<T extends ChangeType = ChangeType> = z.output<(typeof CHANGES)[T]>;
export type Change = { [T in ChangeType]: { type: T; data: ChangeData<T> } }[ChangeType];

// The keys of a record written out above.
export const changeTypes = Object.keys(CHANGES) as readonly ChangeType[];

/** What only we know, whoever told us: segments are ours. */
export const isOurs = (type: ChangeType): boolean => type.startsWith("segment.");

/** What happened once; all others say how something of the user is to be. */
export const happensOnce = (type: ChangeType): boolean => type === "message.sent" || type === "payment.recorded";

/** What is said to the user themselves. */
export const isSaidToUser = (type: ChangeType): boolean => type === "message.sent";

/** What writes of a profile: what takes it back writes there again. */
export const writesProfile = (type: ChangeType): boolean => type === "user.updated";

/** What a change undoes. */
const REVERSES: Partial<Record<ChangeType, ChangeType>> = {
  "course.enrolled": "course.unenrolled",
  "bundle.enrolled": "bundle.unenrolled",
  "subscription.enrolled": "subscription.unenrolled",
  "course.unenrolled": "course.enrolled",
  "bundle.unenrolled": "bundle.enrolled",
  "subscription.unenrolled": "subscription.enrolled",
  "course.suspended": "course.resumed",
  "course.resumed": "course.suspended",
  "group.joined": "group.left",
  "group.left": "group.joined",
  "seat.added": "seat.removed",
  "seat.removed": "seat.added",
  "space.added": "space.removed",
  "space.removed": "space.added",
  "segment.joined": "segment.left",
  "segment.left": "segment.joined",
  "tag.added": "tag.removed",
  "tag.removed": "tag.added",
};
/** Of these it matters what there was: an enrolment like the one that ended brings back what was. */
const ALIKE = ["role", "expires_at", "source"] as const;
/** What changes of one thing have in common. */
const SUBJECTS = ["course", "bundle", "subscription", "group", "seat", "space", "segment", "tag"] as const;

/** What came from outside, of any type. */
export type Said = { type: string; data: Record<string, unknown> };
type Told = Said & { type: ChangeType };

const subjectOf = (data: Record<string, unknown>) => SUBJECTS.find((name) => name in data);

/** Whether there is a change that undoes what something of this type says. */
export const hasReverse = (type: string): boolean => Object.values(REVERSES).some((one) => one === type);

/** Whether what is said is the reverse of a change; false: it is the same; null: it is of something else. */
export function saysReverse(change: Told, said: Said): boolean | null {
  const subject = subjectOf(change.data);
  if (subject === undefined || !isSame(subject, change.data[subject], said.data[subject])) return null;
  if (REVERSES[change.type] === said.type) return true;
  return change.type === said.type ? false : null;
}

/** Of tags whoever says so may use another spelling. */
const isSame = (subject: string, one: unknown, other: unknown): boolean =>
  subject === "tag" && typeof one === "string" && typeof other === "string"
    ? tagKey(one) === tagKey(other)
    : one === other;

/** Whether a later change says how the thing of an earlier one stands: held or not, suspended or not. */
export function leavesOther(later: Told, earlier: Told): boolean {
  const subject = subjectOf(earlier.data);
  return (
    subject !== undefined &&
    later.type in REVERSES &&
    earlier.type in REVERSES &&
    isSame(subject, later.data[subject], earlier.data[subject])
  );
}

/** What an event says, one thing at a time: it may name several tags. */
export const saidBy = ({ type, data }: Said): Said[] =>
  Array.isArray(data.tag) ? data.tag.map((tag) => ({ type, data: { ...data, tag } })) : [{ type, data }];

/**
 * Whether a later change takes an earlier one back, so that the LMS ends as it would have with neither. `other`: they are
 * not of the same thing.
 */
export function takesBack(earlier: Told, later: Told): "yes" | "no" | "other" {
  const subject = subjectOf(later.data);
  if (subject === undefined || earlier.data[subject] !== later.data[subject]) return "other";
  if (REVERSES[earlier.type] !== later.type || "renews" in earlier.data) return "no";
  const begins = earlier.type.endsWith(".unenrolled");
  return !begins || ALIKE.every((name) => earlier.data[name] === later.data[name]) ? "yes" : "no";
}

export const CAUSES = [
  "run",
  "sync",
  "rule",
  "auto_group",
  "bundle",
  "expiry",
  "undo",
  "reconcile",
  "import",
  "hand",
  "merge",
  "learner",
] as const;

export const cause = z.object({ type: z.enum(CAUSES), id: z.string().nullable() });
/** What made a change: the run, sync, rule, auto group, bundle or job by its id, or who did it by hand. */
export type Cause = z.output<typeof cause>;

/** A change as it leaves: whose it is, and its place among the user's changes. */
export type SentChange = Change & {
  id: string;
  user: string;
  /** Grows with each change of the user. */
  seq: number;
  /** RFC 3339, by the school's clock. */
  at: string;
  cause: Cause;
};

const sent = z.object({
  type: z.string(),
  data: z.unknown(),
  id: z.string(),
  user: z.string(),
  seq: z.number(),
  at: z.string(),
  cause,
});

/** A change that was kept or sent as JSON; null: it is none. */
export function readChange(value: unknown): SentChange | null {
  const read = sent.safeParse(value).data;
  if (!read || !Object.hasOwn(CHANGES, read.type)) return null;
  // It is a key of CHANGES, as the line above looked.
  const type = read.type as ChangeType;
  const data = CHANGES[type].safeParse(read.data).data;
  // The data passed the schema of this very type.
  return data ? ({ ...read, type, data } as SentChange) : null;
}
