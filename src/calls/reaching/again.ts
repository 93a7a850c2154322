import { Problem } from "../../base/errors/errors";
import type { RemoteSchool } from "../school";
import type { RemoteUser } from "../user";
import { noteDone, patiently } from "./deed";

/*
 * What becomes of a call that the platform lets fail. Where it says that there is too much at once, nobody tries again at
 * once: that would make more of it. Where it says that another try may do, and the call may be made twice, it is made once
 * more, by a new stub: one that has failed stays broken.
 */

/** Of an object and the account, of D1 (one that writes for too long has too much to do), of a queue. */
const TOO_MUCH =
  /\bis overloaded\b|too much load|requests queued|storage operation exceeded timeout|Queue send(?:Batch)? failed: Too Many Requests/i;
const BROKEN_OFF = /storage operation exceeded timeout/i;
/**
 * What D1 documents as worth another try; it says so in words alone, and objects say the same in theirs. What only reads
 * D1 itself has tried twice more by then, and what writes is tried again by whoever knows that it may be.
 */
const ANOTHER_TRY =
  /Network connection lost|reset because its code was updated|storage caused object to be reset|transient issue on remote node|Replica disconnected from primary/;

/** Whether the platform says that there is too much at once: of an object, of D1, of a queue. */
export const isOverloaded = (error: unknown): boolean =>
  isSomewhere(error, (cause) => ("overloaded" in cause && cause.overloaded === true) || TOO_MUCH.test(cause.message));

/** Whether it says so of what it has not even begun: D1 says the same of what it broke off, and may have done. */
export const isTurnedAway = (error: unknown): boolean =>
  isOverloaded(error) && !isSomewhere(error, ({ message }) => BROKEN_OFF.test(message));

/** Whether it says that another try may do. */
export const isRetryable = (error: unknown): boolean =>
  !isOverloaded(error) &&
  isSomewhere(error, (cause) => ("retryable" in cause && cause.retryable === true) || ANOTHER_TRY.test(cause.message));

/** Either: it is nobody's fault here, and may work later. */
export const isTransient = (error: unknown): boolean => isOverloaded(error) || isRetryable(error);

const OVERLOADED = new Problem("unavailable", "Too much at once. Try again later.", undefined, 5);
const BUSY = new Problem("unavailable", "It did not work this time. Try again.", undefined, 1);

/** What is answered for either; null: it is neither. */
export function refusalOf(error: unknown): Problem | null {
  if (isOverloaded(error)) return OVERLOADED;
  return isRetryable(error) ? BUSY : null;
}

/** An error as it leaves an object: its causes stay behind, so what they say of the platform is said by itself. */
export function saidOutside(error: unknown): unknown {
  if (!isTransient(error)) return error;
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (TOO_MUCH.test(cause.message) || ANOTHER_TRY.test(cause.message)) return new Error(cause.message);
  return error;
}

function isSomewhere(error: unknown, holds: (cause: Error) => boolean): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (holds(cause)) return true;
  return false;
}

/** Of each method of an object, whether a call that may have been done already may be made again. */
export type Repeatable<Remote> = {
  readonly [Method in keyof Remote]: Remote[Method] extends (...args: infer Args) => unknown
    ? boolean | ((...args: Args) => boolean)
    : never;
};

/** What is given away, taken or counted by a call is not there for the second. */
export const USER_CALLS: Repeatable<RemoteUser> = {
  events: (_, calls) => calls.every(({ hash }) => hash !== null),
  fetch: (_, how) => how?.method === "PUT",
  change: (_, __, { once }) => once !== undefined,
  ...{ carriedOut: false, compareWithLms: false, control: false, retryRun: false, undo: true, erase: false },
  ...{ claim: false, settle: false, resend: false, dataLayer: false },
  writeTo: (_, { id }) => id !== null,
  ...{
    read: true,
    state: true,
    journal: true,
    ended: true,
    ownRuns: true,
    ownDeliveries: true,
    proofs: true,
    timeline: true,
    loggedIds: true,
  },
  ...{
    beginning: true,
    inbox: true,
    wouldStart: true,
    backtest: true,
    missed: true,
    addresses: true,
    areNew: true,
    everything: true,
    holder: true,
  },
  ...{
    advance: true,
    hold: true,
    release: true,
    handOver: true,
    takeBack: true,
    takeOver: true,
    takeEntries: true,
    takeEnded: true,
  },
  ...{ tellAnew: true, learnFromLog: true, goBack: false },
  ...{ forgetOld: true, leaveSchool: true, postpone: true, untold: true, hearOfMail: true },
};

/** Readers of the feed drop what came twice. */
export const SCHOOL_CALLS: Repeatable<RemoteSchool> = {
  ...{ append: true, read: true, userOf: true, erase: true, leaveSchool: true, admit: false, isLeft: true },
};

type Method = (...args: unknown[]) => Promise<unknown>;

/** An object as its callers have it: what may be called twice is tried once more where the platform says so. */
export function remote<Remote extends object>(stub: () => Remote, repeatable: Repeatable<Remote>): Remote {
  const first = stub();
  return new Proxy(first, {
    get: (_, name) => {
      if (!(name in repeatable)) return Reflect.get(first, name);
      // The table has the object's methods and no others.
      const mayRepeat = repeatable[name as keyof Remote] as boolean | ((...args: unknown[]) => boolean);
      const call = (to: Remote, args: unknown[]) => (to[name as keyof Remote] as Method)(...args);
      return async (...args: unknown[]) => {
        const again = typeof mayRepeat === "function" ? mayRepeat(...args) : mayRepeat;
        let to: Remote | null = first;
        const once = async () => {
          const asked = to ?? stub();
          to = null;
          try {
            return await call(asked, args);
          } catch (error) {
            if (!again || !isRetryable(error)) throw error;
            return call(stub(), args);
          }
        };
        const answer = await patiently(once, (error) => isTurnedAway(error) || (again && isTransient(error)));
        noteDone();
        return answer;
      };
    },
  });
}
