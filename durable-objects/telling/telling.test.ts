import { describe, expect, test, vi } from "vitest";
import type { LogBatch, UntoldItem } from "../../src/calls/batch";
import type { Packed } from "../../src/calls/shape";
import { MemoryStore, NOW, PLACE, packedOf, runOf, testClock } from "../test-parts";
import { LOG_NET_MS, Telling } from "./telling";

const LAG_MS = 5_000;
const LEASE_MS = 30_000;

function setUp(packed: Packed | null = packedOf()) {
  const { time, clock } = testClock();
  const store = new MemoryStore(packed);
  const parts = {
    place: PLACE,
    store,
    clock,
    isWritten: vi.fn(async (_: readonly UntoldItem[]) => false),
    announce: vi.fn(async (_delayMs?: number) => {}),
    write: vi.fn(async (_: LogBatch) => {}),
    takeBack: vi.fn(async (_: LogBatch, __: number) => {}),
  };
  const telling = new Telling(parts);
  telling.wake(null);
  /** A run ends: D1 is to hear of it. */
  const happen = (id: string): void => {
    if (!packed) throw new Error("nobody");
    packed.logSeq = ++packed.seq;
    packed.ended.push({ seq: packed.seq, at: NOW, run: runOf({ id, status: "completed" }) });
  };
  const told = () => telling.pending({ exact: false })?.ended.map(({ id }) => id) ?? null;
  return { ...parts, time, telling, happen, told };
}

describe("what D1 is to hear", () => {
  test("is kept when it was fetched and not written", () => {
    const { telling, happen, told } = setUp();
    happen("run_1");
    const batch = telling.pending({ exact: false });
    expect(told()).toEqual(["run_1"]);
    expect(batch?.directory).toMatchObject({ createdAt: NOW });
  });

  test("is told no more once it was heard, which is written with the next turn", () => {
    const { telling, store, happen, told } = setUp();
    happen("run_1");
    const batch = telling.pending({ exact: false });
    telling.heard(batch?.seq ?? 0);
    expect(store.log).toEqual([]);
    expect(told()).toBeNull();
    store.commit();
    store.open();
    expect(told()).toBeNull();
  });

  test("stays where it came between the fetching and the hearing, and somebody is asked anew to see to it", () => {
    const packed = packedOf();
    const { telling, happen, told } = setUp(packed);
    happen("run_1");
    expect(telling.lease(packed)).toBe(true);
    const batch = telling.pending({ exact: false });
    happen("run_2");
    expect(telling.heard(batch?.seq ?? 0)).toEqual({ erasedBelow: null, hasNews: true });
    expect(told()).toEqual(["run_2"]);
  });

  test("is nothing of a lead that is being handed over", () => {
    const packed = packedOf({ movedTo: "eve" });
    const { telling, happen, told } = setUp(packed);
    happen("run_1");
    expect(told()).toBeNull();
    expect([telling.lease(packed), telling.wakesAt(packed)]).toEqual([false, null]);
  });
});

describe("who sees to it", () => {
  test("is asked once, and again when the lease has ended", () => {
    const packed = packedOf();
    const { telling, time } = setUp(packed);
    expect([telling.lease(packed), telling.lease(packed)]).toEqual([true, false]);
    const until = NOW + LAG_MS + LEASE_MS;
    const net = NOW + LOG_NET_MS;
    expect(telling.wakesAt(packed)).toBe(net);
    time.now = until;
    expect(telling.lease(packed)).toBe(true);
    // One alarm for all that happens until it rings.
    expect(telling.wakesAt(packed)).toBe(net);
  });

  test("is asked anew at once by an alarm that finds the log unfetched", async () => {
    const { telling, announce, time } = setUp();
    await telling.announceAgain();
    await telling.announceAgain();
    expect(announce.mock.calls).toEqual([[0]]);
    time.now += LOG_NET_MS;
    await telling.announceAgain();
    expect(announce).toHaveBeenCalledTimes(2);
  });

  test("is asked for nothing by an alarm that finds that D1 knows all of it", async () => {
    const packed = packedOf();
    const { telling, announce, isWritten, happen, told } = setUp(packed);
    telling.note(packed);
    happen("run_1");
    isWritten.mockResolvedValueOnce(true);
    await telling.announceAgain();
    expect(isWritten.mock.calls).toEqual([
      [
        [
          ["users", PLACE.user, NOW],
          ["runs", "run_1", NOW + 1],
        ],
      ],
    ]);
    expect([announce.mock.calls, told(), telling.wakesAt(packed)]).toEqual([[], null, null]);
  });

  test("is asked again where D1 was found to know all, and something happened meanwhile", async () => {
    const packed = packedOf();
    const { telling, isWritten, happen, told } = setUp(packed);
    happen("run_1");
    isWritten.mockImplementationOnce(async () => {
      happen("run_2");
      return true;
    });
    await telling.announceAgain();
    expect(told()).toEqual(["run_2"]);
  });

  test("is asked anew by the next turn after an eviction, whatever alarm stands", () => {
    const packed = packedOf();
    const { telling } = setUp(packed);
    expect(telling.lease(packed)).toBe(true);
    telling.wake(NOW + 8 * 86_400_000);
    expect(telling.lease(packed)).toBe(true);
    expect(telling.wakesAt(packed)).toBe(NOW + LOG_NET_MS);
  });

  test("is nobody where D1 knows all of it", () => {
    const packed = packedOf();
    const { telling } = setUp(packed);
    telling.heard(telling.pending({ exact: false })?.seq ?? 0);
    expect([telling.lease(packed), telling.wakesAt(packed)]).toEqual([false, null]);
    telling.noteAnew();
    expect(telling.lease(packed)).toBe(true);
  });

  test("is nobody for a test school: it is told within the turn", async () => {
    const packed = packedOf({ isLive: false });
    const { telling, write, happen, told } = setUp(packed);
    happen("run_1");
    expect(telling.lease(packed)).toBe(false);
    await telling.tellNow();
    expect(write.mock.calls).toMatchObject([[{ ...PLACE, ended: [{ id: "run_1" }] }]]);
    expect(told()).toBeNull();
    await telling.tellNow();
    expect(write).toHaveBeenCalledTimes(1);
  });
});

describe("what was told of somebody erased meanwhile", () => {
  test("is to be forgotten whole where nobody came since", () => {
    const { telling } = setUp(null);
    expect(telling.heard(NOW)).toEqual({ erasedBelow: Number.MAX_SAFE_INTEGER, hasNews: false });
  });

  test("is to be forgotten below who came since, who is told from the start", () => {
    const packed = packedOf({ told: { attributes: "of before", marks: [], activity: {}, nextWake: null } });
    const { telling, happen, told } = setUp(packed);
    happen("run_1");
    expect(telling.heard(NOW - 1)).toEqual({ erasedBelow: NOW, hasNews: true });
    expect(packed.told.attributes).toBe("");
    expect(told()).toEqual(["run_1"]);
  });

  test("is taken back where the object tells D1 itself", async () => {
    const { telling, store, write, takeBack } = setUp(packedOf({ isLive: false }));
    write.mockImplementation(async () => store.save(packedOf({ isLive: false, born: NOW + 9, seq: NOW + 9 })));
    await telling.tellNow();
    expect(takeBack.mock.calls.map(([, below]) => below)).toEqual([NOW + 9]);
  });
});
