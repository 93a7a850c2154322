import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf } from "../../base/bytes";
import { AnswerRoom } from "./answer-room";

test("answers fit, whoever is answered first, and no call behind one that was cut is let go", async () => {
  const calls = fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(calls, fc.integer({ min: 1, max: 210_000 }), fc.scheduler(), async (events, length, s) => {
      const room = new AnswerRoom();
      const text = "\u3042".repeat(length);
      const taken = events.map(() => 0);
      let bytes = 0;
      const asked = events.map((count, place) =>
        room.ask(count, async (some) => {
          taken[place] = some;
          await s.schedule(Promise.resolve());
          bytes += some * bytesOf(text);
          return Array(some).fill(text);
        }),
      );
      await s.waitFor(Promise.all(asked));
      expect(bytes).toBeLessThanOrEqual(16_000_000);
      const all = events.reduce((sum, count) => sum + count, 0);
      const room16 = 16_000_000 - bytesOf(text);
      expect(bytes === all * bytesOf(text) || bytes > room16).toBe(true);
      const cut = taken.findIndex((some, place) => some < (events[place] ?? 0));
      if (cut >= 0) expect(taken.slice(cut + 1).every((some) => some === 0)).toBe(true);
    }),
  );
});

test.each([26, 49, 500])(
  "of %i events that are asked together at first all are let go: their answers may be short",
  async (events) => {
    const room = new AnswerRoom();
    let taken = 0;
    await room.ask(events, async (some) => {
      taken = some;
      return Array(some).fill("{}");
    });
    expect(taken).toBe(events);
  },
);
