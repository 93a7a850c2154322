import { bytesOf } from "../../base/bytes";

/** So much is answered to a batch. */
const MAX_BYTES = 16_000_000;
/** What an answer may be as long as before one came: that of a learner with much to remember is half a megabyte. */
const LONG = 640_000;

/**
 * The answers to a batch, of which users are asked side by side: each call is let go with as many of its events as fit,
 * were their answers as long as the longest before. Once some did not fit none behind them is let go, so that no user's
 * events change places.
 */
export class AnswerRoom {
  private bytes = 0;
  private longest = 0;
  private reserved = 0;
  private asked = 0;
  private isFull = false;
  /** Whoever comes first is let go first. */
  private turn: Promise<unknown> = Promise.resolve();
  private answered = (): void => {};

  /** Has so many events of a user asked, the first of them or all: as many as are let go, waiting for others' answers. */
  async ask(events: number, act: (count: number) => Promise<readonly string[]>): Promise<void> {
    const turn = this.turn.then(() => this.letGo(events));
    this.turn = turn;
    const { count, reserved } = await turn;
    if (count === 0) return;
    try {
      for (const text of await act(count)) {
        const bytes = bytesOf(text);
        this.bytes += bytes;
        this.longest = Math.max(this.longest, bytes);
      }
    } finally {
      this.reserved -= reserved;
      this.asked--;
      this.answered();
    }
  }

  private async letGo(events: number): Promise<{ count: number; reserved: number }> {
    // So that whoever is asked first is not cut where answers may well be short: a user may be named by id and by address.
    const each = () => this.longest || Math.min(LONG, Math.floor(MAX_BYTES / events));
    const fitting = () => Math.max(0, Math.floor((MAX_BYTES - this.bytes - this.reserved) / each()));
    while (this.asked > 0 && fitting() < events)
      await new Promise<void>((resolve) => {
        this.answered = resolve;
      });
    const count = this.isFull ? 0 : Math.min(events, fitting());
    this.isFull ||= count < events;
    const reserved = count * each();
    this.reserved += reserved;
    if (count > 0) this.asked++;
    return { count, reserved };
  }
}
