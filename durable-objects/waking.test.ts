import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { OutboxItem, Packed } from "../src/calls/shape";
import type { School } from "../src/world/snapshot";
import { deliveryOf, MemoryStore, NOW, PLACE, packedOf, runOf, sourceOf, testClock, testSchool } from "./test-parts";
import { Waking } from "./waking";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const OFFER_LEASE_MS = 10_000;

function setUp(packed: Packed | null, school: School = testSchool()) {
  const { time, clock } = testClock();
  const store = new MemoryStore(packed);
  const parts = {
    place: PLACE,
    store,
    clock,
    soon: (act: () => void) => act(),
    setAlarm: vi.fn(),
    source: sourceOf(school),
    telling: { wakesAt: vi.fn((_: Packed): number | null => null), announceAgain: vi.fn(async () => {}) },
    addresses: { wakesAt: vi.fn((): number | null => null), tell: vi.fn(() => undefined) },
    advance: vi.fn(async () => {}),
    offer: vi.fn(),
    clear: vi.fn(async () => {}),
    leave: vi.fn(async () => {}),
    handOn: vi.fn(async () => {}),
  };
  const waking = new Waking(parts);
  /** Where the alarm stands after a wake-up with none. */
  const alarmAt = (): unknown => {
    waking.wake(null);
    return parts.setAlarm.mock.lastCall?.[0];
  };
  return { ...parts, parts, time, waking, alarmAt };
}

const delivery = deliveryOf();
const outboxOf = (dueAt: number | null): Record<string, OutboxItem> => ({
  dlv_1: { delivery, seq: 0, dueAt, leasedUntil: 0, firstAt: null },
});
const withQueued = (): Packed => {
  const packed = packedOf();
  if (packed.state) packed.state.runs = [runOf({ status: "queued" })];
  return packed;
};

beforeEach(() => void vi.spyOn(console, "error").mockReturnValue());
afterEach(() => void vi.restoreAllMocks());

describe("the alarm", () => {
  test.each([
    ["a wait", packedOf({ nextWake: NOW + 7 }), NOW + 7],
    ["a delivery that was put off", packedOf({ outbox: outboxOf(NOW + 9), nextWake: NOW + 99 }), NOW + 9],
    ["what was offered, should its message get lost", packedOf({ outbox: outboxOf(NOW) }), NOW + OFFER_LEASE_MS],
    ["queued runs, should their message get lost", withQueued(), NOW + OFFER_LEASE_MS],
    ["the next moment, for what is late", packedOf({ nextWake: NOW - DAY_MS }), NOW + 1],
  ])("stands at %s", (_, packed, at) => {
    expect(setUp(packed).alarmAt()).toBe(at);
  });

  test("stands at what is to be told, where that comes first", () => {
    const { telling, alarmAt } = setUp(packedOf({ nextWake: NOW + 9 }));
    telling.wakesAt.mockReturnValue(NOW + 5);
    expect(alarmAt()).toBe(NOW + 5);
  });

  test("stands for nobody of whom nothing waits: what is too old is forgotten when they come, or cron reminds them", () => {
    expect(setUp(packedOf()).alarmAt()).toBeUndefined();
  });

  test("stands for nobody who was never here, and for hashes of who was erased", () => {
    const nobody = setUp(null);
    expect(nobody.alarmAt()).toBeUndefined();
    nobody.store.hasErased = true;
    expect(nobody.alarmAt()).toBe(NOW + 8 * DAY_MS);
  });

  test("waits for nothing of a test school, whose time passes when its clock is moved", () => {
    expect(setUp(packedOf({ isLive: false, nextWake: NOW + 7 })).alarmAt()).toBeUndefined();
  });

  test("wakes no lead that is being handed over to its own affairs, but has the handing over finished", async () => {
    const { waking, alarmAt, handOn, advance, time } = setUp(packedOf({ movedTo: "eve", nextWake: NOW + 7 }));
    expect(alarmAt()).toBe(NOW + 60_000);
    time.now = NOW + 60_000;
    await waking.ring();
    expect([handOn.mock.calls.length, advance.mock.calls.length]).toEqual([1, 0]);
    expect(alarmAt()).toBe(NOW + 120_000);
  });

  test("is set again for what comes sooner alone: an earlier one finds nothing to do", () => {
    const { waking, store, setAlarm } = setUp(packedOf({ nextWake: NOW + 100 }));
    waking.wake(NOW + 50);
    expect(setAlarm).not.toHaveBeenCalled();
    store.save(packedOf({ nextWake: NOW + 20 }));
    waking.arm();
    waking.arm();
    expect(setAlarm.mock.calls).toEqual([[NOW + 20]]);
  });

  test("is set again where it should have rung a minute ago and did not", () => {
    const { waking, setAlarm, time } = setUp(packedOf({ nextWake: NOW + 100 }));
    waking.wake(NOW + 50);
    time.now += 2 * MINUTE_MS;
    waking.arm();
    expect(setAlarm.mock.calls).toEqual([[time.now + 1]]);
  });
});

