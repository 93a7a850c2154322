import type { SentChange } from "../catalogue/facts/changes";

/*
 * What a school's own object is called with and answers: JSON, as it crosses between isolates. No event waits for it: it
 * is written to by the log's way, and read by who pulls.
 */

/** What is read of the feed: behind a place; null: from the oldest that is kept. */
export interface FeedQuery {
  after: number | null;
  limit: number;
  /** Only this one's changes. */
  user?: string;
}

export interface FeedPage {
  /** Changes, each as JSON. */
  changes: string[];
  /** The place behind which to read on; places grow, and none is given twice. */
  next: number;
  /** Nothing stands behind it yet. */
  isEnd: boolean;
}

/** `gone`: what stood behind that place is kept no longer; `unknown`: the feed has not come so far. */
export type FeedAnswer = FeedPage | "gone" | "unknown";

/** At most so many requests within any stretch of so long: what a vendor takes of a school, whoever sends. */
export interface Rate {
  requests: number;
  withinMs: number;
}

/** What may be called on a school's object; the class `SchoolObject` in `durable-objects/` fulfils it. */
export interface RemoteSchool {
  /** Puts changes at the end of the feed, all or none of them. */
  append(changes: readonly SentChange[]): Promise<void>;
  read(query: FeedQuery): Promise<FeedAnswer>;
  /** Whose a change of the feed is, appended no earlier than `at`, ms, and soon after; null: it is not kept. */
  userOf(change: string, at: number): Promise<string | null>;
  /** Takes users' changes out of the feed. @param only those of these ids alone */
  erase(users: readonly string[], only?: readonly string[]): Promise<void>;
  /**
   * Asks to send one request. Answers how long to wait, ms; 0: it may go now. Up to `mostMs` (0 when left out) the place
   * is then the caller's, in order of asking: it goes when the wait is over. Beyond that none was given: ask again then.
   */
  admit(rate: Rate, mostMs?: number): Promise<number>;
  /** Leaves nothing but that it was left, for as long as D1 could go back to before that: the school was deleted. */
  leaveSchool(): Promise<void>;
  /** Whether the school was deleted, whatever D1 says. */
  isLeft(): Promise<boolean>;
}
