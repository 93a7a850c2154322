import type { Rate } from "../../src/calls/school";

/*
 * What is let through to a vendor, in order of asking. The moments are kept in memory; storage has only a mark: up to
 * when something may have been let through. Whoever wakes up without memory takes all of it to have been at the mark, and
 * lets nothing through until a whole stretch after it. So a burst is one row, and steady traffic one a second, where a
 * row for each request would be exact and thirty times as many; and who comes after a pause waits a second at most, where
 * without a mark each pause, after which the platform drops idle objects, would end with a stretch of waiting.
 */

/** How far ahead the mark is set. */
export const MARK_MS = 1_000;

export class Gate {
  /** The moments of the latest, oldest first: as many as the largest rate asks about. */
  private given: number[] = [];
  private most = 0;
  private marked: number;

  /**
   * @param found the mark as it was found, real time, ms; 0: nothing was ever let through
   * @param mark keeps a new one; nothing is let through before it is durable
   */
  constructor(
    private readonly found: number,
    private readonly mark: (until: number) => void,
  ) {
    this.marked = found;
  }

  /** @see RemoteSchool.admit @param now real time, ms */
  admit({ requests, withinMs }: Rate, mostMs: number, now: number): number {
    // Nobody goes before who asked earlier, nor before the one that is `requests` back is a stretch ago.
    const after = this.given.at(-requests);
    const at = Math.max(
      now,
      this.given.at(-1) ?? 0,
      after === undefined ? 0 : after + withinMs,
      this.found === 0 ? 0 : this.found + withinMs,
    );
    if (at - now > mostMs) return at - now;
    this.most = Math.max(this.most, requests);
    this.given = [...this.given, at].slice(-this.most);
    if (at > this.marked) {
      this.marked = at + MARK_MS;
      this.mark(this.marked);
    }
    return at - now;
  }
}