describe("when it rings", () => {
  test("what is due happens, and what is not yet due does not", async () => {
    const { waking, time, advance, offer } = setUp(packedOf({ nextWake: NOW + 5 }));
    await waking.ring();
    expect([advance.mock.calls.length, offer.mock.calls.length]).toEqual([0, 1]);
    time.now += 5;
    await waking.ring();
    expect([advance.mock.calls.length, offer.mock.calls.length]).toEqual([1, 1]);
  });

  test("queued runs go on, and the log is announced again", async () => {
    const { waking, advance, telling } = setUp(withQueued());
    await waking.ring();
    expect([advance.mock.calls.length, telling.announceAgain.mock.calls.length]).toEqual([1, 1]);
  });

  test("nothing happens in a suspended school for ten minutes, or until that is lifted", async () => {
    const { waking, advance, offer, setAlarm } = setUp(packedOf({ nextWake: NOW }), testSchool({ suspended: true }));
    await waking.ring();
    expect([advance.mock.calls.length, offer.mock.calls.length]).toEqual([0, 0]);
    expect(setAlarm.mock.lastCall).toEqual([NOW + 10 * MINUTE_MS]);
    waking.resume();
    waking.arm();
    expect(setAlarm.mock.lastCall).toEqual([NOW + 1]);
  });

  const boom = () => Promise.reject(new Error("planted"));
  test.each<[string, (one: ReturnType<typeof setUp>) => void]>([
    ["going on", (one) => one.advance.mockImplementation(boom)],
    ["reading the school", (one) => void vi.spyOn(one.parts.source, "school").mockImplementation(boom)],
    ["announcing", (one) => one.telling.announceAgain.mockImplementation(boom)],
    [
      "pruning",
      (one) =>
        void vi.spyOn(one.store, "prune").mockImplementation(() => {
          throw new Error("planted");
        }),
    ],
    [
      "committing",
      (one) =>
        void vi.spyOn(one.store, "commit").mockImplementation(() => {
          throw new Error("planted");
        }),
    ],
  ])("it never throws, does all else and is set again: %s fails", async (what, plant) => {
    const one = setUp(packedOf({ nextWake: NOW, prunedAt: NOW - DAY_MS }));
    one.advance.mockImplementation(async () => {
      const packed = one.store.load();
      if (packed) packed.nextWake = null;
    });
    plant(one);
    await one.waking.ring();
    expect(one.telling.announceAgain).toHaveBeenCalledTimes(1);
    const isPutOff = what === "going on" || what === "reading the school";
    expect(one.setAlarm.mock.lastCall).toEqual([isPutOff ? NOW + MINUTE_MS : NOW + 8 * DAY_MS]);
  });

  test("what the school keeps no longer is forgotten, once a day, and a week is always kept", async () => {
    const settings = { ...testSchool().settings, log_retention_days: 1 };
    const { waking, store, time } = setUp(packedOf(), testSchool({ settings }));
    await waking.ring();
    expect(store.log).toEqual(["commit"]);
    time.now += DAY_MS;
    await waking.ring();
    await waking.ring();
    expect(store.log).toEqual(["commit", `prune ${NOW - 7 * DAY_MS}`, "commit", "commit", "commit"]);
  });

  test("hashes of who was erased are forgotten after a week, and with them the object", async () => {
    const { waking, store, clear } = setUp(null);
    store.hasErased = true;
    await waking.ring();
    expect(store.log).toEqual([`prune erased ${NOW - 7 * DAY_MS}`, "commit"]);
    expect(clear).toHaveBeenCalledTimes(1);
  });

  test("hashes are forgotten without the user who came back meanwhile", async () => {
    const { waking, store, clear } = setUp(packedOf());
    store.hasErased = true;
    await waking.ring();
    expect(clear).not.toHaveBeenCalled();
  });
});
